//! Names of persons: surname, given name, honorific; in Chinese and in other scripts.

use super::hash::hash64;
use super::script::{fold, is_han, normalise, simplified_alike};

/// Surnames of two characters.
const COMPOUND: [&str; 24] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙",
    "司徒", "夏侯", "端木", "百里", "南宫", "西门", "独孤", "闻人", "轩辕", "钟离", "澹台", "濮阳",
];

/// The surnames of nearly everybody (the 400 most frequent and those of the old book of surnames in use).
const SINGLE: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦向柳邢岳齐沿梅庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇蓝都巫荆鞠农别庞平巩匡言门楚应璩桑郦满弓牧隗山双闻莘翟谯宗宣邴松井富乌巴宿郁鄂索咸籍赖蔺池胥能苍双党谭贡劳逄扶堵冉宰却桑濮扈浦尚农璩暴钭厉戎祖明臧伏和凤云昌水酆鲜竺束卞危梁麻支昝经裘缪干宗贲邓包诸左";

/// What follows a name instead of, or after, the given name.
const HONORIFICS: [&str; 49] = [
    "董事长",
    "总经理",
    "副总经理",
    "副经理",
    "经理",
    "总监",
    "副总",
    "老总",
    "总工",
    "主任",
    "主管",
    "厂长",
    "部长",
    "科长",
    "处长",
    "校长",
    "院长",
    "局长",
    "所长",
    "站长",
    "店长",
    "组长",
    "课长",
    "会长",
    "秘书",
    "助理",
    "会计",
    "老师",
    "教授",
    "博士",
    "医生",
    "先生",
    "女士",
    "小姐",
    "太太",
    "同学",
    "师傅",
    "老板",
    "工程师",
    "代表",
    "专员",
    "采购",
    "总",
    "工",
    "董",
    "协理",
    "襄理",
    "特助",
    "兄",
];

const TITLES: [&str; 12] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "eng", "ing", "herr",
];

/// A person's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// As it is shown, without honorific: `王小明`; `王经理` stays whole where only the surname is known.
    pub shown: String,
    /// `王`.
    pub surname: Option<String>,
    /// `小明`.
    pub given: Option<String>,
    /// `经理`, `先生`, `Mr.`.
    pub honorific: Option<String>,
    /// Folded form that is compared.
    pub key_text: String,
}

impl PersonName {
    /// Takes a cell apart.
    pub fn read(cell: &str) -> Self {
        let text = normalise(cell);
        let text = name_part(&text);
        if text.chars().next().is_some_and(is_han) {
            read_chinese(text)
        } else {
            read_other(text)
        }
    }

    /// Equal for the same name.
    pub fn name_key(&self) -> i64 {
        hash64(&self.key_text)
    }

    /// Only a surname and an honorific are known: `王经理`.
    pub fn is_surname_only(&self) -> bool {
        self.surname.is_some() && self.given.is_none()
    }

    /// The same name, or surname + honorific of the same surname. Only evidence inside one company with the same mobile
    /// or mail.
    pub fn agrees_with(&self, other: &Self) -> bool {
        if self.key_text == other.key_text {
            return true;
        }
        let same_surname = self.surname.is_some()
            && self.surname.as_deref().map(fold) == other.surname.as_deref().map(fold);
        same_surname && (self.is_surname_only() || other.is_surname_only())
    }
}

/// What of a cell is the name: `王小明(采购)`, `王小明/李大力`, `王小明 手机 139…` begin with it.
pub fn name_part(cell: &str) -> &str {
    let is_blank =
        |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '。' | '、' | ';' | ':' | '(' | ')');
    let text = without_label(cell.trim_matches(is_blank));
    let ends = |(at, c): &(usize, char)| match c {
        '/' | '、' | ';' | '|' | '\n' => true,
        '(' | '[' | '【' => text[..*at].chars().all(|c| is_han(c) || c.is_whitespace()),
        '+' | '0'..='9' => {
            let digits = text[*at..].chars().filter(char::is_ascii_digit);
            digits.count() >= 7
        }
        _ => false,
    };
    let end = text
        .char_indices()
        .find(ends)
        .map_or(text.len(), |(at, _)| at);
    let mut name = text[..end].trim_matches(is_blank);
    for label in ["手机", "手機", "电话", "電話", "Tel", "Mobile", "Phone"] {
        if let Some(bare) = name.strip_suffix(label) {
            name = bare.trim_end_matches(is_blank);
        }
    }
    name
}

/// `联系人：王小明`.
fn without_label(text: &str) -> &str {
    const LABELS: [&str; 8] = [
        "联系人",
        "联络人",
        "聯絡人",
        "姓名",
        "代表",
        "负责人",
        "contact",
        "name",
    ];
    match text.split_once(':') {
        Some((label, name)) if LABELS.contains(&label.trim().to_lowercase().as_str()) => {
            name.trim()
        }
        _ => text,
    }
}

/// `刘芳 财务总监`: a whole name, and behind the space what it is called.
fn spaced_honorific(text: &str) -> Option<(&str, &str)> {
    let (name, title) = text.split_once(char::is_whitespace)?;
    let title = title.trim();
    let plain = simplified_alike(title);
    let is_name = (2..=4).contains(&name.chars().count()) && surname_of(name).is_some();
    let is_title = title.chars().count() <= 8
        && HONORIFICS
            .iter()
            .any(|known| plain.ends_with(known) && known.chars().count() > 1);
    (is_name && is_title).then_some((name, title))
}

fn read_chinese(text: &str) -> PersonName {
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (name, honorific) = match spaced_honorific(text) {
        Some((name, title)) => (name, Some(title)),
        None => split_honorific(&joined),
    };
    let surname = surname_of(name);
    let given = surname
        .and_then(|s| name.strip_prefix(s))
        .filter(|g| !g.is_empty());
    let surname_only = given.is_none() && honorific.is_some();
    let shown = if surname_only {
        joined.clone()
    } else {
        name.to_owned()
    };
    PersonName {
        key_text: fold(&shown),
        surname: surname.map(str::to_owned),
        given: given.map(str::to_owned),
        honorific: honorific.map(str::to_owned),
        shown,
    }
}

/// The honorific at the end, if what remains begins with a surname. The longest one counts.
fn split_honorific(name: &str) -> (&str, Option<&str>) {
    let plain = simplified_alike(name);
    let longest = HONORIFICS
        .iter()
        .filter(|h| plain.ends_with(**h) && plain.len() > h.len())
        .filter(|h| {
            let rest = &name[..name.len() - h.len()];
            // `总`, `工` end given names too (王建工): after a whole name they are left alone.
            let count = rest.chars().count();
            surname_of(rest).is_some()
                && (h.chars().count() > 1 && count <= 4 || surname_of(rest) == Some(rest))
        })
        .max_by_key(|h| h.len());
    match longest {
        Some(h) => (
            &name[..name.len() - h.len()],
            Some(&name[name.len() - h.len()..]),
        ),
        None => (name, None),
    }
}

/// The surname at the start of a Chinese name.
pub fn surname_of(name: &str) -> Option<&str> {
    let plain = simplified_alike(name);
    if let Some(two) = COMPOUND.iter().find(|c| plain.starts_with(**c)) {
        return name.get(..two.len());
    }
    let first = plain.chars().next()?;
    SINGLE.contains(first).then(|| &name[..first.len_utf8()])
}

fn read_other(text: &str) -> PersonName {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let title = words
        .first()
        .filter(|w| TITLES.contains(&w.trim_end_matches('.').to_lowercase().as_str()))
        .copied();
    if title.is_some() {
        words.remove(0);
    }
    // `Harrow, Emma` is turned round.
    if words.len() >= 2 && words[0].ends_with(',') {
        let surname = words.remove(0);
        words.push(surname.trim_end_matches(','));
    }
    let shown = if words.is_empty() {
        text.to_owned()
    } else {
        words.join(" ")
    };
    let (given, surname) = match words.as_slice() {
        [one] if title.is_some() => (None, Some((*one).to_owned())),
        [.., last] if words.len() > 1 => (
            Some(words[..words.len() - 1].join(" ")),
            Some((*last).to_owned()),
        ),
        _ => (None, None),
    };
    PersonName {
        key_text: fold(&shown),
        shown,
        surname,
        given,
        honorific: title.map(str::to_owned),
    }
}

/// A header-less cell or a bracket that names a person: up to four characters beginning with a surname, or a surname
/// with an honorific.
pub fn looks_like_person(cell: &str) -> bool {
    let text = normalise(cell);
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if bare.is_empty() || !bare.chars().all(|c| is_han(c) || c == '·') {
        return false;
    }
    let name = PersonName::read(&bare);
    let count = bare.chars().count();
    name.surname.is_some()
        && (name.honorific.is_some() && count <= 7
            || (2..=4).contains(&count)
            || name.shown.contains('·'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (cell, shown, surname, given, honorific) in [
            ("王小明", "王小明", Some("王"), Some("小明"), None),
            ("王经理", "王经理", Some("王"), None, Some("经理")),
            (
                "王小明 经理",
                "王小明",
                Some("王"),
                Some("小明"),
                Some("经理"),
            ),
            ("欧阳修", "欧阳修", Some("欧阳"), Some("修"), None),
            ("李总", "李总", Some("李"), None, Some("总")),
            ("陳總", "陳總", Some("陳"), None, Some("總")),
            ("王建工", "王建工", Some("王"), Some("建工"), None),
            ("魏　霞", "魏霞", Some("魏"), Some("霞"), None),
            ("刘立东（总经理）", "刘立东", Some("刘"), Some("立东"), None),
            ("联系人：周洁", "周洁", Some("周"), Some("洁"), None),
            (
                "刘芳 财务总监",
                "刘芳",
                Some("刘"),
                Some("芳"),
                Some("财务总监"),
            ),
            ("吴敏/郑爽", "吴敏", Some("吴"), Some("敏"), None),
            (
                "王芳 小姐 (0512)65221188",
                "王芳",
                Some("王"),
                Some("芳"),
                Some("小姐"),
            ),
            (
                "李娜 手机:139-1355-0988",
                "李娜",
                Some("李"),
                Some("娜"),
                None,
            ),
            (
                "Mr. Marcus Bell",
                "Marcus Bell",
                Some("Bell"),
                Some("Marcus"),
                Some("Mr."),
            ),
            (
                "Harrow, Emma",
                "Emma Harrow",
                Some("Harrow"),
                Some("Emma"),
                None,
            ),
        ] {
            let name = PersonName::read(cell);
            let parts = (
                name.shown.as_str(),
                name.surname.as_deref(),
                name.given.as_deref(),
                name.honorific.as_deref(),
            );
            assert_eq!(parts, (shown, surname, given, honorific), "{cell}");
        }
    }

    #[test]
    fn a_surname_with_an_honorific_agrees_with_the_whole_name() {
        let read = PersonName::read;
        assert!(read("王经理").agrees_with(&read("王小明")));
        assert!(read("陳先生").agrees_with(&read("陈立群")));
        assert!(!read("王经理").agrees_with(&read("李小明")));
        assert!(!read("王大明").agrees_with(&read("王小明")));
        assert!(read("Marcus Bell").agrees_with(&read("MARCUS BELL")));
    }

    #[test]
    fn persons_are_told_from_places_and_trades() {
        for cell in ["王小明", "李总", "欧阳锋", "程总", "肖工", "范工"] {
            assert!(looks_like_person(cell), "{cell}");
        }
        for cell in ["", "中国", "宁波鑫晖塑料有限公司", "A123"] {
            assert!(!looks_like_person(cell), "{cell}");
        }
    }
}
