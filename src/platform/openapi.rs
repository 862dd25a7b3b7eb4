//! The description of the API, kept by hand in `templates/openapi.json`; a test compares it with the routes.

use actix_web::HttpResponse;

/// The document.
pub const DOCUMENT: &str = include_str!("../../templates/openapi.json");

/// `GET /api/openapi.json`.
pub async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(DOCUMENT)
}
