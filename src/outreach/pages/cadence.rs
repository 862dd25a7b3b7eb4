//! `/due`: who is to be called or visited this week, and why; a part of them goes into a queue or a mailing.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Datelike, NaiveDateTime};
use serde::Deserialize;

use super::shown::{cap, due};
use crate::accounts::{Object, SignedIn, Verb, may};
use crate::calling::actions::visible_campaigns;
use crate::calling::model::CampaignState;
use crate::outreach::actions::due::{DueItem, DueList, Place, View, due_list, reps_of};
use crate::outreach::rules::cadence::{Charge, Method};
use crate::platform::calendar::zone;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Arg;
use crate::platform::page::{PageContext, html};

/// Lines of a page.
const PAGE: usize = 50;
/// Totals beyond are told as "more than".
const COUNTED: i64 = 1_000;

/// A line of the list.
struct Row {
    id: i64,
    name: String,
    grade: &'static str,
    whose: String,
    method: String,
    due_at: NaiveDateTime,
    /// `overdue by 12 days`, `today`, `on 24 Sep`.
    due: String,
    kind: &'static str,
    why: String,
    cap: String,
    is_full: bool,
    may_open: bool,
}

/// A list that can be looked at: its code, its name, whether it is this one.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "outreach/due.html")]
struct DuePage {
    ctx: PageContext,
    lead: String,
    views: Vec<Choice>,
    methods: Vec<Choice>,
    rows: Vec<Row>,
    shown: String,
    next: Option<String>,
    campaigns: Vec<(i64, String)>,
    may_write: bool,
    may_choose: bool,
    none_why: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    who: String,
    method: String,
    cursor: String,
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeCadence)?;
    let query = query.into_inner();
    let page = db.read(move |conn| build(conn, &me, &query)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, query: &Query) -> AppResult<DuePage> {
    let ctx = me.context();
    let reps = reps_of(conn, &me.actor)?;
    let view = view_of(&query.who, me);
    if !view.is_open_to(&me.actor, &reps) {
        return Err(AppError::forbidden());
    }
    let method = Method::from_code(&query.method);
    let after = place_of(&query.cursor);
    let found = due_list(conn, me.now, &me.actor, view, method, after, PAGE)?;
    let may_fill = may(&me.actor, Verb::RunCampaigns, Object::Any);
    let campaigns = match may_fill {
        true => visible_campaigns(conn, &me.actor)?
            .into_iter()
            .filter(|campaign| campaign.state != CampaignState::Closed.code())
            .map(|campaign| (campaign.id, campaign.name))
            .collect(),
        false => Vec::new(),
    };
    let may_write = may(&me.actor, Verb::RunMailings, Object::Any);
    let may_open = !matches!(view, View::Known(_));
    Ok(DuePage {
        lead: lead(&ctx, &found),
        views: views(&ctx, me, view, &reps),
        methods: methods(&ctx, method),
        rows: found
            .items
            .iter()
            .map(|item| row(&ctx, item, may_open))
            .collect(),
        shown: ctx.t1("due-shown", "n", found.items.len()),
        next: found.next.map(|place| address(view, method, place)),
        may_choose: may_write || !campaigns.is_empty(),
        may_write,
        campaigns,
        none_why: ctx.t(match view {
            View::Known(_) => "due-none-why-known",
            _ => "due-none-why",
        }),
        ctx,
    })
}

fn view_of(code: &str, me: &SignedIn) -> View {
    match code.split_once(':') {
        Some(("rep", id)) => id.parse().map_or_else(|_| View::of(&me.actor), View::Rep),
        _ if code == "team" => View::Team,
        _ if code == "free" => View::Free,
        _ if code == "known" => View::Known(me.actor.id()),
        _ => View::of(&me.actor),
    }
}

fn code_of(view: View) -> String {
    match view {
        View::Rep(id) => format!("rep:{id}"),
        View::Team => "team".into(),
        View::Free => "free".into(),
        View::Known(_) => "known".into(),
    }
}

/// `<microseconds>.<company>.<way>`.
fn place_of(cursor: &str) -> Option<Place> {
    let (at, rest) = cursor.split_once('.')?;
    let (id, method) = rest.split_once('.')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?.naive_utc();
    let place = (at, id.parse().ok()?, Method::from_code(method)?);
    (1970..10_000).contains(&at.year()).then_some(place)
}

fn address(view: View, method: Option<Method>, (at, id, way): Place) -> String {
    let method = method.map_or("", Method::code);
    let at = at.and_utc().timestamp_micros();
    format!(
        "/due?who={}&method={method}&cursor={at}.{id}.{}",
        code_of(view),
        way.code()
    )
}

fn views(ctx: &PageContext, me: &SignedIn, view: View, reps: &[(i64, String)]) -> Vec<Choice> {
    let mut all: Vec<(View, String)> = Vec::new();
    if View::Team.is_open_to(&me.actor, reps) {
        all.push((View::Team, ctx.t("due-view-team")));
        all.push((View::Free, ctx.t("due-view-free")));
    }
    let own = View::Rep(me.actor.id());
    if own.is_open_to(&me.actor, &[]) {
        all.push((own, ctx.t("due-view-own")));
    }
    let known = View::Known(me.actor.id());
    if known.is_open_to(&me.actor, &[]) {
        all.push((known, ctx.t("due-view-known")));
    }
    let others = reps.iter().filter(|(id, _)| View::Rep(*id) != own);
    all.extend(others.map(|(id, name)| (View::Rep(*id), name.clone())));
    let choice = |(one, name): (View, String)| (code_of(one), name, one == view);
    all.into_iter().map(choice).collect()
}

fn methods(ctx: &PageContext, chosen: Option<Method>) -> Vec<Choice> {
    let every = (String::new(), ctx.t("due-any-method"), chosen.is_none());
    let each = Method::ALL.iter().map(|one| {
        (
            one.code().to_owned(),
            ctx.t(one.key()),
            chosen == Some(*one),
        )
    });
    std::iter::once(every).chain(each).collect()
}

/// How many are due by the end of the week, and how many of these are overdue.
fn lead(ctx: &PageContext, found: &DueList) -> String {
    let told = |n: i64| match n > COUNTED {
        true => format!("{}+", ctx.number(COUNTED)),
        false => ctx.number(n),
    };
    let (due, late) = (
        found.calls.0 + found.visits.0,
        found.calls.1 + found.visits.1,
    );
    ctx.t3(
        "due-lead",
        "due",
        told(due),
        "late",
        told(late),
        "day",
        ctx.date(&found.week_ends),
    )
}

fn row(ctx: &PageContext, item: &DueItem, may_open: bool) -> Row {
    let day = |at: NaiveDateTime| zone::local_date(ctx.zone, at);
    let (today, on) = (day(ctx.now), day(item.due_at));
    let (kind, due) = due(ctx, (today - on).num_days(), on);
    Row {
        id: item.company_id,
        name: item.name.clone(),
        grade: item.grade.code(),
        whose: match item.charge {
            Charge::Rep(_) => item.owner.clone().unwrap_or_default(),
            Charge::Agents => ctx.t("due-charge-agents"),
            Charge::Unassigned => ctx.t("due-charge-nobody"),
        },
        method: ctx.t(item.method.key()),
        due_at: item.due_at,
        due,
        kind,
        why: why(ctx, item, (today - day(item.since)).num_days()),
        cap: cap(ctx, &item.used),
        is_full: item.used.is_full(),
        may_open,
    }
}

/// "B, last call 12 days ago, every 14 days".
fn why(ctx: &PageContext, item: &DueItem, days: i64) -> String {
    let key = match (item.method, item.last_at) {
        (Method::Call, Some(_)) => "due-why-call",
        (Method::Call, None) => "due-why-first-call",
        (Method::Visit, Some(_)) => "due-why-visit",
        (Method::Visit, None) => "due-why-first-visit",
    };
    let args: [(&str, Arg); 3] = [
        ("grade", item.grade.code().into()),
        ("days", days.into()),
        ("every", i64::from(item.every).into()),
    ];
    ctx.language.text_with(key, &args)
}
