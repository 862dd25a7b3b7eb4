//! Mailings, deliveries and the calendar of greetings over the API.

mod greetings;
mod mailings;

/// Routes of the API.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    greetings::routes(config);
}
