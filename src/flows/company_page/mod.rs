//! The page of one company: what is known, from whom, what happened, and what one may do about it.

mod add;
mod change;
mod facts;
mod grade;
mod join;
mod key_items;
mod mail;
mod people;
mod record;
mod rhythm;
mod sold;
mod story;
mod typed;
mod view;

use actix_web::web;

/// Routes of the page.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/companies/new")
                .route(web::get().to(add::new_company))
                .route(web::head().to(add::new_company))
                .route(web::post().to(add::add_company)),
        )
        .route("/companies/{id:\\d+}", web::get().to(view::show))
        .route("/companies/{id:\\d+}", web::head().to(view::show))
        .route("/companies/{id:\\d+}/numbers", web::post().to(view::reveal))
        .route(
            "/companies/{id:\\d+}/records/{record:\\d+}",
            web::get().to(record::show),
        )
        .route(
            "/companies/{id:\\d+}/records/{record:\\d+}",
            web::head().to(record::show),
        )
        .service(
            web::resource("/companies/{id:\\d+}/edit")
                .route(web::get().to(change::edit))
                .route(web::head().to(change::edit))
                .route(web::post().to(change::save)),
        )
        .route("/companies/{id:\\d+}/grade", web::post().to(grade::set))
        .route("/companies/{id:\\d+}/pick", web::post().to(change::pick))
        .route(
            "/companies/{id:\\d+}/complaint",
            web::post().to(rhythm::complain),
        )
        .route(
            "/companies/{id:\\d+}/points/{point:\\d+}",
            web::post().to(change::point),
        )
        .service(
            web::resource("/companies/{id:\\d+}/contacts/new")
                .route(web::get().to(add::new_contact))
                .route(web::head().to(add::new_contact))
                .route(web::post().to(add::add_contact)),
        )
        .route(
            "/companies/{id:\\d+}/contacts/{contact:\\d+}",
            web::post().to(change::contact),
        )
        .service(
            web::resource("/companies/{id:\\d+}/merge")
                .route(web::get().to(join::compare))
                .route(web::head().to(join::compare))
                .route(web::post().to(join::merge)),
        )
        .route("/merges/{id:\\d+}/undo", web::post().to(join::unmerge));
}
