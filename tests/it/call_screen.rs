//! The call screen and today: saving without scripts, drafts that survive, results that count once.

use canvass::accounts::Actor;
use canvass::calling::actions as calling;
use canvass::calling::model::{
    Agents, FillProgress, FillRequest, NewCampaign, ScriptInput, TeamChoice,
};
use canvass::consent::actions::add_consent;
use canvass::consent::rules::Ground;
use canvass::platform::clock;
use canvass::platform::db::{Backend, Conn};
use canvass::platform::error::AppResult;
use canvass::registry::actions::{Created, NewByHand, create_company_by_hand};
use canvass::registry::model::{Field, Said};
use canvass::schema::{call, call_result, contact};
use diesel::prelude::*;

use crate::app::{Answer, Client, TestApp, each_backend};

/// A company with one person who may be called.
fn company(conn: &mut Conn, name: &str, person: &str, mobile: &str) -> AppResult<i64> {
    let now = clock::now(conn)?;
    let said = Said::new()
        .with(Field::Name, name)
        .with(Field::Region, "320506")
        .with(Field::PersonName, person)
        .with(Field::Title, "IT经理")
        .with(Field::Phone, vec!["+8651247000417;ext=801"])
        .with(Field::Mobile, vec![mobile]);
    let new = NewByHand {
        said,
        even_if_known: true,
    };
    let made = create_company_by_hand(conn, now, &Actor::system(), &new)?;
    let Created::Made {
        company_id: Some(company),
        contact_id: Some(contact_id),
        ..
    } = made
    else {
        panic!("the company is made: {made:?}");
    };
    let person_id = contact::table
        .find(contact_id)
        .select(contact::person_id)
        .first(conn)?;
    let ground = Ground::Inquiry;
    add_consent(
        conn,
        now,
        &Actor::system(),
        person_id,
        ground,
        None,
        now,
        None,
    )?;
    Ok(company)
}

fn campaign(conn: &mut Conn, name: &str) -> AppResult<i64> {
    let now = clock::now(conn)?;
    let script = serde_json::json!([
        { "id": "1", "title": "开场", "say": "您好{contact}，我是{me}。" },
        { "id": "2", "title": "迫切度", "say": "打算什么时候定？", "questions": ["urgency"],
          "next": [{ "when": "urgency in GT12,NOPLAN", "step": "1" }] },
    ]);
    let new = NewCampaign {
        name: name.to_owned(),
        script: Some(ScriptInput::Steps(serde_json::from_value(script)?)),
        agents: Agents::All,
        starts_on: None,
        ends_on: None,
        team: TeamChoice::Own,
    };
    let id = calling::create_campaign(conn, now, &Actor::system(), &new)?;
    let rules = calling::rulebook(conn)?;
    let mut progress = FillProgress::default();
    while !progress.is_done {
        calling::fill_chunk(
            conn,
            now,
            &rules,
            id,
            &FillRequest::default(),
            &mut progress,
        )?;
    }
    calling::finish_fill(conn, now, None, id, &progress)?;
    Ok(id)
}

/// Two companies in a running campaign.
pub fn ready(app: &TestApp) -> i64 {
    app.write(|conn| {
        company(conn, "苏州砚川精密机械有限公司", "陈立群", "+8613912345600")?;
        company(conn, "无锡拓岚自动化设备有限公司", "周敏", "+8613912345601")?;
        campaign(conn, "秋季")
    })
}

/// The token of the lease on the screen.
pub fn token(page: &Answer) -> String {
    let at = page
        .body
        .find("data-token=\"")
        .expect("a lease on the screen")
        + 12;
    let rest = &page.body[at..];
    rest[..rest.find('"').expect("an end")].to_owned()
}

pub fn take(agent: &Client) -> String {
    agent.post("/call/next", &[]).expect(303);
    token(&agent.get("/call").expect(200))
}

fn results(app: &TestApp) -> Vec<(Option<String>, Option<String>)> {
    app.read(|conn| {
        let rows = call_result::table
            .select((call_result::disposition, call_result::note))
            .order(call_result::id);
        Ok(rows.load(conn)?)
    })
}

#[test]
fn a_result_is_saved_by_a_plain_form_and_the_next_is_taken() {
    each_backend(|app| {
        ready(app);
        let agent = app.user("lin", "agent");
        let lobby = agent.get("/call").expect(200);
        assert!(lobby.body.contains("Take the next"), "{}", lobby.body);
        let first = take(&agent);
        let fields = [
            ("disposition", "interested"),
            ("urgency", "M3"),
            ("need", "inventory"),
            ("f-budget_state", "approved"),
            ("f-headcount", "320"),
            ("note", "月底前定"),
            ("then", "next"),
        ];
        let saved = agent
            .post(&format!("/call/{first}/result"), &fields)
            .expect(303);
        assert_eq!(saved.location.as_deref(), Some("/call"));
        assert_eq!(
            results(app),
            [(Some("interested".into()), Some("月底前定".into()))]
        );
        let second = agent.get("/call").expect(200);
        assert_ne!(token(&second), first, "the next company is on the screen");
        let today = agent.get("/").expect(200);
        assert!(
            today.body.contains("月底前定") && today.body.contains("/undo"),
            "{}",
            today.body
        );
    });
}

#[test]
fn a_wrong_form_comes_back_with_everything_that_was_typed() {
    let app = TestApp::on(Backend::Sqlite);
    ready(&app);
    let agent = app.user("lin", "agent");
    let token = take(&agent);
    let url = format!("/call/{token}/result");
    let fields = [("disposition", "callback"), ("note", "在开会，别忘了")];
    let again = agent.post(&url, &fields).expect(422);
    assert!(again.body.contains("在开会，别忘了"));
    assert!(again.body.contains("value=\"callback\" checked"));
    let unsure = [("disposition", "do_not_call"), ("ways", "all")];
    agent.post(&url, &unsure).expect(422);
    agent.post(&url, &[("note", "x")]).expect(422);
    assert!(results(&app).is_empty());
}

#[test]
fn a_draft_survives_and_tells_what_would_follow() {
    each_backend(|app| {
        ready(app);
        let agent = app.user("lin", "agent");
        let token = take(&agent);
        let url = format!("/call/{token}/draft");
        let fields = [("disposition", "no_answer"), ("note", "响了很久")];
        let kept = agent.put(&url, &fields).expect(200).json();
        let foretold = kept["foretold"].as_str().expect("a fragment");
        assert!(foretold.contains("Next call"), "{foretold}");
        assert!(results(app).is_empty(), "foretelling writes nothing");
        let dials: i64 = app.read(|conn| Ok(call::table.count().get_result(conn)?));
        assert_eq!(dials, 0, "and dials nobody");
        let page = agent.get("/call").expect(200);
        assert!(page.body.contains("响了很久"));
        let other = app.user("mo", "agent");
        other.put(&url, &fields).expect(409);
    });
}

#[test]
fn what_is_typed_counts_at_once_for_the_record_and_its_hand_over() {
    each_backend(|app| {
        ready(app);
        let agent = app.user("lin", "agent");
        let token = take(&agent);
        let url = format!("/call/{token}/draft");
        let record = |fields: &[(&str, &str)]| {
            let kept = agent.put(&url, fields).expect(200).json();
            let html = kept["foretold"].as_str().expect("a fragment").to_owned();
            html.split_once("id=\"record\"")
                .expect("a record")
                .1
                .to_owned()
        };
        let points = |html: &str| {
            let from = html.split_once("<text").expect("a ring").1;
            let number = from.split(['>', '<']).nth(1).expect("its points");
            number.parse::<i32>().expect("a number")
        };
        let before = record(&[("note", "x")]);
        assert!(before.contains("need"), "{before}");
        let typed = [("f-industry", "通用设备"), ("f-headcount", "320")];
        let said = [("urgency", "M3"), ("need_text", "报价太慢")];
        let after = record(&[typed, said].concat());
        assert_eq!(points(&after), points(&before) + 16, "{after}");
        let chosen = record(&[&typed[..], &said[..], &[("disposition", "interested")]].concat());
        assert_eq!(points(&chosen), points(&after), "saving says the same");
    });
}

#[test]
fn a_result_that_is_sent_again_counts_once() {
    let app = TestApp::on(Backend::Sqlite);
    ready(&app);
    let agent = app.user("lin", "agent");
    let token = take(&agent);
    let url = format!("/call/{token}/result");
    let fields = [("disposition", "busy"), ("then", "stop")];
    let headers = [("Idempotency-Key", "k1"), ("X-Answer", "json")];
    let first = agent.post_with(&url, &fields, &headers).expect(200).json();
    let again = agent.post_with(&url, &fields, &headers).expect(200).json();
    assert_eq!(first["call_id"], again["call_id"]);
    assert_eq!(results(&app).len(), 1);
    // Another result for the same lease is too late, and says so.
    let late = [
        ("Idempotency-Key", "k2"),
        ("X-Answer", "json"),
        ("X-Partial", "1"),
    ];
    let refused = agent.post_with(&url, &fields, &late).expect(409);
    assert!(!refused.body.is_empty());
}

#[test]
fn skipping_pausing_and_undoing_go_by_plain_forms() {
    let app = TestApp::on(Backend::Sqlite);
    ready(&app);
    let agent = app.user("lin", "agent");
    let first = take(&agent);
    agent
        .post(&format!("/call/{first}/release"), &[("reason", "language")])
        .expect(303);
    let second = token(&agent.get("/call").expect(200));
    assert_ne!(first, second);
    agent.post("/call/pause", &[("reason", "meal")]).expect(303);
    let paused = agent.get("/call").expect(200);
    assert!(paused.body.contains("Paused"), "{}", paused.body);
    agent.post("/call/resume", &[]).expect(303);
    let third = take(&agent);
    let fields = [("disposition", "no_need"), ("then", "stop")];
    agent
        .post(&format!("/call/{third}/result"), &fields)
        .expect(303);
    let id: i64 = app.read(|conn| {
        Ok(call::table
            .select(call::id)
            .order(call::id.desc())
            .first(conn)?)
    });
    agent.post(&format!("/calls/{id}/undo"), &[]).expect(303);
    let undone: i64 = app.read(|conn| {
        let undone = call_result::table.filter(call_result::undone_at.is_not_null());
        Ok(undone.count().get_result(conn)?)
    });
    assert_eq!(undone, 1);
}

#[test]
fn a_refusal_is_taken_back_only_after_a_second_yes() {
    let app = TestApp::on(Backend::Sqlite);
    ready(&app);
    let agent = app.user("lin", "agent");
    let token = take(&agent);
    let fields = [
        ("disposition", "do_not_call"),
        ("sure", "yes"),
        ("then", "stop"),
    ];
    agent
        .post(&format!("/call/{token}/result"), &fields)
        .expect(303);
    let id: i64 = app.read(|conn| Ok(call::table.select(call::id).first(conn)?));
    let url = format!("/calls/{id}/undo");
    let asked = agent.post(&url, &[]).expect(409);
    assert!(asked.body.contains("name=\"sure\" value=\"yes\""));
    agent.post(&url, &[("sure", "yes")]).expect(303);
}

#[test]
fn a_caller_is_found_by_number_and_recorded_without_a_lease() {
    each_backend(|app| {
        ready(app);
        let agent = app.user("lin", "agent");
        let found = agent.get("/call/incoming?q=139%201234%205600").expect(200);
        assert!(
            found.body.contains("苏州砚川精密机械有限公司"),
            "{}",
            found.body
        );
        let at = found.body.find("/call/incoming?company=").expect("a link");
        let rest = &found.body[at..];
        let href = rest[..rest.find('"').expect("an end")]
            .replace("&#38;", "&")
            .replace("&amp;", "&");
        let form = agent.get(&href).expect(200);
        assert!(form.body.contains("陈立群"));
        let company = href
            .split("company=")
            .nth(1)
            .and_then(|r| r.split('&').next())
            .expect("an id");
        let fields = [
            ("company", company),
            ("phone", "+8613912345600"),
            ("direction", "in"),
            ("disposition", "send_info"),
            ("note", "他打来要资料"),
            ("key", "once-1"),
        ];
        agent.post("/call/incoming", &fields).expect(303);
        agent.post("/call/incoming", &fields).expect(303);
        let calls: Vec<(String, bool)> = app.read(|conn| {
            Ok(call::table
                .select((call::direction, call::counts))
                .load(conn)?)
        });
        assert_eq!(calls, [("in".to_owned(), false)]);
        let nobody = agent.get("/call/incoming?q=13800000000").expect(200);
        assert!(nobody.body.contains("not known"));
    });
}

#[test]
fn today_is_there_for_every_role() {
    let app = TestApp::on(Backend::Sqlite);
    ready(&app);
    for (role, says) in [
        ("agent", "Start calling"),
        ("manager", "Imports under way"),
        ("marketing", "Imports under way"),
        ("rep", "To do"),
        ("admin", "How the system is doing"),
        ("", "no role yet"),
    ] {
        let page = app.user(&format!("u-{role}"), role).get("/").expect(200);
        assert!(page.body.contains(says), "{role}: {}", page.body);
    }
    let admin = app.user("a2", "admin").get("/").expect(200);
    assert!(
        !admin.body.contains("砚川"),
        "an administrator sees no business data"
    );
}

#[test]
fn the_palette_offers_what_one_may() {
    let app = TestApp::on(Backend::Sqlite);
    ready(&app);
    app.run_jobs();
    let hits = app
        .user("boss", "manager")
        .get("/palette?q=%E7%A0%9A%E5%B7%9D")
        .expect(200);
    assert!(hits.body.contains("<b>砚川</b>"), "{}", hits.body);
    let admin = app
        .user("adm", "admin")
        .get("/palette?q=%E7%A0%9A%E5%B7%9D")
        .expect(200);
    assert!(!admin.body.contains("砚川"), "{}", admin.body);
}
