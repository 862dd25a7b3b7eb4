//! People who refuse, and people who turn out to be one, while the program sends; and two programs at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use canvass::intake::actions as intake;
use canvass::outreach::rules::link::Link;
use canvass::platform::db::Backend;
use canvass::platform::error::AppResult;
use canvass::platform::mailer::keys;
use canvass::schema::{company, send_claim};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::json;

use super::{Program, end, seed, set_clock, until};
use crate::crash::{Place, Server, each_place};
use crate::intake::{EXPO, List};
use crate::outreach::sending::FIRST;
use crate::outreach::sink::{Sink, Verdict};
use crate::postgres;

/// A server that takes its time until it is hurried, so that something can happen meanwhile.
fn slow(pause: u64) -> (Sink, Arc<AtomicBool>) {
    let hurry = Arc::new(AtomicBool::new(false));
    let is_hurried = hurry.clone();
    let sink = Sink::start(move |_| match is_hurried.load(Ordering::Relaxed) {
        true => Verdict::Take,
        false => Verdict::TakeAfter(Duration::from_millis(pause)),
    });
    (sink, hurry)
}

#[test]
fn whoever_ends_mail_by_link_during_a_run_gets_nothing_more_and_a_scanner_ends_none() {
    each_place(|place| {
        let people = 900;
        place.user("fang", "admin");
        let id = seed(place, people, "greeting", |_| "kehu.example".into());
        let (sink, hurry) = slow(80);
        let program = Program::start(place, Some(&sink));
        until("letters leave", 60, || sink.count() > 5);
        let ring = keys::ring(place.folder.path()).expect("the keys of the program");
        let reader = program.client("");
        let link = |n: usize| {
            let link = Link {
                person_id: FIRST + n as i64,
                mailing_id: Some(id),
            };
            format!("/u/{}", link.token(&ring))
        };
        // A scanner looks at every link of a letter; whoever clicks says so by POST.
        for n in 840..people {
            reader.get(&link(n)).expect(200);
        }
        for n in 850..people {
            let click = [("List-Unsubscribe", "One-Click")];
            reader.post_without_token(&link(n), &click).expect(200);
        }
        hurry.store(true, Ordering::Relaxed);
        program.until_through(id, 120);
        let told = program.states(id);
        assert_eq!(told["withheld"], 50, "{told:?}");
        assert_eq!((told["sent"], sink.count()), (850, 850), "{told:?}");
        let copies = sink.copies();
        for n in 840..people {
            let got = copies.get(&format!("chen{n}@kehu.example")).copied();
            assert_eq!(got, (n < 850).then_some(1), "{n}");
        }
        end(program, place);
    });
}

#[test]
fn a_word_that_is_said_while_a_letter_lies_ready_stops_it() {
    each_place(|place| {
        place.user("fang", "admin");
        // So few that the program has all of them in hand at once.
        let id = seed(place, 60, "greeting", |_| "kehu.example".into());
        let (sink, hurry) = slow(400);
        let program = Program::start(place, Some(&sink));
        until("letters leave", 60, || sink.count() > 0);
        assert_eq!(program.states(id).get("queued"), None, "all are in hand");
        let ring = keys::ring(place.folder.path()).expect("the keys of the program");
        let last = Link {
            person_id: FIRST + 59,
            mailing_id: Some(id),
        };
        let click = [("List-Unsubscribe", "One-Click")];
        let path = format!("/u/{}", last.token(&ring));
        program
            .client("")
            .post_without_token(&path, &click)
            .expect(200);
        until("it is held back", 10, || {
            program.states(id).get("withheld") == Some(&1)
        });
        hurry.store(true, Ordering::Relaxed);
        program.until_through(id, 60);
        assert_eq!(sink.count(), 59);
        assert!(!sink.copies().contains_key("chen59@kehu.example"));
        end(program, place);
    });
}

#[test]
fn two_programs_on_one_database_send_each_letter_once() {
    if !postgres::is_available() {
        eprintln!("SKIPPED: no PostgreSQL");
        return;
    }
    let place = Place::on(Backend::Postgres);
    let people = 2_000;
    let id = seed(&place, people, "greeting", |n| {
        format!("d{}.example", n % 5)
    });
    let (sink, hurry) = slow(30);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let key = format!("1:{}Bwc=", "BwcH".repeat(10));
    let node = |data: &std::path::Path| {
        let start = |place: &Place, variables: &[(&str, &str)]| {
            let mut variables = variables.to_vec();
            variables.push(("CANVASS_LINK_KEY", key.as_str()));
            Server::beside(place, data, &variables)
        };
        Program::of(start, &place, Some(&sink))
    };
    let (here, there) = (node(place.folder.path()), node(elsewhere.path()));
    let workers = || {
        let names = here.db.read_blocking(|conn| {
            AppResult::Ok(
                send_claim::table
                    .select(send_claim::worker)
                    .load::<String>(conn)?,
            )
        });
        names.expect("read").into_iter().collect::<BTreeSet<_>>()
    };
    until("both take a part", 60, || workers().len() == 2);
    hurry.store(true, Ordering::Relaxed);
    here.until_through(id, 120);
    assert_eq!((sink.count(), here.states(id)["sent"]), (people, people));
    sink.nobody_got_two();
    drop(there);
    end(here, &place);
}

/// So many people of one company each, who get their letters first.
const FILLERS: usize = 150;
/// So many people who stand on the list twice, each time at another company.
const TWICE: usize = 5;

/// 10:00 in Shanghai on a day of September 2026.
fn ten_on(day: u32) -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2026, 9, day).expect("a day");
    day.and_hms_opt(2, 0, 0).expect("a time")
}

fn one_name(n: usize) -> String {
    format!("苏州第{}号模具有限公司", 5_000 + n)
}

fn other_name(n: usize) -> String {
    format!("昆山第{}号电气有限公司", 7_000 + n)
}

fn mobile(n: usize) -> String {
    format!("1390512{:04}", 4_107 + n * 13)
}

/// What the fair wrote down: nothing in it says yet who is one person.
fn fair() -> String {
    let filler = |n: usize| {
        let number = 20_017 + n * 7;
        format!("苏州第{n}号机械有限公司,苏州,赵{n},138{number:08},zhao{n}@z{n}.example\n")
    };
    let twice = |n: usize| {
        let (one, other, mobile) = (one_name(n), other_name(n), mobile(n));
        format!(
            "{one},苏州,周海{n},{mobile},one{n}@p{n}.example\n{other},昆山,周海{n},,other{n}@o{n}.example\n"
        )
    };
    let rows: String = (0..FILLERS)
        .map(filler)
        .chain((0..TWICE).map(twice))
        .collect();
    format!("公司,城市,联系人,手机,邮箱\n{rows}")
}

/// A later list has the mobile at the other company as well.
fn later() -> String {
    let row = |n: usize| {
        let (other, mobile) = (other_name(n), mobile(n));
        format!("{other},昆山,周海{n},{mobile},other{n}@o{n}.example\n")
    };
    let rows: String = (0..TWICE).map(row).collect();
    format!("公司,城市,联系人,手机,邮箱\n{rows}")
}

fn import(program: &Program, csv: &str) {
    let list = List {
        source: "昆山展会 2026",
        ..EXPO
    };
    let batch = list.send_to(&program.db, csv);
    until("the list is in", 60, || {
        let state = program
            .db
            .read_blocking(|conn| AppResult::Ok(intake::batch(conn, batch)?.0.state));
        state.expect("read") == "done"
    });
}

fn company_id(program: &Program, name: &str) -> i64 {
    let id = program.db.read_blocking(|conn| {
        let found = company::table.filter(company::name.eq(name));
        AppResult::Ok(found.select(company::id).get_result(conn)?)
    });
    id.expect(name)
}

#[test]
fn people_who_turn_out_to_be_one_after_planning_and_in_mid_run_get_one_letter() {
    each_place(|place| {
        set_clock(place, ten_on(23));
        EXPO.send_to(&place.open(), &fair());
        place.finish();
        let graded = place.open().write_blocking(|conn| {
            let all = diesel::update(company::table);
            AppResult::Ok(all.set(company::grade.eq(Some("B"))).execute(conn)?)
        });
        assert_eq!(graded.expect("graded"), FILLERS + TWICE * 2);
        let token = place.user("gu", "marketing,manager");
        let (sink, hurry) = slow(400);
        let program = Program::start(place, Some(&sink));
        let manager = program.client(&token);
        let new = json!({ "kind": "greeting", "occasion": "mid_autumn" });
        let id = manager.api_post("/mailings", &new).expect(201).json()["id"]
            .as_i64()
            .expect("an id");
        let planned = manager.api_post(&format!("/mailings/{id}/start"), &json!({}));
        let planned = planned.expect(200).json();
        assert_eq!(planned["state"], "scheduled", "{planned}");
        assert_eq!(planned["figures"]["in"], FILLERS + TWICE * 2, "{planned}");
        // Only now it is known that they are the same people.
        import(&program, &later());
        let merge = |n: usize| {
            let one = company_id(&program, &one_name(n));
            let other = company_id(&program, &other_name(n));
            let path = format!("/companies/{one}/merge");
            manager
                .api_post(&path, &json!({ "other": other }))
                .expect(200);
        };
        (0..2).for_each(&merge);
        assert_eq!(sink.count(), 0, "its morning has not come");
        program.advance(TimeDelta::days(1));
        until("letters leave", 60, || sink.count() > 5);
        (2..TWICE).for_each(&merge);
        // Also of those that lie ready one of two is taken off the desk.
        until("one of each two is held back", 20, || {
            program.states(id).get("withheld") == Some(&TWICE)
        });
        hurry.store(true, Ordering::Relaxed);
        program.until_through(id, 180);
        let told = program.states(id);
        assert_eq!(told["withheld"], TWICE, "{told:?}");
        sink.nobody_got_two();
        let copies = sink.copies();
        for n in 0..TWICE {
            let of = |address: String| copies.get(&address).copied().unwrap_or(0);
            let all = of(format!("one{n}@p{n}.example")) + of(format!("other{n}@o{n}.example"));
            assert_eq!(all, 1, "{n}: {copies:?}");
        }
        assert_eq!(sink.count(), FILLERS + TWICE);
        end(program, place);
    });
}
