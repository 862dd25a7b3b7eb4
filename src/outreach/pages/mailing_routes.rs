//! Routes of the list of mailings, and of everything about one of them.

use actix_web::web;

use super::{
    audience, live, mailing, mailing_letter, mailing_test, mailings, moves, news, people,
    person_mail, unknown,
};

/// The list of mailings, and everything about one of them.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/mailings")
                .route(web::get().to(mailings::list))
                .route(web::head().to(mailings::list))
                .route(web::post().to(mailings::create)),
        )
        .service(
            web::resource("/mailings/new")
                .route(web::get().to(mailings::new))
                .route(web::head().to(mailings::new)),
        )
        .service(
            web::resource("/mailings/{id:\\d+}")
                .route(web::get().to(mailing::show))
                .route(web::head().to(mailing::show)),
        )
        .service(
            web::resource("/mailings/{id:\\d+}/progress")
                .route(web::get().to(live::progress))
                .route(web::head().to(live::progress)),
        )
        .service(
            web::resource("/mailings/{id:\\d+}/people")
                .route(web::get().to(people::list))
                .route(web::head().to(people::list)),
        )
        .service(
            web::resource("/mailings/{id:\\d+}/edit")
                .route(web::get().to(news::edit))
                .route(web::head().to(news::edit))
                .route(web::post().to(news::save)),
        )
        .service(
            web::resource("/mailings/{id:\\d+}/audience")
                .route(web::get().to(audience::page))
                .route(web::head().to(audience::page))
                .route(web::post().to(audience::save)),
        )
        .service(
            web::resource("/mailings/{id:\\d+}/unknown")
                .route(web::get().to(unknown::page))
                .route(web::head().to(unknown::page))
                .route(web::post().to(unknown::settle)),
        )
        .route(
            "/mailings/{id:\\d+}/test",
            web::post().to(mailing_test::page),
        )
        .route(
            "/mailings/{id:\\d+}/letter",
            web::post().to(mailing_letter::choose),
        )
        .route(
            "/mailings/{id:\\d+}/plan",
            web::post().to(moves::plain(moves::plan)),
        )
        .route(
            "/mailings/{id:\\d+}/approve",
            web::post().to(moves::plain(moves::approve)),
        )
        .route(
            "/mailings/{id:\\d+}/start",
            web::post().to(moves::plain(moves::start)),
        )
        .route(
            "/mailings/{id:\\d+}/resume",
            web::post().to(moves::plain(moves::resume)),
        )
        .route(
            "/mailings/{id:\\d+}/cancel",
            web::post().to(moves::plain(moves::cancel)),
        )
        .route(
            "/mailings/{id:\\d+}/schedule",
            web::post().to(moves::schedule),
        )
        .route("/mailings/{id:\\d+}/pause", web::post().to(moves::pause))
        .service(
            web::resource("/persons/{id:\\d+}/mail")
                .route(web::get().to(person_mail::show))
                .route(web::head().to(person_mail::show)),
        );
}
