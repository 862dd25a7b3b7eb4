//! Letters to a server that answers by rule: nobody gets two, and what can arrive arrives.

mod answers;
mod checks;
mod crash;
mod hours;
pub mod lanes;
mod ledger;
mod letters;
mod people;
mod restored;
mod turns;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use canvass::outreach::jobs::{self, MailSetup};
use canvass::platform::db::{Conn, Db};
use canvass::platform::error::AppResult;
use canvass::platform::mailer::{MailConfig, Mailer};
use canvass::schema::{delivery, delivery_figure, mailing, person};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::sink::Sink;
use crate::app::TestApp;

/// Ids of the people of these tests begin here.
pub const FIRST: i64 = 100_000;

/// How mail of a test leaves.
fn mailer(data: &Path, sink: Option<&Sink>) -> Mailer {
    let config = MailConfig {
        smtp_url: sink.map(Sink::url),
        mail_from: Some("澄澜软件 <hello@chenglan.example>".into()),
        smtp_connections: 10,
        ..MailConfig::default()
    };
    Mailer::new(&config, data, None).expect("a mailer")
}

/// A sender in this process, until it is dropped.
struct Running {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Running {
    fn on(db: &Db, data: &Path, sink: Option<&Sink>) -> Self {
        let setup = MailSetup {
            mailer: mailer(data, sink),
            data: data.to_owned(),
            own_url: "https://canvass.example".into(),
        };
        let stop = Arc::new(AtomicBool::new(false));
        let threads = jobs::start(db, setup, &stop);
        Self { stop, threads }
    }

    fn of(app: &TestApp, sink: &Sink) -> Self {
        Self::on(&app.db, app.folder.path(), Some(sink))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// So many people, and a mailing on its way to them all; the domain of each by number.
pub fn mail_to(
    conn: &mut Conn,
    now: NaiveDateTime,
    people: usize,
    kind: &str,
    domain: impl Fn(usize) -> String,
) -> AppResult<i64> {
    let already: i64 = person::table
        .filter(person::id.ge(FIRST))
        .count()
        .get_result(conn)?;
    for n in already as usize..people {
        let id = FIRST + n as i64;
        diesel::insert_into(person::table)
            .values((
                person::id.eq(id),
                person::root_id.eq(id),
                person::name.eq(format!("陈静{n}")),
                person::email.eq(format!("chen{n}@{}", domain(n))),
                person::refused.eq(0),
                person::winners.eq("[]"),
                person::created_at.eq(now),
            ))
            .execute(conn)?;
    }
    let id = new_mailing(conn, now, kind)?;
    let mut figures: BTreeMap<String, i64> = BTreeMap::new();
    for n in 0..people {
        let domain = domain(n);
        diesel::insert_into(delivery::table)
            .values((
                delivery::mailing_id.eq(id),
                delivery::person_id.eq(FIRST + n as i64),
                delivery::address.eq(format!("chen{n}@{domain}")),
                delivery::domain.eq(&domain),
                delivery::language.eq("zh-CN"),
                delivery::state.eq("queued"),
                delivery::priority.eq(0),
                delivery::due_at.eq(now),
                delivery::until_at.eq(now + TimeDelta::hours(20)),
                delivery::reason.eq(r#"{"code":"in"}"#),
                delivery::attempts.eq(0),
                delivery::changed_at.eq(now),
            ))
            .execute(conn)?;
        *figures.entry(domain).or_default() += 1;
    }
    for (domain, n) in figures {
        diesel::insert_into(delivery_figure::table)
            .values((
                delivery_figure::mailing_id.eq(id),
                delivery_figure::domain.eq(domain),
                delivery_figure::state.eq("queued"),
                delivery_figure::counter.eq(0),
                delivery_figure::n.eq(n),
            ))
            .execute(conn)?;
    }
    Ok(id)
}

fn new_mailing(conn: &mut Conn, now: NaiveDateTime, kind: &str) -> AppResult<i64> {
    let is_greeting = kind == "greeting";
    Ok(diesel::insert_into(mailing::table)
        .values((
            mailing::kind.eq(kind),
            mailing::occasion.eq(is_greeting.then_some("mid_autumn")),
            mailing::year.eq(is_greeting.then_some(2026)),
            mailing::occasion_on.eq(is_greeting.then(|| now.date())),
            mailing::name.eq("中秋2026"),
            mailing::letter_code.eq("mid_autumn"),
            mailing::letter_versions.eq("{}"),
            mailing::audience.eq(r#"{"grades":[]}"#),
            mailing::rule_versions.eq("{}"),
            mailing::state.eq("sending"),
            mailing::send_from.eq(now),
            mailing::send_until.eq(now + TimeDelta::hours(20)),
            mailing::created_at.eq(now),
            mailing::changed_at.eq(now),
            mailing::started_at.eq(now),
        ))
        .returning(mailing::id)
        .get_result(conn)?)
}

/// The same on the database of an application.
fn start_mailing(
    app: &TestApp,
    people: usize,
    kind: &'static str,
    domain: impl Fn(usize) -> String + Send + 'static,
) -> i64 {
    let now = app.now();
    app.write(move |conn| mail_to(conn, now, people, kind, domain))
}

/// One domain for everybody.
fn one_domain(_: usize) -> String {
    "kehu.example".into()
}

/// Deliveries of a mailing by state.
pub fn states(db: &Db, mailing_id: i64) -> BTreeMap<String, usize> {
    let read = db.read_blocking(|conn| {
        let all: Vec<String> = delivery::table
            .filter(delivery::mailing_id.eq(mailing_id))
            .select(delivery::state)
            .load(conn)?;
        AppResult::Ok(all)
    });
    let mut states = BTreeMap::new();
    for state in read.expect("read") {
        *states.entry(state).or_default() += 1;
    }
    states
}

pub fn mailing_state(db: &Db, id: i64) -> String {
    let read = db.read_blocking(|conn| {
        let state = mailing::table.find(id).select(mailing::state);
        AppResult::Ok(state.get_result(conn)?)
    });
    read.expect("read")
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, patience: u64, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(patience), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until nothing is in hand and nobody waits whose moment has come.
#[track_caller]
fn until_quiet(app: &TestApp, mailing_id: i64, patience: u64) {
    until("letters are still under way", patience, || {
        let now = app.now();
        app.read(|conn| {
            let busy: i64 = delivery::table
                .filter(delivery::mailing_id.eq(mailing_id))
                .filter(
                    delivery::state
                        .eq("claimed")
                        .or(delivery::state.eq("queued").and(delivery::due_at.le(now))),
                )
                .count()
                .get_result(conn)?;
            Ok(busy == 0)
        })
    });
}

/// Every invariant of the ledger holds.
#[track_caller]
fn ledger_holds(app: &TestApp) {
    crate::check::hold(app, canvass::outreach::checks::INVARIANTS);
}
