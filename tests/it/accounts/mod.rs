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

#[test]
fn the_invariants_find_what_is_broken() {
    use canvass::schema::users;
    use diesel::prelude::*;
    crate::app::each_backend(|app| {
        let lin = app.user("lin", "agent");
        let id = lin.actor.id();
        let broken = |app: &TestApp| -> Vec<&str> {
            let all = accounts::checks();
            let broken = all.iter().filter(|i| !app.read(i.find).is_empty());
            broken.map(|i| i.code).collect()
        };
        assert_eq!(broken(app), ["accounts.no_administrator"]);
        add(app, "fang@a.example", "admin");
        assert!(broken(app).is_empty());
        // Behind the application's back: off, but sessions and tokens were forgotten.
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let off = users::disabled_at.eq(Some(now));
            diesel::update(users::table.find(id))
                .set((off, users::email.eq("Lin@x.example")))
                .execute(conn)?;
            Ok(())
        });
        let found = broken(app);
        assert_eq!(
            found,
            [
                "accounts.session_of_disabled",
                "accounts.token_of_disabled",
                "accounts.email_spelling"
            ]
        );
    });
}
