//! `/settings`: one page a rule set, each versioned, each changing the very next decision.

mod calendar;
mod history;
mod hub;
mod lists;
mod office;

use actix_web::web;

use crate::accounts::{Object, SignedIn, Verb, may};

/// All pages under `/settings`.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    let page = |path: &str, get: actix_web::Route, head: actix_web::Route| {
        web::resource(path.to_owned()).route(get).route(head)
    };
    config
        .service(page(
            "/settings",
            web::get().to(hub::show),
            web::head().to(hub::show),
        ))
        .service(
            page(
                "/settings/office",
                web::get().to(office::show),
                web::head().to(office::show),
            )
            .route(web::post().to(office::save)),
        )
        .service(
            page(
                "/settings/calendar",
                web::get().to(calendar::show),
                web::head().to(calendar::show),
            )
            .route(web::post().to(calendar::save)),
        )
        .service(
            page(
                "/settings/lists",
                web::get().to(lists::show),
                web::head().to(lists::show),
            )
            .route(web::post().to(lists::save)),
        );
}

/// A settings page as the bar above each of them names it.
struct Tab {
    href: &'static str,
    label: String,
    about: String,
    icon: &'static str,
    current: bool,
}

/// Address, key, icon and who may.
const PAGES: [(&str, &str, &str, Verb); 3] = [
    ("/settings/office", "office", "org", Verb::EditOffice),
    (
        "/settings/calendar",
        "calendar",
        "calendar",
        Verb::EditOffice,
    ),
    ("/settings/lists", "lists", "list", Verb::EditRules),
];

/// The settings pages this person may change.
fn tabs(me: &SignedIn, current: &str) -> Vec<Tab> {
    let lang = me.lang();
    PAGES
        .iter()
        .filter(|(.., verb)| may(&me.actor, *verb, Object::Any))
        .map(|(href, key, icon, _)| Tab {
            href,
            label: lang.text(&format!("settings-{key}")),
            about: lang.text(&format!("settings-{key}-about")),
            icon,
            current: *href == current,
        })
        .collect()
}
