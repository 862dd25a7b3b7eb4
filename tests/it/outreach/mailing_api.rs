//! Mailings by a program: made, looked at, started, held, called off, and read person by person.

use canvass::outreach::model::PauseReason;
use canvass::schema::{delivery, mailing};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::mailings::{issue, issue_with_hours, items, reader, readers, start, start_due, state};
use crate::app::{Client, each_backend, opening};

#[test]
fn a_program_looks_starts_holds_and_calls_off() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let id = issue(&marketing, &[]);
        let path = format!("/mailings/{id}");
        let looked = marketing.api_post(&format!("{path}/preview"), &json!({}));
        let looked = looked.expect(200).json();
        assert_eq!(looked["figures"]["in"], 2, "{looked}");
        assert_eq!(state(&marketing, id), "draft", "looking changes nothing");
        let going = start(&marketing, id);
        assert_eq!(going["state"], "sending", "{going}");
        assert_eq!(going["audience_hash"], looked["audience_hash"]);
        assert_eq!(going["figures"]["in"], 2);
        let held = marketing.api_post(&format!("{path}/pause"), &json!({ "reason": "错字" }));
        assert_eq!(held.expect(200).json()["pause_reason"]["text"], "错字");
        let shown = marketing.get(&path).expect(200).body;
        assert!(shown.contains("错字"), "{shown}");
        assert_eq!(start(&marketing, id)["state"], "sending", "it goes on");
        let off = marketing.api_post(&format!("{path}/cancel"), &json!({}));
        assert_eq!(off.expect(200).json()["state"], "cancelled");
        let refused = marketing.api_post(&format!("{path}/start"), &json!({}));
        assert_eq!(refused.expect(409).code(), "mailing_state");
    });
}

#[test]
fn the_same_key_makes_one_mailing() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let new = json!({ "kind": "news", "items": items(&[]) });
        let first = marketing.api_post_once("/mailings", "k1", &new).expect(201);
        let again = marketing.api_post_once("/mailings", "k1", &new).expect(201);
        assert_eq!(first.json()["id"], again.json()["id"]);
        assert_eq!(
            first.json()["name"],
            "报价快一倍",
            "the first piece names it"
        );
    });
}

#[test]
fn deliveries_are_read_page_by_page_with_their_reasons() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        reader(&marketing, "苏州恒远物流有限公司", "G59", "E", 3);
        let id = issue(&marketing, &[]);
        start(&marketing, id);
        let mut seen = Vec::new();
        let mut cursor = 0;
        loop {
            let path = format!("/deliveries?mailing={id}&limit=2&cursor={cursor}");
            let page = marketing.api(&path).expect(200).json();
            let rows = page["deliveries"].as_array().expect("rows").clone();
            seen.extend(rows);
            match page["next_cursor"].as_i64() {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!(seen.len(), 3, "{seen:?}");
        let out: Vec<&Value> = seen.iter().filter(|d| d["state"] == "left_out").collect();
        assert_eq!(out.len(), 1);
        assert_eq!(out[0]["reason"]["code"], "other_grade");
        assert!(
            out[0]["why"].as_str().is_some_and(|why| why.len() > 5),
            "{out:?}"
        );
        let one = marketing.api(&format!("/deliveries?mailing={id}&state=left_out"));
        assert_eq!(
            one.expect(200).json()["deliveries"]
                .as_array()
                .map(Vec::len),
            Some(1)
        );
        marketing.api("/deliveries").expect(422);
        marketing
            .api(&format!("/deliveries?mailing={id}&state=nowhere"))
            .expect(422);
    });
}

#[test]
fn whoever_sees_no_numbers_reads_no_mailbox_by_a_program_or_in_an_answer() {
    each_backend(|app| {
        let maker = app.user("shen", "marketing,manager");
        reader(&maker, "苏州坤洋机械有限公司", "C34", "B", 1);
        let id = issue(&maker, &[]);
        start(&maker, id);
        app.write(move |conn| {
            let said = "421 <reader1@kunyang1.example> later";
            let slower = json!({ "code": "slower", "text": said }).to_string();
            diesel::update(delivery::table.filter(delivery::mailing_id.eq(id)))
                .set((delivery::reason.eq(&slower), delivery::smtp_text.eq(said)))
                .execute(conn)?;
            let held = PauseReason::ServerRefuses {
                answer: said.to_owned(),
            };
            diesel::update(mailing::table.find(id))
                .set((
                    mailing::state.eq("paused"),
                    mailing::pause_reason.eq(serde_json::to_string(&held)?),
                ))
                .execute(conn)?;
            Ok(())
        });
        let seen = |client: &Client| {
            let told = client.api(&format!("/deliveries?mailing={id}"));
            let page = client.get(&format!("/mailings/{id}")).expect(200).body;
            (told.expect(200).json()["deliveries"][0].clone(), page)
        };
        let whole = "reader1@kunyang1.example";
        let (told, page) = seen(&app.user("qin", "marketing"));
        assert_eq!(told["address"], "r***@kunyang1.example");
        assert_eq!(told["reason"]["text"], "421 <r***@kunyang1.example> later");
        assert!(!told.to_string().contains(whole), "{told}");
        assert!(page.contains("r***@kunyang1.example"), "{page}");
        assert!(!page.contains(whole), "{page}");
        let (told, page) = seen(&maker);
        assert_eq!(told["address"], whole);
        assert!(page.contains(whole), "{page}");
    });
}

#[test]
fn a_reason_is_found_wherever_its_code_stands() {
    each_backend(|app| {
        let maker = app.user("shen", "marketing,manager");
        readers(&maker);
        let id = issue(&maker, &[]);
        start(&maker, id);
        let found = |reason: &str| {
            let told = maker.api(&format!("/deliveries?mailing={id}&reason={reason}"));
            let told = told.expect(200).json();
            told["deliveries"].as_array().map_or(0, Vec::len)
        };
        assert_eq!(found("in"), 2);
        let one: i64 = app.read(|conn| {
            let of = delivery::table.filter(delivery::mailing_id.eq(id));
            Ok(of.select(delivery::id).order(delivery::id).first(conn)?)
        });
        let put = |reason: Value| {
            app.write(move |conn| {
                diesel::update(delivery::table.find(one))
                    .set(delivery::reason.eq(Some(reason.to_string())))
                    .execute(conn)?;
                Ok(())
            });
        };
        put(json!({ "code": "refused_by_server", "answer": "550 no such user" }));
        assert_eq!((found("refused_by_server"), found("in")), (1, 1));
        put(json!({ "code": "owner_declined", "owner_id": 7, "was": { "code": "in" } }));
        assert_eq!((found("owner_declined"), found("in")), (1, 1));
    });
}

#[test]
fn what_has_a_moment_waits_for_it() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let id = issue_with_hours(&marketing);
        assert_eq!(start(&marketing, id)["state"], "scheduled");
        assert!(start_due(app).is_empty());
        // A later moment takes the letters along.
        let later = [("day", "2026-09-24"), ("from", "14:00"), ("until", "15:00")];
        marketing
            .post(&format!("/mailings/{id}/schedule"), &later)
            .expect(303);
        let deliveries = marketing.api(&format!("/deliveries?mailing={id}&state=queued"));
        let first = deliveries.expect(200).json()["deliveries"][0].clone();
        assert_eq!(first["due_at"], "2026-09-24T06:00:00Z", "{first}");
        app.advance(TimeDelta::hours(28));
        assert!(start_due(app).is_empty());
        app.advance(TimeDelta::hours(25));
        assert_eq!(start_due(app), [id]);
        assert_eq!(state(&marketing, id), "sending");
    });
}

#[test]
fn a_wish_to_start_that_is_told_again_does_not_approve_what_was_decided_anew_since() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let id = issue_with_hours(&marketing);
        let wish = || {
            let path = format!("/mailings/{id}/start");
            let told = marketing.api_post_once(&path, "a-wish", &json!({}));
            told.expect(200).json()["state"].clone()
        };
        assert_eq!(wish(), "scheduled");
        assert_eq!(wish(), "scheduled");
        marketing
            .post(&format!("/mailings/{id}/plan"), &[])
            .expect(303);
        app.run_jobs();
        assert_eq!(wish(), "planned", "somebody looks first");
    });
}

#[test]
fn a_greeting_that_is_given_a_moment_goes_then_and_still_does_when_it_is_decided_anew() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let greet = |occasion: &str, when: Value| {
            let new = json!({ "kind": "greeting", "occasion": occasion, "when": when });
            marketing.api_post("/mailings", &new)
        };
        // Without an end it has as long as on its own morning.
        let made = greet("mid_autumn", json!("2026-09-24T06:00:00Z"));
        let made = made.expect(201).json();
        assert_eq!(made["send_until"], "2026-09-24T07:30:00Z", "{made}");
        let id = made["id"].as_i64().expect("an id");
        let windows = || -> Vec<(String, String)> {
            let found = marketing.api(&format!("/deliveries?mailing={id}&state=queued"));
            let found = found.expect(200).json();
            let at = |delivery: &Value| {
                let id = delivery["id"].as_i64().expect("an id");
                let until: Option<NaiveDateTime> = app.read(|conn| {
                    let until = delivery::table.find(id).select(delivery::until_at);
                    Ok(until.get_result(conn)?)
                });
                let until = until.expect("an end").to_string();
                (delivery["due_at"].to_string(), until)
            };
            found["deliveries"]
                .as_array()
                .expect("deliveries")
                .iter()
                .map(at)
                .collect()
        };
        let moved = (
            "\"2026-09-24T06:00:00Z\"".to_owned(),
            "2026-09-24 07:30:00".to_owned(),
        );
        for _ in 0..2 {
            assert_eq!(start(&marketing, id)["state"], "scheduled");
            let found = windows();
            let all_moved = found.iter().all(|one| *one == moved);
            assert!(!found.is_empty() && all_moved, "{found:?}");
            marketing
                .post(&format!("/mailings/{id}/plan"), &[])
                .expect(303);
        }
        // After its day nobody is greeted.
        let late = greet("mid_autumn", json!("2026-09-28T02:00:00Z"));
        assert_eq!(late.expect(409).code(), "greeting_moment_passed");
        // The calendar tells that moment, and the page still lets it go behind the usual morning.
        let told = marketing.api("/greetings/calendar?from=2026-09-20&to=2026-09-30");
        let told = told.expect(200).json();
        let mut all = told["greetings"].as_array().expect("a list").iter();
        let told = all.find(|one| one["occasion"] == "mid_autumn");
        assert_eq!(
            told.expect("it is there")["send_from"],
            "2026-09-24T06:00:00Z"
        );
        app.run_jobs();
        app.set_now(opening() + TimeDelta::hours(51));
        let page = "/greetings?o=mid_autumn.2026-09-25&lang=zh-CN";
        let page = marketing.get(page).expect(200).body;
        assert!(page.contains("9月24日 周四 14:00寄出"), "{page}");
        assert!(page.contains("批准寄出"), "{page}");
        // Its hours are over: the next one is a year ahead, and nobody means that one.
        let year_early = greet("mid_autumn", json!("2026-09-28T02:00:00Z"));
        assert_eq!(year_early.expect(422).code(), "greeting_moment_early");
    });
}

#[test]
fn a_program_gives_news_no_moment_outside_of_its_hours() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let make = |from: &str, until: &str| {
            let when = json!({ "from": from, "until": until });
            let new = json!({ "kind": "news", "items": items(&[]), "when": when });
            marketing.api_post("/mailings", &new)
        };
        // 26 September 2026 is a Saturday, and a holiday.
        let closed = make("2026-09-26T02:00:00Z", "2026-09-26T09:00:00Z");
        assert_eq!(closed.expect(422).code(), "mailing_moment_closed");
        let early = make("2026-09-22T23:00:00Z", "2026-09-23T04:00:00Z");
        let early = early.expect(201).json();
        assert_eq!(early["send_from"], "2026-09-23T01:30:00Z", "{early}");
    });
}

#[test]
fn a_moment_with_a_slip_in_its_year_is_refused() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let refused = |new: Value| {
            let answer = marketing.api_post("/mailings", &new).expect(422);
            let problem = answer.json();
            assert_eq!(answer.code(), "mailing_moment_far", "{problem}");
            assert_eq!(problem["days"], "400", "{problem}");
        };
        let greet = json!({ "kind": "greeting", "occasion": "mid_autumn" });
        let news = json!({ "kind": "news", "items": items(&[]) });
        // A day in another century, an end that never comes, and both of them for a greeting.
        let far = json!("2126-09-24T02:00:00Z");
        let endless = json!({ "from": "2026-09-23T02:00:00Z", "until": "2126-09-24T02:00:00Z" });
        for new in [news, greet] {
            for when in [&far, &endless] {
                let mut new = new.clone();
                new["when"] = when.clone();
                refused(new);
            }
        }
        refused(json!({ "kind": "greeting", "occasion": "national_day", "on": "2125-10-01" }));
        let made = marketing.api_post("/mailings", &json!({ "kind": "news", "items": items(&[]) }));
        let id = made.expect(201).json()["id"].as_i64().expect("an id");
        let slip = [("day", "2126-09-24"), ("from", "10:00"), ("until", "11:00")];
        let told = marketing.post(&format!("/mailings/{id}/schedule"), &slip);
        let told = told.expect(422).body;
        // What was typed stands in the form again.
        for text in ["more than 400 days ahead", r#"value="2126-09-24""#] {
            assert!(told.contains(text), "{text}: {told}");
        }
    });
}

#[test]
fn news_without_pieces_is_what_its_letter_says() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let make = || {
            let new = json!({ "kind": "news", "template": "news" });
            let made = marketing.api_post("/mailings", &new).expect(201).json();
            made["id"].as_i64().expect("an id")
        };
        // The shipped letter prints pieces: without one it is for nobody, and says so.
        let bare = make();
        let looked = marketing.api_post(&format!("/mailings/{bare}/preview"), &json!({}));
        let looked = looked.expect(200).json();
        assert_eq!(looked["figures"]["left_out"]["no_item"], 2, "{looked}");
        for lang in ["zh-CN", "en"] {
            let letter = [
                ("in", lang),
                ("version", "0"),
                ("name", "搬家通知"),
                ("subject", "我们搬家了"),
                ("source", "{{ salutation }}：\n\n我们搬到星湖街了。"),
            ];
            marketing.post("/letters/news", &letter).expect(303);
        }
        let going = start(&marketing, make());
        assert_eq!(going["state"], "sending", "{going}");
        assert_eq!(going["figures"]["in"], 2, "{going}");
    });
}

#[test]
fn an_audience_is_narrowed_beside_its_grades_and_never_widened_by_a_slip() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let make = |audience: Value| {
            let new = json!({ "kind": "news", "items": items(&[]), "audience": audience });
            marketing.api_post("/mailings", &new)
        };
        let looked = |audience: Value| {
            let id = make(audience).expect(201).json()["id"].clone();
            let looked = marketing.api_post(&format!("/mailings/{id}/preview"), &json!({}));
            looked.expect(200).json()["figures"]["in"].clone()
        };
        assert_eq!(looked(json!({})), 2, "the usual grades");
        assert_eq!(looked(json!({ "grades": ["C"] })), 1);
        let beside = json!({ "grades": ["B", "C"], "industry": ["C"] });
        assert_eq!(looked(beside), 1);
        let within = json!({ "grades": ["B", "C"], "filter": { "industry": ["H"] } });
        assert_eq!(looked(within), 1);
        let slip = make(json!({ "grades": ["B", "C"], "industries": ["C"] }));
        assert_eq!(slip.expect(400).code(), "json_unreadable");
        assert_eq!(
            make(json!({ "grades": [] })).expect(422).code(),
            "mailing_needs_grades"
        );
    });
}
