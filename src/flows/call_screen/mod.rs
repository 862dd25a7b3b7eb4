//! The call screen: one company at a time, by keys alone, with nothing lost when the network or the machine goes.
//!
//! A lease of calling says who; the screen draws it with what registry, consent and qualifying know. What is typed is a
//! draft of the lease; what would follow is foretold by a write that is taken back; the result goes to `record_call`.

mod answers;
mod callee;
mod clashes;
mod draw;
pub(super) mod find;
mod foretell;
mod incoming;
mod items;
mod kept;
pub(super) mod lobby;
mod missing;
mod needs;
mod page;
mod same;
mod save;
mod script;
pub(super) mod strip;
mod undo;
pub(super) mod view;

use actix_web::web;

/// Routes of the screen.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/call")
                .route(web::get().to(page::call))
                .route(web::head().to(page::call)),
        )
        .route("/call/next", web::post().to(lobby::next))
        .route("/call/pause", web::post().to(lobby::pause))
        .route("/call/resume", web::post().to(lobby::resume))
        .service(
            web::resource("/call/same")
                .route(web::get().to(same::fragment))
                .route(web::head().to(same::fragment)),
        )
        .service(
            web::resource("/call/incoming")
                .route(web::get().to(incoming::page))
                .route(web::head().to(incoming::page))
                .route(web::post().to(incoming::record)),
        )
        .route("/call/{token}/draft", web::put().to(save::draft))
        .route("/call/{token}/dialled", web::post().to(save::dialled))
        .route("/call/{token}/heartbeat", web::post().to(save::heartbeat))
        .route("/call/{token}/release", web::post().to(save::release))
        .route("/call/{token}/result", web::post().to(save::result))
        .route("/call/{token}/late", web::post().to(save::late))
        .route("/calls/{id}/undo", web::post().to(undo::undo));
}
