//! What a rep has to do today, by its reason: grades that grow old, what was promised, facts that disagree, what leaves
//! for the pool.

use chrono::{NaiveDate, TimeDelta};

use crate::accounts::{Actor, Object, Verb, Whose, may};
use crate::calling::actions::Rulebook;
use crate::calling::day;
use crate::calling::model::Callback;
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::qualifying::{Grade, actions as grading};
use crate::selling::actions::{self, Book};
use crate::selling::rules::pool::Idle;
use crate::selling::sale;

/// Owned companies that are looked at.
const OWNED: i64 = 500;
/// Lines of each reason.
const MOST: usize = 12;
/// Days ahead from which a promised signature is asked about.
const SIGNS_WITHIN: i64 = 7;

/// A company, and what is to be done about it.
pub struct TodoView {
    /// Company.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Grade.
    pub grade: String,
    /// When and why.
    pub text: String,
}

/// All that has one reason.
pub struct TodoGroup {
    /// Stable name of the reason.
    pub code: &'static str,
    /// The reason.
    pub title: String,
    /// What follows if nothing is done.
    pub hint: String,
    /// The soonest first.
    pub rows: Vec<TodoView>,
}

/// Reads what is to be done; reasons without anything are left out.
pub fn read(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    rules: &Rulebook,
    book: &Book,
) -> AppResult<Vec<TodoGroup>> {
    let own = sale::owned_rows(conn, Some(actor.id()), 0, OWNED)?;
    let mut promised = callbacks(conn, ctx, actor, book)?;
    promised.extend(signatures(ctx, book, &own));
    let groups = [
        ("waits", waits(conn, ctx, actor, book)?),
        ("clashes", clashes(conn, ctx, actor, book)?),
        ("expires", expires(ctx, rules, book, &own)),
        ("promised", promised),
        ("falls", falls(ctx, book, &own)),
    ];
    let group = |(code, mut rows): (&'static str, Vec<(NaiveDate, TodoView)>)| {
        rows.sort_by_key(|(day, _)| *day);
        rows.truncate(MOST);
        TodoGroup {
            code,
            title: ctx.code("rep-reason", code),
            hint: ctx.code("rep-reason-hint", code),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    };
    let all = groups.into_iter().map(group);
    Ok(all.filter(|group| !group.rows.is_empty()).collect())
}

/// Grades of own companies that are proposed and wait for the rep.
fn waits(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    book: &Book,
) -> AppResult<Vec<(NaiveDate, TodoView)>> {
    let office = book.office().zone();
    let own = grading::proposals(conn, &Whose::Own(actor.id()), None, OWNED)?;
    let row = |one: grading::Proposal| {
        let todo = TodoView {
            id: one.company_id,
            name: one.company,
            grade: one.present.map_or("", Grade::code).to_owned(),
            text: ctx.t1("rep-todo-waits", "grade", one.proposed.code()),
        };
        (zone::local_date(office, one.at), todo)
    };
    Ok(own.into_iter().map(row).collect())
}

/// What contradicts itself at own companies, with the question that settles it.
fn clashes(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    book: &Book,
) -> AppResult<Vec<(NaiveDate, TodoView)>> {
    let office = book.office().zone();
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let open = grading::open_contradictions(conn, &Whose::Own(actor.id()), None, most)?;
    let row = |one: grading::OpenContradiction| {
        let (what, ask) = (ctx.t(one.code.key()), ctx.t(&one.code.question_key()));
        let todo = TodoView {
            id: one.company_id,
            name: one.company,
            grade: one.grade.map_or("", Grade::code).to_owned(),
            text: ctx.t2("rep-todo-clash", "what", what, "ask", ask),
        };
        (zone::local_date(office, one.opened_at), todo)
    };
    Ok(open.into_iter().map(row).collect())
}

/// Own companies whose grade nobody confirmed for so long that a lower one is near.
fn expires(
    ctx: &PageContext,
    rules: &Rulebook,
    book: &Book,
    own: &[sale::OwnedRow],
) -> Vec<(NaiveDate, TodoView)> {
    let (today, office) = (book.today(ctx.now), book.office().zone());
    let row = |company: &sale::OwnedRow| {
        let letter = Grade::from_code(company.grade.as_deref()?)?;
        let contact = zone::local_date(office, company.touched_at.max(company.graded_at)?);
        let expiry = rules.grading.rules.expiry.expiry(letter, contact)?;
        let (lower_on, lower) = expiry.lower_on.filter(|_| expiry.warn_on <= today)?;
        let days = (today - contact).num_days();
        let text = match lower_on <= today {
            true => ctx.t2("rep-todo-expired", "n", days, "grade", lower.code()),
            false => ctx.t3(
                "rep-todo-expires",
                "n",
                days,
                "day",
                ctx.date(&lower_on),
                "grade",
                lower.code(),
            ),
        };
        Some((lower_on, todo_of(company, text)))
    };
    own.iter().filter_map(row).collect()
}

/// Call-backs that somebody waits for. Whoever calls has a list of them already.
fn callbacks(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    book: &Book,
) -> AppResult<Vec<(NaiveDate, TodoView)>> {
    if may(actor, Verb::Call, Object::Any) {
        return Ok(Vec::new());
    }
    let waiting = day::callbacks_of(conn, actor.id(), book.day_after(ctx.now, 1))?;
    let companies: Vec<i64> = waiting.iter().filter_map(|c| c.company_id).collect();
    let names = sale::company_names(conn, &companies)?;
    let row = |c: &Callback| {
        let (_, root, name, grade) = names.iter().find(|(id, ..)| Some(*id) == c.company_id)?;
        let view = TodoView {
            id: *root,
            name: name.clone(),
            grade: grade.clone().unwrap_or_default(),
            text: ctx.t1("rep-todo-callback", "at", ctx.datetime(&c.due_at)),
        };
        Some((zone::local_date(book.office().zone(), c.due_at), view))
    };
    Ok(waiting.iter().filter_map(row).collect())
}

/// Signatures that were promised for these days, or for days that are over.
fn signatures(
    ctx: &PageContext,
    book: &Book,
    own: &[sale::OwnedRow],
) -> Vec<(NaiveDate, TodoView)> {
    let today = book.today(ctx.now);
    let row = |company: &sale::OwnedRow| {
        let promised = company.sign_by;
        let day = promised.filter(|day| *day <= today + TimeDelta::days(SIGNS_WITHIN))?;
        let left = (day - today).num_days();
        let text = match left < 0 {
            true => ctx.t1("rep-todo-sign-passed", "day", ctx.date(&day)),
            false => ctx.t2("rep-todo-sign", "day", ctx.date(&day), "n", left),
        };
        Some((day, todo_of(company, text)))
    };
    own.iter().filter_map(row).collect()
}

/// Own companies that leave for the pool unless something happens.
fn falls(ctx: &PageContext, book: &Book, own: &[sale::OwnedRow]) -> Vec<(NaiveDate, TodoView)> {
    let today = book.today(ctx.now);
    let row = |company: &sale::OwnedRow| {
        let standing = actions::standing(book, company, ctx.now);
        let Idle::Soon(day) = book.pool.idle(&standing, today) else {
            return None;
        };
        let idle = (today - standing.active_on).num_days();
        let text = ctx.t2("rep-falls", "n", idle, "day", ctx.date(&day));
        Some((day, todo_of(company, text)))
    };
    own.iter().filter_map(row).collect()
}

/// An own company, and what is to be done about it.
fn todo_of(company: &sale::OwnedRow, text: String) -> TodoView {
    TodoView {
        id: company.id,
        name: company.name.clone(),
        grade: company.grade.clone().unwrap_or_default(),
        text,
    }
}
