//! How a suppressed subject is named in front of a person.

use std::collections::{HashMap, HashSet};

use crate::consent::actions::erased::erased_among;
use crate::consent::model::{Origin, OriginKind, Scope, Suppression, Ways};
use crate::consent::queries::list as queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::registry::rules::email::masked;
use crate::registry::rules::phone::{PhoneContext, parse_one};

/// A subject in words.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// Number, address or name.
    pub whom: String,
    /// Where a person works.
    pub detail: Option<String>,
    /// The page of the company.
    pub href: Option<String>,
    /// Set in figures of one width.
    pub is_number: bool,
}

/// Whether numbers and mailboxes are shown in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    Masked,
    InFull,
}

/// Names every subject of a page with three queries.
pub(super) fn shown(
    conn: &mut Conn,
    lang: Lang,
    rows: &[Suppression],
    numbers: Numbers,
) -> AppResult<HashMap<i64, Shown>> {
    let ids = |scope: Scope| -> Vec<i64> {
        rows.iter()
            .filter_map(Suppression::subject)
            .filter(|s| s.scope == scope)
            .filter_map(|s| s.id())
            .collect()
    };
    let companies = queries::company_names(conn, &ids(Scope::Company))?;
    let asked = ids(Scope::Person);
    let persons = queries::person_names(conn, &asked)?;
    let erased: HashSet<i64> = erased_among(conn, &asked)?.into_iter().collect();
    let name = |row: &Suppression| {
        let Some(subject) = row.subject() else {
            return Shown {
                whom: lang.text("suppression-erased"),
                ..Shown::default()
            };
        };
        match (subject.scope, subject.id()) {
            (Scope::Company, Some(id)) => match companies.get(&id) {
                Some((root, name)) => Shown {
                    whom: name.clone(),
                    href: Some(format!("/companies/{root}")),
                    ..Shown::default()
                },
                None => gone(lang),
            },
            (Scope::Person, Some(id)) => match persons.get(&id) {
                Some((name, company)) => Shown {
                    whom: match name.as_str() {
                        "" if erased.contains(&id) => lang.text("suppression-erased-person"),
                        "" => lang.text("suppression-nameless"),
                        name => name.to_owned(),
                    },
                    detail: company.as_ref().map(|(_, name)| name.clone()),
                    href: company.as_ref().map(|(id, _)| format!("/companies/{id}")),
                    is_number: false,
                },
                None => gone(lang),
            },
            (Scope::Number, _) => Shown {
                whom: number(&subject.value, numbers),
                is_number: true,
                ..Shown::default()
            },
            (Scope::Email, _) => Shown {
                whom: mailbox(&subject.value, numbers),
                ..Shown::default()
            },
            (Scope::Domain, _) => Shown {
                whom: format!("@{}", subject.value),
                ..Shown::default()
            },
            _ => Shown {
                whom: subject.value,
                ..Shown::default()
            },
        }
    };
    Ok(rows.iter().map(|row| (row.id, name(row))).collect())
}

fn gone(lang: Lang) -> Shown {
    Shown {
        whom: lang.text("suppression-gone"),
        ..Shown::default()
    }
}

fn number(e164: &str, numbers: Numbers) -> String {
    match (parse_one(e164, &PhoneContext::default()), numbers) {
        (Ok(phone), Numbers::InFull) => phone.pretty(),
        (Ok(phone), Numbers::Masked) => phone.masked(),
        (Err(_), Numbers::InFull) => e164.to_owned(),
        (Err(_), Numbers::Masked) => {
            let shown: String = e164.chars().take(4).collect();
            format!("{shown}****")
        }
    }
}

fn mailbox(address: &str, numbers: Numbers) -> String {
    let masked = masked(address).filter(|_| numbers == Numbers::Masked);
    masked.unwrap_or_else(|| address.to_owned())
}

/// The ways in words; calls and mails beside each other are two.
pub(super) fn ways(lang: Lang, ways: Ways) -> Vec<String> {
    let codes = ways.codes().into_iter();
    codes
        .map(|code| lang.text(&format!("ways-{code}")))
        .collect()
}

/// The kind of an origin in words.
pub(super) fn origin(lang: Lang, origin: &Origin) -> String {
    lang.text(&format!("origin-{}", origin.kind.replace('_', "-")))
}

/// Who said it, where nobody of ours did: whoever opened the link of a letter.
pub(super) fn themselves(lang: Lang, origin: &Origin) -> Option<String> {
    (origin.kind == OriginKind::OptOut.code()).then(|| lang.text("suppression-by-themselves"))
}
