//! Recording a result: once, by whoever holds the lease or the number, and what it means for others.

use canvass::schema::{call, callback, company, grade_change, queue_entry};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::build::{
    a_company, call as call_once, campaign, companies, invariants_hold, next, record,
};
use crate::app::each_backend;

#[test]
fn a_refusal_bars_the_company_everywhere_at_once() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let id = companies(app, vec![a_company("宏远机械", 1)])[0];
        let (first, _) = campaign(&manager, "一");
        let now = app.now();
        // The same company in a second campaign, as it is where both were filled before one of them ran.
        let second = manager
            .api_post("/campaigns", &json!({ "name": "二" }))
            .expect(201)
            .json()["id"]
            .as_i64()
            .expect("an id");
        app.write(move |conn| {
            use queue_entry as q;
            diesel::insert_into(q::table)
                .values((
                    q::campaign_id.eq(second),
                    q::company_id.eq(Some(id)),
                    q::calendar_id.eq(1),
                    q::state.eq("ready"),
                    q::class.eq(5),
                    q::score.eq(20),
                    q::attempts.eq(0),
                    q::dials.eq(0),
                    q::created_at.eq(now),
                    q::changed_at.eq(now),
                ))
                .execute(conn)?;
            Ok(())
        });
        // The lock of the company holds over both campaigns.
        let lease = next(&li, first).expect("an entry");
        let zhao = app.user("zhao", "agent");
        assert!(next(&zhao, second).is_none(), "one company, one hand");
        let done = record(&li, &lease, "do_not_call", json!({ "ways": "call" }));
        let states: Vec<(String, Option<String>)> = app.read(|conn| {
            use queue_entry as q;
            Ok(q::table
                .filter(q::campaign_id.eq(second))
                .select((q::state, q::bar))
                .load(conn)?)
        });
        assert_eq!(
            states,
            [("barred".to_owned(), Some("suppressed".to_owned()))]
        );
        assert!(next(&zhao, second).is_none());
        li.api_post(&format!("/calls/{}/undo", done["call_id"]), &json!({}))
            .expect(200);
        app.advance(TimeDelta::hours(1));
        assert!(next(&zhao, second).is_some(), "a slip is no refusal");
        invariants_hold(app);
    });
}

#[test]
fn a_result_is_recorded_once_and_a_repeated_request_gets_the_same_answer() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(
            app,
            vec![a_company("宏远机械", 1), a_company("砚川科技", 2)],
        );
        let (id, _) = campaign(&manager, "一");
        let lease = next(&li, id).expect("an entry");
        let body = json!({ "lease": lease["lease"], "disposition": "no_answer" });
        let first = li.api_post_once("/calls", "k", &body).expect(201).json();
        assert_eq!(
            li.api_post_once("/calls", "k", &body).expect(201).json(),
            first
        );
        assert_eq!(
            li.api_post("/calls", &body).expect(409).code(),
            "call_has_result"
        );
        for (more, code, field) in [
            (
                json!({ "disposition": "callback" }),
                "callback_needs_time",
                "callback_at",
            ),
            (
                json!({ "disposition": "visit_agreed", "visit_at": "2026-09-21T10:00:00+08:00" }),
                "visit_in_past",
                "visit_at",
            ),
            (
                json!({ "disposition": "not_interested" }),
                "result_needs_reason",
                "reason",
            ),
            (
                json!({ "disposition": "interested", "urgency": "M4_6", "grade": "D" }),
                "grade_needs_reason",
                "grade_reason",
            ),
        ] {
            let lease = next(&li, id).expect("the same entry");
            let mut body = more.clone();
            body["lease"] = lease["lease"].clone();
            let refused = li.api_post("/calls", &body).expect(422);
            assert_eq!(
                (refused.code().as_str(), refused.json()["field"].as_str()),
                (code, Some(field))
            );
        }
    });
}

#[test]
fn a_telemarketer_proposes_an_a_and_a_manager_confirms_it() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let id = companies(
            app,
            vec![a_company("宏远机械", 1).contact("陈立群", "+8613800000001")],
        )[0];
        let (campaign_id, _) = campaign(&manager, "一");
        let facts = json!({ "selection_started": "yes", "budget_state": "approved", "decider": "陈立群", "headcount": 230 });
        let (_, done) = call_once(
            &li,
            campaign_id,
            "interested",
            json!({ "urgency": "M3", "need": "要换掉旧系统", "facts": facts, "grade": "A" }),
        );
        assert_eq!(done["grade"]["proposed"], "A");
        assert_eq!(done["grade"]["after"], "B");
        let shown: (Option<String>, Option<i32>, i32) = app.read(|conn| {
            Ok(company::table
                .find(id)
                .select((company::grade, company::headcount, company::score))
                .first(conn)?)
        });
        assert_eq!((shown.0.as_deref(), shown.1), (Some("B"), Some(230)));
        assert!(shown.2 >= 40, "the urgency counts at once: {}", shown.2);
        let set = manager
            .api_post(
                &format!("/companies/{id}/grade"),
                &json!({ "grade": "A", "reason": "与陈总核实" }),
            )
            .expect(200)
            .json();
        assert_eq!(
            (set["before"].as_str(), set["after"].as_str()),
            (Some("B"), Some("A"))
        );
        let changes: Vec<(Option<String>, Option<String>, String)> = app.read(|conn| {
            use grade_change as g;
            Ok(g::table
                .order(g::id)
                .select((g::before, g::after, g::state))
                .load(conn)?)
        });
        assert_eq!(changes.len(), 3, "set, proposed, confirmed: {changes:?}");
    });
}

#[test]
fn a_call_back_is_its_agents_until_it_is_late() {
    each_backend(|app| {
        let (manager, li, zhao) = (
            app.user("wang", "manager"),
            app.user("li", "agent"),
            app.user("zhao", "agent"),
        );
        companies(app, vec![a_company("宏远机械", 1)]);
        let (id, _) = campaign(&manager, "一");
        call_once(
            &li,
            id,
            "callback",
            json!({ "callback_at": "2026-09-22T10:20:00+08:00" }),
        );
        assert!(next(&li, id).is_none(), "not before its minute");
        app.advance(TimeDelta::minutes(21));
        assert!(next(&zhao, id).is_none(), "it is li's");
        let mine = next(&li, id).expect("due");
        assert!(
            mine["why"]
                .as_str()
                .is_some_and(|why| why.contains("10:20")),
            "{}",
            mine["why"]
        );
        let token = mine["lease"].as_str().expect("a token");
        li.api_post(
            &format!("/leases/{token}/release"),
            &json!({ "reason": "pause" }),
        )
        .expect(204);
        app.advance(TimeDelta::minutes(16));
        canvass::calling::jobs::tick(&app.db).expect("a tick");
        let team = next(&zhao, id).expect("it fell to the team");
        record(&zhao, &team, "no_answer", json!({}));
        let counted: Vec<bool> = app.read(|conn| {
            Ok(call::table
                .order(call::id)
                .select(call::counts)
                .load(conn)?)
        });
        assert_eq!(
            counted,
            [true, false],
            "a call at their wish counts against no limit"
        );
        invariants_hold(app);
    });
}

#[test]
fn a_call_without_a_lease_is_recorded_by_number() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let id = companies(
            app,
            vec![a_company("宏远机械", 1).contact("陈立群", "+8613800000001")],
        )[0];
        let (campaign_id, _) = campaign(&manager, "一");
        let body = json!({ "company": id, "phone": "+8613800000001", "direction": "in", "disposition": "interested", "note": "来电询价" });
        let done = li.api_post("/calls", &body).expect(201).json();
        let (counts, person): (bool, Option<i64>) = app.read(|conn| {
            Ok(call::table
                .find(done["call_id"].as_i64().expect("an id"))
                .select((call::counts, call::person_id))
                .first(conn)?)
        });
        assert!(
            !counts && person.is_some(),
            "an incoming call counts against no limit, and we know who rang"
        );
        assert!(
            next(&li, campaign_id).is_some(),
            "the entry stands as it stood"
        );
        let stranger = app.user("qian", "agent").api_post(
            "/calls",
            &json!({ "company": id, "phone": "+8613800000001", "disposition": "busy" }),
        );
        stranger.expect(403);
    });
}

#[test]
fn a_later_undo_is_a_managers_with_a_reason() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(app, vec![a_company("宏远机械", 1)]);
        let (id, _) = campaign(&manager, "一");
        let (_, done) = call_once(&li, id, "no_answer", json!({}));
        let path = format!("/calls/{}/undo", done["call_id"]);
        assert_eq!(
            app.user("zhao", "agent").api_post(&path, &json!({})).status,
            403
        );
        app.advance(TimeDelta::days(1));
        assert_eq!(
            li.api_post(&path, &json!({})).expect(409).code(),
            "undo_day_over"
        );
        assert_eq!(
            manager.api_post(&path, &json!({})).expect(422).code(),
            "undo_needs_reason"
        );
        manager
            .api_post(&path, &json!({ "reason": "点错了" }))
            .expect(200);
        invariants_hold(app);
    });
}

#[test]
fn a_user_who_is_switched_off_keeps_nothing() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager,admin"), app.user("li", "agent"));
        companies(
            app,
            vec![a_company("宏远机械", 1), a_company("砚川科技", 2)],
        );
        let (id, _) = campaign(&manager, "一");
        call_once(
            &li,
            id,
            "callback",
            json!({ "callback_at": "2026-09-22T15:00:00+08:00" }),
        );
        next(&li, id).expect("a preview");
        let actor = manager.actor.clone();
        let user_id = li.actor.id();
        app.write(move |conn| {
            let now = canvass::platform::clock::now(conn)?;
            canvass::flows::switch_off_user::switch_off_user(conn, now, &actor, user_id).map(|_| ())
        });
        let zhao = app.user("zhao", "agent");
        assert!(next(&zhao, id).is_some(), "the preview went back");
        let owners: Vec<Option<i64>> =
            app.read(|conn| Ok(callback::table.select(callback::owner_id).load(conn)?));
        assert_eq!(owners, [None]);
        invariants_hold(app);
    });
}
