//! `/`: what this person has to do today, by role; tasks, the own call history, and the palette's answers.

mod calls;
mod page;
mod palette;
mod rep;
mod tasks;
mod todo;
mod warnings;

use actix_web::web;

/// Routes of today.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/")
                .route(web::get().to(page::page))
                .route(web::head().to(page::page)),
        )
        .service(
            web::resource("/calls")
                .route(web::get().to(calls::page))
                .route(web::head().to(calls::page)),
        )
        .route("/tasks/{id}/finish", web::post().to(tasks::finish))
        .service(
            web::resource("/palette")
                .route(web::get().to(palette::hits))
                .route(web::head().to(palette::hits)),
        );
}
