//! Log-in, log-out, sessions, and one's own password.

use canvass::platform::db::Backend;
use chrono::TimeDelta;

use super::visitor::Visitor;
use super::{PASSWORD, add};
use crate::app::{TestApp, each_backend};

#[test]
fn a_log_in_opens_a_session_with_keys_of_its_own() {
    each_backend(|app| {
        add(app, "fang@a.example", "admin");
        let mut visitor = Visitor::of(app);
        visitor.get("/login?next=%2Fusers").expect(200);
        let before = visitor.csrf.clone();
        let fields = [
            ("email", " FANG@a.example "),
            ("password", PASSWORD),
            ("next", "/users"),
        ];
        let answer = visitor.post("/login", &fields).expect(303);
        assert_eq!(answer.location.as_deref(), Some("/users"));
        let cookie = answer
            .set_cookie
            .iter()
            .find(|c| c.starts_with("canvass_session="));
        let cookie = cookie.expect("a session cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        visitor.get("/users").expect(200);
        assert_ne!(
            visitor.csrf, before,
            "the forms of a session have another token"
        );
        let first = visitor.cookies["canvass_session"].clone();
        visitor.post("/logout", &[]).expect(303);
        assert_eq!(
            visitor.get("/users").expect(303).location.as_deref(),
            Some("/login?next=%2Fusers")
        );
        visitor.log_in("fang@a.example", PASSWORD).expect(303);
        assert_ne!(visitor.cookies["canvass_session"], first);
    });
}

#[test]
fn the_log_in_sends_nobody_to_another_site() {
    let app = TestApp::on(Backend::Sqlite);
    add(&app, "fang@a.example", "admin");
    for next in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let mut visitor = Visitor::of(&app);
        visitor.get("/login").expect(200);
        let fields = [
            ("email", "fang@a.example"),
            ("password", PASSWORD),
            ("next", next),
        ];
        let answer = visitor.post("/login", &fields).expect(303);
        assert_eq!(answer.location.as_deref(), Some("/"), "{next}");
    }
}

#[test]
fn ten_wrong_passwords_are_enough_and_a_right_one_starts_afresh() {
    let app = TestApp::on(Backend::Sqlite);
    add(&app, "fang@a.example", "admin");
    let mut visitor = Visitor::of(&app);
    for _ in 0..9 {
        visitor.log_in("fang@a.example", "wrong").expect(422);
    }
    visitor.log_in("fang@a.example", PASSWORD).expect(303);
    let mut visitor = Visitor::of(&app);
    for n in 0..10 {
        let answer = visitor.log_in("fang@a.example", "wrong").expect(422);
        let says_few = answer.body.contains("more tr");
        assert_eq!(says_few, (4..9).contains(&n), "{n}: {}", answer.body);
    }
    // Now the right one does not help either, and the page says how long to wait.
    let answer = visitor.log_in("fang@a.example", PASSWORD).expect(429);
    assert!(answer.body.contains("Try again in"), "{}", answer.body);
    let wait: u32 = answer
        .retry_after
        .expect("a wait")
        .parse()
        .expect("seconds");
    assert!((60..=900).contains(&wait), "{wait}");
    visitor.get("/login?lang=zh-CN").expect(200);
    let fields = [("email", "fang@a.example"), ("password", PASSWORD)];
    let answer = visitor.post("/login", &fields).expect(429);
    assert!(answer.body.contains("分钟再试"), "{}", answer.body);
    // Somebody else at the same address is let in.
    add(&app, "lin@a.example", "agent");
    visitor.log_in("lin@a.example", PASSWORD).expect(303);
}

#[test]
fn an_unknown_address_looks_like_a_wrong_password() {
    let app = TestApp::on(Backend::Sqlite);
    add(&app, "fang@a.example", "admin");
    let mut visitor = Visitor::of(&app);
    let known = visitor.log_in("fang@a.example", "wrong").expect(422);
    let unknown = visitor.log_in("nobody@a.example", "wrong").expect(422);
    let told = |body: &str| body.contains("E-mail or password is wrong");
    assert!(told(&known.body) && told(&unknown.body));
}

#[test]
fn a_form_with_a_stale_token_changes_nothing() {
    each_backend(|app| {
        add(app, "fang@a.example", "admin");
        let mut visitor = Visitor::of(app);
        visitor.log_in("fang@a.example", PASSWORD).expect(303);
        visitor.csrf = "x".repeat(32);
        let answer = visitor.post("/account", &[("name", "Mallory")]).expect(403);
        assert!(answer.body.contains("no longer valid"), "{}", answer.body);
        assert!(!visitor.get("/account").expect(200).body.contains("Mallory"));
    });
}

#[test]
fn a_session_ends_when_it_was_not_seen_for_a_fortnight() {
    each_backend(|app| {
        add(app, "fang@a.example", "admin");
        let mut visitor = Visitor::of(app);
        visitor.log_in("fang@a.example", PASSWORD).expect(303);
        app.advance(TimeDelta::days(13));
        visitor.get("/account").expect(200);
        app.advance(TimeDelta::days(13));
        visitor.get("/account").expect(200);
        app.advance(TimeDelta::days(15));
        visitor.get("/account").expect(303);
    });
}

#[test]
fn log_out_everywhere_and_a_new_password_end_the_other_sessions() {
    each_backend(|app| {
        add(app, "fang@a.example", "admin");
        let (mut here, mut there) = (Visitor::of(app), Visitor::of(app));
        here.log_in("fang@a.example", PASSWORD).expect(303);
        there.log_in("fang@a.example", PASSWORD).expect(303);
        here.get("/account").expect(200);
        let new = "teahouse at the old gate";
        let wrong = [("old", "wrong"), ("password", new), ("again", new)];
        here.post("/account/password", &wrong).expect(422);
        let short = [("old", PASSWORD), ("password", "short"), ("again", "short")];
        assert!(
            here.post("/account/password", &short)
                .expect(422)
                .body
                .contains("5 characters")
        );
        let right = [("old", PASSWORD), ("password", new), ("again", new)];
        here.post("/account/password", &right).expect(303);
        here.get("/account").expect(200);
        there.get("/account").expect(303);
        there.log_in("fang@a.example", PASSWORD).expect(422);
        there.log_in("fang@a.example", new).expect(303);
        there.get("/account").expect(200);
        there.post("/account/sessions/end", &[]).expect(303);
        here.get("/account").expect(303);
        there.get("/account").expect(303);
    });
}

#[test]
fn language_and_look_are_remembered() {
    each_backend(|app| {
        let client = app.user("wang", "agent");
        client
            .post("/account/look", &[("language", "zh-CN"), ("theme", "dark")])
            .expect(303);
        let page = client.get("/account").expect(200).body;
        assert!(
            page.contains("<html lang=\"zh-CN\" data-theme=\"dark\""),
            "{}",
            &page[..200]
        );
        client
            .post("/account/look", &[("language", ""), ("theme", "neon")])
            .expect(303);
        let page = client.get("/account").expect(200).body;
        assert!(page.contains("<html lang=\"en\">"), "{}", &page[..200]);
    });
}
