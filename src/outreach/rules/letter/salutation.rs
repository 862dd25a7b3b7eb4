//! What a person is called in a letter: by surname and title where a title is known, by the full name otherwise, never
//! by a guess at man or woman. In English a Chinese name is spelt: its reader may not know the characters.

use crate::platform::i18n::Lang;
use crate::registry::rules::company_name::{is_legal_form, with_legal_form};
use crate::registry::rules::person_name::PersonName;
use crate::registry::rules::pinyin;
use crate::registry::rules::script::{is_han, simplified_alike};

/// What a title becomes behind a surname; the longest that fits the end of a title counts.
#[rustfmt::skip] // pairs
const SPOKEN: [(&str, &str); 31] = [
    ("董事长", "董事长"), ("总经理", "总"), ("总裁", "总"), ("副总", "总"), ("首席执行官", "总"), ("首席技术官", "总"),
    ("首席信息官", "总"), ("CEO", "总"), ("CTO", "总"), ("CIO", "总"), ("CFO", "总"), ("总监", "总监"), ("经理", "经理"),
    ("主任", "主任"), ("主管", "主管"), ("部长", "部长"), ("处长", "处长"), ("科长", "科长"), ("厂长", "厂长"), ("院长", "院长"),
    ("校长", "校长"), ("所长", "所长"), ("局长", "局长"), ("站长", "站长"), ("店长", "店长"), ("总工程师", "总工"), ("总工", "总工"),
    ("工程师", "工"), ("教授", "教授"), ("老师", "老师"), ("博士", "博士"),
];

/// Academic titles that stand before a name in English.
const BEFORE: [(&str, &str); 7] = [
    ("professor", "Professor"),
    ("prof", "Professor"),
    ("doctor", "Dr"),
    ("dr", "Dr"),
    ("ph.d", "Dr"),
    ("教授", "Professor"),
    ("博士", "Dr"),
];

/// What stands in English before a surname of which only what it is called in Chinese is known.
const CALLED: [(&str, &str); 7] = [
    ("先生", "Mr"),
    ("女士", "Ms"),
    ("小姐", "Ms"),
    ("太太", "Mrs"),
    ("教授", "Professor"),
    ("博士", "Dr"),
    ("医生", "Dr"),
];
/// `王经理` may be a man or a woman.
const EITHER: &str = "Mr/Ms";

/// What somebody is called: `陈经理`, `Chen Liqun`. Nothing without a name.
pub fn addressee(
    lang: Lang,
    name: Option<&str>,
    name_en: Option<&str>,
    title: Option<&str>,
) -> Option<String> {
    let filled = |text: Option<&str>| {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let (name, name_en) = (filled(name), filled(name_en));
    match lang {
        Lang::Zh => Some(in_chinese(&name.or(name_en)?, title)),
        Lang::En => Some(in_english(&name_en.or(name)?, title)),
    }
}

/// How a letter to them begins, without what follows it.
pub fn salutation(lang: Lang, addressee: &str) -> String {
    match lang {
        Lang::Zh => format!("{addressee}，您好"),
        Lang::En => format!("Dear {addressee}"),
    }
}

/// A company as people speak of it: without its legal form.
pub fn short_name(name: &str) -> String {
    let (shown, form) = with_legal_form(name);
    let form: Vec<char> = letters_of(form.as_deref().unwrap_or_default()).collect();
    // The form was read without its stops and in one case; where it begins is where the same letters are left.
    let begins = shown
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| !form.is_empty() && letters_of(&shown[*at..]).eq(form.iter().copied()));
    let short = shown[..begins.unwrap_or(shown.len())].trim_end_matches([' ', ',', '.', '，']);
    // A name that is nothing but its form is said as it is.
    match short.is_empty() || is_legal_form(&shown) {
        true => name.to_owned(),
        false => short.to_owned(),
    }
}

fn letters_of(text: &str) -> impl Iterator<Item = char> {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// The animal of a year of the lunar calendar.
pub fn zodiac(lang: Lang, year: i32) -> &'static str {
    const ANIMALS: [(&str, &str); 12] = [
        ("鼠", "Rat"),
        ("牛", "Ox"),
        ("虎", "Tiger"),
        ("兔", "Rabbit"),
        ("龙", "Dragon"),
        ("蛇", "Snake"),
        ("马", "Horse"),
        ("羊", "Goat"),
        ("猴", "Monkey"),
        ("鸡", "Rooster"),
        ("狗", "Dog"),
        ("猪", "Pig"),
    ];
    let (zh, en) = ANIMALS[(year - 4).rem_euclid(12) as usize];
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn in_chinese(name: &str, title: Option<&str>) -> String {
    let read = PersonName::read(name);
    let Some(surname) = &read.surname else {
        return name.to_owned();
    };
    if !surname
        .chars()
        .all(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
    {
        return name.to_owned();
    }
    let spoken = title.and_then(spoken).or(read.honorific.as_deref());
    match spoken {
        Some(spoken) => format!("{surname}{spoken}"),
        None => read.shown.clone(),
    }
}

/// The word behind the surname; `（华东区）` and the like do not belong to a title.
fn spoken(title: &str) -> Option<&'static str> {
    let title = title
        .split(['(', '（', '/', '、', ',', '，'])
        .next()?
        .trim();
    let fits = SPOKEN.iter().filter(|(end, _)| title.ends_with(end));
    fits.max_by_key(|(end, _)| end.len()).map(|(_, word)| *word)
}

fn in_english(name: &str, title: Option<&str>) -> String {
    let title = title.unwrap_or_default().to_lowercase();
    let is_plain = PersonName::read(name).honorific.is_none();
    let first = title.split([' ', ',']).next().unwrap_or_default();
    let first = first.trim_end_matches('.');
    let before = BEFORE.iter().find(|(word, _)| *word == first && is_plain);
    let name = in_latin(name);
    match before {
        Some((_, before)) => format!("{before} {name}"),
        None => name,
    }
}

/// A name as an English letter has it: a Chinese one is spelt, surname first (`Yang Guoqiang`, `Mr Wang`); every other
/// one stays as it is.
pub fn in_latin(name: &str) -> String {
    let read = PersonName::read(name);
    let is_part = |c: char| is_han(c) || c == '·';
    if read.shown.is_empty() || !read.shown.chars().all(is_part) {
        return name.to_owned();
    }
    match (&read.surname, &read.given, &read.honorific) {
        (Some(surname), None, Some(called)) => {
            let called = simplified_alike(called);
            let known = CALLED.iter().find(|(word, _)| *word == &*called);
            let before = known.map_or(EITHER, |(_, before)| *before);
            format!("{before} {}", pinyin::person(surname, None))
        }
        (Some(surname), given, _) if !read.shown.contains('·') => {
            pinyin::person(surname, given.as_deref())
        }
        // A surname that is rare.
        (None, ..) if (2..=3).contains(&read.shown.chars().count()) => {
            let given = read.shown.char_indices().nth(1).map_or(0, |(at, _)| at);
            let (surname, given) = read.shown.split_at(given);
            pinyin::person(surname, Some(given))
        }
        // No surname at all: `阿依古丽·买买提` is spelt word by word.
        _ => {
            let words: Vec<String> = read.shown.split('·').map(pinyin::word).collect();
            words.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_makes_the_address_and_nothing_is_guessed() {
        for (name, title, called) in [
            ("陈立群", Some("信息部经理"), "陈经理"),
            ("陈立群", Some("副总经理（生产）"), "陈总"),
            ("陈立群", Some("IT总监"), "陈总监"),
            ("陈立群", Some("总经理助理"), "陈立群"),
            ("陈立群", None, "陈立群"),
            ("欧阳明", Some("高级工程师"), "欧阳工"),
            ("王先生", None, "王先生"),
            ("王先生", Some("厂长"), "王厂长"),
            ("David Chen", Some("经理"), "David Chen"),
        ] {
            let said = addressee(Lang::Zh, Some(name), None, title);
            assert_eq!(said.as_deref(), Some(called), "{name} {title:?}");
        }
    }

    #[test]
    fn english_takes_the_english_name_and_an_academic_title() {
        let say = |name, en, title| addressee(Lang::En, name, en, title);
        assert_eq!(
            say(Some("陈立群"), Some("Leo Chen"), Some("Manager")).as_deref(),
            Some("Leo Chen")
        );
        assert_eq!(
            say(Some("Ann Lee"), None, Some("Dr.")).as_deref(),
            Some("Dr Ann Lee")
        );
        assert_eq!(
            say(Some("Ann Lee"), Some(" "), None).as_deref(),
            Some("Ann Lee")
        );
        assert_eq!(salutation(Lang::En, "Leo Chen"), "Dear Leo Chen");
    }

    #[test]
    fn english_spells_a_chinese_name_and_guesses_at_no_man_or_woman() {
        for (name, title, called) in [
            ("杨国强", None, "Yang Guoqiang"),
            ("杨国强", Some("总经理"), "Yang Guoqiang"),
            ("陳立群", Some("Dr."), "Dr Chen Liqun"),
            ("陈立群", Some("教授"), "Professor Chen Liqun"),
            ("刘立东（总经理）", None, "Liu Lidong"),
            ("王先生", None, "Mr Wang"),
            ("欧阳女士", None, "Ms Ouyang"),
            ("李总", Some("总经理"), "Mr/Ms Li"),
            ("佘诗曼", None, "She Shiman"),
            ("阿依古丽·买买提", None, "Ayiguli Maimaiti"),
            ("陈Leo", None, "陈Leo"),
        ] {
            let said = addressee(Lang::En, Some(name), None, title);
            assert_eq!(said.as_deref(), Some(called), "{name} {title:?}");
        }
    }

    #[test]
    fn companies_are_called_without_their_legal_form() {
        for (name, short) in [
            ("苏州砚川精密机械有限公司", "苏州砚川精密机械"),
            ("Yanchuan Precision Co., Ltd.", "Yanchuan Precision"),
            ("有限公司", "有限公司"),
            ("股份有限公司", "股份有限公司"),
        ] {
            assert_eq!(short_name(name), short);
        }
        assert_eq!(
            (zodiac(Lang::Zh, 2026), zodiac(Lang::En, 2027)),
            ("马", "Goat")
        );
    }

    #[test]
    fn without_a_name_nobody_is_addressed() {
        for lang in Lang::ALL {
            assert_eq!(addressee(lang, None, Some("  "), Some("经理")), None);
        }
    }
}
