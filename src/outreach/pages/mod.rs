//! Pages of outreach.

mod cadence;
mod greetings;
mod letters;
mod mailing;
mod mailings;
mod news;
pub mod optout;
mod person_mail;

/// Routes of pages.
pub fn routes(_config: &mut actix_web::web::ServiceConfig) {}
