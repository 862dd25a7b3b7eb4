//! The queue from above: a manager sees what is in whose hands, and settles what its agent leaves without a result.

use canvass::platform::error::AppError;
use canvass::schema as s;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::build::{a_company, call, campaign, companies, invariants_hold, next};
use crate::app::{Client, TestApp, each_backend};

/// A call of li that was dialled and got no result: the lease.
fn left_alone(app: &TestApp, li: &Client, campaign: i64) -> i64 {
    let lease = next(li, campaign).expect("an entry");
    let token = lease["lease"].as_str().expect("a token").to_owned();
    li.api_post(&format!("/leases/{token}/dialled"), &json!({}))
        .expect(200);
    app.advance(TimeDelta::minutes(61));
    canvass::calling::jobs::tick(&app.db).expect("time passes");
    app.read(|conn| {
        s::lease::table
            .filter(s::lease::token.eq(&token))
            .select(s::lease::id)
            .first(conn)
            .map_err(AppError::from)
    })
}

/// Verbs of the change log about a lease, with who.
fn logged(app: &TestApp, lease: i64) -> Vec<(String, Option<i64>)> {
    app.read(|conn| {
        s::change_log::table
            .filter(s::change_log::object_kind.eq("lease"))
            .filter(s::change_log::object_id.eq(lease))
            .select((s::change_log::verb, s::change_log::actor_id))
            .load(conn)
            .map_err(AppError::from)
    })
}

#[test]
fn a_call_without_result_is_listed_and_goes_to_the_team_when_the_manager_says_so() {
    each_backend(|app| {
        let (manager, li, zhao) = (
            app.user("wang", "manager"),
            app.user("li", "agent"),
            app.user("zhao", "agent"),
        );
        companies(app, vec![a_company("宏远机械", 1)]);
        let (id, _) = campaign(&manager, "秋季回访");
        let queue = format!("/campaigns/{id}/queue");
        let lease = left_alone(app, &li, id);
        for page in ["/", queue.as_str()] {
            let body = manager.get(page).expect(200).body;
            assert!(body.contains("宏远机械") && body.contains("li"), "{page}");
        }
        let give = format!("/leases/{lease}/team");
        li.post(&give, &[]).expect(403);
        manager.post(&give, &[]).expect(303);
        manager.post(&give, &[]).expect(409);
        assert_eq!(
            logged(app, lease),
            [("give_to_team".to_owned(), manager.actor.user_id)]
        );
        canvass::calling::jobs::tick(&app.db).expect("it comes due");
        assert!(next(&zhao, id).is_some(), "the team has it");
        invariants_hold(app);
    });
}

#[test]
fn a_manager_says_what_came_of_it_with_a_reason() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(
            app,
            vec![a_company("宏远机械", 1), a_company("瑞通电子", 2)],
        );
        let (id, _) = campaign(&manager, "秋季回访");
        let lease = left_alone(app, &li, id);
        let path = format!("/leases/{lease}/outcome");
        let say = |disposition: &str, reason: &str| {
            manager.post(&path, &[("disposition", disposition), ("reason", reason)])
        };
        say("no_need", " ").expect(422);
        say("callback", "a time is missing").expect(422);
        say("no_need", "李说今年没有计划").expect(303);
        say("busy", "again").expect(409);
        assert_eq!(
            logged(app, lease),
            [("settle".to_owned(), manager.actor.user_id)]
        );
        let (agent, disposition, note): (i64, Option<String>, Option<String>) = app.read(|conn| {
            s::call::table
                .inner_join(s::call_result::table.on(s::call_result::call_id.eq(s::call::id)))
                .select((
                    s::call::agent_id,
                    s::call_result::disposition,
                    s::call_result::note,
                ))
                .first(conn)
                .map_err(AppError::from)
        });
        assert_eq!(Some(agent), li.actor.user_id, "the dial stays theirs");
        assert_eq!(disposition.as_deref(), Some("no_need"));
        assert_eq!(note.as_deref(), Some("李说今年没有计划"));
        assert!(next(&li, id).is_some(), "their hands are free");
        invariants_hold(app);
    });
}

#[test]
fn the_queue_says_why_there_is_nothing_to_call() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(
            app,
            vec![a_company("宏远机械", 1), a_company("瑞通电子", 2)],
        );
        let (id, _) = campaign(&manager, "秋季回访");
        let page = || {
            let answer = manager.get(&format!("/campaigns/{id}/queue"));
            answer.expect(200).body
        };
        assert!(page().contains("2 can be called now"));
        call(&li, id, "busy", json!({}));
        let agreed = json!({ "callback_at": "2026-09-22T15:00:00+08:00" });
        call(&li, id, "callback", agreed);
        let body = page();
        assert!(
            body.contains("Nothing can be called now: 2 are waiting"),
            "{body}"
        );
        assert!(body.contains("its time has not come"), "{body}");
        assert!(body.contains("Call-backs agreed") && body.contains("<th scope=\"row\">li</th>"));
        manager
            .post(&format!("/campaigns/{id}/state"), &[("state", "paused")])
            .expect(303);
        assert!(page().contains("The campaign is paused; nobody gets a call"));
    });
}
