//! Pages of selling that need no other area's facts; the sale of one company and today stand in `flows`.

pub(crate) mod agenda;
mod handovers;
mod leaves;
mod matrix;
mod pool;
mod registrations;
pub(crate) mod shown;
mod strangers;
mod territories;

use actix_web::web;

/// Routes of the pages.
#[rustfmt::skip] // one route a line, read as a table
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/handovers").route(web::get().to(handovers::show)).route(web::head().to(handovers::show)))
        .route("/handovers/give", web::post().to(handovers::give))
        .service(web::resource("/handovers/{id:\\d+}").route(web::get().to(handovers::detail)).route(web::head().to(handovers::detail)))
        .route("/handovers/{id:\\d+}/accept", web::post().to(handovers::accept))
        .route("/handovers/{id:\\d+}/reject", web::post().to(handovers::reject))
        .service(web::resource("/agenda/{token}").route(web::get().to(agenda::feed)).route(web::head().to(agenda::feed)))
        .route("/agenda", web::post().to(agenda::new_address))
        .route("/appointments", web::post().to(agenda::agree))
        .route("/appointments/{id:\\d+}", web::post().to(agenda::settle))
        .route("/notices/seen", web::post().to(handovers::seen))
        .service(web::resource("/pool").route(web::get().to(pool::show)).route(web::head().to(pool::show)))
        .route("/pool/claim", web::post().to(pool::claim))
        .service(web::resource("/registrations").route(web::get().to(registrations::show)).route(web::head().to(registrations::show)))
        .route("/registrations/{id:\\d+}/extend", web::post().to(registrations::extend))
        .route("/registrations/{id:\\d+}/withdraw", web::post().to(registrations::withdraw))
        .service(web::resource("/territories").route(web::get().to(territories::show)).route(web::head().to(territories::show)).route(web::post().to(territories::add)))
        .route("/territories/strangers", web::post().to(strangers::settle))
        .route("/territories/leave", web::post().to(leaves::leave))
        .route("/territories/{id:\\d+}", web::post().to(territories::save));
}
