//! Pages of outreach.

mod audience;
mod cadence;
mod card_letter;
mod cards;
pub(crate) mod due_mailing;
mod greetings;
mod letter;
mod letter_missing;
mod letter_preview;
mod letters;
mod live;
mod mailing;
mod mailing_letter;
mod mailing_routes;
pub(in crate::outreach) mod mailing_test;
mod mailings;
mod moves;
mod news;
pub mod optout;
mod people;
mod person_mail;
pub(crate) mod shown;
mod sieve;
mod unknown;
mod unsigned;

use actix_web::web;

/// Routes of pages.
#[rustfmt::skip] // one route a line, read as a table
pub fn routes(config: &mut web::ServiceConfig) {
    cards::routes(config);
    greetings::routes(config);
    config
        .configure(mailing_routes::routes)
        .service(web::resource("/due").route(web::get().to(cadence::show)).route(web::head().to(cadence::show)))
        .route("/due/mailing", web::post().to(due_mailing::make))
        .service(web::resource("/letters").route(web::get().to(letters::show)).route(web::head().to(letters::show)).route(web::post().to(letters::copy)))
        .service(web::resource("/letters/{code}").route(web::get().to(letter::show)).route(web::head().to(letter::show)).route(web::post().to(letter::save)))
        .service(web::resource("/letters/{code}/preview").route(web::get().to(letter_preview::show)).route(web::head().to(letter_preview::show)).route(web::post().to(letter_preview::draft)))
        .service(web::resource("/letters/{code}/missing").route(web::get().to(letter_missing::show)).route(web::head().to(letter_missing::show)))
        .route("/letters/{code}/test", web::post().to(letter_preview::test));
}
