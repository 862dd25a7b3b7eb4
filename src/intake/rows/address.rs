//! Whether a letter would arrive.

/// A postal address has a street and a number: `高雄市岡山區振興路218號`, `No. 12 Xinghu Street`, `1600 Main Road`.
pub(crate) fn is_postal_address(text: &str) -> bool {
    if text.chars().count() < 5 {
        return false;
    }
    has_house_number(text) || is_western(text)
}

/// Digits in front of `號`, behind the name of a street (or anything that stands for one).
fn has_house_number(text: &str) -> bool {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if matches!(c, '号' | '號') && (before.is_ascii_digit() || is_chinese_digit(before)) {
            let digits = |c: char| {
                c.is_ascii_digit()
                    || is_chinese_digit(c)
                    || matches!(c, '-' | '之' | '、' | '~' | ',')
            };
            return text[..at].trim_end_matches(digits).chars().count() >= 2;
        }
        before = c;
    }
    false
}

fn is_chinese_digit(c: char) -> bool {
    "一二三四五六七八九十百〇零".contains(c)
}

fn is_western(text: &str) -> bool {
    const STREETS: &[&str] = &[
        "road",
        "rd",
        "street",
        "st",
        "avenue",
        "ave",
        "lane",
        "drive",
        "dr",
        "boulevard",
        "blvd",
        "way",
        "square",
        "highway",
        "alley",
        "court",
        "strasse",
        "straße",
        "rue",
        "via",
        "calle",
        "plaza",
    ];
    let lower = text.to_lowercase();
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let number = lower.chars().any(|c| c.is_ascii_digit());
    number
        && words.any(|word| {
            STREETS.contains(&word) || word.ends_with("strasse") || word.ends_with("straße")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_alone_is_no_postal_address() {
        for text in [
            "高雄市岡山區振興路218號4樓之4",
            "廣東省東莞市厚街鎮解放路1486號",
            "新竹市香山區振興路一段1186號",
            "苏州市星湖街328号",
            "No. 12 Xinghu Street, Suzhou",
            "Bahnhofstraße 12",
        ] {
            assert!(is_postal_address(text), "{text}");
        }
        for text in [
            "蘇州",
            "蘇州市",
            "無錫市",
            "東莞市長安鎮",
            "12號",
            "",
            "Suzhou",
            "苏州工业园区",
        ] {
            assert!(!is_postal_address(text), "{text}");
        }
    }
}
