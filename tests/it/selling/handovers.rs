//! From a call to the right rep: each hand-over has one outcome, and says it in words.

use canvass::flows::switch_off_user::switch_off_user;
use canvass::qualifying::Grade;
use canvass::schema::{company, task};
use canvass::selling::actions;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::build::{
    answers, call, invariants_hold, lacking, lead, open, seen, suzhou, territory, tick, try_open,
};
use crate::app::{Client, TestApp, each_backend};

/// Manager, telemarketer, marketing and two reps; the second has the province, the first its city.
struct Team {
    manager: Client,
    agent: Client,
    marketing: Client,
    xu: Client,
    zhou: Client,
}

fn team(app: &TestApp) -> Team {
    let team = Team {
        manager: app.user("gu", "manager"),
        agent: app.user("lin", "agent"),
        marketing: app.user("shen", "marketing"),
        xu: app.user("xu", "rep"),
        zhou: app.user("zhou", "rep"),
    };
    territory(app, &team.manager, &team.xu, &["320500"], &[]);
    territory(app, &team.manager, &team.zhou, &["320000"], &[]);
    team
}

#[test]
fn a_call_that_says_enough_is_handed_to_the_rep_of_the_territory() {
    each_backend(|app| {
        let team = team(app);
        let root = suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        assert_eq!(lacking(app, root), ["urgency", "need"]);
        let done = call(&team.manager, &team.agent, "interested", answers());
        let handover = &done["handover"];
        assert_eq!(handover["state"], "offered", "{done}");
        assert_eq!(handover["rep"]["name"], "xu");
        assert_eq!(handover["grade"], "A");
        let why = handover["why"][0].as_str().unwrap_or_default();
        assert!(why.contains("苏州") || why.contains("Suzhou"), "{handover}");
        // 4 working hours from 10:00: 16:00 in Shanghai.
        let due = handover["due_at"].as_str().unwrap_or_default();
        assert!(due.starts_with("2026-09-22T08:00:"), "{due}");
        let id = handover["id"].as_i64().expect("an id");
        let accepted = team
            .xu
            .api_post(&format!("/handovers/{id}/accept"), &json!({}));
        let accepted = accepted.expect(200).json();
        assert_eq!(accepted["state"], "accepted");
        let (owner, state) = app.read(|conn| {
            let found = company::table
                .find(root)
                .select((company::owner_id, company::state));
            Ok(found.first::<(Option<i64>, String)>(conn)?)
        });
        assert_eq!((owner, state.as_str()), (team.xu.actor.user_id, "owned"));
        // The telemarketer may not take the call back any more.
        let undo = team
            .agent
            .api_post(&format!("/calls/{}/undo", done["call_id"]), &json!({}));
        assert_eq!((undo.status, undo.code().as_str()), (409, "undo_acted_on"));
        invariants_hold(app, "an accepted hand-over");
    });
}

#[test]
fn a_call_that_says_too_little_names_what_is_missing() {
    each_backend(|app| {
        let team = team(app);
        suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        let done = call(
            &team.manager,
            &team.agent,
            "interested",
            json!({ "urgency": "M3" }),
        );
        assert_eq!(done["handover"], json!(null));
        assert_eq!(done["handover_lacks"][0]["code"], "need", "{done}");
        let open = app.read(|conn| {
            let open = task::table.filter(task::kind.eq("interested"));
            Ok(open.count().get_result::<i64>(conn)?)
        });
        assert_eq!(open, 1);
    });
}

#[test]
fn a_call_that_is_taken_back_takes_its_offer_back() {
    each_backend(|app| {
        let team = team(app);
        suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        let done = call(&team.manager, &team.agent, "interested", answers());
        let id = done["handover"]["id"].as_i64().expect("an id");
        team.agent
            .api_post(&format!("/calls/{}/undo", done["call_id"]), &json!({}))
            .expect(200);
        assert_eq!(seen(&team.manager, id)["state"], "withdrawn");
        let late = team
            .xu
            .api_post(&format!("/handovers/{id}/accept"), &json!({}));
        assert_eq!(
            (late.status, late.code().as_str()),
            (409, "handover_settled")
        );
        invariants_hold(app, "an undone call");
    });
}

#[test]
fn the_manager_gives_by_hand_what_is_chosen_and_is_told_when_nothing_is() {
    each_backend(|app| {
        let team = team(app);
        let root = suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        open(app, &team.agent, root, Grade::B);
        let rep = team.zhou.actor.id().to_string();
        let none = [("rep", rep.as_str()), ("state", "with_manager")];
        let answer = team.manager.post("/handovers/give", &none).expect(303);
        let back = answer.location.as_deref();
        assert_eq!(back, Some("/handovers?state=with_manager"));
        let id = root.to_string();
        let one = [("rep", rep.as_str()), ("company", id.as_str())];
        team.manager.post("/handovers/give", &one).expect(303);
        let page = team.zhou.get("/handovers").expect(200).body;
        assert!(page.contains("Chosen by the manager"), "{page}");
        invariants_hold(app, "a hand-over by hand");
    });
}

#[test]
fn a_rejection_needs_a_reason_and_comes_back_as_a_task() {
    each_backend(|app| {
        let team = team(app);
        let root = suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        let id = open(app, &team.agent, root, Grade::B);
        let path = format!("/handovers/{id}/reject");
        let bare = team.xu.api_post(&path, &json!({ "reason": " " }));
        assert_eq!(
            (bare.status, bare.code().as_str()),
            (422, "handover_needs_reason")
        );
        let done = team
            .xu
            .api_post(&path, &json!({ "reason": "总部在上海采购" }))
            .expect(200);
        assert_eq!(done.json()["state"], "rejected");
        let (kind, user, body) = app.read(|conn| {
            let found = task::table.select((task::kind, task::user_id, task::body));
            Ok(found.first::<(String, Option<i64>, Option<String>)>(conn)?)
        });
        assert_eq!(
            (kind.as_str(), user),
            ("handover_rejected", team.agent.actor.user_id)
        );
        assert!(body.unwrap_or_default().contains("总部在上海采购"));
        let page = team.agent.get("/").expect(200);
        assert!(
            page.body.contains("总部在上海采购"),
            "the telemarketer reads the reason"
        );
        invariants_hold(app, "a rejection");
        assert!(
            try_open(app, &team.agent, root, Grade::B).is_ok(),
            "it can be offered again"
        );
    });
}

#[test]
fn an_offer_warns_moves_on_and_ends_with_the_manager_and_in_the_pool() {
    each_backend(|app| {
        let team = team(app);
        let root = suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        let id = open(app, &team.agent, root, Grade::A);
        let reads = |state: &str, rep: Option<&str>| {
            tick(app);
            let one = seen(&team.manager, id);
            assert_eq!(one["state"], state, "{one}");
            assert_eq!(one["rep"]["name"].as_str(), rep, "{one}");
            invariants_hold(app, state);
        };
        reads("offered", Some("xu"));
        // Tuesday 10:00; the midday pause does not count: 80 % of 4 hours at 15:12, over at 16:00.
        app.advance(TimeDelta::minutes(5 * 60 + 11));
        reads("offered", Some("xu"));
        app.advance(TimeDelta::minutes(1));
        reads("warned", Some("xu"));
        app.advance(TimeDelta::minutes(48));
        reads("offered", Some("zhou"));
        let late = team
            .xu
            .api_post(&format!("/handovers/{id}/accept"), &json!({}));
        assert_eq!(
            (late.status, late.code().as_str()),
            (409, "handover_with_other")
        );
        let lapsed = team
            .manager
            .api("/handovers?state=lapsed")
            .expect(200)
            .json();
        assert_eq!(lapsed["handovers"][0]["id"], id);
        app.advance(TimeDelta::days(1));
        reads("with_manager", None);
        // 中秋 and 国庆 count nothing; five working days later it is in the pool.
        app.advance(TimeDelta::days(16));
        reads("pooled", None);
        let state = app.read(|conn| {
            let found = company::table.find(root).select(company::state);
            Ok(found.first::<String>(conn)?)
        });
        assert_eq!(state, "pool");
    });
}

/// The very second of the lapse: whoever comes first, the offer is either accepted or has moved on.
#[test]
fn an_accept_at_the_second_of_the_lapse_has_one_outcome() {
    each_backend(|app| {
        let team = team(app);
        let root = suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        let id = open(app, &team.agent, root, Grade::A);
        app.advance(TimeDelta::hours(6));
        let late = team
            .xu
            .api_post(&format!("/handovers/{id}/accept"), &json!({}));
        assert_eq!(
            (late.status, late.code().as_str()),
            (409, "handover_lapsed")
        );
        let says = |words: &str| late.body.contains(words);
        assert!(
            says("接收时间已过") || says("time to accept"),
            "{}",
            late.body
        );
        tick(app);
        assert_eq!(seen(&team.manager, id)["rep"]["name"], "zhou");
        invariants_hold(app, "a late accept");
    });
}

/// The rep whose offer it is, twice at once, the next rep and the clock: one of them has it.
#[test]
fn two_reps_and_the_clock_at_once_leave_one_owner() {
    each_backend(|app| {
        let team = team(app);
        for round in 0..4u32 {
            let name = format!("苏州砚川{round}机械有限公司");
            let root = lead(&team.marketing, &name, "苏州", "通用设备", round + 1);
            let id = open(app, &team.agent, root, Grade::A);
            let path = format!("/handovers/{id}/accept");
            let codes: Vec<u16> = std::thread::scope(|scope| {
                let tries = [&team.xu, &team.zhou, &team.xu].map(|client| {
                    let (client, path) = (client.clone(), path.clone());
                    scope.spawn(move || client.api_post(&path, &json!({})).status)
                });
                let db = app.db.clone();
                let clock = scope.spawn(move || canvass::selling::jobs::tick(&db));
                let codes = tries.map(|t| t.join().expect("an answer")).to_vec();
                clock
                    .join()
                    .expect("the clock ran")
                    .expect("the tick works");
                codes
            });
            assert_eq!(codes.iter().filter(|c| **c == 200).count(), 1, "{codes:?}");
            assert!(
                codes.iter().all(|c| matches!(c, 200 | 404 | 409)),
                "{codes:?}"
            );
            invariants_hold(app, "a race");
        }
    });
}

#[test]
fn a_territory_edited_while_an_offer_is_open_leaves_the_offer_where_it_is() {
    each_backend(|app| {
        let team = team(app);
        let root = suzhou(&team.marketing, "苏州砚川精密机械有限公司", 1);
        let id = open(app, &team.agent, root, Grade::A);
        territory(app, &team.manager, &team.zhou, &["320500"], &["C34"]);
        let one = seen(&team.manager, id);
        assert_eq!(one["rep"]["name"], "xu", "what is on offer stays");
        invariants_hold(
            app,
            "an edited map: what was decided replays from what was recorded",
        );
        let path = format!("/handovers/{id}/accept");
        team.xu.api_post(&path, &json!({})).expect(200);
        let next = suzhou(&team.marketing, "苏州霁合模具有限公司", 2);
        let id = open(app, &team.agent, next, Grade::A);
        assert_eq!(
            seen(&team.manager, id)["rep"]["name"],
            "zhou",
            "the new map is for what comes"
        );
        let (xu, zhou) = (team.xu.actor.id(), team.zhou.actor.id());
        let redrawn = actions::Redrawn {
            lost: zhou,
            won: zhou,
        };
        let moved = app.read(|conn| actions::strangers(conn, &team.manager.actor, redrawn));
        assert_eq!(moved, [(root, xu, zhou)], "what the new territory takes");
    });
}

#[test]
fn a_rep_who_is_switched_off_leaves_everything_to_the_manager() {
    each_backend(|app| {
        let team = team(app);
        let admin = app.user("qin", "admin");
        for n in 0..12u32 {
            let name = format!("苏州砚川{n}机械有限公司");
            let root = lead(&team.marketing, &name, "苏州", "通用设备", n + 1);
            let id = open(app, &team.agent, root, Grade::B);
            team.xu
                .api_post(&format!("/handovers/{id}/accept"), &json!({}))
                .expect(200);
        }
        let root = suzhou(&team.marketing, "苏州霁合模具有限公司", 40);
        let offer = open(app, &team.agent, root, Grade::B);
        let (actor, xu, now) = (admin.actor.clone(), team.xu.actor.id(), app.now());
        app.write(move |conn| switch_off_user(conn, now, &actor, xu).map(|_| ()));
        invariants_hold(app, "a rep who was switched off");
        let map = team.manager.get("/territories").expect(200).body;
        assert!(map.contains("Nobody looks after it now"), "{map}");
        let list = team
            .manager
            .api("/handovers?state=with_manager")
            .expect(200)
            .json();
        let list = list["handovers"].as_array().cloned().unwrap_or_default();
        assert_eq!(list.len(), 12);
        assert_eq!(list[0]["reasons"][0]["code"], "switched_off");
        assert_eq!(seen(&team.manager, offer)["rep"]["name"], "zhou");
        // All of them to the other rep, in one go.
        let zhou = team.zhou.actor.id().to_string();
        let ids: Vec<String> = list
            .iter()
            .map(|h| h["company"]["id"].to_string())
            .collect();
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("company", id.as_str())).collect();
        fields.push(("rep", zhou.as_str()));
        team.manager.post("/handovers/give", &fields).expect(303);
        let owned = app.read(|conn| {
            let mine = company::table.filter(company::owner_id.eq(team.zhou.actor.id()));
            Ok(mine.count().get_result::<i64>(conn)?)
        });
        assert_eq!(owned, 12);
        invariants_hold(app, "a reassignment in bulk");
    });
}
