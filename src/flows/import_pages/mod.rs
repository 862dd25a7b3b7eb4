//! The pages of an import: File → Columns → Check → Confirm → Run, each reloadable and shareable by its address.

mod pages;
pub(super) mod send;
mod steps;
pub(super) mod upload;
mod view;

use actix_web::web;

/// Routes of these pages.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/imports")
                .route(web::get().to(pages::list))
                .route(web::head().to(pages::list))
                .route(web::post().to(send::send)),
        )
        .service(
            web::resource("/imports/new")
                .route(web::get().to(send::file))
                .route(web::head().to(send::file)),
        )
        .service(
            web::resource("/imports/template.csv")
                .route(web::get().to(pages::template))
                .route(web::head().to(pages::template)),
        )
        .service(
            web::resource("/imports/{id}")
                .route(web::get().to(pages::show))
                .route(web::head().to(pages::show)),
        )
        .service(
            web::resource("/imports/{id}/columns")
                .route(web::get().to(steps::columns))
                .route(web::head().to(steps::columns))
                .route(web::post().to(steps::correct_columns)),
        )
        .service(
            web::resource("/imports/{id}/check")
                .route(web::get().to(steps::check))
                .route(web::head().to(steps::check)),
        )
        .service(
            web::resource("/imports/{id}/confirm")
                .route(web::get().to(steps::confirm))
                .route(web::head().to(steps::confirm))
                .route(web::post().to(steps::run)),
        )
        .service(
            web::resource("/imports/{id}/progress")
                .route(web::get().to(pages::progress))
                .route(web::head().to(pages::progress)),
        )
        .service(
            web::resource("/imports/{id}/rows")
                .route(web::get().to(pages::rows))
                .route(web::head().to(pages::rows)),
        )
        .service(
            web::resource("/imports/{id}/rejected.csv")
                .route(web::get().to(pages::rejected))
                .route(web::head().to(pages::rejected)),
        )
        .service(web::resource("/imports/{id}/cancel").route(web::post().to(pages::cancel)))
        .service(web::resource("/imports/{id}/undo").route(web::post().to(pages::undo)));
}

/// Key of the sentence that says what to do about a reason code.
pub(crate) fn remedy_key(code: &str) -> String {
    format!("reason-{}-remedy", code.replace('_', "-"))
}
