//! Names in Latin letters: legal forms off, the place apart.

use super::CompanyName;
use super::words::is_latin_form;
use crate::registry::rules::region::{self, Place};
use crate::registry::rules::script::fold;

/// Takes a name apart that has no former name any more.
pub(super) fn read(shown: &str) -> CompanyName {
    let words: Vec<String> = shown
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '/'))
        .map(fold)
        .filter(|w| !w.is_empty())
        .collect();
    let mut core = words.as_slice();
    let mut forms = Vec::new();
    while let [head @ .., last] = core {
        let is_form = is_latin_form(last);
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
    let (place, rest) = place_apart(&core);
    let brand: String = rest.iter().map(|word| word.as_str()).collect();
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

/// The city at the start (`Fuzhou Boxu Foods`) or the end (`Lombardo Packaging (Yixing)`), and the other words.
fn place_apart<'a>(words: &'a [&'a String]) -> (Option<&'static Place>, &'a [&'a String]) {
    let city = |word: &str| region::by_name(word).filter(|p| !p.is_abroad());
    if words.len() < 2 {
        return (None, words);
    }
    if let Some(place) = city(words[0]) {
        return (Some(place), &words[1..]);
    }
    match words.split_last() {
        Some((last, rest)) if rest.len() > 1 && city(last).is_some() => (city(last), rest),
        _ => (None, words),
    }
}
