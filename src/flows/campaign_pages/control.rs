//! A queue from above: calls without a result, what is in whose hands, what was agreed, and what holds the rest back.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use crate::accounts::{Object, SignedIn, Verb, may};
use crate::calling::actions::{self, Rulebook};
use crate::calling::control::{self, Agreed, InHand};
use crate::calling::figures::{self, Alike};
use crate::calling::model::{Campaign, CampaignState, EntryState};
use crate::flows::call_screen::strip;
use crate::flows::call_screen::view::Choice;
use crate::flows::settle_lease;
use crate::platform::calendar::CalendarId;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::page::{self, PageContext};

#[derive(Template)]
#[template(path = "calling/queue.html")]
struct QueuePage {
    ctx: PageContext,
    id: i64,
    name: String,
    verdict: Verdict,
    may_settle: bool,
    waiting: Vec<HandView>,
    in_hand: Vec<HandView>,
    results: Vec<Choice>,
    callbacks: Vec<AgreedView>,
    held: Vec<HeldView>,
}

/// Whether anything can be called now, and if not, why.
struct Verdict {
    kind: &'static str,
    text: String,
}

/// A live lease in a list.
struct HandView {
    lease_id: i64,
    name: String,
    href: Option<String>,
    agent: String,
    state: String,
    since: String,
    until: String,
}

/// The call-backs of one agent, or of the team.
struct AgreedView {
    who: String,
    late: usize,
    today: usize,
    later: usize,
    next: String,
}

/// Entries that stand alike.
struct HeldView {
    state: EntryState,
    text: String,
    why: String,
    n: i64,
    next: String,
}

/// The page.
pub async fn page(me: SignedIn, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let id = id.into_inner();
    let page = db.read(move |conn| drawn(conn, &me, id)).await?;
    page::html(&page)
}

fn drawn(conn: &mut Conn, me: &SignedIn, id: i64) -> AppResult<QueuePage> {
    let ctx = me.context();
    let campaign = actions::run_campaign(conn, &me.actor, id)?;
    let work = Object::Work {
        user_id: 0,
        team_id: campaign.team_id,
    };
    let rules = actions::rulebook(conn)?;
    let leases = control::in_hand(conn, id)?;
    let (waiting, in_hand): (Vec<InHand>, Vec<InHand>) = leases
        .into_iter()
        .partition(|lease| lease.state == "needs_outcome");
    let held = held(&ctx, &rules, figures::alike(conn, id)?);
    Ok(QueuePage {
        id,
        verdict: verdict(&ctx, &campaign, &held),
        name: campaign.name,
        may_settle: may(&me.actor, Verb::UndoAnyCall, work),
        waiting: waiting.into_iter().map(|l| hand(&ctx, l)).collect(),
        in_hand: in_hand.into_iter().map(|l| hand(&ctx, l)).collect(),
        results: settle_lease::results()
            .map(|result| Choice::new(result.code(), ctx.t(result.key()), false))
            .collect(),
        callbacks: agreed(&ctx, control::callbacks(conn, id)?, &rules),
        held: held.into_iter().map(|h| h.view(&ctx)).collect(),
        ctx,
    })
}

fn hand(ctx: &PageContext, lease: InHand) -> HandView {
    let began = lease.dialled_at.unwrap_or(lease.claimed_at);
    HandView {
        lease_id: lease.lease_id,
        name: lease
            .company
            .or(lease.person)
            .unwrap_or_else(|| ctx.t("incoming-no-company")),
        href: lease.company_id.map(|id| format!("/companies/{id}")),
        agent: lease.agent,
        state: ctx.code("control-lease", &lease.state),
        since: ctx.t2(
            "control-since",
            "at",
            ctx.datetime(&began),
            "minutes",
            (ctx.now - began).num_minutes(),
        ),
        until: ctx.datetime(&lease.expires_at),
    }
}

/// Call-backs by whose they are: late, of today, later.
fn agreed(ctx: &PageContext, open: Vec<Agreed>, rules: &Rulebook) -> Vec<AgreedView> {
    let (_, tomorrow) = strip::day_of(rules, ctx.now);
    let mut by_owner: BTreeMap<Option<i64>, AgreedView> = BTreeMap::new();
    for callback in open {
        let who = callback.owner.unwrap_or_else(|| ctx.t("control-team"));
        let row = by_owner
            .entry(callback.owner_id)
            .or_insert_with(|| AgreedView::of(who));
        let at = callback.due_at;
        match at {
            at if at < ctx.now => row.late += 1,
            at if at < tomorrow => row.today += 1,
            _ => row.later += 1,
        }
        if at >= ctx.now && row.next.is_empty() {
            row.next = ctx.datetime(&at);
        }
    }
    by_owner.into_values().collect()
}

impl AgreedView {
    fn of(who: String) -> Self {
        Self {
            who,
            late: 0,
            today: 0,
            later: 0,
            next: String::new(),
        }
    }
}

/// Entries of one state and one reason, over all calendars.
struct Held {
    state: EntryState,
    reason: Reason,
    n: i64,
    next: Option<NaiveDateTime>,
}

/// Why these are not called now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// Nothing: they can be called.
    None,
    /// It is not the hour there.
    Closed,
    /// Their time has not come.
    Time,
    /// A bar, by its code.
    Bar(String),
}

fn held(ctx: &PageContext, rules: &Rulebook, rows: Vec<Alike>) -> Vec<Held> {
    let mut sums: BTreeMap<(usize, Reason), Held> = BTreeMap::new();
    for row in rows {
        let Some(state) = EntryState::from_code(&row.state) else {
            continue;
        };
        let callee = rules.calendars.get(CalendarId(row.calendar_id));
        let is_shut = state == EntryState::Ready && !callee.is_open_for_calls(ctx.now);
        let (reason, next) = match (&row.bar, state) {
            _ if is_shut => (Reason::Closed, Some(callee.next_opening(ctx.now))),
            (Some(bar), _) => (Reason::Bar(bar.clone()), row.next_due),
            (None, EntryState::Waiting) => (Reason::Time, row.next_due),
            (None, _) => (Reason::None, None),
        };
        let place = EntryState::ALL.iter().position(|known| *known == state);
        let sum = sums
            .entry((place.unwrap_or_default(), reason.clone()))
            .or_insert(Held {
                state,
                reason,
                n: 0,
                next: None,
            });
        sum.n += row.n;
        sum.next = match (sum.next, next) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    sums.into_values().collect()
}

impl Held {
    fn view(self, ctx: &PageContext) -> HeldView {
        HeldView {
            text: ctx.t(self.state.key()),
            state: self.state,
            why: match &self.reason {
                Reason::None => String::new(),
                Reason::Closed => ctx.code("bar", "closed"),
                Reason::Time => ctx.t("control-why-time"),
                Reason::Bar(bar) => ctx.code("bar", bar),
            },
            n: self.n,
            next: self.next.map(|at| ctx.datetime(&at)).unwrap_or_default(),
        }
    }
}

/// One sentence on whether an agent gets anything from this campaign now.
fn verdict(ctx: &PageContext, campaign: &Campaign, held: &[Held]) -> Verdict {
    let warn = |text: String| Verdict { kind: "warn", text };
    if campaign.state != CampaignState::Running.code() {
        return warn(ctx.code("control-verdict", &campaign.state));
    }
    let of = |state: EntryState| held.iter().filter(move |h| h.state == state);
    let open: i64 = of(EntryState::Ready)
        .filter(|h| h.reason == Reason::None)
        .map(|h| h.n)
        .sum();
    if open > 0 {
        return Verdict {
            kind: "good",
            text: ctx.t1("control-verdict-open", "n", open),
        };
    }
    if let Some(shut) = of(EntryState::Ready).next() {
        let at = shut.next.map(|at| ctx.datetime(&at)).unwrap_or_default();
        return warn(ctx.t2("control-verdict-shut", "n", shut.n, "at", at));
    }
    let waiting: i64 = of(EntryState::Waiting).map(|h| h.n).sum();
    match of(EntryState::Waiting).filter_map(|h| h.next).min() {
        Some(at) => warn(ctx.t2(
            "control-verdict-waiting",
            "n",
            waiting,
            "at",
            ctx.datetime(&at),
        )),
        None => warn(ctx.t("control-verdict-nothing")),
    }
}
