//! Company names: what a cell says, and when two names mean the same company.
//!
//! The compared form is place + brand + trade (+ branch): script, brackets, spaces, 省 and 市, and the legal form may
//! differ; another place, another trade, a branch may not.

use super::hash::hash64;
use super::person_name::{self, PersonName};
use super::region::{self, Place, PlaceLevel};
use super::script::{fold, is_han, normalise, simplified_alike};

/// Legal forms at the end of a Chinese name, longest first.
const LEGAL_FORMS: [&str; 14] = [
    "集团股份有限公司",
    "集团有限责任公司",
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "股份公司",
    "有限公司",
    "集团公司",
    "总公司",
    "公司",
    "集团",
    "企业社",
    "实业社",
    "有限合伙",
];

/// Legal forms at the end of a name in Latin letters, folded word by word.
const LATIN_FORMS: [&str; 29] = [
    "co",
    "company",
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "corp",
    "corporation",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "mbh",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "pty",
    "pte",
    "kk",
];

/// What a part of a company is called; the place before it tells which.
const BRANCHES: [&str; 9] = [
    "分公司",
    "办事处",
    "联络处",
    "分厂",
    "分店",
    "分行",
    "支行",
    "营业部",
    "分部",
];

/// Words that say what a company does; the longest that fits counts.
const TRADES: &str = "精密机械 机械设备 机械制造 重型机械 机械 自动化设备 自动化科技 自动化 智能装备 智能科技 智能制造 装备制造 装备 设备制造 设备 机电 电机 电气 电器 电子科技 电子材料 \
     电子 电路 光电 光学 半导体 集成电路 仪器仪表 仪器 仪表 阀门 泵业 轴承 液压 紧固件 五金制品 五金 金属制品 金属材料 金属 钢铁 钢结构 铸造 铸件 锻造 模具 工具 刀具 铝业 铜业 线缆 电缆 电线 \
     汽车零部件 汽车配件 汽车部件 汽车 汽配 车业 摩托车 自行车 船舶 航空 轨道交通 纺织科技 纺织 针织 印染 服饰 服装 制衣 鞋业 皮革 家纺 家居 家具 木业 竹业 纸业 造纸 包装材料 包装制品 包装 印刷 印务 \
     塑料制品 塑料 塑业 塑胶 橡胶 橡塑 涂料 油漆 颜料 化工科技 化工 化学 化纤 新材料 材料科技 材料 复合材料 陶瓷 玻璃 建材 水泥 石材 建筑工程 建筑 建设 装饰 工程 幕墙 门窗 \
     食品 粮油 饮料 酒业 乳业 茶业 农业 农牧 饲料 水产 生物科技 生物医药 生物 医药 药业 制药 医疗器械 医疗科技 医疗 口腔 健康 环保科技 环保 环境 能源科技 新能源 能源 光伏 电力 电池 储能 \
     供应链管理 供应链 物流 运输 货运 快递 仓储 港务 国际贸易 进出口 贸易 商贸 实业 工贸 百货 超市 连锁 餐饮 酒店 旅游 文化传媒 传媒 广告 文化 教育科技 教育 培训 软件科技 软件 信息技术 信息科技 信息 \
     网络科技 网络 数据 通信 通讯 电信 科技 技术 咨询 管理 投资 控股 金融 保险 租赁 房地产 置业 物业 服务 工艺品 玩具 文具 体育用品 日用品 化妆品 洗涤 珠宝 制造厂 加工厂 制品 制品厂 工业 企业 \
     机械厂 涂料厂 塑料厂 电子厂 五金厂 印刷厂 纺织厂 食品厂 玩具厂 家具厂 服装厂 化工厂 模具厂 电器厂 商行 经营部 工作室 事务所 研究院 研究所 设计院 医院 学校 学院 大学 银行 合作社 中心";

/// A company name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyName {
    /// As it is shown: without person, former name and stray punctuation.
    pub shown: String,
    /// `A(原B)`: B.
    pub former: Option<String>,
    /// A person at the end of the cell: `王经理`.
    pub person: Option<String>,
    /// What is compared (the key hashes it).
    pub key_text: String,
    /// Code of the place in the name.
    pub place: Option<&'static str>,
    /// The distinguishing part, folded.
    pub brand: String,
    /// The trade words, folded.
    pub trade: String,
    /// `有限公司`, `Co., Ltd.` … as written.
    pub legal_form: Option<String>,
    /// Place or trade, and a legal form: evidence by itself.
    pub is_full_legal_name: bool,
    /// Place of the branch, folded: `苏州` of `…苏州分公司`.
    pub branch: Option<String>,
}

impl CompanyName {
    /// Takes a cell apart.
    pub fn read(cell: &str) -> Self {
        let text = normalise(cell);
        let (text, former) = split_former(&text);
        let (text, person) = split_person(&text);
        let shown = tidy(&text);
        let mut name = if shown.chars().any(is_han) {
            read_chinese(&shown)
        } else {
            read_latin(&shown)
        };
        (name.shown, name.former, name.person) = (shown, former, person);
        name
    }

    /// Equal for names that mean the same company by themselves.
    pub fn name_key(&self) -> i64 {
        hash64(&self.key_text)
    }

    /// A branch (`分公司`).
    pub fn is_branch(&self) -> bool {
        self.branch.is_some()
    }
}

/// `A(原B)`, `A(原名:B)`, `A(formerly B)`: A and B.
fn split_former(text: &str) -> (String, Option<String>) {
    const WORDS: [&str; 7] = [
        "原名",
        "曾用名",
        "前身为",
        "前身",
        "原",
        "formerly",
        "former",
    ];
    for (open, _) in text.match_indices('(') {
        let close = text[open..].find(')').map_or(text.len(), |n| open + n);
        let inside = text[open + 1..close].trim();
        let lower = inside.to_lowercase();
        let Some(word) = WORDS.iter().find(|w| lower.starts_with(**w)) else {
            continue;
        };
        let former = inside[word.len()..]
            .trim_start_matches([':', '：', ' ', '为'])
            .trim();
        if former.chars().count() >= 2 {
            let rest = format!("{}{}", &text[..open], text.get(close + 1..).unwrap_or(""));
            return (rest.trim().to_owned(), Some(former.to_owned()));
        }
    }
    (text.to_owned(), None)
}

/// A person behind the name: in brackets, after a space, or right after the legal form.
fn split_person(text: &str) -> (String, Option<String>) {
    let text = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '。' | '.' | ',' | '、' | ';')
    });
    if let Some(inner) = text.strip_suffix(')')
        && let Some(open) = inner.rfind('(')
    {
        let (head, person) = (inner[..open].trim_end(), inner[open + 1..].trim());
        if !head.is_empty() && is_person(person, true) {
            return (head.to_owned(), Some(person.to_owned()));
        }
    }
    if let Some((head, tail)) = text.rsplit_once(char::is_whitespace) {
        let (head, is_whole) = (head.trim_end(), legal_end(head.trim_end()).is_some());
        if head.chars().any(is_han) && is_person(tail, is_whole) {
            return (head.to_owned(), Some(tail.to_owned()));
        }
    }
    if let Some(end) = legal_end_inside(text) {
        let tail = &text[end..];
        if is_person(tail, true) {
            return (text[..end].to_owned(), Some(tail.to_owned()));
        }
    }
    (text.to_owned(), None)
}

/// With `bare` a name without honorific counts too.
fn is_person(text: &str, bare: bool) -> bool {
    if !person_name::looks_like_person(text)
        || region::by_name(text).is_some()
        || trade_of(&fold(text)).is_some()
    {
        return false;
    }
    bare || PersonName::read(text).honorific.is_some()
}

/// Where the name proper ends when the text ends in a legal form.
fn legal_end(text: &str) -> Option<usize> {
    let plain = simplified_alike(text);
    LEGAL_FORMS
        .iter()
        .any(|form| plain.ends_with(form))
        .then_some(text.len())
}

/// End of the last `公司` inside the text, if something follows it.
fn legal_end_inside(text: &str) -> Option<usize> {
    let plain = simplified_alike(text);
    let end = plain.rfind("公司")? + "公司".len();
    (end < text.len()).then_some(end)
}

/// Without stray punctuation, and without spaces between Chinese characters.
fn tidy(text: &str) -> String {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '。' | '.' | ',' | '，' | '、' | ';' | '；' | '·' | '*' | '"' | '“' | '”' | '\''
            )
    });
    let chars: Vec<char> = text.chars().collect();
    let joins = |c: Option<&char>| c.is_some_and(|c| is_han(*c) || matches!(c, '(' | ')'));
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let between = c.is_whitespace()
            && at > 0
            && joins(chars.get(at - 1))
            && chars[at..]
                .iter()
                .find(|n| !n.is_whitespace())
                .is_some_and(|n| joins(Some(n)));
        let doubled = c.is_whitespace() && out.ends_with(' ');
        if !between && !doubled {
            out.push(if c.is_whitespace() { ' ' } else { *c });
        }
    }
    // `Ltd.` keeps its full stop.
    if !text.chars().any(is_han) && text.len() < text.trim_end().len() + 1 && text.ends_with("Ltd")
    {
        out.push('.');
    }
    out
}

fn read_chinese(shown: &str) -> CompanyName {
    let plain = simplified_alike(shown);
    let (head, branch) = split_branch(&plain);
    let (bare, bracket_place) = without_brackets(head);
    let (place, rest) = place_and_rest(&bare, bracket_place);
    let (core, legal_form) = strip_legal(&rest);
    let (core, place) = match place {
        None => place_at_end(&core),
        some => (core, some),
    };
    let core = fold(&core);
    let trade = trade_of(&core).unwrap_or_default().to_owned();
    let brand = core
        .strip_suffix(trade.as_str())
        .unwrap_or(&core)
        .to_owned();
    let code = place.map(|p| p.code);
    let mut key_text = format!("{}|{core}", code.unwrap_or(""));
    if let Some(branch) = &branch {
        key_text = format!("{key_text}|{branch}");
    }
    let is_full_legal_name =
        legal_form.is_some() && !brand.is_empty() && (code.is_some() || !trade.is_empty());
    CompanyName {
        key_text,
        place: code,
        brand,
        trade,
        legal_form,
        is_full_legal_name,
        branch,
        ..CompanyName::default()
    }
}

/// `…有限公司湖州分公司`: the company, and the folded name of its branch.
fn split_branch(text: &str) -> (&str, Option<String>) {
    let Some(word) = BRANCHES
        .iter()
        .find(|word| text.trim_end_matches(')').ends_with(**word))
    else {
        return (text, None);
    };
    let before = &text[..text.rfind(word).unwrap_or(text.len())];
    match before.rfind("公司") {
        Some(at) => (
            &text[..at + "公司".len()],
            Some(fold(&before[at + "公司".len()..])),
        ),
        // `苏州砚川无锡办事处`: the last place names the branch.
        None => match (2..=4)
            .rev()
            .find_map(|n| last_chars(before, n).filter(|tail| region::by_name(tail).is_some()))
        {
            Some(tail) if tail.len() < before.len() => {
                (&before[..before.len() - tail.len()], Some(fold(tail)))
            }
            _ => (before, Some(String::new())),
        },
    }
}

fn last_chars(text: &str, n: usize) -> Option<&str> {
    let start = text.char_indices().rev().nth(n.checked_sub(1)?)?.0;
    Some(&text[start..])
}

/// The name without its brackets, and the place that stood in one: `立辉精密机械(无锡)有限公司`.
fn without_brackets(text: &str) -> (String, Option<&'static Place>) {
    let mut out = String::with_capacity(text.len());
    let mut place = None;
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let close = rest[open..].find(')').map_or(rest.len(), |n| open + n);
        let inside = rest[open + 1..close].trim();
        out.push_str(&rest[..open]);
        match region::by_name(inside).filter(|p| p.level != PlaceLevel::Country) {
            Some(found) => place = place.or(Some(found)),
            None if matches!(inside, "中国" | "集团" | "大陆" | "国际") => {}
            None => out.push_str(inside),
        }
        rest = rest.get(close + 1..).unwrap_or("");
    }
    out.push_str(rest);
    (out, place)
}

fn place_and_rest(bare: &str, bracket: Option<&'static Place>) -> (Option<&'static Place>, String) {
    if let Some((place, bytes)) =
        region::at_start_of(bare).filter(|(p, _)| p.level != PlaceLevel::Country)
    {
        let rest = &bare[bytes..];
        // `上海公司`, `金华火腿`: a name that is nothing but the place, or whose brand would vanish, keeps it.
        if strip_legal(rest).0.chars().count() >= 2 {
            // A bracket inside the province of the first place is more exact.
            let exact = bracket.filter(|b| place.contains(b)).unwrap_or(place);
            return (Some(exact), rest.to_owned());
        }
    }
    (bracket, bare.to_owned())
}

/// Brackets were dropped: `启盛供应链佛山有限公司`.
fn place_at_end(core: &str) -> (String, Option<&'static Place>) {
    let found = [3, 2].into_iter().find_map(|n| {
        let tail = last_chars(core, n)?;
        let place = region::by_name(tail)
            .filter(|p| p.level == PlaceLevel::Prefecture || p.level == PlaceLevel::Province)?;
        (core.chars().count() >= n + 3).then_some((tail.len(), place))
    });
    match found {
        Some((bytes, place)) => (core[..core.len() - bytes].to_owned(), Some(place)),
        None => (core.to_owned(), None),
    }
}

fn strip_legal(text: &str) -> (String, Option<String>) {
    let text = text.trim_end_matches(|c: char| !is_han(c) && !c.is_alphanumeric());
    for form in LEGAL_FORMS {
        if let Some(core) = text.strip_suffix(form)
            && core.chars().count() >= 2
        {
            return (core.to_owned(), Some(form.to_owned()));
        }
    }
    (text.to_owned(), None)
}

/// The longest trade word at the end of a folded name.
fn trade_of(core: &str) -> Option<&'static str> {
    TRADES
        .split_whitespace()
        .filter(|t| core.len() > t.len() && core.ends_with(*t))
        .max_by_key(|t| t.len())
}

fn read_latin(shown: &str) -> CompanyName {
    let words: Vec<String> = shown
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '/'))
        .map(fold)
        .filter(|w| !w.is_empty())
        .collect();
    let mut core = words.as_slice();
    let mut forms = Vec::new();
    while let [head @ .., last] = core {
        let is_form = LATIN_FORMS.contains(&last.as_str());
        if !is_form || head.is_empty() {
            break;
        }
        forms.insert(0, last.as_str());
        core = head;
    }
    let core: Vec<&String> = core
        .iter()
        .filter(|w| !matches!(w.as_str(), "the" | "and"))
        .collect();
    let place = core
        .first()
        .filter(|_| core.len() > 1)
        .and_then(|w| region::by_name(w))
        .filter(|p| p.level != PlaceLevel::Country);
    let rest = &core[usize::from(place.is_some())..];
    let brand = rest.iter().map(|w| w.as_str()).collect::<Vec<_>>().join("");
    let legal_form = (!forms.is_empty()).then(|| forms.join(" "));
    CompanyName {
        key_text: format!("{}|{brand}", place.map_or("", |p| p.code)),
        place: place.map(|p| p.code),
        is_full_legal_name: legal_form.is_some() && rest.len() >= 2,
        brand,
        legal_form,
        ..CompanyName::default()
    }
}

/// A header-less cell that names a company: a legal form, a place at the start with something behind it, or a trade word.
pub fn looks_like_company(cell: &str) -> bool {
    let text = normalise(cell);
    let plain = simplified_alike(&text);
    if !plain.chars().any(is_han) {
        let words: Vec<String> = plain.split_whitespace().map(fold).collect();
        return words.len() > 1
            && words
                .last()
                .is_some_and(|w| LATIN_FORMS.contains(&w.as_str()));
    }
    let has_form = LEGAL_FORMS
        .iter()
        .chain(&BRANCHES)
        .any(|form| plain.contains(form) && plain.len() > form.len());
    let begins_with_place = region::at_start_of(&plain)
        .is_some_and(|(_, bytes)| plain[bytes..].chars().filter(|c| is_han(*c)).count() >= 2);
    has_form || begins_with_place || trade_of(&fold(&split_person(&text).0)).is_some()
}

/// A header-less cell that names a person.
pub fn looks_like_person(cell: &str) -> bool {
    !looks_like_company(cell) && person_name::looks_like_person(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(cell: &str) -> i64 {
        CompanyName::read(cell).name_key()
    }

    #[test]
    fn the_same_company_written_differently() {
        for (one, other) in [
            ("苏州宏远机械有限公司", "蘇州宏遠機械有限公司"),
            ("苏州宏远机械有限公司", "苏州市宏远机械有限责任公司"),
            ("苏州宏远机械有限公司", "苏州宏远机械"),
            ("苏州宏远机械有限公司", "江苏省苏州市宏远机械股份有限公司"),
            ("苏州宏远机械有限公司", "苏州宏远机械有限公司 王经理"),
            ("苏州宏远机械有限公司", "苏州宏远机械有限公司（李总）"),
            ("苏州宏远机械有限公司", "苏州宏远机械有限公司王经理"),
            (
                "苏州宏远机械有限公司",
                "苏州宏远机械有限公司（原苏州宏远五金厂）",
            ),
            (
                "立辉精密机械(无锡)有限公司",
                "立辉精密 机械（无锡）有限公司。",
            ),
            ("立辉精密机械(无锡)有限公司", "立輝精密機械(無錫)有限公司"),
            ("启盛供应链(佛山)有限公司", "启盛供应链佛山有限公司"),
            ("江苏省立峰机械有限公司", "江苏立峰机械有限公司"),
            (
                "Harrow & Finch Tooling Ltd",
                "HARROW & FINCH TOOLING LIMITED",
            ),
            ("Redwood Valve Company, Inc.", "Redwood Valve Co Inc"),
        ] {
            assert_eq!(
                key(one),
                key(other),
                "{one} / {other}: {:?} {:?}",
                CompanyName::read(one),
                CompanyName::read(other)
            );
        }
    }

    #[test]
    fn other_companies() {
        for (one, other) in [
            ("苏州宏远机械有限公司", "无锡宏远机械有限公司"),
            ("苏州宏远机械有限公司", "苏州宏远化工有限公司"),
            ("苏州宏远机械有限公司", "苏州宏源机械有限公司"),
            (
                "上海正和汽车零部件有限公司",
                "上海正和汽车零部件有限公司湖州分公司",
            ),
            (
                "上海正和汽车零部件有限公司常州分公司",
                "上海正和汽车零部件有限公司湖州分公司",
            ),
            ("苏州宏远", "苏州宏远机械有限公司"),
        ] {
            assert_ne!(key(one), key(other), "{one} / {other}");
        }
    }

    #[test]
    fn a_cell_is_taken_apart() {
        let name = CompanyName::read("苏州砚川精密机械有限公司（原名：苏州砚川五金厂） 陈经理");
        assert_eq!(name.shown, "苏州砚川精密机械有限公司");
        assert_eq!(name.former.as_deref(), Some("苏州砚川五金厂"));
        assert_eq!(name.person.as_deref(), Some("陈经理"));
        assert_eq!(
            (name.place, name.brand.as_str(), name.trade.as_str()),
            (Some("320500"), "砚川", "精密机械")
        );
        assert!(name.is_full_legal_name && !name.is_branch());
        let branch = CompanyName::read("上海博峰医疗器械有限公司常州分公司");
        assert_eq!(branch.branch.as_deref(), Some("常州"));
        assert!(!CompanyName::read("宁波亿特").is_full_legal_name);
    }

    #[test]
    fn cells_without_header_are_told_apart() {
        for cell in [
            "宁波鑫晖",
            "顺捷贸易",
            "苏州宏远机械有限公司",
            "诚诺包装(南京)股份有限公司",
            "Acme Tooling Ltd",
        ] {
            assert!(
                looks_like_company(cell) && !looks_like_person(cell),
                "{cell}"
            );
        }
        for cell in ["王小明", "李总", "欧阳锋", "陈立群"] {
            assert!(
                looks_like_person(cell) && !looks_like_company(cell),
                "{cell}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC*") {
            let name = CompanyName::read(&text);
            let _ = (name.name_key(), looks_like_company(&text), looks_like_person(&text));
        }
        #[test]
        fn chinese_pieces_never_panic(text in "[苏州市无锡(（)）原名公司有限分王经理 ]{0,24}") {
            let _ = CompanyName::read(&text);
        }
    }
}
