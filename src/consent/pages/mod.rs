//! The do-not-reach list on pages. What changes it goes through `flows`, since queues follow.

mod detail;
mod list;
mod new;
mod shown;

use actix_web::web;

pub use new::{NewSuppression, add_page};

/// Pages that only read.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/suppressions/new")
                .name("suppression-new")
                .route(web::get().to(new::show))
                .route(web::head().to(new::show)),
        )
        .service(
            web::resource("/suppressions/{id:\\d+}")
                .route(web::get().to(detail::show))
                .route(web::head().to(detail::show)),
        )
        .route(
            "/suppressions/{id:\\d+}/reveal",
            web::post().to(detail::reveal),
        );
}

pub use list::show as list;
