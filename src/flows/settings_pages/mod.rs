//! `/settings`: one page a rule set, each versioned, each changing the very next decision.

mod cadence;
mod calendar;
mod grades;
mod greetings;
mod grounds;
mod history;
mod hub;
mod lists;
mod office;
mod rules;
mod script_blocks;
mod scripts;
mod selling;
mod sources;
mod stages;
mod webhook;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use crate::accounts::{Object, SignedIn, Verb, may, redirect_with};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::log::{Change, changed};
use crate::platform::page::{Flash, html_with};
use crate::platform::settings::{self, Setting};

/// All pages under `/settings`.
#[rustfmt::skip] // one route a line, read as a table
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/settings").route(web::get().to(hub::show)).route(web::head().to(hub::show)))
        .service(web::resource("/settings/office").route(web::get().to(office::show)).route(web::head().to(office::show)).route(web::post().to(office::save)))
        .service(web::resource("/settings/calendar").route(web::get().to(calendar::show)).route(web::head().to(calendar::show)).route(web::post().to(calendar::save)))
        .service(web::resource("/settings/lists").route(web::get().to(lists::show)).route(web::head().to(lists::show)).route(web::post().to(lists::save)))
        .service(web::resource("/settings/calling").route(web::get().to(rules::show)).route(web::head().to(rules::show)).route(web::post().to(rules::save)))
        .service(web::resource("/settings/grades").route(web::get().to(grades::show)).route(web::head().to(grades::show)).route(web::post().to(grades::save)))
        .service(web::resource("/settings/cadence").route(web::get().to(cadence::show)).route(web::head().to(cadence::show)).route(web::post().to(cadence::save)))
        .service(web::resource("/settings/greetings").route(web::get().to(greetings::show)).route(web::head().to(greetings::show)).route(web::post().to(greetings::save)))
        .service(web::resource("/settings/grounds").route(web::get().to(grounds::show)).route(web::head().to(grounds::show)).route(web::post().to(grounds::save)))
        .service(web::resource("/settings/scripts").route(web::get().to(scripts::list)).route(web::head().to(scripts::list)).route(web::post().to(scripts::create)))
        .service(web::resource("/settings/scripts/new").route(web::get().to(scripts::new)).route(web::head().to(scripts::new)))
        .service(web::resource("/settings/scripts/{id:\\d+}").route(web::get().to(scripts::show)).route(web::head().to(scripts::show)).route(web::post().to(scripts::save)))
        .service(web::resource("/settings/selling").route(web::get().to(selling::show)).route(web::head().to(selling::show)).route(web::post().to(selling::save)))
        .service(web::resource("/settings/sources").route(web::get().to(sources::list)).route(web::head().to(sources::list)))
        .service(web::resource("/settings/sources/{id:\\d+}").route(web::get().to(sources::show)).route(web::head().to(sources::show)).route(web::post().to(sources::save)))
        .service(web::resource("/settings/stages").route(web::get().to(stages::show)).route(web::head().to(stages::show)).route(web::post().to(stages::save)))
        .service(web::resource("/settings/webhook").route(web::get().to(webhook::show)).route(web::head().to(webhook::show)).route(web::post().to(webhook::save)));
}

/// The version that was before whoever sent a form; where it is missing -1, which is no version, so that nothing is overwritten.
fn seen(sent: &Pairs) -> i32 {
    sent.get("version")
        .and_then(|version| version.parse().ok())
        .unwrap_or(-1)
}

/// Writes the next version of a rule set, and that it was changed; which version it is.
fn next_version<T: Setting>(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &T,
    seen: i32,
    actor_id: Option<i64>,
) -> AppResult<i32> {
    let version = settings::save(conn, rules, seen, actor_id, now)?;
    let change = Change {
        object_id: Some(i64::from(version)),
        ..Change::setting(now, actor_id, T::KIND)
    };
    changed(conn, &change)?;
    Ok(version)
}

/// The answer to a form of rules: back to its page, or the page again with what was typed and what is wrong with it.
async fn after_save<P: Template + Send + 'static>(
    lang: Lang,
    db: &Db,
    to: &str,
    kept: AppResult<()>,
    again: impl FnOnce(&mut Conn, &Refusal) -> AppResult<P> + Send + 'static,
) -> AppResult<HttpResponse> {
    match kept {
        Ok(()) => {
            let flash = Flash::new("good", lang.text("settings-saved"));
            Ok(redirect_with(to, &flash))
        }
        Err(error) => {
            let refusal = error.of_form()?;
            let page = db.read(move |conn| again(conn, &refusal)).await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
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
const PAGES: [(&str, &str, &str, Verb); 13] = [
    ("/settings/office", "office", "org", Verb::EditOffice),
    (
        "/settings/calendar",
        "calendar",
        "calendar",
        Verb::EditOffice,
    ),
    ("/settings/calling", "calling", "phone", Verb::EditRules),
    ("/settings/grades", "grades", "target", Verb::EditRules),
    ("/settings/cadence", "cadence", "clock", Verb::EditRules),
    ("/settings/selling", "selling", "swap", Verb::EditRules),
    ("/settings/stages", "stages", "flag", Verb::EditRules),
    ("/settings/greetings", "greetings", "mail", Verb::EditRules),
    ("/settings/scripts", "scripts", "chat", Verb::RunCampaigns),
    ("/settings/lists", "lists", "list", Verb::EditRules),
    ("/settings/sources", "sources", "inbox", Verb::EditSources),
    ("/settings/grounds", "grounds", "shield", Verb::EditGrounds),
    ("/settings/webhook", "webhook", "link", Verb::EditWebhook),
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
