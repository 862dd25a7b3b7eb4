//! Pages of campaigns: the list, one campaign with its queue, making and filling one.

mod control;
mod detail;
mod fill;
mod filling;
mod form;
pub(super) mod list;
mod queue;
mod sent;

use actix_web::web;

/// Routes of campaigns.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/campaigns")
                .route(web::get().to(list::page))
                .route(web::head().to(list::page))
                .route(web::post().to(form::create)),
        )
        .service(
            web::resource("/campaigns/new")
                .route(web::get().to(form::new))
                .route(web::head().to(form::new)),
        )
        .service(
            web::resource("/campaigns/{id}")
                .route(web::get().to(detail::page))
                .route(web::head().to(detail::page)),
        )
        .service(
            web::resource("/campaigns/{id}/edit")
                .route(web::get().to(form::edit))
                .route(web::head().to(form::edit))
                .route(web::post().to(form::save)),
        )
        .service(
            web::resource("/campaigns/{id}/fill")
                .route(web::get().to(fill::page))
                .route(web::head().to(fill::page))
                .route(web::post().to(fill::start)),
        )
        .service(
            web::resource("/campaigns/{id}/filling")
                .route(web::get().to(filling::progress))
                .route(web::head().to(filling::progress)),
        )
        .service(
            web::resource("/campaigns/{id}/queue")
                .route(web::get().to(control::page))
                .route(web::head().to(control::page)),
        )
        .route("/campaigns/{id}/state", web::post().to(detail::set_state))
        .route("/campaigns/{id}/recycle", web::post().to(detail::recycle));
}
