//! The first administrator.

use canvass::accounts;
use canvass::platform::clock;

use super::PASSWORD;
use super::visitor::Visitor;
use crate::app::{TestApp, each_backend};

fn code(app: &TestApp) -> Option<String> {
    app.write(|conn| {
        let now = clock::now(conn)?;
        accounts::first_code(conn, now)
    })
}

fn fields<'a>(code: &'a str, email: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("code", code),
        ("name", "Fang Zhiyuan"),
        ("email", email),
        ("password", PASSWORD),
    ]
}

#[test]
fn without_users_every_page_leads_to_the_first_run() {
    each_backend(|app| {
        for path in ["/", "/companies", "/login", "/users/1", "/no-such-page"] {
            let answer = app.stranger().get(path).expect(303);
            assert_eq!(answer.location.as_deref(), Some("/first-run"), "{path}");
        }
        app.stranger().api("/suppressions").expect(401);
        app.stranger().get("/first-run").expect(200);
    });
}

#[test]
fn the_code_of_the_console_makes_the_one_administrator() {
    each_backend(|app| {
        let older = code(app).expect("a code");
        let newer = code(app).expect("a second start prints another");
        let mut visitor = Visitor::of(app);
        visitor.get("/first-run").expect(200);
        let wrong = visitor
            .post("/first-run", &fields("WRONG-CODE", "fang@a.example"))
            .expect(422);
        assert!(wrong.body.contains("The code is wrong"), "{}", wrong.body);
        assert!(
            wrong.body.contains("fang@a.example"),
            "what was typed is kept"
        );
        // The code that an earlier start printed works still, in any spelling.
        let typed = older.to_lowercase().replace('-', " ");
        let made = visitor
            .post("/first-run", &fields(&typed, "Fang@A.example"))
            .expect(303);
        assert_eq!(made.location.as_deref(), Some("/"));
        visitor.get("/users").expect(200);
        assert_eq!(code(app), None, "nothing more is printed");
        let mut second = Visitor::of(app);
        second.get("/login").expect(200);
        second
            .post("/first-run", &fields(&newer, "eve@a.example"))
            .expect(409);
        assert_eq!(app.read(accounts::list_users).len(), 1);
    });
}

#[test]
fn guessing_the_code_ends_soon() {
    let app = TestApp::on(canvass::platform::db::Backend::Sqlite);
    code(&app).expect("a code");
    let mut visitor = Visitor::of(&app);
    visitor.get("/first-run").expect(200);
    let tried: Vec<u16> = (0..25)
        .map(|_| {
            visitor
                .post("/first-run", &[("code", "AAAA-AAAA"), ("name", "x")])
                .status
        })
        .collect();
    assert_eq!(tried.iter().filter(|s| **s == 422).count(), 20, "{tried:?}");
    assert_eq!(tried.last(), Some(&429));
}
