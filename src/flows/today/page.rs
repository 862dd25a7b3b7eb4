//! The page of today: every part is there for whom it is meant, and says what to do next when it is empty.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::calls::{self, CallView};
use super::rep::{self, RepDay};
use super::tasks::{self, TaskView};
use super::warnings::{self, Link, Warning};
use crate::accounts::{Actor, Object, Role, SignedIn, Verb, Whose, may};
use crate::calling::actions::{self, Rulebook};
use crate::calling::day;
use crate::flows::call_screen::view::Goal;
use crate::flows::call_screen::{lobby, strip};
use crate::flows::campaign_pages::list;
use crate::platform::calendar::zone;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::page::{self, PageContext};
use crate::selling::pages::shown::OfferView;

/// Calls of the own history on this page.
const LATEST: i64 = 10;

#[derive(Template)]
#[template(path = "today/today.html")]
struct TodayPage {
    ctx: PageContext,
    day: String,
    lead: String,
    may_call: bool,
    may_run: bool,
    warnings: Vec<Warning>,
    hanging: Vec<HangingView>,
    callbacks: Vec<CallbackView>,
    shows_tasks: bool,
    tasks: Vec<TaskView>,
    tasks_say: String,
    shows_campaigns: bool,
    campaigns: Vec<list::Row>,
    calls: Vec<CallView>,
    goals: Vec<Goal>,
    shows_imports: bool,
    imports: Vec<ImportView>,
    links: Vec<Link>,
    is_bare: bool,
    rep: RepDay,
    rows: Vec<OfferView>,
    may_assign: bool,
}

struct HangingView {
    name: String,
    say: String,
    is_mine: bool,
    queue: String,
}

struct CallbackView {
    time: String,
    name: String,
    href: Option<String>,
    note: String,
    left: String,
    kind: &'static str,
}

struct ImportView {
    id: i64,
    name: String,
    say: String,
}

/// The page.
pub async fn page(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    let page = db.read(move |conn| read(conn, &me)).await?;
    page::html(&page)
}

fn read(conn: &mut Conn, me: &SignedIn) -> AppResult<TodayPage> {
    let (actor, ctx) = (&me.actor, me.context());
    let rules = actions::rulebook(conn)?;
    let is = |verb: Verb| may(actor, verb, Object::Any);
    let (may_call, may_run, shows_imports) =
        (is(Verb::Call), is(Verb::RunCampaigns), is(Verb::SeeImports));
    let leads = may_run || shows_imports;
    let tasks = if tasks::has_tasks(actor) {
        tasks::open(conn, &ctx, actor)?
    } else {
        Vec::new()
    };
    let campaigns = if leads {
        running(conn, &ctx, actor)?
    } else {
        Vec::new()
    };
    let callbacks = if may_call {
        callbacks(conn, &ctx, actor, &rules)?
    } else {
        Vec::new()
    };
    let mut rep = rep::read(conn, &ctx, actor, &rules)?;
    let local = zone::to_local(ctx.zone, ctx.now).date();
    let weekday = ctx.t(&format!("today-weekday-{}", local.format("%u")));
    Ok(TodayPage {
        day: ctx.t2("today-day", "day", ctx.date(&local), "weekday", weekday),
        lead: lead(
            conn,
            &ctx,
            actor,
            &rules,
            callbacks.len(),
            tasks.len(),
            &campaigns,
            &rep,
        )?,
        may_call,
        may_run,
        warnings: warnings::read(conn, &ctx, actor)?,
        hanging: hanging(conn, &ctx, actor)?,
        callbacks,
        shows_tasks: tasks::has_tasks(actor),
        tasks_say: ctx.t1("today-tasks-say", "n", tasks.len()),
        tasks,
        shows_campaigns: leads,
        campaigns,
        calls: if may_call {
            calls::latest(conn, &ctx, actor, LATEST)?
        } else {
            Vec::new()
        },
        goals: if may_call {
            strip::goals(conn, ctx.now, actor.id(), &rules)?
        } else {
            Vec::new()
        },
        shows_imports,
        imports: if shows_imports {
            imports(conn, &ctx)?
        } else {
            Vec::new()
        },
        links: links(&ctx, actor),
        is_bare: actor.roles.iter().next().is_none(),
        rows: std::mem::take(&mut rep.rows),
        may_assign: false,
        rep,
        ctx,
    })
}

#[allow(clippy::too_many_arguments)] // the figures of one sentence
fn lead(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    rules: &Rulebook,
    callbacks: usize,
    tasks: usize,
    campaigns: &[list::Row],
    rep: &RepDay,
) -> AppResult<String> {
    if may(actor, Verb::Call, Object::Any) {
        let ready: i64 = lobby::ready_now(conn, ctx.now, actor, rules)?
            .iter()
            .map(|(_, n)| n)
            .sum();
        return Ok(ctx.t3(
            "today-lead-agent",
            "callbacks",
            callbacks,
            "tasks",
            tasks,
            "ready",
            ctx.number(ready),
        ));
    }
    if may(actor, Verb::RunCampaigns, Object::Any) {
        let (dials, reached) = campaigns
            .iter()
            .fold((0, 0), |(d, r), row| (d + row.today, r + row.reached));
        return Ok(ctx.t3(
            "today-lead-team",
            "campaigns",
            campaigns.len(),
            "dials",
            dials,
            "reached",
            reached,
        ));
    }
    Ok(match actor.roles.has(Role::Rep) {
        true => ctx.t3(
            "today-lead-rep",
            "offers",
            rep.rows.iter().filter(|row| row.is_mine).count(),
            "tasks",
            tasks + rep.todo.iter().map(|group| group.rows.len()).sum::<usize>(),
            "dates",
            rep.agenda
                .iter()
                .filter(|a| a.is_today && !a.is_done)
                .count(),
        ),
        false => ctx.t("today-lead-admin"),
    })
}

fn running(conn: &mut Conn, ctx: &PageContext, actor: &Actor) -> AppResult<Vec<list::Row>> {
    let mut campaigns = actions::visible_campaigns(conn, actor)?;
    campaigns.retain(|c| c.state == "running");
    campaigns.truncate(12);
    list::rows(conn, ctx, campaigns)
}

fn hanging(conn: &mut Conn, ctx: &PageContext, actor: &Actor) -> AppResult<Vec<HangingView>> {
    let is = |verb: Verb| may(actor, verb, Object::Any);
    if !is(Verb::UndoAnyCall) && !is(Verb::Call) {
        return Ok(Vec::new());
    }
    let whose = Whose::of(conn, actor)?;
    let rows = day::hanging(conn, &whose)?;
    let view = |row: day::Hanging| {
        let at = row
            .dialled_at
            .map(|at| ctx.datetime(&at))
            .unwrap_or_default();
        let is_mine = actor.user_id == Some(row.agent_id);
        HangingView {
            name: row
                .company
                .or(row.person)
                .unwrap_or_else(|| ctx.t("incoming-no-company")),
            say: match is_mine {
                true => ctx.t1("today-hanging-mine", "at", at),
                false => ctx.t2("today-hanging-of", "who", row.agent, "at", at),
            },
            queue: format!("/campaigns/{}/queue", row.campaign_id),
            is_mine,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

fn callbacks(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    rules: &Rulebook,
) -> AppResult<Vec<CallbackView>> {
    let (_, tomorrow) = strip::day_of(rules, ctx.now);
    let open = day::callbacks_of(conn, actor.id(), tomorrow)?;
    let names = strip::names_of(conn, ctx, &open)?;
    let campaigns: Vec<i64> = open.iter().filter_map(|c| c.campaign_id).collect();
    let campaigns = day::campaign_names(conn, &campaigns)?;
    let view = |c: &crate::calling::model::Callback| {
        let (left, kind) = strip::how_soon(ctx, c.due_at);
        let campaign = campaigns.iter().find(|(id, _)| Some(*id) == c.campaign_id);
        CallbackView {
            time: ctx.time(&c.due_at),
            name: names.get(&c.id).cloned().unwrap_or_default(),
            href: c.company_id.map(|id| format!("/companies/{id}")),
            note: campaign.map(|(_, name)| name.clone()).unwrap_or_default(),
            kind: match kind {
                "late" => "bad",
                "soon" => "warn",
                _ => "line",
            },
            left: if left.is_empty() {
                ctx.t("screen-today")
            } else {
                left
            },
        }
    };
    Ok(open.iter().map(view).collect())
}

fn imports(conn: &mut Conn, ctx: &PageContext) -> AppResult<Vec<ImportView>> {
    let open = day::open_imports(conn)?;
    let view = |(id, name, state, done, total): (i64, String, String, Option<i64>, Option<i64>)| {
        ImportView {
            id,
            name,
            say: match (done, total) {
                _ if state == "draft" => ctx.t("today-import-draft"),
                (Some(done), Some(total)) => ctx.t2(
                    "today-import-say",
                    "done",
                    ctx.number(done),
                    "total",
                    ctx.number(total),
                ),
                _ => ctx.t("today-import-counting"),
            },
        }
    };
    Ok(open.into_iter().map(view).collect())
}

/// Where somebody without daily work goes: every page of the navigation but this one.
fn links(ctx: &PageContext, actor: &Actor) -> Vec<Link> {
    if actor
        .roles
        .has_any(&[Role::Agent, Role::Manager, Role::Marketing, Role::Rep])
    {
        return Vec::new();
    }
    let items = ctx.nav.iter().flat_map(|group| &group.items);
    items
        .filter(|item| item.href != "/")
        .map(|item| Link {
            href: item.href.to_owned(),
            text: item.label.clone(),
        })
        .collect()
}
