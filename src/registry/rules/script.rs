//! How text is compared: width, script, case, punctuation.
//!
//! Comparison folds traditional characters one by one, through a table made once from OpenCC's dictionaries: two
//! lists then fold alike whatever stands around a character, and an import of 100,000 rows pays nanoseconds for it.
//! What is shown goes through OpenCC's phrases.

use std::borrow::Cow;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

const FIRST_IDEOGRAPH: u32 = 0x4e00;
const LAST_IDEOGRAPH: u32 = 0x9fff;

static OPENCC: LazyLock<OpenCC> = LazyLock::new(|| {
    OpenCC::from_config(BuiltinConfig::T2s).expect("the dictionaries are compiled into the program")
});

/// For each unified ideograph its simplified form.
static SIMPLIFIED: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut buffer = [0; 4];
    (FIRST_IDEOGRAPH..=LAST_IDEOGRAPH)
        .map(|code| {
            let Some(c) = char::from_u32(code) else {
                return code as u16;
            };
            let simplified = OPENCC.convert(c.encode_utf8(&mut buffer));
            let mut chars = simplified.chars();
            match (chars.next(), chars.next()) {
                (Some(one), None) if is_ideograph(one) => one as u16,
                _ => code as u16,
            }
        })
        .collect()
});

/// A character of the unified block, where names live.
pub fn is_ideograph(c: char) -> bool {
    (FIRST_IDEOGRAPH..=LAST_IDEOGRAPH).contains(&(c as u32))
}

/// Any Chinese character, rare ones of the extension blocks too.
pub fn is_han(c: char) -> bool {
    is_ideograph(c)
        || matches!(c as u32, 0x3400..=0x4dbf | 0xf900..=0xfaff | 0x20000..=0x323af)
        || c == '〇'
}

/// The simplified form of one character.
pub fn simplified(c: char) -> char {
    if !is_ideograph(c) {
        return c;
    }
    let simple = SIMPLIFIED[(c as u32 - FIRST_IDEOGRAPH) as usize];
    char::from_u32(u32::from(simple)).unwrap_or(c)
}

fn is_invisible(c: char) -> bool {
    matches!(c as u32,
        0..=8 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f..=0x9f | 0xad | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x2064 | 0xfe00..=0xfe0f | 0xfeff | 0xfff9..=0xfffc)
}

/// NFKC, without zero-width characters and NULs, trimmed.
pub fn normalise(text: &str) -> Cow<'_, str> {
    let plain = |c: char| matches!(c, ' '..='~' | '\n' | '\t') || is_ideograph(c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text.trim());
    }
    let clean: String = text.chars().filter(|c| !is_invisible(*c)).nfkc().collect();
    Cow::Owned(clean.trim().to_owned())
}

/// Traditional characters as simplified ones, as people write them.
pub fn to_simplified(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| simplified(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(OPENCC.convert(text))
}

/// Each character simplified by itself: as many characters as before, and as many bytes.
pub fn simplified_alike(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| simplified(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(simplified).collect())
}

/// The form in which two names are compared: simplified, lower case, without accents, spaces, brackets and punctuation.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        fold_into(c, &mut folded);
    }
    folded
}

/// Appends the comparison form of one character.
pub fn fold_into(c: char, folded: &mut String) {
    if c.is_ascii_alphanumeric() {
        folded.push(c.to_ascii_lowercase());
    } else if is_ideograph(c) {
        folded.push(simplified(c));
    } else if !c.is_ascii() && !is_invisible(c) {
        fold_rare(c, folded);
    }
}

fn fold_rare(c: char, folded: &mut String) {
    decompose_compatible(c, |part| match part {
        'ø' | 'Ø' => folded.push('o'),
        'æ' | 'Æ' => folded.push_str("ae"),
        'œ' | 'Œ' => folded.push_str("oe"),
        'ß' | 'ẞ' => folded.push_str("ss"),
        'ł' | 'Ł' => folded.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
        'þ' | 'Þ' => folded.push_str("th"),
        _ if is_combining_mark(part) || !part.is_alphanumeric() => {}
        _ => folded.extend(
            simplified(part)
                .to_lowercase()
                .filter(|c| c.is_alphanumeric()),
        ),
    });
}

/// The cell says nothing (`-`, `无`, `N/A` …).
pub fn is_empty_value(text: &str) -> bool {
    let text = normalise(text);
    if text.is_empty() {
        return true;
    }
    // No word of the list is longer.
    if text.len() > 12 {
        return text.chars().all(is_dash);
    }
    matches!(
        &*text,
        "/" | "\\" | "无" | "無" | "暂无" | "暫無" | "不详" | "不詳" | "(无)" | "(無)"
    ) || text.chars().all(is_dash)
        || ["n/a", "#n/a", "null", "(null)", "none"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '‐'..='―' | '−' | '─' | '_' | 'ー' | '一' | '/' | ' '
    )
}

/// A company cell that names no company (`个人`, `自由职业` too).
pub fn is_empty_company(text: &str) -> bool {
    is_empty_value(text)
        || matches!(
            &*simplified_alike(&normalise(text)),
            "个人" | "自由职业" | "自由职业者" | "个体" | "无单位" | "无公司"
        )
}

/// `同上`, `〃`: the value of the row above.
pub fn is_ditto(text: &str) -> bool {
    matches!(
        &*normalise(text),
        "同上" | "〃" | "\"" | "''" | "″" | "''''" | "ditto" | "Ditto"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_normalised() {
        for (text, expected) in [
            ("  苏州  ", "苏州"),
            ("１７７３１１４９６５３", "17731149653"),
            ("a＠b.cn", "a@b.cn"),
            ("杭州新业\u{200b}涂料厂", "杭州新业涂料厂"),
            ("\u{feff}苏州", "苏州"),
            ("苏\0州", "苏州"),
            ("　魏　霞", "魏 霞"),
            ("（苏州）", "(苏州)"),
        ] {
            assert_eq!(normalise(text), expected);
        }
    }

    #[test]
    fn folding_ignores_script_case_and_punctuation() {
        for (one, other) in [
            ("蘇州宏遠機械（有限公司）", "苏州宏远机械有限公司"),
            ("臺灣", "台湾"),
            ("Höllwarth Präzisionstechnik", "HOLLWARTH PRAZISIONSTECHNIK"),
            ("Ødegren – Coatings", "odegren coatings"),
            ("ＡＢＣ　苏州", "abc苏州"),
            ("鑫淼・電子", "鑫淼电子"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("恒鑫"), fold("恒新"));
    }

    #[test]
    fn empty_values() {
        for text in [
            "", " ", "-", "—", "——", "/", "无", "無", "暂无", "暫無", "N/A", "n/a", "NULL", "不详",
            "－", "\u{3000}",
        ] {
            assert!(is_empty_value(text), "{text:?}");
        }
        for text in ["TBD", "详见名片", "n/a (see card)", "个人", "0", "无锡"] {
            assert!(!is_empty_value(text), "{text:?}");
        }
        for text in ["个人", "自由职业", "個人", "无"] {
            assert!(is_empty_company(text), "{text:?}");
        }
        assert!(is_ditto("同上") && is_ditto("〃") && !is_ditto("上海"));
    }

    #[test]
    fn what_is_shown_is_simplified_by_phrases() {
        assert_eq!(to_simplified("蘇州機械"), "苏州机械");
        assert!(matches!(to_simplified("苏州机械"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(simplified_alike(&text).chars().count(), text.chars().count());
            let _ = (is_empty_company(&text), is_ditto(&text), to_simplified(&text));
        }
    }
}
