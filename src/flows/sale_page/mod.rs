//! `/companies/{id}/sale`: how far the sale is, what a stage asks, what is agreed, and how the company can be let go.

mod act;
mod appointment;
mod view;

use actix_web::web;

pub(super) use view::story;

/// Routes of this flow.
#[rustfmt::skip] // one route a line, read as a table
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/companies/{id:\\d+}/sale").route(web::get().to(view::show)).route(web::head().to(view::show)).route(web::post().to(act::move_on)))
        .route("/companies/{id:\\d+}/registration", web::post().to(act::register))
        .route("/companies/{id:\\d+}/contact", web::post().to(act::met))
        .route("/companies/{id:\\d+}/appointments", web::post().to(appointment::agree))
        .route("/companies/{id:\\d+}/release", web::post().to(act::release));
}
