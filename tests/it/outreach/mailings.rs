//! Mailings from the first piece of news to the last letter, by pages and by programs; who is sent what stands elsewhere.

use canvass::outreach::actions::mailings;
use canvass::outreach::model::{DeliveryState, MailingState};
use canvass::platform::clock;
use canvass::platform::db::{Statement, Value as Bound};
use canvass::platform::office::Office;
use canvass::platform::settings;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::app::{Client, TestApp, each_backend};
use crate::teams::{put as put_into, team};

/// A company with one person who may be written to, graded.
pub fn reader(marketing: &Client, name: &str, industry: &str, grade: &str, n: u32) -> i64 {
    let lead = json!({
        "channel": "AD", "source": "官网表单", "legal_ground": "consent", "company": name, "city": "苏州",
        "person": format!("周海{n}"), "mobile": format!("1390512{:04}", 4_100 + n * 7), "email": format!("reader{n}@kunyang{n}.example"),
        "industry": industry, "headcount": 320,
    });
    let made = marketing.api_post("/leads", &lead).expect(201).json();
    let id = made["company_id"].as_i64().expect("a company");
    let graded = json!({ "grade": grade, "reason": "听同行说的" });
    marketing
        .api_post(&format!("/companies/{id}/grade"), &graded)
        .expect(200);
    id
}

/// A maker of machines of grade B, and an inn of grade C.
pub fn readers(marketing: &Client) -> (i64, i64) {
    (
        reader(marketing, "苏州坤洋机械有限公司", "C34", "B", 1),
        reader(marketing, "苏州云栖酒店有限公司", "H61", "C", 2),
    )
}

pub fn items(industries: &[&str]) -> Value {
    json!([{
        "language": "zh-CN", "title": "报价快一倍", "text": "新版本把报价时间缩短了一半。",
        "link": "https://canvass.example/news/1", "industries": industries,
    }])
}

/// An issue by a program; its id.
pub fn issue(marketing: &Client, industries: &[&str]) -> i64 {
    let new = json!({ "kind": "news", "name": "九月新知", "items": items(industries) });
    let made = marketing.api_post("/mailings", &new).expect(201).json();
    assert_eq!(made["state"], "draft");
    made["id"].as_i64().expect("an id")
}

pub fn state(client: &Client, id: i64) -> String {
    let seen = client.api(&format!("/mailings/{id}")).expect(200).json();
    seen["state"].as_str().expect("a state").to_owned()
}

/// The hours of [`issue_with_hours`].
const HOURS: [(&str, &str); 3] = [("day", "2026-09-23"), ("from", "10:00"), ("until", "11:30")];

/// An issue for everybody, with hours of its own.
pub fn issue_with_hours(marketing: &Client) -> i64 {
    readers(marketing);
    let id = issue(marketing, &[]);
    marketing
        .post(&format!("/mailings/{id}/schedule"), &HOURS)
        .expect(303);
    id
}

pub fn start(client: &Client, id: i64) -> Value {
    let answer = client.api_post(&format!("/mailings/{id}/start"), &json!({}));
    answer.expect(200).json()
}

/// Starts the mailings whose moment has come; their ids.
pub fn start_due(app: &TestApp) -> Vec<i64> {
    app.write(|conn| {
        let now = clock::now(conn)?;
        mailings::start_due(conn, now)
    })
}

/// Sets what became of the first letter of a mailing; the others wait on.
pub fn put_first(app: &TestApp, id: i64, state: DeliveryState) {
    app.write(move |conn| {
        let first = Statement::<(diesel::sql_types::BigInt, diesel::sql_types::Text)>::fixed(
            "SELECT id, domain FROM delivery WHERE mailing_id = ? AND state = 'queued' ORDER BY id LIMIT 1",
        );
        let (delivery, domain): (i64, String) = first.bind(id).get_result(conn)?;
        let moved = Statement::<()>::fixed("UPDATE delivery SET state = ? WHERE id = ?");
        moved.bind(state.code()).bind(delivery).execute(conn)?;
        let counted = Statement::<()>::fixed(
            "UPDATE delivery_figure SET state = ? WHERE mailing_id = ? AND domain = ? AND state = 'queued'",
        );
        counted
            .bind(state.code())
            .bind(id)
            .bind(domain)
            .execute(conn)?;
        Ok(())
    });
}

/// Sets what became of the letters of a mailing, as the sender would.
pub fn put(app: &TestApp, id: i64, state: DeliveryState) {
    app.write(move |conn| {
        let moved = Statement::<()>::fixed(
            "UPDATE delivery SET state = ?, attempts = 1 WHERE mailing_id = ? AND state = 'queued'",
        );
        moved.bind(state.code()).bind(id).execute(conn)?;
        let counted = Statement::<()>::fixed(
            "UPDATE delivery_figure SET state = ? WHERE mailing_id = ? AND state = 'queued'",
        );
        counted
            .bind(state.code())
            .bind(Bound::from(id))
            .execute(conn)?;
        Ok(())
    });
}

#[test]
fn an_issue_is_written_looked_at_and_approved_on_pages() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let made = marketing.post("/mailings", &[("title", "九月新知")]);
        let edit = made.expect(303).location.expect("the pieces are next");
        let page = edit.trim_end_matches("/edit").to_owned();
        let id: i64 = page
            .trim_start_matches("/mailings/")
            .parse()
            .expect("an id");
        let piece = [
            ("title", "九月新知"),
            ("item_title", "报价快一倍"),
            ("item_language", "zh-CN"),
            ("item_text", "新版本把报价时间缩短了一半。"),
            ("item_link", "https://canvass.example/news/1"),
            ("item_industries", "C34 通用设备制造业"),
            ("g1", "B"),
        ];
        marketing.post(&edit, &piece).expect(303);
        marketing.post(&format!("{page}/plan"), &[]).expect(303);
        app.run_jobs();
        assert_eq!(state(&marketing, id), "planned");
        let shown = marketing.get(&page).expect(200).body;
        assert!(shown.contains("To be approved"), "{shown}");
        assert!(
            shown.contains(&format!("/mailings/{id}/approve")),
            "{shown}"
        );
        // The inn has no piece of news, and the page says so in words.
        let people = marketing.get(&format!("{page}/people?state=left_out"));
        assert!(people.expect(200).body.contains("周海2"));
        marketing.post(&format!("{page}/approve"), &[]).expect(303);
        assert_eq!(
            state(&marketing, id),
            "sending",
            "it has no moment of its own"
        );
    });
}

#[test]
fn a_piece_that_cannot_be_sent_is_shown_again_with_its_fault() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let made = marketing.post("/mailings", &[("title", "九月新知")]);
        let edit = made.expect(303).location.expect("the pieces are next");
        for (field, value, said) in [
            ("item_link", "javascript:alert(1)", "address of the web"),
            ("item_industries", "zzzz", "zzzz"),
            ("item_text", "", "no text"),
        ] {
            let mut piece = vec![
                ("title", "九月新知"),
                ("item_title", "报价快一倍"),
                ("item_language", "zh-CN"),
                ("item_text", "新版本。"),
                ("item_link", ""),
                ("item_industries", ""),
            ];
            piece
                .iter_mut()
                .find(|(name, _)| *name == field)
                .expect("a field")
                .1 = value;
            let again = marketing.post(&edit, &piece).expect(422).body;
            assert!(again.contains(said), "{field}: {again}");
            assert!(again.contains("报价快一倍"), "what was typed stays");
        }
        marketing.post("/mailings", &[("title", " ")]).expect(422);
    });
}

#[test]
fn an_issue_that_concerns_nobody_says_so_and_is_not_approved() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let id = issue(&marketing, &["A01"]);
        marketing
            .post(&format!("/mailings/{id}/plan"), &[])
            .expect(303);
        app.run_jobs();
        let shown = marketing.get(&format!("/mailings/{id}")).expect(200).body;
        assert!(shown.contains("nobody gets it"), "{shown}");
        assert!(
            !shown.contains(&format!("/mailings/{id}/approve")),
            "{shown}"
        );
        let refused = marketing.api_post(&format!("/mailings/{id}/start"), &json!({}));
        assert_eq!(refused.expect(409).code(), "mailing_nobody");
    });
}

#[test]
fn a_switch_that_does_not_fit_is_told_in_a_sentence() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let id = issue(&marketing, &[]);
        for (switch, fields) in [
            ("resume", vec![]),
            ("start", vec![]),
            ("approve", vec![]),
            ("pause", vec![("reason", "x")]),
        ] {
            let told = marketing
                .post(&format!("/mailings/{id}/{switch}"), &fields)
                .expect(303)
                .told();
            assert!(told.contains("nothing was changed"), "{switch}: {told}");
            assert_eq!(state(&marketing, id), "draft", "{switch}");
        }
        let wrong = [("day", "2026-09-24"), ("from", "11:00"), ("until", "10:00")];
        let told = marketing.post(&format!("/mailings/{id}/schedule"), &wrong);
        let told = told.expect(422).body;
        assert!(told.contains("end before it begins"), "{told}");
        let seen = marketing.api(&format!("/mailings/{id}")).expect(200).json();
        assert!(seen["send_from"].is_null(), "{seen}");
    });
}

#[test]
fn news_is_given_no_moment_outside_of_its_hours() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let id = issue(&marketing, &[]);
        let schedule = |day: &str, from: &str, until: &str| {
            let when = [("day", day), ("from", from), ("until", until)];
            let path = format!("/mailings/{id}/schedule");
            marketing.post(&path, &when)
        };
        // 26 September 2026 is a Saturday, and a holiday.
        for (day, from, until) in [
            ("2026-09-26", "10:00", "17:00"),
            ("2026-09-23", "20:00", "22:00"),
        ] {
            let told = schedule(day, from, until).expect(422).body;
            assert!(told.contains("from 09:30 to 17:00"), "{told}");
        }
        let seen = marketing.api(&format!("/mailings/{id}")).expect(200).json();
        assert!(seen["send_from"].is_null(), "{seen}");
        schedule("2026-09-23", "07:00", "12:00").expect(303);
        let seen = marketing.api(&format!("/mailings/{id}")).expect(200).json();
        assert_eq!(seen["send_from"], "2026-09-23T01:30:00Z", "{seen}");
    });
}

#[test]
fn a_team_sees_its_own_mailings() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let id = issue(&marketing, &[]);
        let manager = app.user("wang", "manager");
        manager.get(&format!("/mailings/{id}")).expect(200);
        let admin = app.user("ou", "admin");
        let north = team(app, &admin, "北方");
        put_into(&admin, &manager, "manager", north);
        manager.get(&format!("/mailings/{id}")).expect(403);
        let list = manager.get("/mailings").expect(200).body;
        assert!(!list.contains(&format!("/mailings/{id}\"")), "{list}");
        marketing.get(&format!("/mailings/{id}")).expect(200);
    });
}

#[test]
fn a_person_and_a_company_show_what_was_sent_and_why_not() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let (machines, inn) = readers(&marketing);
        let id = issue(&marketing, &["C34"]);
        start(&marketing, id);
        put(app, id, DeliveryState::Sent);
        let company = marketing
            .get(&format!("/companies/{machines}"))
            .expect(200)
            .body;
        assert!(
            company.contains("九月新知") && company.contains("Sent"),
            "{company}"
        );
        let company = marketing.get(&format!("/companies/{inn}")).expect(200).body;
        assert!(
            company.contains("九月新知") && company.contains("Left out"),
            "{company}"
        );
        let rows = marketing.api(&format!("/deliveries?mailing={id}&state=sent"));
        let person = rows.expect(200).json()["deliveries"][0]["person"]["id"].clone();
        let history = marketing
            .get(&format!("/persons/{person}/mail"))
            .expect(200)
            .body;
        assert!(
            history.contains("九月新知") && history.contains("reader1@kunyang1.example"),
            "{history}"
        );
        marketing.get("/persons/999999999/mail").expect(404);
        // A manager of another team learns that a letter came, not of which mailing.
        let (admin, manager) = (app.user("ou", "admin"), app.user("wang", "manager"));
        let north = team(app, &admin, "北方");
        put_into(&admin, &manager, "manager", north);
        for page in [
            format!("/persons/{person}/mail"),
            format!("/companies/{machines}"),
        ] {
            let shown = manager.get(&page).expect(200).body;
            assert!(shown.contains("A mailing outside of the team"), "{shown}");
            assert!(!shown.contains("九月新知"), "{shown}");
            assert!(!shown.contains(&format!("\"/mailings/{id}\"")), "{shown}");
        }
    });
}

#[test]
fn the_part_that_is_asked_for_again_ends_with_the_state() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let id = issue(&marketing, &[]);
        start(&marketing, id);
        let part = |seen: &str| {
            let path = format!("/mailings/{id}/progress?seen={seen}");
            marketing.get(&path).expect(200).body
        };
        assert!(part("sending").contains("data-poll"), "{}", part("sending"));
        assert!(
            part("sending").contains("kunyang1.example"),
            "domains are named"
        );
        assert!(
            !part("planned").contains("id=\"run\""),
            "the page is read again"
        );
        let mut states: Vec<MailingState> = MailingState::ALL.to_vec();
        states.retain(|state| state.code() == self::state(&marketing, id));
        assert_eq!(states, [MailingState::Sending]);
    });
}

#[test]
fn an_office_that_has_not_said_who_sends_is_told_so_before_anything_goes() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let id = issue(&marketing, &[]);
        let page = || marketing.get(&format!("/mailings/{id}")).expect(200).body;
        let lacks = "Missing: who signs · the address of the office";
        assert!(page().contains(lacks), "{}", page());
        // Who can enter it is led there; anybody else learns whom to ask.
        let (ask, there) = ("ask an administrator", "/settings/office#sender");
        assert!(
            page().contains(ask) && !page().contains(there),
            "{}",
            page()
        );
        let admin = app.user("ou", "marketing,admin");
        let led = admin.get(&format!("/mailings/{id}")).expect(200).body;
        assert!(led.contains(there) && !led.contains(ask), "{led}");
        let greeting = marketing.get("/greetings?o=mid_autumn.2026-09-25");
        let greeting = greeting.expect(200).body;
        assert!(greeting.contains(lacks), "{greeting}");
        app.write(|conn| {
            let now = clock::now(conn)?;
            let stored = settings::load::<Office>(conn)?;
            let office = Office {
                name: "澄澜软件".into(),
                address: "苏州工业园区星湖街328号".into(),
                ..stored.value
            };
            settings::save(conn, &office, stored.version, None, now).map(|_| ())
        });
        assert!(!page().contains("Missing: "), "{}", page());
    });
}
