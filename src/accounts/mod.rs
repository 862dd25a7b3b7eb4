//! Accounts: who may log in, what each role may do, sessions, API tokens.
//!
//! Decided here: who somebody is and whether they may ([`rules::may`], the one permission function).
//! Not decided here: what a company is or who owns it; callers bring those facts along.

mod actions;
mod identify;
pub mod model;
mod navigation;
mod queries;
pub mod rules;

pub use actions::has_users;
pub use identify::{ApiUser, SignedIn, Visitor, context_of, identify, redirect_with};
pub use model::{Actor, Role, Roles, User};
pub use rules::{CompanyAccess, Object, Verb, may, require};

/// Routes of this area.
pub fn routes(_config: &mut actix_web::web::ServiceConfig) {}
