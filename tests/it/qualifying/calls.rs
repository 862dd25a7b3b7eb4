//! What a call makes of a grade, and what contradicts itself in it.

use canvass::schema::{company, contradiction, grade_change};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::is_sound;
use crate::app::{Client, TestApp, each_backend};
use crate::calling::build::{a_company, call, campaign, companies};

/// Contradictions of a company as they are stored: code and state.
fn stored(app: &TestApp, id: i64) -> Vec<(String, String)> {
    app.read(|conn| {
        Ok(contradiction::table
            .filter(contradiction::company_id.eq(id))
            .order(contradiction::code)
            .select((contradiction::code, contradiction::state))
            .load(conn)?)
    })
}

fn codes(list: &Value) -> Vec<&str> {
    let all = list.as_array().map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(|one| one["code"].as_str()).collect()
}

fn grade(app: &TestApp, id: i64) -> (Option<String>, String) {
    app.read(|conn| {
        Ok(company::table
            .find(id)
            .select((company::grade, company::state))
            .first(conn)?)
    })
}

fn one_company(app: &TestApp) -> (i64, Client, Client, i64) {
    let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
    let build = a_company("宏远机械", 1).contact("陈立群", "+8613912345601");
    let id = companies(app, vec![build])[0];
    let (campaign_id, _) = campaign(&manager, "秋季");
    (id, manager, li, campaign_id)
}

#[test]
fn a_call_lowers_the_grade_in_the_open_and_keeps_its_evidence() {
    each_backend(|app| {
        let (id, manager, li, campaign_id) = one_company(app);
        let facts = json!({ "selection_started": "yes", "decider": "陈立群" });
        let (_, done) = call(
            &li,
            campaign_id,
            "interested",
            json!({ "urgency": "M3", "need": "报价太慢", "facts": facts, "keeps_proposal": true }),
        );
        assert_eq!(done["grade"]["proposed"], "B");
        assert_eq!(
            done["grade"]["after"], "B",
            "the agent kept what was proposed"
        );
        let headline = done["grade"]["headline"].as_str().expect("a headline");
        assert!(
            headline.contains("本可到A级") && headline.contains("B级"),
            "{headline}"
        );
        let reasons = done["grade"]["reasons"].to_string();
        for code in [
            "urgency_gives",
            "selection_started",
            "budget_unknown",
            "missing_lowers",
        ] {
            assert!(reasons.contains(code), "{code}: {reasons}");
        }
        let told = manager.api(&format!("/companies/{id}")).expect(200).json();
        let last = &told["grade_history"][0];
        assert_eq!(
            (last["after"].as_str(), last["kind"].as_str()),
            (Some("B"), Some("call"))
        );
        assert_eq!(last["by"], "li");
        let facts: Vec<&str> = last["evidence"]
            .as_array()
            .expect("evidence")
            .iter()
            .filter_map(|one| one["fact"].as_str())
            .collect();
        assert!(
            facts.contains(&"urgency") && facts.contains(&"decider"),
            "{facts:?}"
        );
        is_sound(app);
    });
}

#[test]
fn a_contradiction_caps_the_grade_until_an_answer_settles_it() {
    each_backend(|app| {
        let (id, manager, li, campaign_id) = one_company(app);
        let facts = json!({
            "selection_started": "yes", "decider": "陈立群", "budget_state": "approved",
            "headcount": 30, "need_users": 90,
        });
        let said =
            json!({ "urgency": "M3", "need": "报价太慢", "facts": facts, "keeps_proposal": true });
        let (_, done) = call(&li, campaign_id, "interested", said);
        assert_eq!(codes(&done["contradictions"]), ["K13"]);
        let one = &done["contradictions"][0];
        assert_eq!(one["level"], "B");
        assert!(
            one["question"]
                .as_str()
                .is_some_and(|q| q.contains("分公司")),
            "{one}"
        );
        assert_eq!(one["facts"][0]["fact"], "need_users");
        assert!(
            one["facts"][0]["record_id"].is_i64(),
            "each fact has its source: {one}"
        );
        assert_eq!(
            done["grade"]["after"], "B",
            "everything else would make an A"
        );
        assert_eq!(stored(app, id), [("K13".into(), "open".into())]);
        let list = manager.get("/contradictions").expect(200).body;
        assert!(list.contains("宏远机械") && list.contains("K13"), "{list}");

        let path = format!("/companies/{id}");
        manager
            .api_patch(&path, &json!({ "headcount": 300 }))
            .expect(200);
        assert_eq!(stored(app, id), [("K13".into(), "resolved".into())]);
        is_sound(app);
    });
}

#[test]
fn a_contradiction_is_dismissed_with_a_reason_until_its_facts_change() {
    each_backend(|app| {
        let (id, manager, _, _) = one_company(app);
        let path = format!("/companies/{id}");
        let facts = json!({ "headcount": 30, "need_users": 90 });
        manager.api_patch(&path, &facts).expect(200);
        let form = format!("{path}/contradictions/K13");
        manager.post(&form, &[("reason", " ")]).expect(422);
        manager
            .post(&form, &[("reason", "含三家分公司")])
            .expect(303);
        assert_eq!(stored(app, id), [("K13".into(), "dismissed".into())]);
        assert_eq!(
            codes(&manager.api(&path).expect(200).json()["contradictions"]),
            [""; 0]
        );
        manager.post(&form, &[("reason", "再一次")]).expect(409);
        manager
            .api_patch(&path, &json!({ "need_users": 120 }))
            .expect(200);
        let states: Vec<String> = stored(app, id)
            .into_iter()
            .map(|(_, state)| state)
            .collect();
        assert_eq!(states.len(), 2);
        assert!(
            states.contains(&"open".to_owned()),
            "other facts, another contradiction: {states:?}"
        );
        let rep = app.user("xu", "rep");
        let others = rep.get("/contradictions").expect(200).body;
        assert!(!others.contains("宏远机械"), "a rep sees own companies");
        rep.post(&form, &[("reason", "不归我")]).expect(404);
        is_sound(app);
    });
}

#[test]
fn a_manager_who_grades_against_a_contradiction_answers_for_it_and_an_agent_is_held_down() {
    each_backend(|app| {
        let (id, manager, li, campaign_id) = one_company(app);
        let facts = json!({ "headcount": 30, "need_users": 90, "selection_started": "yes", "decider": "陈立群", "budget_state": "approved" });
        let said = json!({ "urgency": "M3", "need": "报价太慢", "facts": facts, "grade": "A", "grade_reason": "other" });
        let (_, done) = call(&li, campaign_id, "interested", said);
        assert_eq!(done["grade"]["after"], "B");
        assert!(
            done["grade"]["reasons"]
                .to_string()
                .contains("contradiction_caps")
        );
        let body = json!({ "grade": "A", "reason": "other" });
        let set = manager
            .api_post(&format!("/companies/{id}/grade"), &body)
            .expect(200)
            .json();
        assert_eq!(set["after"], "A");
        assert_eq!(stored(app, id), [("K13".into(), "dismissed".into())]);
        is_sound(app);
    });
}

#[test]
fn undo_brings_back_the_grade_and_what_contradicted_itself_before() {
    each_backend(|app| {
        let (id, _, li, campaign_id) = one_company(app);
        let facts = json!({ "headcount": 30, "need_users": 90 });
        let said = json!({ "urgency": "M4_6", "need": "报价太慢", "facts": facts, "keeps_proposal": true });
        let (_, done) = call(&li, campaign_id, "interested", said);
        assert_eq!(grade(app, id).0.as_deref(), Some("B"));
        let undo = format!("/calls/{}/undo", done["call_id"]);
        li.api_post(&undo, &json!({})).expect(200);
        assert_eq!(grade(app, id), (None, "new".into()));
        assert_eq!(stored(app, id), [("K13".into(), "resolved".into())]);
        is_sound(app);
    });
}

#[test]
fn grade_e_shuts_a_company_out_and_another_lets_it_back_to_its_rep() {
    each_backend(|app| {
        let (id, manager, _, _) = one_company(app);
        let rep = app.user("xu", "rep").actor.id();
        app.write(move |conn| {
            let own = (company::owner_id.eq(Some(rep)), company::state.eq("owned"));
            diesel::update(company::table.find(id))
                .set(own)
                .execute(conn)?;
            Ok(())
        });
        let set = |grade: &str| {
            let body = json!({ "grade": grade, "reason": "other" });
            manager
                .api_post(&format!("/companies/{id}/grade"), &body)
                .expect(200);
        };
        set("E");
        assert_eq!(grade(app, id), (Some("E".into()), "excluded".into()));
        set("C");
        assert_eq!(grade(app, id), (Some("C".into()), "owned".into()));
        let kinds: Vec<Option<String>> = app.read(|conn| {
            Ok(grade_change::table
                .order(grade_change::id)
                .select(grade_change::kind)
                .load(conn)?)
        });
        assert_eq!(kinds, [Some("hand".to_owned()), Some("hand".to_owned())]);
        is_sound(app);
    });
}

#[test]
fn a_copied_note_is_told_with_the_company_it_was_copied_from() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(
            app,
            vec![
                a_company("宏远机械", 1).score(40),
                a_company("天合金属", 2).score(20),
            ],
        );
        let (campaign_id, _) = campaign(&manager, "秋季");
        let note = "仓库有三个，每月盘点要两天，想先看库存模块";
        let (_, first) = call(&li, campaign_id, "interested", json!({ "note": note }));
        assert_eq!(codes(&first["contradictions"]), [""; 0]);
        let (_, second) = call(&li, campaign_id, "interested", json!({ "note": note }));
        assert_eq!(codes(&second["contradictions"]), ["K23"]);
        let told = second["contradictions"][0].to_string();
        assert!(told.contains("宏远机械"), "{told}");
    });
}
