//! Pages of outreach.

mod cadence;
mod greetings;
mod letters;
mod mailing;
mod mailings;
mod news;
pub mod optout;
mod person_mail;

use actix_web::web;

/// Routes of pages.
#[rustfmt::skip] // one route a line, read as a table
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/due").route(web::get().to(cadence::show)).route(web::head().to(cadence::show)));
}
