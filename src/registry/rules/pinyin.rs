//! Pinyin: initials and spelling for search and comparison, and the names of persons as they are written in Latin letters.

use pinyin::ToPinyin;

use super::script::{is_ideograph, simplified, simplified_alike};

/// Characters of company and place names whose first reading in the table is the rarer one.
const NAMES: [(char, char); 6] = [
    ('重', 'c'),
    ('长', 'c'),
    ('厦', 'x'),
    ('行', 'h'),
    ('夏', 'x'),
    ('调', 't'),
];

/// Surnames that are read otherwise than their characters mostly are.
#[rustfmt::skip] // pairs
const SURNAMES: [(&str, &str); 19] = [
    ("曾", "zeng"), ("覃", "qin"), ("翟", "zhai"), ("卜", "bu"), ("查", "zha"), ("薄", "bo"), ("单", "shan"), ("解", "xie"),
    ("仇", "qiu"), ("都", "du"), ("隗", "wei"), ("缪", "miao"), ("区", "ou"), ("朴", "piao"), ("冼", "xian"), ("员", "yun"),
    ("尉迟", "yuchi"), ("长孙", "zhangsun"), ("澹台", "tantai"),
];

/// Characters whose first reading in the table is the rarer one in given names.
const GIVEN: [(char, &str); 4] = [
    ('长', "chang"),
    ('晟', "sheng"),
    ('厦', "xia"),
    ('调', "tiao"),
];

/// `苏州中恒` → `szzh`; other letters and digits stay, in lower case.
pub fn initials(text: &str) -> String {
    text.chars().filter_map(initial).collect()
}

fn initial(c: char) -> Option<char> {
    let c = simplified(c);
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    if let Some((_, letter)) = NAMES.iter().find(|(n, _)| *n == c) {
        return Some(*letter);
    }
    if is_ideograph(c) {
        c.to_pinyin().and_then(|p| p.first_letter().chars().next())
    } else {
        None
    }
}

/// `苏州` → `suzhou`, without tones.
pub fn spelling(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().map(simplified) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if let Some(p) = c.to_pinyin() {
            out.push_str(p.plain());
        }
    }
    out
}

/// A surname, and the given name where it is known: `杨`, `国强` → `Yang Guoqiang`.
pub fn person(surname: &str, given: Option<&str>) -> String {
    let plain = simplified_alike(surname);
    let special = SURNAMES.iter().find(|(name, _)| *name == &*plain);
    let surname = special.map_or_else(|| word(&plain), |(_, spelt)| capitalised(spelt));
    match given {
        Some(given) => format!("{surname} {}", word(given)),
        None => surname,
    }
}

/// One word of a name: `立安` → `Li'an`, as passports write it: `吕` is `Lyu`.
pub fn word(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().map(simplified) {
        let given = GIVEN.iter().find(|(name, _)| *name == c);
        let spelt = given.map(|(_, spelt)| *spelt);
        let spelt = spelt.or_else(|| c.to_pinyin().map(|p| p.plain()));
        match spelt {
            Some(spelt) => {
                // Else it could be read as one syllable with what stands before it.
                if !out.is_empty() && spelt.starts_with(['a', 'e', 'o']) {
                    out.push('\'');
                }
                out.push_str(&spelt.replace('ü', "yu"));
            }
            None => out.push(c),
        }
    }
    capitalised(&out)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars.as_str().chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_spelt_as_they_write_themselves() {
        for (surname, given, spelt) in [
            ("杨", Some("国强"), "Yang Guoqiang"),
            ("陳", Some("立群"), "Chen Liqun"),
            ("欧阳", Some("修"), "Ouyang Xiu"),
            ("曾", Some("敏"), "Zeng Min"),
            ("单", None, "Shan"),
            ("尉遲", Some("恭"), "Yuchi Gong"),
            ("吕", Some("立安"), "Lyu Li'an"),
            ("高", Some("长青"), "Gao Changqing"),
        ] {
            assert_eq!(person(surname, given), spelt);
        }
        assert_eq!(word("买买提"), "Maimaiti");
        assert_eq!(word(""), "");
    }

    #[test]
    fn names_have_initials() {
        for (text, letters) in [
            ("苏州中恒", "szzh"),
            ("蘇州中恆", "szzh"),
            ("重庆长安", "cqca"),
            ("ABC电子 88", "abcdz88"),
            ("", ""),
        ] {
            assert_eq!(initials(text), letters);
        }
        assert_eq!(spelling("苏州"), "suzhou");
    }
}
