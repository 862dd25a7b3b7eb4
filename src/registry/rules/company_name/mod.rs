//! Company names: what a cell says, and when two names mean the same company.
//!
//! The compared form is place + brand + trade (+ branch): script, brackets, spaces, 省 and 市, and the legal form may
//! differ; another place, another trade, a branch may not.

mod chinese;
mod latin;
mod parts;
mod words;

use super::hash::hash64;
use super::person_name;
use super::region::{self, Place};
use super::script::{fold, is_han, normalise, simplified_alike};
use parts::{split_english, split_former, split_person, tidy, untagged};
use words::{BRANCHES, LEGAL_FORMS, is_latin_form};

/// A company name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyName {
    /// As it is shown: without person, former name and stray punctuation.
    pub shown: String,
    /// `A(原B)`: B.
    pub former: Option<String>,
    /// A person at the end of the cell: `王经理`.
    pub person: Option<String>,
    /// The English name that stands behind the Chinese one in the same cell.
    pub english: Option<String>,
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
        let parts = parts_of(cell);
        let mut name = if parts.shown.chars().any(is_han) {
            chinese::read(&parts.shown)
        } else {
            latin::read(&parts.shown)
        };
        (name.shown, name.former, name.person) = (parts.shown, parts.former, parts.person);
        name.english = parts.english;
        name
    }

    /// Equal for names that mean the same company by themselves.
    pub fn name_key(&self) -> i64 {
        hash64(&self.key_text)
    }
}

/// What a cell holds besides the name, and the name.
struct Parts {
    shown: String,
    former: Option<String>,
    person: Option<String>,
    english: Option<String>,
}

fn parts_of(cell: &str) -> Parts {
    let text = normalise(cell);
    let (text, english) = split_english(&text);
    let text = untagged(text);
    let (text, former) = split_former(&text);
    let (text, person) = split_person(&text);
    Parts {
        shown: tidy(&text),
        former,
        person,
        english: english.map(str::to_owned),
    }
}

/// A name as it is shown, and the legal form at its end; for whoever needs nothing else of it: places and trades take
/// most of the time.
pub fn with_legal_form(cell: &str) -> (String, Option<String>) {
    let shown = parts_of(cell).shown;
    let form = match shown.chars().any(is_han) {
        true => chinese::legal_form(&shown),
        false => latin::read(&shown).legal_form,
    };
    (shown, form)
}

/// The city that begins a company name: a local number beside it belongs there. A place that is rather the brand
/// (`海宁家居`) tells nothing.
pub fn city_at_start_of(name: &str) -> Option<&'static Place> {
    chinese::city(name.trim_start())
}

/// A header-less cell that names a company: a legal form, a place at the start with something behind it, or a trade word.
pub fn looks_like_company(cell: &str) -> bool {
    let text = normalise(cell);
    let plain = simplified_alike(&text);
    if !plain.chars().any(is_han) {
        let words: Vec<String> = plain.split_whitespace().map(fold).collect();
        return words.len() > 1 && words.last().is_some_and(|w| is_latin_form(w));
    }
    let has_form = LEGAL_FORMS
        .iter()
        .chain(&BRANCHES)
        .any(|form| plain.contains(form) && plain.len() > form.len());
    let begins_with_place = || {
        region::at_start_of(&plain)
            .is_some_and(|(_, bytes)| plain[bytes..].chars().filter(|c| is_han(*c)).count() >= 2)
    };
    has_form
        || begins_with_place()
        || chinese::carries_trade(&split_person(&untagged(split_english(&plain).0)).0)
}

/// Nothing but a legal form: `股份有限公司` names nobody.
pub fn is_legal_form(name: &str) -> bool {
    LEGAL_FORMS.contains(&&*simplified_alike(name))
}

/// A header-less cell that names a person.
pub fn looks_like_person(cell: &str) -> bool {
    !looks_like_company(cell) && person_name::looks_like_person(cell)
}

#[cfg(test)]
mod tests;
