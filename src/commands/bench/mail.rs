//! `canvass bench mail`: a mailing of personal letters through ledger, lanes and connections, beside a bare sender to the
//! same server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Report;
use super::fill;
use super::mail_floor;
use super::mail_server::Server;
use super::mail_sink::Sink;
use super::measure::{forget_peak, peak_mb, rounded};
use super::queue::{self, opening};
use super::scratch::Scratch;
use super::shares;
use crate::accounts::Actor;
use crate::commands::follow::run_to_its_end;
use crate::outreach::actions::letters::{self, LetterText};
use crate::outreach::actions::mailings;
use crate::outreach::jobs::{self, MailSetup};
use crate::outreach::model::{Audience, MailingInput, MailingKind, OccasionDay, Window};
use crate::platform::clock;
use crate::platform::db::{Conn, Db, Statement, in_transaction};
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::mailer::{MailConfig, Mailer};
use crate::qualifying::Grade;

/// People where nobody says how many.
pub(super) const ROWS: u64 = 50_000;
/// Fewer say nothing.
pub(super) const FEWEST: u64 = 100;
const CONNECTIONS: u16 = 10;
/// One letter of so many warms everything up, where there are enough.
const WARM_UP: usize = 50;
const FEW: usize = 10_000;
/// Domains of the receivers: business mail goes to many.
const DOMAINS: u64 = 400;
/// The sender is hopelessly slow, or stands.
const PATIENCE: Duration = Duration::from_secs(600);
/// The day that is greeted, and the morning on which its letters leave.
const FESTIVAL: (i32, u32, u32) = (2026, 9, 25);
const MORNING: &str = "2026-09-24T10:00:00+08:00";
/// A letter as people write them: a salutation, some sentences, and below them who writes and how to be left alone.
const SUBJECT: &str = "{{ company }}的{{ salutation }}，中秋快乐";
const LETTER: &str = "<mj-section><mj-column><mj-text>\n<p>{{ salutation }}：</p>\n<p>中秋将至，{{ office }}全体同事祝您和家人团圆安康，月圆人圆，事事圆满。</p>\n\
<p>感谢{{ company }}一直以来的信任。</p>\n</mj-text></mj-column></mj-section>";

pub(super) fn run(url: Option<&str>, rows: u64) -> anyhow::Result<Report> {
    let scratch = Scratch::new(url, "mail")?;
    drop(scratch.open()?);
    // Three of ten companies have two people.
    fill::companies_at(&scratch, rows.div_ceil(13) * 10, opening(), DOMAINS)?;
    let db = scratch.open()?;
    let mailing = db.write_blocking(prepare)?;
    queue::refresh_statistics(&mut scratch.connect()?)?;
    let (plan, letters) = plan(&db, mailing)?;
    let setup = |port: u16| setup(&scratch, port);
    let sink = Sink::start()?;
    // The first letters say how large they are, and nothing of them counts. A few are over before that.
    let first = match letters {
        0..FEW => 0,
        _ => send(&db, setup(sink.port)?, letters / WARM_UP)?.0,
    };
    let postfix = match first {
        0 => None,
        _ => Server::postfix()?,
    };
    let server = postfix.unwrap_or_else(|| Server::own(&sink));
    forget_peak();
    shares::taken();
    let (all, took) = send(&db, setup(server.port)?, letters)?;
    let peak = peak_mb();
    let times = shares::taken().remove("letter").unwrap_or_default();
    let (letters, bytes) = (all - first, sink.mean_bytes());
    let ours = letters as f64 / took.as_secs_f64();
    let (floor, by) = mail_floor::run(server.port, letters, bytes, usize::from(CONNECTIONS))?;
    Ok(Report {
        name: "mail".into(),
        rows: letters as u64,
        ours: rounded(ours),
        floor: rounded(floor),
        ratio: rounded(ours / floor),
        unit: "letters/s",
        p50_ms: times.within(0.5),
        p99_ms: times.within(0.99),
        peak_mb: peak,
        notes: vec![
            format!(
                "{}: claims, wire log and outcomes are in the time; letters of {bytes} bytes with HTML and text, to {DOMAINS} domains",
                scratch.kind()
            ),
            format!(
                "floor: {by}, {CONNECTIONS} connections, letters of the same size; both send to {}",
                server.name
            ),
        ],
        parts: vec![plan],
    })
}

/// Everybody has a grade, the office a name, and a greeting in short words waits to be planned.
fn prepare(conn: &mut Conn) -> AppResult<i64> {
    let now = clock::parse_instant(MORNING).map_err(anyhow::Error::msg)?;
    clock::set(conn, now, false)?;
    Statement::<()>::fixed(
        "UPDATE company SET grade = CASE id % 3 WHEN 0 THEN 'B' WHEN 1 THEN 'C' ELSE 'D' END, grade_at = ?",
    )
    .bind(now)
    .execute(conn)?;
    let actor = Actor::system();
    let (year, month, day) = FESTIVAL;
    let on = NaiveDate::from_ymd_opt(year, month, day).context("a day")?;
    let input = MailingInput {
        kind: MailingKind::Greeting,
        occasion: Some(OccasionDay {
            code: "mid_autumn".into(),
            year,
            on,
        }),
        issue_id: None,
        team_id: None,
        name: "中秋2026".into(),
        letter_code: "mid_autumn".into(),
        audience: Audience {
            grades: vec![Grade::B, Grade::C, Grade::D],
            ..Audience::default()
        },
        window: Some(Window {
            from: now,
            until: now + TimeDelta::hours(8),
        }),
        approve_by: None,
    };
    let letter = letters::newest(conn, "mid_autumn", Lang::Zh)?;
    let short = LetterText {
        subject: SUBJECT.into(),
        source: LETTER.into(),
        ..letter
    };
    letters::save(conn, now, &actor, &short)?;
    mailings::create(conn, now, &actor, &input)
}

/// Decides who gets it, as the program does, and says how many that are; beside the bare rows.
fn plan(db: &Db, mailing: i64) -> anyhow::Result<(Report, usize)> {
    let began = Instant::now();
    let job = db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        mailings::plan_and_approve(conn, now, &Actor::system(), mailing)
    })?;
    run_to_its_end(db, job, "planning")?;
    let took = began.elapsed();
    let (people, letters, floor) = db.write_blocking(bare_plan)?;
    let a_second = |time: Duration| people as f64 / time.as_secs_f64();
    let part = Report {
        name: "plan".into(),
        rows: people.unsigned_abs(),
        ours: rounded(a_second(took)),
        floor: rounded(a_second(floor)),
        ratio: rounded(floor.as_secs_f64() / took.as_secs_f64()),
        unit: "people/s",
        notes: vec![format!(
            "{letters} letters decided with their reasons in {:.1} s; floor: the same rows copied by one statement",
            took.as_secs_f64()
        )],
        ..Report::default()
    };
    Ok((part, usize::try_from(letters)?))
}

/// The floor of a planning: the rows that it wrote, written once more by the database alone and taken back.
fn bare_plan(conn: &mut Conn) -> AppResult<(i64, i64, Duration)> {
    let count = |conn: &mut Conn, text: &'static str| {
        Statement::<BigInt>::fixed(text).get_result::<i64>(conn)
    };
    let people = count(conn, "SELECT count(*) FROM delivery")?;
    let letters = count(conn, "SELECT count(*) FROM delivery WHERE state = 'queued'")?;
    let began = Instant::now();
    let done = in_transaction(conn, |conn| {
        Statement::<()>::fixed(
            "INSERT INTO mailing (kind, name, letter_code, letter_versions, audience, rule_versions, state, created_at, changed_at) \
             SELECT 'news', name, letter_code, letter_versions, audience, rule_versions, 'draft', created_at, changed_at FROM mailing",
        )
        .execute(conn)?;
        Statement::<()>::fixed(
            "INSERT INTO delivery (mailing_id, person_id, company_id, owner_id, address, domain, language, state, priority, due_at, until_at, attempts, reason, changed_at) \
             SELECT (SELECT max(id) FROM mailing), person_id, company_id, owner_id, address, domain, language, state, priority, due_at, until_at, attempts, reason, changed_at FROM delivery",
        )
        .execute(conn)?;
        Err::<(), _>(diesel::result::Error::RollbackTransaction)
    });
    match done {
        Ok(()) | Err(diesel::result::Error::RollbackTransaction) => {
            Ok((people, letters, began.elapsed()))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// A sender as the program has it, to a server on this machine.
fn setup(scratch: &Scratch, port: u16) -> anyhow::Result<MailSetup> {
    let config = MailConfig {
        smtp_url: Some(format!("smtp://127.0.0.1:{port}")),
        mail_from: Some("Canvass <bench@canvass.example>".into()),
        smtp_connections: CONNECTIONS,
        ..MailConfig::default()
    };
    Ok(MailSetup {
        mailer: Mailer::new(&config, scratch.folder(), None)?,
        data: scratch.folder().to_owned(),
        own_url: "https://canvass.example".into(),
    })
}

/// Sends until so many letters are settled: how many they are once the sender stands, and how long it took.
fn send(db: &Db, setup: MailSetup, letters: usize) -> anyhow::Result<(usize, Duration)> {
    let stop = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let threads = jobs::start(db, setup, &stop);
    let mut done = Ok(());
    while sent(db)? < letters {
        std::thread::sleep(Duration::from_millis(20));
        if began.elapsed() > PATIENCE {
            done = Err(anyhow::anyhow!(
                "not all letters were taken in {PATIENCE:?}"
            ));
            break;
        }
    }
    let took = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        let _ = thread.join();
    }
    done?;
    Ok((sent(db)?, took))
}

fn sent(db: &Db) -> anyhow::Result<usize> {
    let n = db.read_blocking(|conn| {
        let sum = Statement::<BigInt>::fixed(
            "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM delivery_figure WHERE state = 'sent'",
        );
        sum.get_result::<i64>(conn).map_err(AppError::from)
    })?;
    Ok(usize::try_from(n)?)
}
