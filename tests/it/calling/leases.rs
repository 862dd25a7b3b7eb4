//! Leases: order, lapses, signs of life, skips, and whose they are.

use chrono::TimeDelta;
use serde_json::json;

use super::build::{a_company, call, campaign, companies, invariants_hold, next, record};
use crate::app::{TestApp, each_backend};

fn tick(app: &TestApp) {
    canvass::calling::jobs::tick(&app.db).expect("the queue is brought up to date");
}

#[test]
fn a_claim_shows_whom_to_call_and_asking_again_shows_the_same() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(
            app,
            vec![
                a_company("低分公司", 1).score(5),
                a_company("高分公司", 2)
                    .score(60)
                    .contact("陈立群", "+8613800000001"),
            ],
        );
        let (id, _) = campaign(&manager, "秋季回访");
        let first = next(&li, id).expect("an entry");
        assert_eq!(first["company"]["name"], "高分公司");
        assert_eq!(
            first["phone"], "+8613800000001",
            "the key contact's mobile comes first"
        );
        assert_eq!(first["contact"]["name"], "陈立群");
        assert_eq!(first["state"], "preview");
        assert!(
            first["why"].as_str().is_some_and(|why| why.contains("60")),
            "{}",
            first["why"]
        );
        assert_eq!(first["script"][0]["say"], "您好，这里是砚川科技。");
        assert_eq!(next(&li, id).expect("the same")["lease"], first["lease"]);
        let second = next(&app.user("zhao", "agent"), id).expect("another");
        assert_eq!(second["company"]["name"], "低分公司");
        assert!(
            next(&app.user("qian", "agent"), id).is_none(),
            "nothing is left"
        );
        invariants_hold(app);
    });
}

#[test]
fn a_preview_lapses_uncounted_and_a_dialled_entry_is_never_served_silently() {
    each_backend(|app| {
        let (manager, li, zhao) = (
            app.user("wang", "manager"),
            app.user("li", "agent"),
            app.user("zhao", "agent"),
        );
        companies(app, vec![a_company("宏远机械", 1)]);
        let (id, _) = campaign(&manager, "秋季回访");
        let lapsed = next(&li, id).expect("an entry");
        let token = lapsed["lease"].as_str().expect("a token").to_owned();
        app.advance(TimeDelta::seconds(100));
        li.api_post(&format!("/leases/{token}/heartbeat"), &json!({}))
            .expect(200);
        app.advance(TimeDelta::seconds(100));
        assert!(next(&zhao, id).is_none(), "a sign of life prolongs it");
        app.advance(TimeDelta::seconds(121));
        tick(app);
        let taken = next(&zhao, id).expect("it went back");
        let entry = taken["entry_id"].as_i64().expect("an id");
        assert_eq!(entry, lapsed["entry_id"].as_i64().expect("an id"));
        let lost = li
            .api_post("/calls", &json!({ "lease": token, "disposition": "busy" }))
            .expect(409);
        assert_eq!(
            (lost.code().as_str(), lost.json()["agent"].as_str()),
            ("lease_lost", Some("zhao"))
        );
        zhao.api_post(
            &format!(
                "/leases/{}/dialled",
                taken["lease"].as_str().expect("a token")
            ),
            &json!({}),
        )
        .expect(200);
        app.advance(TimeDelta::minutes(61));
        tick(app);
        assert!(next(&li, id).is_none(), "it waits for its result");
        assert_eq!(
            next(&zhao, id).expect("the first thing its agent gets")["state"],
            "needs_outcome"
        );
        app.advance(TimeDelta::days(1) + TimeDelta::minutes(5));
        tick(app);
        tick(app);
        let retried = next(&li, id).expect("a retry of the team");
        assert!(
            retried["why"]
                .as_str()
                .is_some_and(|why| why.contains("不知道结果")),
            "{}",
            retried["why"]
        );
        invariants_hold(app);
    });
}

#[test]
fn somebody_elses_lease_is_not_mine() {
    each_backend(|app| {
        let (manager, li, zhao) = (
            app.user("wang", "manager"),
            app.user("li", "agent"),
            app.user("zhao", "agent"),
        );
        companies(app, vec![a_company("宏远机械", 1)]);
        let (id, _) = campaign(&manager, "秋季回访");
        let lease = next(&li, id).expect("an entry");
        let token = lease["lease"].as_str().expect("a token");
        for path in ["heartbeat", "dialled", "release"] {
            let refused = zhao
                .api_post(&format!("/leases/{token}/{path}"), &json!({}))
                .expect(409);
            assert_eq!(refused.code(), "lease_lost", "{path}");
        }
        zhao.api_post("/calls", &json!({ "lease": token, "disposition": "busy" }))
            .expect(409);
        // Dialling the company by oneself is refused, too, while it is in somebody's hand.
        let rep = app.user("sun", "manager");
        let body = json!({ "company": lease["company"]["id"], "phone": "+8651265000001", "disposition": "no_answer" });
        assert_eq!(
            rep.api_post("/calls", &body).expect(409).code(),
            "lease_lost"
        );
    });
}

#[test]
fn a_skip_needs_a_reason_and_a_day_has_few() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(
            app,
            (0..12).map(|n| a_company(&format!("公司{n}"), n)).collect(),
        );
        let (id, _) = campaign(&manager, "秋季回访");
        let release = |reason: &str| {
            let lease = next(&li, id).expect("an entry");
            let path = format!(
                "/leases/{}/release",
                lease["lease"].as_str().expect("a token")
            );
            (lease, li.api_post(&path, &json!({ "reason": reason })))
        };
        let (first, back) = release("");
        back.expect(204);
        let (again, skipped) = release("认识他们老板");
        skipped.expect(204);
        assert_eq!(
            again["entry_id"], first["entry_id"],
            "given back without a reason it is ready at once"
        );
        for _ in 1..10 {
            let (lease, skipped) = release("认识他们老板");
            skipped.expect(204);
            assert_ne!(lease["entry_id"], first["entry_id"]);
        }
        let (lease, refused) = release("认识他们老板");
        assert_eq!(refused.expect(409).code(), "skips_used_up");
        let token = lease["lease"].as_str().expect("a token");
        li.api_post(&format!("/leases/{token}/dialled"), &json!({}))
            .expect(200);
        let dialled = li
            .api_post(&format!("/leases/{token}/release"), &json!({}))
            .expect(409);
        assert_eq!(dialled.code(), "lease_already_dialled");
        record(&li, &lease, "no_answer", json!({}));
        invariants_hold(app);
    });
}

#[test]
fn limits_defer_a_busy_number() {
    each_backend(|app| {
        // Monday 2026-09-21, 9:10 in Shanghai.
        let monday = "2026-09-21T01:10:00".parse().expect("an instant");
        app.set_now(monday);
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(app, vec![a_company("宏远机械", 1)]);
        let (id, _) = campaign(&manager, "秋季回访");
        let due = |done: &serde_json::Value| {
            done["next_attempt_at"].as_str().expect("a time")[..16].to_owned()
        };
        let (_, first) = call(&li, id, "busy", json!({}));
        assert_eq!(due(&first), "2026-09-21T01:40");
        assert!(next(&li, id).is_none(), "30 minutes apart");
        app.set_now(monday + TimeDelta::minutes(31));
        let (_, second) = call(&li, id, "busy", json!({}));
        assert_eq!(
            due(&second),
            "2026-09-22T01:00",
            "two a day: Tuesday at the opening"
        );
        app.set_now(monday + TimeDelta::hours(24));
        let (_, third) = call(&li, id, "busy", json!({}));
        assert!(
            due(&third).starts_with("2026-09-28T01:1"),
            "three in seven days: {}",
            due(&third)
        );
        invariants_hold(app);
    });
}

#[test]
fn closed_hours_serve_nothing_and_say_when_to_ask_again() {
    each_backend(|app| {
        // Tuesday, 12:30 in Shanghai.
        app.set_now("2026-09-22T04:30:00".parse().expect("an instant"));
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(
            app,
            vec![
                a_company("宏远机械", 1),
                a_company("香港宏远", 2).region("810000"),
            ],
        );
        let (id, _) = campaign(&manager, "秋季回访");
        let hong_kong = next(&li, id).expect("Hong Kong works");
        assert_eq!(hong_kong["company"]["name"], "香港宏远");
        assert!(next(&app.user("zhao", "agent"), id).is_none());
        manager
            .api_patch(&format!("/campaigns/{id}"), &json!({ "state": "paused" }))
            .expect(200);
        let paused = app
            .user("qian", "agent")
            .api_post(&format!("/campaigns/{id}/next"), &json!({}))
            .expect(409);
        assert_eq!(paused.code(), "campaign_not_running");
    });
}
