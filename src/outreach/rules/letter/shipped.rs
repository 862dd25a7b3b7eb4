//! The letters that come with the product: version 0 of each, in both languages.

use rust_embed::RustEmbed;

use crate::outreach::model::LetterKind;
use crate::platform::i18n::Lang;

#[derive(RustEmbed)]
#[folder = "templates/mail"]
struct Files;

/// Codes of the shipped letters, in the order of a year. Those of occasions are the codes of the occasions.
pub const CODES: [&str; 11] = [
    "new_year",
    "spring_festival",
    "dragon_boat",
    "mid_autumn",
    "national_day",
    "mid_autumn_national_day",
    "joint",
    "christmas",
    "birthday",
    "anniversary",
    "news",
];

/// A shipped letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// What it is for.
    pub kind: LetterKind,
    /// Its name.
    pub name: String,
    /// Subject with fields.
    pub subject: String,
    /// Text with fields.
    pub source: String,
}

/// What a code is for; whatever is not news greets.
pub fn kind_of(code: &str) -> LetterKind {
    match code {
        "news" => LetterKind::News,
        _ => LetterKind::Greeting,
    }
}

/// The shipped letter that a code stands for: its own, or that of the occasion which leads where two are joined by `_`
/// and have no letter together. Nothing for a letter of the office's own.
pub fn base_of(code: &str) -> Option<&'static str> {
    let leads = |base: &&&str| {
        code.strip_prefix(**base)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    CODES
        .iter()
        .filter(leads)
        .max_by_key(|base| base.len())
        .copied()
}

/// Reads one: a line with its name, one with its subject, and the text behind an empty line.
pub fn shipped(code: &str, lang: Lang) -> Option<Shipped> {
    let file = CODES
        .contains(&code)
        .then(|| Files::get(&format!("{}/{code}.mjml", lang.code())))??;
    let text = String::from_utf8_lossy(&file.data);
    let (head, source) = text.split_once("\n\n")?;
    let line = |name: &str| {
        let found = head.lines().find_map(|line| line.strip_prefix(name));
        found.map(|line| line.trim().to_owned())
    };
    Some(Shipped {
        kind: kind_of(code),
        name: line("name:")?,
        subject: line("subject:")?,
        source: source.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_occasions_without_a_letter_of_their_own_get_that_of_the_first() {
        for (code, base) in [
            ("mid_autumn", Some("mid_autumn")),
            ("mid_autumn_national_day", Some("mid_autumn_national_day")),
            ("spring_festival_new_year", Some("spring_festival")),
            ("newsletter", None),
            ("own_1", None),
        ] {
            assert_eq!(base_of(code), base, "{code}");
        }
    }
}
