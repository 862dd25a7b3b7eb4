//! Mailings, deliveries and the calendar of greetings over the API.

mod audience;
mod deliveries;
mod greetings;
mod mailings;

pub use mailings::mailing_json;

/// Routes of the API.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    deliveries::routes(config);
    greetings::routes(config);
    mailings::routes(config);
}
