//! `/greetings`: the calendar, and one greeting: who gets it, who does not and why, the letter, the word of the reps.

mod act;
mod calendar;
mod chosen;
mod page;
mod reader;
mod year;

use actix_web::web;

/// Routes of the calendar of greetings.
#[rustfmt::skip] // one route a line, read as a table
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/greetings").route(web::get().to(page::show)).route(web::head().to(page::show)))
        .route("/greetings/make", web::post().to(act::make))
        .route("/greetings/{id:\\d+}/approve", web::post().to(act::approve))
        .route("/greetings/{id:\\d+}/cancel", web::post().to(act::cancel));
}

/// A greeting as addresses name it: `mid_autumn.2026-09-25`.
fn key(code: &str, on: chrono::NaiveDate) -> String {
    format!("{code}.{on}")
}

/// Reads a [`key`].
fn read_key(text: &str) -> Option<(String, chrono::NaiveDate)> {
    let (code, on) = text.split_once('.')?;
    Some((code.to_owned(), on.parse().ok()?))
}
