//! `canvass bench pages`: first pages through the real server, from the socket to the last byte, one request after the
//! other, over many companies.

use std::path::Path;
use std::time::Instant;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Timestamp};

use super::http::Served;
use super::measure::{Times, forget_peak, peak_mb, rounded};
use super::pages_floor::{self, Floor};
use super::queue::opening;
use super::scratch::Scratch;
use super::synthetic::{Lead, mixed};
use super::{Report, fill, queue};
use crate::accounts::{Actor, Role};
use crate::calling::actions::{claim, rulebook};
use crate::commands::follow::Progress;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::{clock, secret};
use crate::schema::company;

/// Companies unless somebody says otherwise.
pub(super) const ROWS: u64 = 100_000;
/// Enough for every agent to have somebody to call.
pub(super) const FEWEST: u64 = 500;
/// Agents with a call before them.
const AGENTS: usize = 20;
/// Requests of each page that count at most, and before them some that do not: the server has been up for a moment.
const REQUESTS: u64 = 200;
const WARM_UP: u64 = 5;
/// Every page has to be there within this time, in milliseconds, 99 times of 100.
const GATE: f64 = 100.0;

/// A page: its name, who looks at it, which address the nth look has, and its main query.
struct Page {
    name: &'static str,
    who: Who,
    path: fn(n: u64, companies: u64) -> String,
    floor: Floor,
}

enum Who {
    Manager,
    Rep,
    /// One agent after the other.
    Agents,
}

const PAGES: [Page; 14] = [
    Page {
        name: "list",
        who: Who::Manager,
        path: |_, _| "/companies".into(),
        floor: pages_floor::list,
    },
    Page {
        name: "list of an agent",
        who: Who::Agents,
        path: |_, _| "/companies".into(),
        floor: pages_floor::list_of_agent,
    },
    Page {
        name: "list of a rep",
        who: Who::Rep,
        path: |_, _| "/companies".into(),
        floor: pages_floor::list_of_rep,
    },
    Page {
        name: "filter",
        who: Who::Manager,
        path: filter,
        floor: pages_floor::filter,
    },
    Page {
        name: "filter that hardly anybody fits",
        who: Who::Manager,
        path: rare_filter,
        floor: pages_floor::rare_filter,
    },
    Page {
        name: "search",
        who: Who::Manager,
        path: search,
        floor: pages_floor::search,
    },
    Page {
        name: "company",
        who: Who::Manager,
        path: |n, companies| format!("/companies/{}", 1 + mixed(n) % companies),
        floor: pages_floor::company,
    },
    Page {
        name: "call screen",
        who: Who::Agents,
        path: |_, _| "/call".into(),
        floor: pages_floor::call,
    },
    Page {
        name: "today of an agent",
        who: Who::Agents,
        path: |_, _| "/".into(),
        floor: pages_floor::today,
    },
    Page {
        name: "today of a manager",
        who: Who::Manager,
        path: |_, _| "/".into(),
        floor: pages_floor::today,
    },
    Page {
        name: "campaign",
        who: Who::Manager,
        path: |_, _| format!("/campaigns/{}", queue::CAMPAIGN),
        floor: pages_floor::campaign,
    },
    Page {
        name: "campaign, one state",
        who: Who::Manager,
        path: |_, _| format!("/campaigns/{}?state=waiting", queue::CAMPAIGN),
        floor: pages_floor::campaign,
    },
    Page {
        name: "queue of a campaign",
        who: Who::Manager,
        path: |_, _| format!("/campaigns/{}/queue", queue::CAMPAIGN),
        floor: pages_floor::campaign,
    },
    Page {
        name: "campaigns",
        who: Who::Manager,
        path: |_, _| "/campaigns".into(),
        floor: pages_floor::campaign,
    },
];

/// What people narrow a list by, from wide to narrow.
const FILTERS: [&str; 8] = [
    "grade=B",
    "region=320000&industry=C",
    "region=320500&grade=C&grade=D",
    "never_called=1&missing=credit_code&completeness=60",
    "source=3&region=330100",
    "channel=EXPO&size=100-299&state=new",
    "urgency=M3",
    "industry=C35&grade=none&last_touch_before=2026-06-01",
];

fn filter(n: u64, _: u64) -> String {
    format!(
        "/companies?{}",
        FILTERS[(n % FILTERS.len() as u64) as usize]
    )
}

/// Several criteria that no index leads to, and next to nobody who fits them all.
fn rare_filter(n: u64, _: u64) -> String {
    let size = ["<20", "20-99"][(n % 2) as usize].replace('<', "%3C");
    format!("/companies?size={size}&completeness=5&missing=name&channel=DM")
}

/// A part of a name, a whole name, the end of a number, initials.
fn search(n: u64, companies: u64) -> String {
    let lead = Lead::new(1 + mixed(n) % companies, 0);
    let signs: Vec<char> = lead.company.chars().collect();
    let words = match n % 4 {
        0 => signs[2..4].iter().collect(),
        1 => lead.company.clone(),
        2 => lead.mobile[7..].to_owned(),
        _ => crate::registry::rules::pinyin::initials(&signs[2..8].iter().collect::<String>()),
    };
    format!(
        "/companies?q={}",
        percent_encoding::utf8_percent_encode(&words, percent_encoding::NON_ALPHANUMERIC)
    )
}

pub(super) fn run(url: Option<&str>, rows: u64, keep: Option<&Path>) -> anyhow::Result<Report> {
    let scratch = match keep {
        Some(folder) => Scratch::kept(url, "pages", folder)?,
        None => Scratch::new(url, "pages")?,
    };
    let filling = Instant::now();
    let (db, users) = prepared(&scratch, rows)?;
    let filling = filling.elapsed();
    let server = Served::start(&db)?;
    forget_peak();
    let mut parts = Vec::new();
    let mut progress = Progress::new("pages");
    for (at, page) in PAGES.iter().enumerate() {
        parts.push(measure(&db, &server, &users, page, rows)?);
        progress.tell(at as u64 + 1, Some(PAGES.len() as u64));
    }
    progress.end();
    let slowest = parts
        .iter()
        .max_by(|a, b| a.p99_ms.total_cmp(&b.p99_ms))
        .cloned()
        .unwrap_or_default();
    let late: Vec<String> = parts
        .iter()
        .filter(|part| part.p99_ms > GATE)
        .map(|part| part.name.clone())
        .collect();
    let verdict = if late.is_empty() {
        format!("every page is there within {GATE} ms, 99 times of 100")
    } else {
        format!("later than {GATE} ms: {}", late.join(", "))
    };
    let notes = vec![
        format!("{}: {rows} companies, filled in {:.0} s; {} requests a page, one after the other", scratch.kind(), filling.as_secs_f64(), requests(rows)),
        "ours and floor are p99; floor: the main query of the page alone, on a connection that is open already".to_owned(),
        format!("slowest: {}", slowest.name),
        verdict,
    ];
    Ok(Report {
        name: "pages".into(),
        notes,
        parts,
        peak_mb: peak_mb(),
        ..slowest
    })
}

/// How often each page is asked for: a try with few companies ends at once.
fn requests(rows: u64) -> u64 {
    (rows / 50).clamp(20, REQUESTS)
}

/// Who looks, each with a session.
struct Users {
    manager: String,
    rep: (Actor, String),
    agents: Vec<(Actor, String)>,
}

impl Users {
    /// The user of the nth look and the session.
    fn nth(&self, who: &Who, n: u64) -> (i64, &str) {
        match who {
            Who::Manager => (0, &self.manager),
            Who::Rep => (self.rep.0.id(), &self.rep.1),
            Who::Agents => {
                let (agent, cookie) = &self.agents[(n % self.agents.len() as u64) as usize];
                (agent.id(), cookie)
            }
        }
    }
}

fn measure(
    db: &Db,
    server: &Served,
    users: &Users,
    page: &Page,
    rows: u64,
) -> anyhow::Result<Report> {
    let (mut ours, mut floor, mut bytes) = (Times::default(), Times::default(), 0);
    for n in 0..WARM_UP + requests(rows) {
        let (user, cookie) = users.nth(&page.who, n);
        let path = (page.path)(n, rows);
        let began = Instant::now();
        bytes = server.get(&path, cookie)?;
        let took = began.elapsed();
        let began = Instant::now();
        let look = pages_floor::Look {
            user,
            n,
            companies: rows,
        };
        db.read_blocking(|conn| (page.floor)(conn, &look).map_err(AppError::from))?;
        if n >= WARM_UP {
            ours.add(took);
            floor.add(began.elapsed());
        }
    }
    let (p99, bare) = (ours.within(0.99), floor.within(0.99));
    Ok(Report {
        name: page.name.into(),
        rows,
        ours: p99,
        floor: bare,
        ratio: if p99 > 0.0 { rounded(bare / p99) } else { 0.0 },
        unit: "ms",
        p50_ms: ours.within(0.5),
        p99_ms: p99,
        peak_mb: peak_mb(),
        notes: vec![format!("{bytes} bytes; floor p50 {} ms", floor.within(0.5))],
        parts: Vec::new(),
    })
}

/// Companies, a fifth of them in the queue of one campaign, calls of a month, and people at work. What is there already
/// is taken as it is.
fn prepared(scratch: &Scratch, rows: u64) -> anyhow::Result<(Db, Users)> {
    let known = company_count(&scratch.open()?)?;
    if known == 0 {
        fill::companies(scratch, rows, opening())?;
    }
    anyhow::ensure!(
        known == 0 || known == rows,
        "the database that was kept holds {known} companies"
    );
    let db = scratch.open()?;
    let users = db.write_blocking(move |conn| {
        let now = opening();
        clock::set(conn, now, false)?;
        let agents = queue::users(conn, Role::Agent, AGENTS, now)?;
        let rep = queue::users(conn, Role::Rep, 1, now)?.remove(0);
        let manager = queue::users(conn, Role::Manager, 1, now)?.remove(0);
        if known == 0 {
            at_work(conn, rows, &agents, rep.id())?;
        }
        let mut signed_in = Vec::new();
        for agent in agents {
            let cookie = session(conn, agent.id())?;
            signed_in.push((agent, cookie));
        }
        Ok::<_, AppError>(Users {
            manager: session(conn, manager.id())?,
            rep: (rep.clone(), session(conn, rep.id())?),
            agents: signed_in,
        })
    })?;
    for (agent, _) in &users.agents {
        let agent = agent.clone();
        db.write_blocking(move |conn| {
            let (now, rules) = (clock::now(conn)?, rulebook(conn)?);
            claim(conn, now, &agent, queue::CAMPAIGN, &rules).map(|_| ())
        })?;
    }
    queue::refresh_statistics(&mut scratch.connect()?)?;
    Ok((db, users))
}

fn company_count(db: &Db) -> AppResult<u64> {
    let n: i64 = db.read_blocking(|conn| {
        company::table
            .count()
            .get_result(conn)
            .map_err(AppError::from)
    })?;
    Ok(n.unsigned_abs())
}

/// A campaign with its queue, calls, and what the rep owns.
fn at_work(conn: &mut Conn, rows: u64, agents: &[Actor], rep: i64) -> AppResult<()> {
    let now = opening();
    let campaign = queue::campaign(conn, now)?;
    let state = "CASE id % 10 WHEN 0 THEN 'waiting' WHEN 1 THEN 'done' WHEN 2 THEN 'exhausted' ELSE 'ready' END";
    queue::put(conn, campaign, rows / 5, state, now)?;
    calls(conn, agents)?;
    owned(conn, rep)?;
    Ok(())
}

/// Every tenth company was called within the last month, by the agents in turn.
fn calls(conn: &mut Conn, agents: &[Actor]) -> QueryResult<()> {
    const DAYS: i64 = 30;
    // Their ids follow each other: they were made together.
    let first = agents.iter().map(Actor::id).min().unwrap_or_default();
    for day in 0..DAYS {
        let at = opening() - chrono::TimeDelta::days(day) - chrono::TimeDelta::minutes(7);
        diesel::sql_query(
            "INSERT INTO call (campaign_id, company_id, direction, agent_id, dialled_at, ended_at, counts, reached, disposition) \
             SELECT $1, id, 'out', $2 + id / 300 % $3, $4, $5, $6, $7, 'no_answer' FROM company WHERE id % 300 = $8",
        )
        .bind::<BigInt, _>(queue::CAMPAIGN)
        .bind::<BigInt, _>(first)
        .bind::<BigInt, _>(agents.len() as i64)
        .bind::<Timestamp, _>(at)
        .bind::<Timestamp, _>(at)
        .bind::<Bool, _>(true)
        .bind::<Bool, _>(false)
        .bind::<BigInt, _>(10 * day)
        .execute(conn)?;
    }
    Ok(())
}

/// One of five hundred companies is the rep's.
fn owned(conn: &mut Conn, rep: i64) -> QueryResult<usize> {
    diesel::sql_query("UPDATE company SET owner_id = $1, state = 'owned' WHERE id % 500 = 8")
        .bind::<BigInt, _>(rep)
        .execute(conn)
}

/// A session as the log-in opens it. Answers the cookie.
fn session(conn: &mut Conn, user: i64) -> AppResult<String> {
    use crate::schema::session;
    let (cookie, now) = (secret::random_token(), opening());
    diesel::insert_into(session::table)
        .values((
            session::token_hash.eq(secret::hash(&cookie)),
            session::user_id.eq(user),
            session::auth_epoch.eq(0),
            session::csrf.eq(secret::random_token()),
            session::created_at.eq(now),
            session::seen_at.eq(now),
            session::expires_at.eq(now + chrono::TimeDelta::days(400)),
        ))
        .execute(conn)?;
    Ok(cookie)
}
