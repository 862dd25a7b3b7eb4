//! `canvass bench mail`: a mailing of personal letters through ledger, lanes and connections, beside a bare sender to the
//! same server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Report;
use super::mail_floor;
use super::mail_sink::Sink;
use super::measure::{Times, forget_peak, peak_mb, rounded};
use super::scratch::Scratch;
use crate::outreach::jobs::{self, MailSetup};
use crate::platform::clock;
use crate::platform::db::{Conn, Db, Statement};
use crate::platform::error::AppError;
use crate::platform::mailer::{MailConfig, Mailer};

/// Letters where nobody says how many.
pub(super) const ROWS: u64 = 20_000;
/// Fewer say nothing.
pub(super) const FEWEST: u64 = 100;
const CONNECTIONS: u16 = 10;
/// Domains of the receivers: business mail goes to many.
const DOMAINS: i64 = 400;
/// The sender is hopelessly slow, or stands.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) fn run(url: Option<&str>, rows: u64) -> anyhow::Result<Report> {
    let scratch = Scratch::new(url, "mail")?;
    let db = scratch.open()?;
    let letters = usize::try_from(rows)?;
    db.write_blocking(move |conn| fill(conn, rows).map_err(AppError::from))?;
    let sink = Sink::start()?;
    forget_peak();
    let ours = send(&db, &scratch, &sink, letters)?;
    let peak = peak_mb();
    let bytes = sink.mean_bytes();
    let mut times = Times::default();
    sink.take_times()
        .into_iter()
        .for_each(|time| times.add(time));
    let connections = usize::from(CONNECTIONS);
    let (floor, by) = mail_floor::run(sink.port, letters, bytes, connections)?;
    let states = states(&db)?;
    anyhow::ensure!(
        states == [("sent".to_owned(), rows as i64)],
        "not every letter was sent: {states:?}"
    );
    Ok(Report {
        name: "mail".into(),
        rows,
        ours: rounded(ours),
        floor: rounded(floor),
        ratio: rounded(ours / floor),
        unit: "letters/s",
        p50_ms: times.within(0.5),
        p99_ms: times.within(0.99),
        peak_mb: peak,
        notes: vec![
            format!(
                "{}: claims, wire log and outcomes are in the time; the shipped Mid-Autumn letter, {bytes} bytes with its HTML and text, to {DOMAINS} domains",
                scratch.kind()
            ),
            format!(
                "floor: {by}, {connections} connections, letters of the same size, to the same server in this process"
            ),
        ],
        parts: Vec::new(),
    })
}

/// Sends until every outcome is settled; letters a second.
fn send(db: &Db, scratch: &Scratch, sink: &Sink, letters: usize) -> anyhow::Result<f64> {
    let config = MailConfig {
        smtp_url: Some(format!("smtp://127.0.0.1:{}", sink.port)),
        mail_from: Some("Canvass <bench@canvass.example>".into()),
        smtp_connections: CONNECTIONS,
        ..MailConfig::default()
    };
    let setup = MailSetup {
        mailer: Mailer::new(&config, scratch.folder(), None)?,
        data: scratch.folder().to_owned(),
        own_url: "https://canvass.example".into(),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let threads = jobs::start(db, setup, &stop);
    let mut done = Ok(());
    while sent(db)? < letters as i64 {
        std::thread::sleep(Duration::from_millis(20));
        if began.elapsed() > PATIENCE {
            done = Err(anyhow::anyhow!(
                "after {PATIENCE:?} only {} letters were taken",
                sink.letters()
            ));
            break;
        }
    }
    let took = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        let _ = thread.join();
    }
    done.map(|()| letters as f64 / took.as_secs_f64())
}

fn sent(db: &Db) -> anyhow::Result<i64> {
    let n = db.read_blocking(|conn| {
        let sum = Statement::<BigInt>::fixed(
            "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM delivery_figure WHERE state = 'sent'",
        );
        sum.get_result::<i64>(conn).map_err(AppError::from)
    })?;
    Ok(n)
}

fn states(db: &Db) -> anyhow::Result<Vec<(String, i64)>> {
    let states = db.read_blocking(|conn| {
        use diesel::sql_types::Text;
        Statement::<(Text, BigInt)>::fixed("SELECT state, count(*) FROM delivery GROUP BY state")
            .load(conn)
            .map_err(AppError::from)
    })?;
    Ok(states)
}

/// People with a mailbox each, and a greeting on its way to all of them, on a rehearsal clock.
fn fill(conn: &mut Conn, rows: u64) -> QueryResult<()> {
    const PEOPLE: &str = "INSERT INTO person (id, root_id, name, email, refused, winners, created_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) \
         SELECT i, i, '陈立群' || i, 'chen' || i || '@d' || (i % ?) || '.example', 0, '[]', ? FROM n";
    const MAILING: &str = "INSERT INTO mailing (kind, occasion, year, name, letter_code, letter_versions, audience, rule_versions, state, send_from, \
         send_until, created_at, changed_at) VALUES ('greeting', 'mid_autumn', 2026, '中秋2026', 'mid_autumn', '{}', '{\"grades\":[]}', '{}', 'sending', ?, ?, ?, ?)";
    const DELIVERIES: &str = "INSERT INTO delivery (mailing_id, person_id, address, domain, language, state, priority, due_at, until_at, attempts, reason, changed_at) \
         SELECT m.id, p.id, p.email, 'd' || (p.id % ?) || '.example', 'zh-CN', 'queued', 0, m.send_from, m.send_until, 0, '{}', m.created_at FROM person p, mailing m ORDER BY p.id";
    const FIGURES: &str = "INSERT INTO delivery_figure (mailing_id, domain, state, counter, n) \
         SELECT mailing_id, domain, state, 0, count(*) FROM delivery GROUP BY mailing_id, domain, state";
    let begins = clock::parse_instant("2026-09-24T10:00:00+08:00")
        .map_err(|e| diesel::result::Error::QueryBuilderError(e.into()))?;
    clock::set(conn, begins, false)?;
    let ends = begins + chrono::TimeDelta::hours(8);
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    Statement::<()>::fixed(PEOPLE)
        .bind(rows)
        .bind(DOMAINS)
        .bind(begins)
        .execute(conn)?;
    Statement::<()>::fixed(MAILING)
        .bind(begins)
        .bind(ends)
        .bind(begins)
        .bind(begins)
        .execute(conn)?;
    Statement::<()>::fixed(DELIVERIES)
        .bind(DOMAINS)
        .execute(conn)?;
    Statement::<()>::fixed(FIGURES).execute(conn)?;
    Ok(())
}
