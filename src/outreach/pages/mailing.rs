//! One mailing: whom it goes to and whom not, how it goes, and its switches.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::live::{Live, live};
use super::mailing_letter::{OfferedLetter, offered};
use super::shown::{moment, sees_mailboxes, state_kind};
use super::sieve::{Sieve, sieve};
use super::unsigned::{Unsigned, unsigned};
use crate::accounts::{Actor, SignedIn, Verb, user_names};
use crate::outreach::actions::{letters, mailings, news};
use crate::outreach::model::{Mailing, MailingKind, MailingState, NewsItem, PlanFigures};
use crate::outreach::queries;
use crate::outreach::rules::mailing_state::{Move, can};
use crate::outreach::rules::news_choice::ItemTags;
use crate::outreach::rules::occasions::name_in;
use crate::platform::calendar::zone::to_local;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::page::{PageContext, html, html_with};
use crate::registry::filter::Filter;
use crate::registry::pages::filters::{Asked, Chip, picks};
use crate::registry::pages::shown::industry_name;

/// Lines of what happened.
const LOG: i64 = 12;

#[derive(Template)]
#[template(path = "outreach/mailing.html")]
struct MailingPage {
    ctx: PageContext,
    m: About,
    may: Offers,
    live: Option<Live>,
    sieve: Option<Sieve>,
    grades: Vec<String>,
    chips: Vec<Chip>,
    chosen_companies: usize,
    items: Vec<(String, String)>,
    log: Vec<(String, String, String)>,
    window: WindowFields,
    /// Letters it may go with, while that can be changed.
    letters: Vec<OfferedLetter>,
}

struct About {
    id: i64,
    name: String,
    kind: String,
    is_news: bool,
    state_kind: &'static str,
    state_text: String,
    lead: String,
    moment: String,
    /// Where its letter is looked at, in the version that goes.
    letter: String,
    /// The letter was changed since, and goes as it was.
    is_outdated: bool,
    approved: String,
    /// What the office has not said about itself, and every letter should; none: nothing, or it is too late.
    unsigned: Option<Unsigned>,
}

/// What may be done now.
struct Offers {
    edit: bool,
    plan: bool,
    approve: bool,
    schedule: bool,
    start: bool,
    pause: bool,
    resume: bool,
    cancel: bool,
    test: bool,
}

/// The moment as its form shows it, on the office's clock.
#[derive(Debug, Clone)]
pub(super) struct WindowFields {
    pub day: String,
    pub from: String,
    pub until: String,
    /// Why it was refused as it was typed.
    pub error: Option<String>,
}

/// `GET /mailings/{id}`.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let id = id.into_inner();
    let page = db.read(move |conn| drawn(conn, &me, id, None)).await?;
    html(&page)
}

/// The page once more, with a moment that was refused as it was typed.
pub(super) async fn show_refused(
    me: SignedIn,
    db: &Db,
    id: i64,
    typed: WindowFields,
) -> AppResult<HttpResponse> {
    let page = db
        .read(move |conn| drawn(conn, &me, id, Some(typed)))
        .await?;
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn drawn(
    conn: &mut Conn,
    me: &SignedIn,
    id: i64,
    typed: Option<WindowFields>,
) -> AppResult<MailingPage> {
    let mut ctx = me.context();
    if typed.is_some() {
        // What was sent has an address of its own, which nobody can open.
        ctx.path = format!("/mailings/{id}");
    }
    let mailing = mailings::visible_mailing(conn, &me.actor, id)?;
    let audience = mailing.audience();
    let figures = mailing.figures();
    let items = match mailing.issue_id {
        Some(issue) => news::issue(conn, issue)?.1,
        None => Vec::new(),
    };
    // Before anything moves there is nothing to watch.
    let is_still = matches!(mailing.state(), MailingState::Draft | MailingState::Planned);
    let asked = Asked::read(filter_pairs(&audience.filter));
    let picks = picks(conn, &ctx)?;
    let is_anybody = figures.as_ref().is_some_and(|figures| figures.included > 0);
    Ok(MailingPage {
        m: about(conn, &ctx, &me.actor, &mailing, figures.as_ref())?,
        may: offers(&mailing, mailings::may_run(&me.actor, &mailing), is_anybody),
        live: match is_still {
            true => None,
            false => Some(live(conn, &ctx, &mailing, sees_mailboxes(&me.actor))?),
        },
        sieve: figures.map(|figures| sieve(&ctx, &figures, Some(id))),
        grades: audience
            .grades
            .iter()
            .map(|g| g.code().to_owned())
            .collect(),
        chips: asked.chips(&ctx, &picks),
        chosen_companies: audience.companies.len(),
        items: items
            .iter()
            .map(|item| (item.title.clone(), tags(&ctx, item)))
            .collect(),
        log: happened(conn, &ctx, id)?,
        window: typed.unwrap_or_else(|| window(&ctx, &mailing)),
        letters: match can(mailing.state(), Move::Edit) {
            true => offered(conn, ctx.language, &mailing)?,
            false => Vec::new(),
        },
        ctx,
    })
}

fn about(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    mailing: &Mailing,
    figures: Option<&PlanFigures>,
) -> AppResult<About> {
    let state = mailing.state();
    let approved = match (mailing.approved_by, mailing.approved_at) {
        (Some(by), Some(at)) => {
            let name = user_names(conn, &[by])?.remove(&by).unwrap_or_default();
            ctx.t2("mailing-approved-by", "who", name, "at", ctx.datetime(&at))
        }
        _ => String::new(),
    };
    let is_outdated = letters::is_letter_outdated(conn, mailing)?;
    Ok(About {
        id: mailing.id,
        name: name_in(ctx.language, mailing),
        kind: ctx.t(mailing.kind().key()),
        is_news: mailing.kind() == MailingKind::News,
        state_kind: state_kind(state),
        state_text: ctx.t(state.key()),
        lead: lead(ctx, state, figures),
        moment: moment(ctx, mailing),
        letter: letter_href(ctx, mailing, is_outdated),
        is_outdated,
        approved,
        unsigned: match state {
            MailingState::Done | MailingState::Cancelled => None,
            _ => unsigned(conn, ctx, actor)?,
        },
    })
}

/// The letter; where a newer one does not go, the one that does.
fn letter_href(ctx: &PageContext, mailing: &Mailing, is_outdated: bool) -> String {
    let version = mailing.letter_version(ctx.lang());
    match version.filter(|_| is_outdated) {
        Some(version) => format!(
            "/letters/{}?in={}&from={version}",
            mailing.letter_code,
            ctx.lang()
        ),
        None => format!("/letters/{}", mailing.letter_code),
    }
}

/// One sentence on what it is waiting for.
fn lead(ctx: &PageContext, state: MailingState, figures: Option<&PlanFigures>) -> String {
    let decided = figures.filter(|_| state != MailingState::Cancelled);
    let Some(figures) = decided else {
        return ctx.code("mailing-lead", state.code());
    };
    match figures.included {
        0 => ctx.t1("mailing-lead-nobody", "n", ctx.number(figures.considered())),
        n => ctx.t3(
            "mailing-lead-decided",
            "all",
            ctx.number(figures.considered()),
            "in",
            ctx.number(n),
            "out",
            ctx.number(figures.left_out()),
        ),
    }
}

fn offers(mailing: &Mailing, may_run: bool, is_anybody: bool) -> Offers {
    let state = mailing.state();
    let offered = |by: Move| may_run && can(state, by);
    Offers {
        edit: offered(Move::Edit),
        plan: offered(Move::AskPlan),
        approve: offered(Move::Approve) && is_anybody,
        schedule: offered(Move::Schedule),
        start: offered(Move::Start) && mailing.kind() == MailingKind::News,
        pause: offered(Move::Pause),
        resume: may_run && state == MailingState::Paused,
        cancel: offered(Move::Cancel),
        test: may_run && !matches!(state, MailingState::Cancelled | MailingState::Done),
    }
}

/// Whom a piece of news concerns.
fn tags(ctx: &PageContext, item: &NewsItem) -> String {
    let tags = ItemTags::of(item);
    let industries = tags
        .industries
        .iter()
        .map(|code| industry_name(ctx.language, code));
    let grades = tags.grades.iter().map(|g| g.code().to_owned());
    let language = ctx.code("news-language", &item.language.to_lowercase());
    let said: Vec<String> = std::iter::once(language)
        .chain(industries)
        .chain(grades)
        .collect();
    said.join(" · ")
}

fn happened(
    conn: &mut Conn,
    ctx: &PageContext,
    id: i64,
) -> AppResult<Vec<(String, String, String)>> {
    let lines = queries::mailing_log(conn, id, LOG)?;
    let who: Vec<i64> = lines.iter().filter_map(|(_, who, _)| *who).collect();
    let names = user_names(conn, &who)?;
    let line = |(verb, who, at): (String, Option<i64>, NaiveDateTime)| {
        let name = who.and_then(|id| names.get(&id).cloned());
        let name = name.unwrap_or_else(|| ctx.t("mailing-by-itself"));
        (ctx.datetime(&at), ctx.code("mailing-move", &verb), name)
    };
    Ok(lines.into_iter().map(line).collect())
}

fn window(ctx: &PageContext, mailing: &Mailing) -> WindowFields {
    let local = |at| to_local(ctx.zone, at);
    let from = mailing.send_from.map(local);
    let until = mailing.send_until.map(local);
    let time = |at: Option<NaiveDateTime>, or: &str| {
        at.map_or_else(|| or.to_owned(), |at| at.format("%H:%M").to_string())
    };
    WindowFields {
        day: from.map(|at| at.date().to_string()).unwrap_or_default(),
        from: time(from, "10:00"),
        until: time(until, "17:00"),
        error: None,
    }
}

/// A stored filter as the pairs of an address, to be said in the words of the list of companies.
pub(super) fn filter_pairs(filter: &Filter) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut add = |name: &str, values: Vec<String>| {
        pairs.extend(values.into_iter().map(|value| (name.to_owned(), value)));
    };
    let numbers = |list: &[i64]| list.iter().map(i64::to_string).collect::<Vec<_>>();
    add("grade", filter.grade.clone());
    add("region", filter.region.clone());
    add("industry", filter.industry.clone());
    add("size", filter.size.clone());
    add("channel", filter.channel.clone());
    add("source", numbers(&filter.source));
    add("owner", numbers(&filter.owner));
    add("state", filter.state.clone());
    add("urgency", filter.urgency.clone());
    add("need", filter.need.iter().map(u32::to_string).collect());
    add("missing", filter.missing.clone());
    add("tag", numbers(&filter.tag));
    let completeness = filter.completeness_below.map(|n| n.to_string());
    add("completeness", completeness.into_iter().collect());
    let quiet = filter.last_touch_before.map(|day| day.to_string());
    add("last_touch_before", quiet.into_iter().collect());
    let never = filter.never_called.then(|| "yes".to_owned());
    add("never_called", never.into_iter().collect());
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_comes_back_from_its_address() {
        let filter = Filter {
            grade: vec!["B".into()],
            region: vec!["320500".into()],
            industry: vec!["C".into()],
            size: vec!["20-99".into()],
            channel: vec!["EXPO".into()],
            source: vec![3],
            owner: vec![7],
            state: vec!["owned".into()],
            urgency: vec!["M3".into()],
            need: vec![4],
            completeness_below: Some(60),
            missing: vec!["key_mobile".into()],
            last_touch_before: "2026-08-01".parse().ok(),
            never_called: true,
            tag: vec![2],
        };
        assert_eq!(Asked::read(filter_pairs(&filter)).filter(), filter);
    }
}
