//! How a mailing goes at this moment: figures, speed, domains. A part of its page that is asked for again and again.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::shown::{Counts, mailboxes_in, reason, sees_mailboxes};
use crate::accounts::{SignedIn, Verb};
use crate::outreach::actions::{ledger, mailings};
use crate::outreach::model::{DeliveryState, Mailing, MailingState, PauseReason};
use crate::outreach::queries::{self, LaneLine};
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::jobs;
use crate::platform::page::{PageContext, html};

/// Domains that are named at most; the others are summed up.
const DOMAINS: usize = 20;
/// Letters that wait up to which it is told when the next one goes: all of them are read for it.
const LOOKED_AT: i64 = 20_000;
/// Milliseconds until it is asked for again: while it goes out, and while it waits.
const SOON: u32 = 1_000;
const LATER: u32 = 5_000;

/// What goes on.
pub(super) struct Live {
    pub id: i64,
    pub state: &'static str,
    /// Milliseconds until it is asked for again; none where nothing moves.
    pub every: Option<u32>,
    pub headline: String,
    pub speed: String,
    /// Settled, and everybody; none while nobody knows how many there are.
    pub progress: Option<(i64, i64)>,
    pub tiles: Vec<Tile>,
    pub domains: Vec<DomainRow>,
    /// Why it is held.
    pub held: String,
    /// Why no letter of any mailing leaves.
    pub trouble: String,
    /// Letters whose fate somebody has to look at.
    pub unknown: i64,
}

/// A figure that leads to those whom it counts.
pub(super) struct Tile {
    pub label: String,
    pub value: String,
    pub href: String,
    pub kind: &'static str,
}

/// One domain, or all others together under no name: where its letters stand, and how fast it takes them.
#[derive(Default)]
pub(super) struct DomainRow {
    pub domain: String,
    pub sent: i64,
    pub waiting: i64,
    pub deferred: i64,
    pub failed: i64,
    pub unknown: i64,
    /// Held back, or called off.
    pub dropped: i64,
    pub lane: String,
    pub lane_kind: &'static str,
    /// Minutes until all that wait are through, where the domain sets the pace.
    pub minutes: i64,
}

/// Reads what goes on; mailboxes whole or masked in what servers said.
pub(super) fn live(
    conn: &mut Conn,
    ctx: &PageContext,
    mailing: &Mailing,
    in_full: bool,
) -> AppResult<Live> {
    let counts = Counts::of_mailing(conn, mailing.id)?;
    let deferred = queries::deferred(conn, mailing.id)?;
    let state = mailing.state();
    let planned_so_far = match (state, mailing.job_id) {
        (MailingState::Planning, Some(job)) => jobs::status(conn, job)?.done,
        _ => 0,
    };
    let domains = domains(conn, ctx, mailing.id, &deferred, in_full)?;
    Ok(Live {
        id: mailing.id,
        state: state.code(),
        every: every(state),
        headline: headline(ctx, state, &counts, planned_so_far),
        speed: match next_moment(conn, ctx.now, mailing, counts.waiting())? {
            Some(at) => ctx.t1("mailing-next-at", "at", ctx.datetime(&at)),
            None => speed(ctx, mailing, &counts, slowest(&domains)),
        },
        progress: (state != MailingState::Planning)
            .then(|| (counts.settled(), counts.included().max(1))),
        tiles: tiles(
            ctx,
            mailing.id,
            &counts,
            deferred.iter().map(|(_, n)| n).sum(),
        ),
        domains,
        held: mailboxes_in(&held(ctx, mailing), in_full),
        trouble: mailboxes_in(&trouble(conn, ctx, state)?, in_full),
        unknown: counts.of(DeliveryState::Unknown),
    })
}

fn every(state: MailingState) -> Option<u32> {
    match state {
        MailingState::Planning | MailingState::Sending => Some(SOON),
        MailingState::Scheduled | MailingState::Paused => Some(LATER),
        _ => None,
    }
}

fn headline(ctx: &PageContext, state: MailingState, counts: &Counts, planned: i64) -> String {
    match state {
        MailingState::Planning => ctx.t1("mailing-planning-say", "n", ctx.number(planned)),
        _ => ctx.t2(
            "mailing-settled-say",
            "done",
            ctx.number(counts.settled()),
            "all",
            ctx.number(counts.included()),
        ),
    }
}

/// The minutes that the slowest domain takes.
fn slowest(domains: &[DomainRow]) -> i64 {
    domains.iter().map(|row| row.minutes).max().unwrap_or(0)
}

/// When the next letter goes, where none of those that wait may go now: the hours of their readers have not come, or a
/// server put them off.
fn next_moment(
    conn: &mut Conn,
    now: NaiveDateTime,
    mailing: &Mailing,
    waiting: i64,
) -> AppResult<Option<NaiveDateTime>> {
    if mailing.state() != MailingState::Sending || !(1..=LOOKED_AT).contains(&waiting) {
        return Ok(None);
    }
    let due = queries::next_due(conn, mailing.id)?;
    Ok(due.filter(|due| *due > now))
}

/// Letters a minute since it began, and how long the rest will take at that pace; no less than the slowest domain.
fn speed(ctx: &PageContext, mailing: &Mailing, counts: &Counts, slowest: i64) -> String {
    let (MailingState::Sending, Some(since)) = (mailing.state(), mailing.started_at) else {
        return String::new();
    };
    let seconds = (ctx.now - since).num_seconds();
    let settled = counts.settled();
    if seconds < 5 || settled == 0 {
        return String::new();
    }
    let a_minute = settled * 60 / seconds;
    if a_minute == 0 {
        return String::new();
    }
    let minutes = (counts.waiting() / a_minute + 1).max(slowest);
    ctx.t2(
        "mailing-speed",
        "n",
        ctx.number(a_minute),
        "minutes",
        minutes,
    )
}

fn tiles(ctx: &PageContext, id: i64, counts: &Counts, deferred: i64) -> Vec<Tile> {
    use DeliveryState::{Cancelled, Failed, Sent, Unknown, Withheld};
    let tile = |key: &str, state: &str, n: i64, kind: &'static str| Tile {
        label: ctx.t(key),
        value: ctx.number(n),
        href: format!("/mailings/{id}/people?state={state}"),
        kind: if n == 0 { "" } else { kind },
    };
    let of = |state: DeliveryState, kind| tile(state.key(), state.code(), counts.of(state), kind);
    let mut all = vec![
        of(Sent, "good"),
        tile("mailing-waiting", "queued", counts.waiting(), ""),
        tile("mailing-waiting-deferred", "deferred", deferred, "warn"),
        of(Failed, "bad"),
        of(Unknown, "warn"),
        of(Withheld, "warn"),
    ];
    if counts.of(Cancelled) > 0 {
        all.push(of(Cancelled, ""));
    }
    all
}

/// The largest domains, and the sum of the others behind them.
fn domains(
    conn: &mut Conn,
    ctx: &PageContext,
    mailing_id: i64,
    deferred: &[(Option<String>, i64)],
    in_full: bool,
) -> AppResult<Vec<DomainRow>> {
    let mut rows: BTreeMap<String, DomainRow> = BTreeMap::new();
    for (domain, state, n) in queries::domain_states(conn, mailing_id)? {
        let row = rows.entry(domain).or_default();
        match DeliveryState::from_code(&state) {
            Some(DeliveryState::Sent) => row.sent += n,
            Some(DeliveryState::Queued | DeliveryState::Claimed | DeliveryState::OnWire) => {
                row.waiting += n;
            }
            Some(DeliveryState::Failed) => row.failed += n,
            Some(DeliveryState::Unknown) => row.unknown += n,
            _ => row.dropped += n,
        }
    }
    for (domain, n) in deferred {
        let domain = domain.clone().filter(|domain| rows.contains_key(domain));
        rows.entry(domain.unwrap_or_default()).or_default().deferred += n;
    }
    let mut others = rows.remove("").unwrap_or_default();
    let mut rows: Vec<DomainRow> = rows
        .into_iter()
        .map(|(domain, row)| DomainRow { domain, ..row })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.letters()));
    for row in rows.drain(DOMAINS.min(rows.len())..) {
        others.sent += row.sent;
        others.waiting += row.waiting;
        others.deferred += row.deferred;
        others.failed += row.failed;
        others.unknown += row.unknown;
        others.dropped += row.dropped;
    }
    let names: Vec<String> = rows.iter().map(|row| row.domain.clone()).collect();
    for lane in queries::lanes_of(conn, &names)? {
        if let Some(row) = rows.iter_mut().find(|row| row.domain == lane.domain) {
            (row.lane, row.lane_kind) = lane_in_words(ctx, &lane, in_full);
            let pace = lane.per_minute.filter(|pace| *pace > 0);
            row.minutes = match pace {
                Some(pace) if row.waiting > 0 => row.waiting / i64::from(pace) + 1,
                _ => 0,
            };
        }
    }
    if others.letters() > 0 {
        rows.push(others);
    }
    Ok(rows)
}

impl DomainRow {
    fn letters(&self) -> i64 {
        self.sent + self.waiting + self.failed + self.unknown + self.dropped
    }
}

/// How fast a domain is served, and why it is not served faster.
fn lane_in_words(ctx: &PageContext, lane: &LaneLine, in_full: bool) -> (String, &'static str) {
    let why = reason(ctx, lane.why.as_deref(), in_full);
    match lane.paused_until.filter(|until| *until > ctx.now) {
        Some(until) => {
            let rests = ctx.t1("mailing-lane-rests", "at", ctx.time(&until));
            let parts = [rests, why].into_iter().filter(|part| !part.is_empty());
            (parts.collect::<Vec<_>>().join(" · "), "warn")
        }
        None => {
            let text = match lane.per_minute {
                Some(n) => ctx.t2("mailing-lane-slow", "width", lane.width, "n", n),
                None => ctx.t1("mailing-lane-open", "width", lane.width),
            };
            (text, "")
        }
    }
}

/// Why a mailing is held, or was called off by itself, in words.
fn held(ctx: &PageContext, mailing: &Mailing) -> String {
    if !matches!(
        mailing.state(),
        MailingState::Paused | MailingState::Cancelled
    ) {
        return String::new();
    }
    match mailing.pause_reason() {
        Some(PauseReason::ByPerson { text }) => ctx.t1("mail-pause-by-person", "text", text),
        Some(PauseReason::TooManyRefused { refused, of }) => {
            ctx.t2("mail-pause-too-many-refused", "refused", refused, "of", of)
        }
        Some(PauseReason::ServerRefuses { answer }) => {
            ctx.t1("mail-pause-server-refuses", "answer", answer)
        }
        Some(PauseReason::Restored) => ctx.t("mail-pause-restored"),
        Some(PauseReason::QuietDay { on }) => ctx.t1("mail-pause-quiet-day", "day", ctx.date(&on)),
        Some(PauseReason::WindowMissed) => ctx.t("mail-pause-window-missed"),
        Some(PauseReason::Nobody) => ctx.t("mail-pause-nobody"),
        None => String::new(),
    }
}

/// What keeps every letter in the house, in words, where this mailing is one that should leave.
fn trouble(conn: &mut Conn, ctx: &PageContext, state: MailingState) -> AppResult<String> {
    if !matches!(state, MailingState::Sending | MailingState::Scheduled) {
        return Ok(String::new());
    }
    let Some((code, said, since)) = ledger::trouble(conn)? else {
        return Ok(String::new());
    };
    let since = ctx.t1("mailing-trouble-since", "at", ctx.datetime(&since));
    let parts = [ctx.t(code.key()), said, since];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    Ok(parts.collect::<Vec<_>>().join(" · "))
}

#[derive(Template)]
#[template(path = "outreach/live.html")]
struct LivePart {
    ctx: PageContext,
    live: Option<Live>,
}

/// What the page has shown when it asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    seen: String,
}

/// `GET /mailings/{id}/progress`: empty once the state is another one, so that the whole page is read again.
pub(super) async fn progress(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: web::Query<Seen>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let id = id.into_inner();
    let part = db
        .read(move |conn| {
            let ctx = me.context();
            let mailing = mailings::visible_mailing(conn, &me.actor, id)?;
            let is_same = asked.seen.is_empty() || asked.seen == mailing.state;
            let live = match is_same {
                true => Some(live(conn, &ctx, &mailing, sees_mailboxes(&me.actor))?),
                false => None,
            };
            Ok::<_, crate::platform::error::AppError>(LivePart { ctx, live })
        })
        .await?;
    html(&part)
}
