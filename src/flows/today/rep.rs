//! The day of a rep: offers and first contacts by time left, what leaves soon, what was promised, what is theirs.

use serde_json::Value;

use crate::accounts::{Actor, Object, Verb, may};
use crate::calling::actions::Rulebook;
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::selling::actions::{self, Book, book};
use crate::selling::model::NoticeKind;
use crate::selling::pages::shown::{OfferView, views};
use crate::selling::rules::capacity::Progress;
use crate::selling::rules::notice::sentence;
use crate::selling::rules::pool::Idle;
use crate::selling::{day as queries, handover, sale};

/// Lines of each list.
const MOST: i64 = 12;
/// Owned companies that are looked at for what leaves soon.
const OWNED: i64 = 500;

/// A company that leaves soon.
pub struct FallView {
    /// Company.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Grade.
    pub grade: String,
    /// When and why.
    pub text: String,
}

/// One thing of the agenda.
pub struct AgendaView {
    /// Appointment.
    pub id: i64,
    /// When.
    pub time: String,
    /// Company, or what it is.
    pub title: String,
    /// The company's page.
    pub href: Option<String>,
    /// What for.
    pub text: String,
    /// It took place.
    pub is_done: bool,
}

/// A bar of the month.
pub struct WorkView {
    /// What.
    pub label: String,
    /// Done, companies or days.
    pub done: String,
    /// Planned.
    pub planned: String,
    /// Where it should be, in hundredths.
    pub due: i64,
    /// Behind that.
    pub is_behind: bool,
    /// Days that it took; empty where days are what is counted.
    pub days: String,
    /// Hundredths done.
    pub percent: i64,
}

/// What somebody is told.
pub struct NoticeView {
    /// The sentence.
    pub text: String,
    /// Where to look.
    pub href: String,
}

/// All of it.
#[derive(Default)]
pub struct RepDay {
    /// Whoever looks is a rep.
    pub is_rep: bool,
    /// Offers and first contacts.
    pub rows: Vec<OfferView>,
    /// What leaves soon.
    pub falls: Vec<FallView>,
    /// The agenda of today.
    pub agenda: Vec<AgendaView>,
    /// The month.
    pub work: Vec<WorkView>,
    /// What is behind, in words.
    pub behind: String,
    /// `Working day 16 of 22`.
    pub month: String,
    /// Own companies by grade.
    pub grades: Vec<(String, i64)>,
    /// How many there may be.
    pub cap: String,
    /// What they are told.
    pub notices: Vec<NoticeView>,
    /// Up to which notice.
    pub upto: i64,
}

/// Reads the day of a rep; of others only what they are told.
pub fn read(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    rules: &Rulebook,
) -> AppResult<RepDay> {
    let mut day = RepDay {
        is_rep: may(actor, Verb::AnswerHandovers, Object::Any),
        ..RepDay::default()
    };
    notices(conn, ctx, actor, &mut day)?;
    if !day.is_rep {
        return Ok(day);
    }
    let book = book(conn)?;
    let found = handover::of_rep(conn, actor.id(), MOST)?;
    day.rows = views(conn, ctx, book.office(), actor.id(), &found)?;
    day.falls = falls(conn, ctx, actor, &book)?;
    day.agenda = agenda(conn, ctx, actor, rules)?;
    let month = actions::month(conn, ctx.now, &book, actor.id())?;
    day.month = ctx.t2("rep-month", "day", month.day, "days", month.days);
    day.work = month.progress.iter().map(|p| work(ctx, p)).collect();
    day.behind = month
        .progress
        .iter()
        .filter(|p| p.behind() > 0 && !p.is_in_days())
        .map(|p| {
            let what = ctx.t(p.work.key());
            ctx.t2("rep-work-behind", "what", what, "n", p.behind())
        })
        .collect::<Vec<_>>()
        .join(&ctx.t("assign-and"));
    day.grades = sale::grades_of(conn, actor.id())?
        .into_iter()
        .map(|(grade, n)| (grade.unwrap_or_default(), n))
        .collect();
    day.cap = ctx.t2("rep-cap", "cap", book.pool.cap, "a", book.pool.cap_a);
    Ok(day)
}

fn work(ctx: &PageContext, p: &Progress) -> WorkView {
    let days = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
    let (done, planned, took) = match p.is_in_days() {
        true => (
            days(p.done),
            ctx.t1("rep-days", "days", days(p.planned)),
            String::new(),
        ),
        false => (p.done.to_string(), p.planned.to_string(), days(p.tenths)),
    };
    WorkView {
        label: ctx.t(p.work.key()),
        done,
        planned,
        due: p.due * 100 / p.planned.max(1),
        is_behind: p.behind() > 0,
        days: took,
        percent: p.percent(),
    }
}

fn notices(conn: &mut Conn, ctx: &PageContext, actor: &Actor, day: &mut RepDay) -> AppResult<()> {
    let unseen = crate::selling::notice::unseen(conn, actor.id(), MOST)?;
    day.upto = unseen.first().map_or(0, |n| n.id);
    day.notices = unseen
        .into_iter()
        .filter_map(|n| {
            let data: Value = serde_json::from_str(&n.data).ok()?;
            let kind = NoticeKind::from_code(&n.kind)?;
            Some(NoticeView {
                text: ctx.say(&sentence(kind, &data)),
                href: match (kind, n.company_id) {
                    (NoticeKind::WithManager, _) => "/handovers?state=with_manager".into(),
                    (NoticeKind::Offered | NoticeKind::Warned, _) | (_, None) => {
                        "/handovers".into()
                    }
                    (_, Some(id)) => format!("/companies/{id}"),
                },
            })
        })
        .collect();
    Ok(())
}

fn falls(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    book: &Book,
) -> AppResult<Vec<FallView>> {
    let today = book.today(ctx.now);
    let rows = sale::owned_rows(conn, Some(actor.id()), 0, OWNED)?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let standing = actions::standing(book, row, ctx.now);
            let Idle::Soon(day) = book.pool.idle(&standing, today) else {
                return None;
            };
            let idle = (today - standing.active_on).num_days();
            Some(FallView {
                id: row.0,
                name: row.1.clone(),
                grade: row.2.clone().unwrap_or_default(),
                text: ctx.t2("rep-falls", "n", idle, "day", ctx.date(&day)),
            })
        })
        .collect())
}

fn agenda(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    rules: &Rulebook,
) -> AppResult<Vec<AgendaView>> {
    let office = rules.calendars.office().zone();
    let today = zone::local_date(office, ctx.now);
    let from = zone::day_start(office, today);
    let to = zone::day_start(office, today + chrono::TimeDelta::days(7));
    let found = queries::agenda(conn, actor.id(), from, to)?;
    let companies: Vec<i64> = found.iter().filter_map(|a| a.company_id).collect();
    let names = sale::company_names(conn, &companies)?;
    Ok(found
        .into_iter()
        .map(|a| {
            let company = names.iter().find(|(id, ..)| Some(*id) == a.company_id);
            let kind = ctx.code("appointment", &a.kind);
            let is_today = zone::local_date(office, a.begins_at) == today;
            AgendaView {
                id: a.id,
                time: match is_today {
                    true => ctx.time(&a.begins_at),
                    false => ctx.datetime(&a.begins_at),
                },
                title: company.map_or_else(|| kind.clone(), |(_, _, name, _)| name.clone()),
                href: company.map(|(_, root, ..)| format!("/companies/{root}")),
                text: [Some(kind), a.note]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · "),
                is_done: a.state == "done",
            }
        })
        .collect())
}
