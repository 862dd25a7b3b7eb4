//! What happens to accounts, inside the caller's transaction.

mod first_run;
mod sessions;
mod teams;
mod tokens;
mod users;

pub use first_run::first_code;
pub use teams::{company_of, teams, who_may, work_of};
pub use tokens::make_token;
pub use users::{
    add_user, find_user, has_users, list_users, make_reset_link, switch_off, switch_on, user_by_id,
};

pub(super) use first_run::make_administrator;
pub use sessions::forget_expired;

pub(super) use sessions::{close_session, end_everywhere, open_session, renew};
pub(super) use teams::{add_team, put_into_team, rename_team};
pub(super) use tokens::revoke_token;
pub(super) use users::{change_password, edit_user, rename, reset_is_open, spend_reset};
