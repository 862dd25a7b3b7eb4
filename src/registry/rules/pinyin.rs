//! Pinyin initials and spelling for search and comparison.

use pinyin::ToPinyin;

use super::script::{is_ideograph, simplified};

/// Characters of company and place names whose first reading in the table is the rarer one.
const NAMES: [(char, char); 6] = [
    ('重', 'c'),
    ('长', 'c'),
    ('厦', 'x'),
    ('行', 'h'),
    ('夏', 'x'),
    ('调', 't'),
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

#[cfg(test)]
mod tests {
    use super::*;

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
