//! The list and the page of companies as each role sees them, and everything one may change there.

use serde_json::json;

use crate::app::{Client, TestApp, each_backend};

/// Adds a company through the form and answers its id.
fn add(client: &Client, name: &str, more: &[(&str, &str)]) -> i64 {
    let mut fields = vec![("name", name)];
    fields.extend_from_slice(more);
    let answer = client.post("/companies/new", &fields).expect(303);
    let location = answer.location.expect("a place to go");
    location
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id")
}

fn with_one(app: &TestApp) -> (Client, i64) {
    let manager = app.user("manager", "manager");
    let more = [
        ("region", "苏州"),
        ("headcount", "320"),
        ("phone", "0512-65801234"),
        ("person_name", "陈立群"),
        ("mobile", "13862170417"),
    ];
    let id = add(&manager, "苏州砚川精密机械有限公司", &more);
    (manager, id)
}

#[test]
fn a_company_added_by_hand_is_found_by_name_initials_script_and_number() {
    each_backend(|app| {
        let (manager, id) = with_one(app);
        app.run_jobs();
        for q in ["砚川", "硯川", "ycjmjx", "0417", "13862170417", "陈立群"] {
            let found = manager
                .api(&format!("/companies?q={}", encoded(q)))
                .expect(200)
                .json();
            assert_eq!(found["items"][0]["id"], id, "{q}: {found}");
        }
        let page = manager
            .get("/companies?region=%E8%8B%8F%E5%B7%9E")
            .expect(200);
        assert!(page.body.contains(&format!("/companies/{id}")));
        assert!(
            manager
                .get("/companies?grade=A")
                .expect(200)
                .body
                .contains("Nothing found")
        );
    });
}

#[test]
fn each_role_sees_what_it_may() {
    each_backend(|app| {
        let (manager, id) = with_one(app);
        let (agent, rep) = (app.user("agent", "agent"), app.user("rep", "rep"));
        let marketing = app.user("marketing", "marketing");
        let path = format!("/companies/{id}");
        for stranger in [&agent, &rep] {
            stranger.get(&path).expect(404);
            assert!(!stranger.get("/companies").expect(200).body.contains(&path));
            let found = stranger
                .get("/companies?q=%E7%A0%9A%E5%B7%9D")
                .expect(200)
                .body;
            assert!(found.contains("砚川") && !found.contains(&path));
        }
        let masked = marketing.get(&path).expect(200).body;
        assert!(masked.contains("138****0417") && !masked.contains("6217 0417"));
        assert!(
            manager
                .get(&path)
                .expect(200)
                .body
                .contains("138 6217 0417")
        );
        marketing.post(&format!("{path}/numbers"), &[]).expect(403);
        app.user("admin", "admin").get("/companies").expect(403);
    });
}

#[test]
fn a_hand_edit_wins_and_every_value_opens_its_record() {
    each_backend(|app| {
        let (manager, id) = with_one(app);
        let path = format!("/companies/{id}");
        manager
            .post(&format!("{path}/edit"), &[("headcount", "many")])
            .expect(422);
        manager
            .post(
                &format!("{path}/edit"),
                &[("headcount", "350"), ("region", "")],
            )
            .expect(303);
        let seen = manager.api(&format!("/companies/{id}")).expect(200).json();
        assert_eq!(seen["headcount"], 350);
        assert!(seen["region"].is_null());
        let record = seen["facts"]["headcount"]["record_id"]
            .as_i64()
            .expect("a record");
        let page = manager.get(&path).expect(200).body;
        assert!(page.contains(&format!("{path}/records/{record}")) && page.contains("320"));
        manager.get(&format!("{path}/records/{record}")).expect(200);
        let first = seen["facts"]["name"]["record_id"]
            .as_i64()
            .expect("a record")
            .to_string();
        manager
            .post(
                &format!("{path}/pick"),
                &[("field", "headcount"), ("record", &first)],
            )
            .expect(303);
        let seen = manager.api(&format!("/companies/{id}")).expect(200).json();
        assert_eq!(seen["headcount"], 320);
        let code = manager
            .post(
                &format!("{path}/edit"),
                &[("credit_code", "91320505MA1XXXXXX1")],
            )
            .expect(303);
        assert!(code.location.is_some());
    });
}

#[test]
fn one_like_it_is_offered_before_it_is_added_again() {
    each_backend(|app| {
        let (manager, id) = with_one(app);
        let again = [("name", "苏州砚川精密机械有限公司"), ("region", "苏州")];
        let offered = manager.post("/companies/new", &again).expect(409).body;
        assert!(offered.contains(&format!("/companies/{id}")));
        let contact = format!("/companies/{id}/contacts/new");
        manager.post(&contact, &[("title", "经理")]).expect(422);
        manager
            .post(
                &contact,
                &[("person_name", "周敏"), ("mobile", "13962170418")],
            )
            .expect(303);
        assert!(
            manager
                .get(&format!("/companies/{id}"))
                .expect(200)
                .body
                .contains("周敏")
        );
    });
}

#[test]
fn two_are_joined_and_parted_again() {
    each_backend(|app| {
        let (manager, id) = with_one(app);
        let other = add(&manager, "苏州砚川精机有限公司", &[("region", "苏州")]);
        manager
            .get(&format!("/companies/{id}/merge?with={other}"))
            .expect(200);
        manager
            .post(
                &format!("/companies/{id}/merge"),
                &[("other", &other.to_string())],
            )
            .expect(303);
        let sent = manager.get(&format!("/companies/{other}")).expect(303);
        assert_eq!(
            sent.location.as_deref(),
            Some(format!("/companies/{id}").as_str())
        );
        let seen = manager
            .api(&format!("/companies/{other}"))
            .expect(200)
            .json();
        assert_eq!(seen["merged_ids"], json!([other]));
        manager.post("/merges/1/undo", &[]).expect(303);
        manager.get(&format!("/companies/{other}")).expect(200);
        let agent = app.user("agent", "agent");
        agent
            .post(&format!("/companies/{id}/merge"), &[("other", "1")])
            .expect(403);
    });
}

#[test]
fn a_grade_is_set_with_a_reason_and_an_agents_a_is_a_proposal() {
    each_backend(|app| {
        let agent = app.user("agent", "agent");
        let id = add(&agent, "苏州砚川精密机械有限公司", &[("region", "苏州")]);
        let (path, grade) = (format!("/companies/{id}"), format!("/companies/{id}/grade"));
        let kept = agent.post(&grade, &[("grade", "C")]).expect(422).body;
        assert!(kept.contains("value=\"C\" checked"), "{kept}");
        let later = [("grade", "C"), ("reason", "明年再说")];
        agent.post(&grade, &later).expect(303);
        let page = agent.get(&path).expect(200).body;
        assert!(
            page.contains("Why C") && page.contains("明年再说"),
            "{page}"
        );
        let soon = [("grade", "A"), ("reason", "下个月签")];
        // An A of a company of which nobody knows who decides would contradict itself.
        let decider = json!({ "decider": "姚启明" });
        agent.api_patch(&path, &decider).expect(200);
        agent.post(&grade, &soon).expect(303);
        let known = |client: &Client| client.api(&path).expect(200).json()["grade"].clone();
        assert_eq!(
            known(&agent),
            "B",
            "an A waits for somebody who confirms it"
        );
        let manager = app.user("manager", "manager");
        assert!(manager.get(&path).expect(200).body.contains("Suggested: A"));
        manager.post(&grade, &soon).expect(303);
        assert_eq!(known(&manager), "A");
    });
}

#[test]
fn a_role_is_set_and_a_call_begun_from_the_page() {
    each_backend(|app| {
        let (manager, id) = with_one(app);
        let path = format!("/companies/{id}");
        let contact = manager.api(&path).expect(200).json()["contacts"][0]["id"].clone();
        let form = [("do", "role"), ("role", "decider")];
        manager
            .post(&format!("{path}/contacts/{contact}"), &form)
            .expect(303);
        let page = manager.get(&path).expect(200).body;
        assert!(page.contains("value=\"decider\" selected"), "{page}");
        assert!(page.contains("direction=out"), "{page}");
        let record = format!("/call/incoming?company={id}&direction=out");
        let form = manager.get(&record).expect(200).body;
        assert!(form.contains("tel:+8613862170417"), "{form}");
        let company = id.to_string();
        let said = [
            ("company", company.as_str()),
            ("direction", "out"),
            ("phone", "+8613862170417"),
            ("disposition", "no_answer"),
            ("key", "k1"),
        ];
        let done = manager.post("/call/incoming", &said).expect(303);
        assert_eq!(done.location.as_deref(), Some(path.as_str()));
    });
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
