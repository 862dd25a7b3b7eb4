//! The pages each role may open, as the navigation shows them. A page that is not built is not here.

use super::model::Actor;
use super::rules::{Object, Verb, may};
use crate::platform::i18n::Lang;
use crate::platform::page::{NavGroup, NavItem};

struct Entry {
    href: &'static str,
    key: &'static str,
    text: &'static str,
    icon: &'static str,
    verbs: &'static [Verb],
}

const fn entry(
    href: &'static str,
    key: &'static str,
    text: &'static str,
    icon: &'static str,
    verbs: &'static [Verb],
) -> Entry {
    Entry {
        href,
        key,
        text,
        icon,
        verbs,
    }
}

const GROUPS: [(&str, &[Entry]); 6] = [
    (
        "",
        &[
            entry("/", "T", "shell-nav-today", "home", &[]),
            entry("/call", "C", "shell-nav-call", "phone", &[Verb::Call]),
            entry(
                "/companies",
                "K",
                "shell-nav-companies",
                "org",
                &[Verb::FindCompanies],
            ),
        ],
    ),
    (
        "shell-nav-collect",
        &[
            entry(
                "/imports",
                "I",
                "shell-nav-imports",
                "inbox",
                &[Verb::SeeImports],
            ),
            entry(
                "/campaigns",
                "A",
                "shell-nav-campaigns",
                "flag",
                &[Verb::RunCampaigns],
            ),
        ],
    ),
    (
        "shell-nav-follow",
        &[
            entry(
                "/handovers",
                "H",
                "shell-nav-handovers",
                "swap",
                &[Verb::SeeHandovers],
            ),
            entry(
                "/grades",
                "B",
                "shell-nav-grades",
                "target",
                &[Verb::SeeGrades],
            ),
            entry(
                "/contradictions",
                "X",
                "shell-nav-contradictions",
                "alert",
                &[Verb::SeeGrades],
            ),
            entry("/due", "W", "shell-nav-due", "clock", &[Verb::SeeCadence]),
            entry("/pool", "P", "shell-nav-pool", "pool", &[Verb::SeePool]),
            entry(
                "/registrations",
                "B",
                "shell-nav-registrations",
                "ticket",
                &[Verb::Sell],
            ),
            entry(
                "/territories",
                "M",
                "shell-nav-territories",
                "map",
                &[Verb::EditTerritories],
            ),
        ],
    ),
    (
        "shell-nav-mail",
        &[
            entry(
                "/greetings",
                "G",
                "shell-nav-greetings",
                "calendar",
                &[Verb::SeeMailings],
            ),
            entry(
                "/cards",
                "Y",
                "shell-nav-cards",
                "note",
                &[Verb::ApproveCards],
            ),
            entry(
                "/mailings",
                "E",
                "shell-nav-mailings",
                "mail",
                &[Verb::SeeMailings],
            ),
            entry(
                "/letters",
                "L",
                "shell-nav-letters",
                "edit",
                &[Verb::EditLetters],
            ),
        ],
    ),
    (
        "shell-nav-silence",
        &[entry(
            "/suppressions",
            "D",
            "shell-nav-suppressions",
            "ban",
            &[Verb::SeeSuppressions],
        )],
    ),
    (
        "shell-nav-office",
        &[
            entry(
                "/settings",
                "S",
                "shell-nav-settings",
                "gear",
                &[Verb::EditOffice, Verb::EditRules, Verb::EditSources],
            ),
            entry("/users", "U", "shell-nav-users", "user", &[Verb::EditUsers]),
        ],
    ),
];

/// The navigation of a person, with `path` marked as the present page.
pub fn navigation(actor: &Actor, lang: Lang, path: &str) -> Vec<NavGroup> {
    GROUPS
        .iter()
        .map(|(title, entries)| NavGroup {
            title: (!title.is_empty()).then(|| lang.text(title)),
            items: entries
                .iter()
                .filter(|e| is_open(actor, e))
                .map(|e| item(e, lang, path))
                .collect(),
        })
        .filter(|group| !group.items.is_empty())
        .collect()
}

fn is_open(actor: &Actor, entry: &Entry) -> bool {
    entry.verbs.is_empty()
        || entry
            .verbs
            .iter()
            .any(|verb| may(actor, *verb, Object::Any))
}

fn item(entry: &Entry, lang: Lang, path: &str) -> NavItem {
    let path = path.split('?').next().unwrap_or("/");
    let current = if entry.href == "/" {
        path == "/"
    } else {
        path == entry.href || path.starts_with(&format!("{}/", entry.href))
    };
    NavItem {
        href: entry.href,
        label: lang.text(entry.text),
        icon: entry.icon,
        key: entry.key,
        current,
        count: None,
    }
}
