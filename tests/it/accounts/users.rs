//! The users page: adding, roles, switching off, one-time links.

use chrono::TimeDelta;

use super::visitor::Visitor;
use super::{PASSWORD, add};
use crate::app::{Answer, Client, TestApp, each_backend};

fn link(answer: &Answer) -> String {
    let (_, rest) = answer
        .body
        .split_once("/reset/")
        .expect("a link on the page");
    format!("/reset/{}", rest.split('"').next().expect("its end"))
}

fn admin(app: &TestApp) -> Client {
    app.user("fang", "admin")
}

#[test]
fn a_colleague_is_added_and_chooses_a_password_by_the_link() {
    each_backend(|app| {
        let admin = admin(app);
        let fields = [
            ("name", "Lin"),
            ("email", "Lin@a.example"),
            ("role", "agent"),
            ("role", "rep"),
        ];
        let shown = admin.post("/users", &fields).expect(200);
        let link = link(&shown);
        let mut lin = Visitor::of(app);
        let page = lin.get(&link).expect(200);
        assert!(page.body.contains("Lin, please choose"), "{}", page.body);
        let common = [("password", "password123"), ("again", "password123")];
        assert!(
            lin.post(&link, &common)
                .expect(422)
                .body
                .contains("too common")
        );
        let good = [("password", PASSWORD), ("again", PASSWORD)];
        lin.post(&link, &good).expect(303);
        lin.get("/account").expect(200);
        lin.get("/users").expect(403);
        // Used up.
        let mut other = Visitor::of(app);
        other.get(&link).expect(410);
        assert!(other.log_in("lin@a.example", PASSWORD).status == 303);
        let list = admin.get("/users").expect(200).body;
        assert!(
            list.contains("lin@a.example") && list.contains("Telemarketer"),
            "{list}"
        );
        assert!(
            admin
                .post("/users", &fields)
                .expect(422)
                .body
                .contains("already")
        );
    });
}

#[test]
fn a_link_works_for_a_day_and_a_second_one_ends_the_first() {
    each_backend(|app| {
        let (admin, id) = (admin(app), add(app, "lin@a.example", "agent"));
        let reset = format!("/users/{id}/reset");
        let first = link(&admin.post(&reset, &[]).expect(200));
        let second = link(&admin.post(&reset, &[]).expect(200));
        let mut visitor = Visitor::of(app);
        visitor.get(&first).expect(410);
        visitor.get(&second).expect(200);
        app.advance(TimeDelta::hours(25));
        visitor.get(&second).expect(410);
    });
}

#[test]
fn the_last_administrator_stays_one() {
    each_backend(|app| {
        let admin = admin(app);
        let id = admin.actor.id();
        let fields = [
            ("name", "fang"),
            ("email", "fang@example.test"),
            ("role", "agent"),
        ];
        let told = admin.post(&format!("/users/{id}"), &fields).expect(422);
        assert!(told.body.contains("last administrator"), "{}", told.body);
        admin.post(&format!("/users/{id}/off"), &[]).expect(409);
        // With a second one it may be given up.
        let other = add(app, "lin@a.example", "admin");
        admin.post(&format!("/users/{id}"), &fields).expect(303);
        admin.get("/users").expect(403);
        let mut lin = Visitor::of(app);
        lin.log_in("lin@a.example", PASSWORD).expect(303);
        lin.get("/users").expect(200);
        lin.post(&format!("/users/{other}/off"), &[]).expect(409);
    });
}

#[test]
fn a_user_who_is_switched_off_is_out_at_once() {
    each_backend(|app| {
        let admin = admin(app);
        let lin = app.user("lin", "marketing");
        let id = lin.actor.id();
        let reset = link(&admin.post(&format!("/users/{id}/reset"), &[]).expect(200));
        lin.get("/account").expect(200);
        lin.api("/suppressions").expect(200);
        admin.post(&format!("/users/{id}/off"), &[]).expect(303);
        lin.get("/account").expect(303);
        lin.api("/suppressions").expect(401);
        Visitor::of(app).get(&reset).expect(410);
        admin.post(&format!("/users/{id}/reset"), &[]).expect(409);
        // Switched on again, the old session and the old token stay dead.
        admin.post(&format!("/users/{id}/on"), &[]).expect(303);
        lin.get("/account").expect(303);
        lin.api("/suppressions").expect(401);
    });
}

#[test]
fn whoever_is_off_learns_it_only_with_the_right_password() {
    each_backend(|app| {
        let (admin, id) = (admin(app), add(app, "lin@a.example", "agent"));
        admin.post(&format!("/users/{id}/off"), &[]).expect(303);
        let mut lin = Visitor::of(app);
        assert!(
            lin.log_in("lin@a.example", "wrong")
                .expect(422)
                .body
                .contains("is wrong")
        );
        assert!(
            lin.log_in("lin@a.example", PASSWORD)
                .expect(403)
                .body
                .contains("switched off")
        );
    });
}

#[test]
fn the_access_log_names_who_looked() {
    each_backend(|app| {
        let marketing = app.user("lin", "marketing");
        marketing.api("/suppressions").expect(200);
        let admin = admin(app);
        let page = admin.get("/users/access").expect(200).body;
        assert!(page.contains("Exported · do-not-call list"), "{page}");
        let other = format!("/users/access?user={}", admin.actor.id());
        assert!(admin.get(&other).expect(200).body.contains("Nothing yet"));
    });
}
