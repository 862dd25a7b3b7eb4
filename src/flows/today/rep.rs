//! The day of a rep: offers and first contacts by time left, the agenda, the month, what is theirs.

use serde_json::Value;

use super::todo::{self, TodoGroup};
use crate::accounts::{Actor, Object, Verb, may};
use crate::calling::actions::Rulebook;
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::selling::actions::{self, book};
use crate::selling::model::NoticeKind;
use crate::selling::pages::shown::{OfferView, views};
use crate::selling::rules::capacity::Progress;
use crate::selling::rules::notice::{address, sentence};
use crate::selling::{day as queries, handover, sale};

/// Lines of each list.
const MOST: i64 = 12;

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
    /// It is today.
    pub is_today: bool,
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
    /// The day in the office, as a form writes it.
    pub today: String,
    /// Offers and first contacts.
    pub rows: Vec<OfferView>,
    /// What is to be done, by its reason.
    pub todo: Vec<TodoGroup>,
    /// The agenda of today.
    pub agenda: Vec<AgendaView>,
    /// The month.
    pub work: Vec<WorkView>,
    /// What is behind, in words.
    pub behind: String,
    /// `Working day 16 of 22`.
    pub month: String,
    /// How many companies they have.
    pub own: i64,
    /// The parts of the bar of grades.
    pub bar: Vec<(String, i64, i64)>,
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
    day.today = book.today(ctx.now).to_string();
    let found = handover::of_rep(conn, actor.id(), MOST)?;
    day.rows = views(conn, ctx, book.office(), actor.id(), &found)?;
    day.todo = todo::read(conn, ctx, actor, rules, &book)?;
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
    (day.own, day.bar) = own(&day.grades);
    day.cap = ctx.t2("rep-cap", "cap", book.pool.cap, "a", book.pool.cap_a);
    Ok(day)
}

/// How many there are, and the parts of the bar: grade, where it begins and how wide it is, in hundredths.
fn own(grades: &[(String, i64)]) -> (i64, Vec<(String, i64, i64)>) {
    let total: i64 = grades.iter().map(|(_, n)| n).sum();
    let share = |n: i64| n * 100 / total.max(1);
    let mut before = 0;
    let mut parts = Vec::new();
    for (grade, n) in grades {
        let from = share(before);
        before += n;
        parts.push((grade.clone(), from, share(before) - from));
    }
    (total, parts)
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
                href: address(kind, n.company_id),
            })
        })
        .collect();
    Ok(())
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
            // Inside the house its note says what it is.
            let (title, note) = match company {
                Some((_, _, name, _)) => (name.clone(), a.note),
                None => (a.note.unwrap_or_else(|| kind.clone()), None),
            };
            let is_today = zone::local_date(office, a.begins_at) == today;
            AgendaView {
                id: a.id,
                time: match is_today {
                    true => ctx.time(&a.begins_at),
                    false => ctx.datetime(&a.begins_at),
                },
                title,
                href: company.map(|(_, root, ..)| format!("/companies/{root}")),
                text: [Some(kind), note]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · "),
                is_done: a.state == "done",
                is_today,
            }
        })
        .collect())
}
