//! Accounts: who may log in, what each role may do, sessions, API tokens.
//!
//! Decided here: who somebody is and whether they may ([`rules::may`], the one permission function).
//! Not decided here: what a company is or who owns it; callers bring those facts along. What a user who is switched
//! off leaves behind in other areas is released by `flows::switch_off_user`.

mod actions;
pub mod checks;
mod gate;
mod identify;
pub mod model;
mod navigation;
mod pages;
mod password;
mod queries;
pub mod rules;

pub use actions::{
    add_user, company_of, find_user, first_code, forget_expired, has_users, list_users,
    make_reset_link, make_token, switch_off, switch_on, teams, user_by_id, who_may, work_of,
};
pub use gate::Gate;
pub use identify::{ApiUser, SignedIn, Visitor, context_of, identify, redirect_with};
pub use model::{Account, Actor, Role, Roles, Team, User};
pub use pages::routes;
pub use password::hash_blocking;
pub use queries::{Whose, user_names};
pub use rules::credentials::{check_password, clean_email, clean_name};
pub use rules::{CompanyAccess, Object, Verb, may, require};
