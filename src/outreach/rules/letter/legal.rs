//! What the law wants of a letter: its mark in the subject, and who sends it.

use super::fields::Fields;
use crate::outreach::model::LetterKind;
use crate::platform::calendar::Country;
use crate::platform::i18n::Lang;
use crate::platform::office::Office;

/// The mark in front of the subject: that of the office's country for news and promotion. Greetings that offer nothing
/// carry it only where the office wants that.
pub fn mark(office: &Office, kind: LetterKind, lang: Lang) -> String {
    let is_marked = kind == LetterKind::News || office.marks_greetings;
    let mark = Country::of_office(office).pack().legal_mark;
    match (is_marked && !mark.is_empty(), lang) {
        (false, _) => String::new(),
        (true, Lang::Zh) => format!("（{}）", chinese(mark)),
        (true, Lang::En) => "(AD) ".to_owned(),
    }
}

/// A letter in Chinese says it in Chinese, whatever the country.
fn chinese(mark: &'static str) -> &'static str {
    if mark.is_ascii() { "广告" } else { mark }
}

/// What stands in a letter when the office has not said its name yet.
const NAMELESS: &str = "Canvass";

/// Writes who sends it into the fields.
pub fn sign(fields: &mut Fields, office: &Office, kind: LetterKind, lang: Lang) {
    let name = office.sender_in(lang).unwrap_or(NAMELESS);
    fields.set("office", name);
    fields.set(
        "postal_address",
        office.address_in(lang).unwrap_or_default(),
    );
    fields.mark = mark(office, kind, lang);
}

/// What the office still has to say about itself before letters may go out: names of its settings.
pub fn gaps(office: &Office) -> Vec<&'static str> {
    let name = office.sender_in(Lang::Zh).is_none().then_some("name");
    let address = office.address_in(Lang::Zh).is_none().then_some("address");
    name.into_iter().chain(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_carries_the_mark_of_the_country_and_greetings_do_where_wanted() {
        let office = |country: &str, marks_greetings| Office {
            country: country.into(),
            marks_greetings,
            ..Office::default()
        };
        let (news, greeting) = (LetterKind::News, LetterKind::Greeting);
        for (country, always, kind, lang, expected) in [
            ("CN", false, news, Lang::Zh, "（广告）"),
            ("CN", false, news, Lang::En, "(AD) "),
            ("TW", false, news, Lang::Zh, "（廣告）"),
            ("GB", false, news, Lang::Zh, "（广告）"),
            ("CN", false, greeting, Lang::Zh, ""),
            ("CN", true, greeting, Lang::Zh, "（广告）"),
        ] {
            assert_eq!(mark(&office(country, always), kind, lang), expected);
        }
    }
}
