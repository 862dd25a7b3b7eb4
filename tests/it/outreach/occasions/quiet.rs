//! A day of mourning that is entered while mailings wait, or while they go out.

use canvass::accounts::Actor;
use canvass::outreach::actions::mailings;
use serde_json::json;

use super::{autumn, customer, decide, let_time_pass, mourn, set_rules, sh};
use crate::app::{TestApp, each_backend};

/// The card of 中秋 to one customer, approved.
fn approved(app: &TestApp) -> i64 {
    let rep = app.user("xu", "rep").actor.id();
    let who = customer(app, 124, "B", None);
    let_time_pass(app);
    let id = autumn(app).id;
    decide(app, id, &[(rep, who)], &[]);
    let now = app.now();
    app.write(move |conn| mailings::approve(conn, now, &Actor::system(), id));
    assert_eq!(autumn(app).state, "scheduled");
    id
}

#[test]
fn what_would_leave_on_a_day_of_mourning_is_held_and_goes_on_only_without_it() {
    each_backend(|app| {
        let id = approved(app);
        let marketing = app.user("shen", "marketing,manager");
        let resume = || {
            let path = format!("/mailings/{id}/resume");
            marketing.post(&path, &[]).expect(303).told()
        };
        mourn(app, "2026-09-24", "2026-09-24");
        let_time_pass(app);
        let held = autumn(app);
        assert_eq!(held.state, "paused");
        let reason = held.pause_reason.expect("a reason");
        assert!(reason.contains("quiet_day"), "{reason}");
        let page = marketing.get(&format!("/mailings/{id}?lang=en"));
        let page = page.expect(200).body;
        assert!(page.contains("is a quiet day that was entered"), "{page}");
        let told = resume();
        assert!(told.contains("is a quiet day"), "{told}");
        assert_eq!(autumn(app).state, "paused");
        set_rules(app, |rules| rules.blackouts.clear());
        resume();
        let_time_pass(app);
        assert_eq!(autumn(app).state, "scheduled");
    });
}

#[test]
fn what_goes_out_when_a_day_of_mourning_is_called_stops() {
    each_backend(|app| {
        let id = approved(app);
        app.set_now(sh("2026-09-24 10:05"));
        let now = app.now();
        let started = app.write(move |conn| mailings::start_due(conn, now));
        assert_eq!(started, [id]);
        let_time_pass(app);
        assert_eq!(autumn(app).state, "sending");
        mourn(app, "2026-09-24", "2026-09-24");
        let_time_pass(app);
        assert_eq!(autumn(app).state, "paused");
    });
}

#[test]
fn no_greeting_is_given_a_moment_on_a_quiet_day() {
    each_backend(|app| {
        let id = approved(app);
        let marketing = app.user("shen", "marketing,manager");
        mourn(app, "2026-09-24", "2026-09-24");
        let when = [("day", "2026-09-24"), ("from", "14:00"), ("until", "15:00")];
        let path = format!("/mailings/{id}/schedule");
        let told = marketing.post(&path, &when).expect(422).body;
        assert!(told.contains("is a quiet day"), "{told}");
        // Nor one in which such a day lies, nor one that ends behind the day that is greeted.
        for (until, code) in [
            ("2026-09-25T08:00:00Z", "greeting_on_quiet_day"),
            ("2026-09-26T02:00:00Z", "greeting_moment_passed"),
        ] {
            let when = json!({ "from": "2026-09-23T06:00:00Z", "until": until });
            let new = json!({ "kind": "greeting", "occasion": "mid_autumn", "when": when });
            let answer = marketing.api_post("/mailings", &new);
            assert_eq!(answer.code(), code, "{until}");
        }
    });
}
