//! Mailings, deliveries and the calendar of greetings over the API.

mod greetings;
mod mailings;

/// Routes of the API.
pub fn routes(_config: &mut actix_web::web::ServiceConfig) {}
