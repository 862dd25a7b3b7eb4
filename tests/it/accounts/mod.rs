//! Accounts over HTTP and on the command line.

mod api;
mod command_line;
mod first_run;
mod log_in;
mod users;
mod visitor;

use canvass::accounts::{self, Account, Actor, Roles};
use canvass::platform::clock;

use crate::app::TestApp;

/// A password that is long enough to be taken.
const PASSWORD: &str = "kites over the third pier";

/// Adds a user who has a password.
fn add(app: &TestApp, email: &str, roles: &str) -> i64 {
    let account = Account {
        email: email.into(),
        name: email.split('@').next().expect("a name").into(),
        roles: Roles::parse(roles).expect("roles"),
    };
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let hash = accounts::hash_blocking(PASSWORD)?;
        accounts::add_user(conn, now, &Actor::system(), &account, Some(&hash))
    })
}
