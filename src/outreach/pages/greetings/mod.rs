//! `/greetings`: the calendar, and one greeting: who gets it, who does not and why, the letter, the word of the reps.

mod act;
mod calendar;
mod chosen;
mod page;
mod reader;
mod unsure;
mod year;

use actix_web::web;

use crate::registry::pages::filters::encoded;

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

/// The address of a greeting by its [`key`], which may be what somebody sent.
fn address(o: &str) -> String {
    format!("/greetings?o={}", encoded(o))
}

/// Reads a [`key`].
fn read_key(text: &str) -> Option<(String, chrono::NaiveDate)> {
    let (code, on) = text.split_once('.')?;
    Some((code.to_owned(), on.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_found_by_its_address_and_nothing_else_gets_into_it() {
        let on = chrono::NaiveDate::from_ymd_opt(2026, 9, 25).expect("a day");
        let o = key("mid_autumn", on);
        assert_eq!(address(&o), "/greetings?o=mid_autumn.2026-09-25");
        assert_eq!(read_key(&o), Some(("mid_autumn".to_owned(), on)));
        assert_eq!(address("a\r\nb&c=d"), "/greetings?o=a%0D%0Ab%26c%3Dd");
    }
}
