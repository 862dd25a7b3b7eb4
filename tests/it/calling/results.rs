//! Each result once: what becomes of the entry, of the company and its numbers, and what an undo brings back.

use canvass::schema::{
    call, callback, company, contact_point, queue_entry, suppression, task, touch,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::build::{a_company, call as call_once, campaign, companies, invariants_hold, record};
use crate::app::{Client, TestApp, each_backend};

/// What of a company and its entry a result may change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Picture {
    entry: (
        String,
        i32,
        Option<NaiveDateTime>,
        Option<i64>,
        Option<String>,
        i32,
    ),
    grade: Option<String>,
    urgency: Option<String>,
    rest_until: Option<NaiveDateTime>,
    last_touch_at: Option<NaiveDateTime>,
    state: String,
    points: Vec<String>,
    open_tasks: i64,
    open_callbacks: i64,
    suppressions: i64,
}

fn picture(app: &TestApp, company_id: i64) -> Picture {
    app.read(move |conn| {
        use company as c;
        use queue_entry as q;
        let (grade, urgency, rest_until, last_touch_at, state) = c::table
            .find(company_id)
            .select((
                c::grade,
                c::urgency,
                c::rest_until,
                c::last_touch_at,
                c::state,
            ))
            .first(conn)?;
        Ok(Picture {
            entry: q::table
                .filter(q::company_id.eq(company_id))
                .select((
                    q::state,
                    q::class,
                    q::due_at,
                    q::owner_id,
                    q::bar,
                    q::attempts,
                ))
                .first(conn)?,
            grade,
            urgency,
            rest_until,
            last_touch_at,
            state,
            points: contact_point::table
                .order(contact_point::id)
                .select(contact_point::state)
                .load(conn)?,
            open_tasks: task::table
                .filter(task::state.eq("open"))
                .count()
                .get_result(conn)?,
            open_callbacks: callback::table
                .filter(callback::state.eq("open"))
                .count()
                .get_result(conn)?,
            suppressions: suppression::table
                .filter(suppression::ways.ne(0))
                .count()
                .get_result(conn)?,
        })
    })
}

struct Case {
    disposition: &'static str,
    more: Value,
    state: &'static str,
    /// Hours until the next call, where one follows.
    hours: Option<i64>,
    check: fn(&Picture) -> bool,
}

fn case(
    disposition: &'static str,
    more: Value,
    state: &'static str,
    hours: Option<i64>,
    check: fn(&Picture) -> bool,
) -> Case {
    Case {
        disposition,
        more,
        state,
        hours,
        check,
    }
}

fn cases() -> Vec<Case> {
    let at = "2026-09-23T15:30:00+08:00";
    let bad = |p: &Picture| p.points == ["bad", "good"];
    vec![
        case("no_answer", json!({}), "waiting", Some(4), |p| {
            p.open_tasks == 0 && p.last_touch_at.is_none()
        }),
        case("busy", json!({}), "waiting", Some(0), |p| p.entry.1 == 4),
        case("voicemail", json!({}), "waiting", Some(4), |_| true),
        case("ai_answered", json!({}), "waiting", Some(23), |_| true),
        case("hung_up", json!({}), "waiting", None, |_| true),
        case("blocked", json!({}), "ready", None, bad),
        case("invalid", json!({}), "ready", None, bad),
        case("wrong_number", json!({}), "ready", None, |p| {
            p.points == ["not_theirs", "good"]
        }),
        case("switched_off", json!({}), "waiting", Some(23), |_| true),
        case("suspended", json!({}), "waiting", None, |p| {
            p.points == ["good", "good"]
        }),
        case("gatekeeper", json!({}), "waiting", None, |p| {
            p.last_touch_at.is_none()
        }),
        case("decider_out", json!({}), "waiting", Some(23), |_| true),
        case(
            "callback",
            json!({ "callback_at": at }),
            "waiting",
            Some(29),
            |p| p.open_callbacks == 1 && p.entry.1 == 0 && p.entry.3.is_some(),
        ),
        case(
            "interested",
            json!({ "urgency": "M4_6", "need": "报价太慢，订单散在表格里", "grade": "B" }),
            "done",
            None,
            |p| {
                p.open_tasks == 1
                    && p.grade.as_deref() == Some("B")
                    && p.urgency.as_deref() == Some("M4_6")
                    && p.last_touch_at.is_some()
            },
        ),
        case(
            "visit_agreed",
            json!({ "visit_at": at }),
            "done",
            None,
            |p| p.open_tasks == 1,
        ),
        case("will_attend", json!({}), "done", None, |p| {
            p.open_tasks == 1
        }),
        case("send_info", json!({}), "waiting", None, |p| {
            p.open_tasks == 1
        }),
        case("no_need", json!({ "grade": "D" }), "waiting", None, |p| {
            p.entry.1 == 6 && p.grade.as_deref() == Some("D")
        }),
        case(
            "has_product",
            json!({ "facts": { "present_system": "SAP", "present_system_year": 2015 }, "grade": "C" }),
            "done",
            None,
            |p| p.grade.as_deref() == Some("C"),
        ),
        case("no_budget", json!({}), "done", None, |p| p.grade.is_none()),
        case(
            "not_interested",
            json!({ "reason": "刚换过系统" }),
            "done",
            None,
            |p| p.rest_until.is_some(),
        ),
        case("refused", json!({}), "done", None, |p| {
            p.suppressions == 2 && p.rest_until.is_some()
        }),
        case(
            "wechat_added",
            json!({ "facts": { "wechat": "chenlq88" } }),
            "waiting",
            None,
            |p| p.points.len() == 3,
        ),
        case("do_not_call", json!({}), "done", None, |p| {
            p.suppressions >= 1
        }),
        case("not_target", json!({ "grade": "E" }), "done", None, |p| {
            p.state == "excluded"
        }),
        case("closed", json!({ "grade": "E" }), "done", None, |p| {
            p.grade.as_deref() == Some("E")
        }),
        case(
            "moved",
            json!({ "facts": { "address": "吴中区宝带东路9号" } }),
            "waiting",
            None,
            |p| p.open_tasks == 0,
        ),
        case("contact_left", json!({}), "ready", None, |p| {
            p.open_tasks == 1
        }),
        case(
            "duplicate",
            json!({ "duplicate_of": 1 }),
            "done",
            None,
            |p| p.open_tasks == 1 && p.last_touch_at.is_none(),
        ),
    ]
}

#[test]
fn every_result_has_its_effects_and_an_undo_brings_back_what_was() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        assert_eq!(
            cases().len(),
            canvass::calling::rules::Disposition::ALL.len()
        );
        for (n, case) in cases().into_iter().enumerate() {
            one_result(app, &manager, &li, n as u32, &case);
        }
        invariants_hold(app);
    });
}

fn one_result(app: &TestApp, manager: &Client, li: &Client, n: u32, case: &Case) {
    let name = case.disposition;
    app.write(|conn| {
        for table in ["task", "callback", "queue_entry"] {
            diesel::sql_query(format!("DELETE FROM {table}")).execute(conn)?;
        }
        diesel::sql_query("UPDATE suppression SET ways = 0").execute(conn)?;
        diesel::sql_query("UPDATE company SET state = 'customer'").execute(conn)?;
        diesel::sql_query("DELETE FROM contact_point").execute(conn)?;
        Ok(())
    });
    let build =
        a_company(&format!("公司{n}"), 100 + n).contact("陈立群", &format!("+861380000{n:04}"));
    let company_id = companies(app, vec![build])[0];
    let (id, _) = campaign(manager, name);
    let before = picture(app, company_id);
    let (lease, done) = call_once(li, id, name, case.more.clone());
    let after = picture(app, company_id);
    assert_eq!(after.entry.0, case.state, "{name}: {after:?}");
    assert!((case.check)(&after), "{name}: {after:?}");
    if let Some(hours) = case.hours {
        let next = done["next_attempt_at"]
            .as_str()
            .unwrap_or_else(|| panic!("{name}: {done}"));
        let next: NaiveDateTime = next.trim_end_matches('Z').parse().expect("an instant");
        assert_eq!(
            ((next - app.now()).num_minutes() + 10) / 60,
            hours,
            "{name}: {next}"
        );
    }
    let call_id = done["call_id"].as_i64().expect("an id");
    li.api_post(&format!("/calls/{call_id}/undo"), &json!({}))
        .expect(200);
    let undone = picture(app, company_id);
    assert_eq!(undone, before, "{name}");
    let (counts, disposition, result): (bool, Option<String>, Option<i64>) = app.read(|conn| {
        Ok(call::table
            .find(call_id)
            .select((call::counts, call::disposition, call::result_id))
            .first(conn)?)
    });
    assert!(
        counts && disposition.is_none() && result.is_none(),
        "{name}: the dial still counts"
    );
    let touches: i64 = app.read(|conn| {
        Ok(touch::table
            .filter(touch::call_id.eq(call_id))
            .count()
            .get_result(conn)?)
    });
    assert_eq!(touches, 0, "{name}");
    assert_eq!(
        li.api_post(&format!("/calls/{call_id}/undo"), &json!({}))
            .expect(409)
            .code(),
        "undo_done"
    );
    // The right result can be written under the same lease, as long as nobody has taken the entry since.
    let again = record(li, &lease, "no_answer", json!({}));
    assert_eq!(
        again["call_id"].as_i64(),
        Some(call_id),
        "{name}: one dial, one call"
    );
    assert_eq!(picture(app, company_id).entry.0, "waiting", "{name}");
    invariants_hold(app);
}
