//! Industries: GB/T 4754-2017, sections and divisions, and how words of a cell or a company name lead to one.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::script::{is_han, normalise, simplified_alike};

/// A section (`C`) or division (`C34`).
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Industry {
    /// `C` or `C34`.
    pub code: &'static str,
    /// 通用设备制造业.
    pub zh: &'static str,
    /// General-purpose machinery.
    pub en: &'static str,
}

/// A derived value and the words it was derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The code.
    pub code: &'static str,
    /// What in the text led to it: `通用设备`.
    pub because: String,
}

struct Table {
    industries: Vec<Industry>,
    /// Words and official names, and the industry each speaks of.
    words: HashMap<&'static str, u16>,
    longest_word: usize,
}

/// A line of `divisions.txt`: code, Chinese name, English name, words; separated by tabs, the words by spaces.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        industries: Vec::with_capacity(120),
        words: HashMap::new(),
        longest_word: 0,
    };
    for line in include_str!("divisions.txt").lines() {
        let mut fields = line.split('\t');
        if let (Some(code), Some(zh), Some(en)) = (fields.next(), fields.next(), fields.next()) {
            let index = table.industries.len() as u16;
            let words = fields.next().unwrap_or_default().split(' ');
            for word in words.chain([zh]).filter(|word| !word.is_empty()) {
                table.longest_word = table.longest_word.max(word.chars().count());
                table.words.insert(word, index);
            }
            table.industries.push(Industry { code, zh, en });
        }
    }
    table
});

/// The industry with this code.
pub fn by_code(code: &str) -> Option<&'static Industry> {
    all().iter().find(|industry| industry.code == code)
}

/// All sections and divisions, each division after its section.
pub fn all() -> &'static [Industry] {
    &TABLE.industries
}

/// The industry that an industry cell (`C34`, `通用设备制造业`) or a company name speaks of. The longest word tells,
/// of equally long ones the last: Chinese names end in their trade.
pub fn derive(text: &str) -> Option<Derived> {
    let normal = normalise(text);
    let simple = simplified_alike(&normal);
    if let Some(found) = written_code(&simple) {
        return Some(found);
    }
    let (word, index) = if simple.chars().any(is_han) {
        longest_word(&simple)
    } else {
        english_word(&simple.to_lowercase())
    }?;
    let code = TABLE.industries[usize::from(index)].code;
    Some(Derived {
        code,
        because: word.to_owned(),
    })
}

/// A code at the start of the text: `C34`, `C34 通用设备`, `C 制造业`, `C3421`.
fn written_code(text: &str) -> Option<Derived> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    let (written, rest) = text.split_at(end);
    let letter = written.chars().next().filter(char::is_ascii_alphabetic)?;
    let digits = written[1..].bytes().all(|byte| byte.is_ascii_digit());
    if !digits || written.len() == 1 && !rest.trim().is_empty() && !rest.contains(is_han) {
        return None;
    }
    let code = format!(
        "{}{}",
        letter.to_ascii_uppercase(),
        written[1..].get(..2).unwrap_or_default()
    );
    by_code(&code).map(|industry| Derived {
        code: industry.code,
        because: written.to_owned(),
    })
}

fn longest_word(text: &str) -> Option<(&'static str, u16)> {
    let mut best: Option<(&'static str, u16)> = None;
    for (at, _) in text.char_indices() {
        let rest = &text[at..];
        let ends = rest
            .char_indices()
            .map(|(end, c)| end + c.len_utf8())
            .take(TABLE.longest_word);
        for end in ends {
            let longer = best.is_none_or(|(word, _)| end >= word.len());
            if longer && let Some((word, index)) = TABLE.words.get_key_value(&rest[..end]) {
                best = Some((word, *index));
            }
        }
    }
    best
}

fn english_word(text: &str) -> Option<(&'static str, u16)> {
    text.rsplit(|c: char| !c.is_alphabetic())
        .find_map(|word| TABLE.words.get_key_value(word))
        .map(|(word, index)| (*word, *index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_lead_to_industries() {
        for (text, code, because) in [
            ("通用设备", "C34", "通用设备"),
            ("通用设备制造业", "C34", "通用设备制造业"),
            ("C34", "C34", "C34"),
            ("c3421 机床", "C34", "c3421"),
            ("C 制造业", "C", "C"),
            ("苏州宏远机械有限公司", "C34", "机械"),
            ("睿安精密模具", "C35", "精密模具"),
            ("蘇州科泰半導體", "C39", "半导体"),
            ("专用设备制造业", "C35", "专用设备制造业"),
            ("电子设备制造业", "C39", "电子设备"),
            ("纺织服装业", "C18", "纺织服装"),
            ("物流仓储业", "G59", "物流仓储"),
            ("批发业", "F51", "批发业"),
            ("印刷包装业", "C23", "包装"),
            ("Fuzhou Boxu Foods Co., Ltd.", "C14", "foods"),
            ("Rössler Getriebebau GmbH", "C34", "getriebebau"),
            ("制造业", "C", "制造业"),
            ("金融业", "J", "金融业"),
        ] {
            let found = derive(text);
            let found = found
                .as_ref()
                .map(|found| (found.code, found.because.as_str()));
            assert_eq!(found, Some((code, because)), "{text}");
        }
        for text in ["", "-", "宏远", "Acme", "Z99"] {
            assert_eq!(derive(text), None, "{text}");
        }
    }

    #[test]
    fn the_standard_is_complete() {
        assert_eq!(
            all()
                .iter()
                .filter(|industry| industry.code.len() == 1)
                .count(),
            20
        );
        assert_eq!(
            all()
                .iter()
                .filter(|industry| industry.code.len() == 3)
                .count(),
            97
        );
        assert_eq!(
            by_code("C34").map(|industry| industry.zh),
            Some("通用设备制造业")
        );
        assert_eq!(by_code("C99"), None);
        for pair in all().windows(2) {
            assert!(pair[0].code < pair[1].code, "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC*") {
            let _ = derive(&text);
        }
    }
}
