//! Pages of companies that need the registry alone: the list.

pub(crate) mod filters;
pub mod list;
pub mod shown;

use actix_web::web;

/// Routes of the list.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/companies", web::get().to(list::show))
        .route("/companies", web::head().to(list::show));
}
