//! `/contradictions`: facts of companies that cannot all be true, with the question that settles each; and the same
//! told on other pages and to programs.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde_json::Value;

use crate::accounts::{SignedIn, Verb, Whose, redirect_with};
use crate::calling::actions::follow_companies;
use crate::flows::company_access;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::{Flash, PageContext, html};
use crate::qualifying::Grade;
use crate::qualifying::actions::{
    self, GradingBook, OpenContradiction, evidence_of, grading, look_again, unsettled,
};
use crate::qualifying::model::{Cited, Effect, Found};
use crate::qualifying::pages::{ContradictionView, Teller};
use crate::registry::actions::root_of;

/// Lines of a page.
const LINES: i64 = 50;

/// Contradictions for programs, in the language of whoever asks.
pub fn told_json(
    conn: &mut Conn,
    lang: Lang,
    now: NaiveDateTime,
    book: &GradingBook,
    found: &[Found],
) -> AppResult<Value> {
    let facts: Vec<&Cited> = found.iter().flat_map(|one| &one.facts).collect();
    let teller = Teller::new(conn, (lang, book.zone, now), &book.needs, facts)?;
    let told = found.iter().map(|one| teller.contradiction_json(one));
    Ok(told.collect())
}

/// What contradicts itself at a company, for programs.
pub fn of_company_json(
    conn: &mut Conn,
    lang: Lang,
    now: NaiveDateTime,
    book: &GradingBook,
    root: i64,
) -> AppResult<Value> {
    let known = evidence_of(conn, book, now, root, None)?;
    let found = unsettled(book, &known).found;
    told_json(conn, lang, now, book, &found)
}

/// Contradictions as a page draws them.
pub fn views(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &GradingBook,
    found: &[Found],
) -> AppResult<Vec<ContradictionView>> {
    let facts: Vec<&Cited> = found.iter().flat_map(|one| &one.facts).collect();
    let teller = Teller::of_page(conn, ctx, &book.needs, facts)?;
    Ok(found.iter().map(|one| teller.contradiction(one)).collect())
}

/// Something about a company was changed by hand: what contradicts itself is looked at again.
pub fn after_change(conn: &mut Conn, now: NaiveDateTime, company_id: i64) -> AppResult<()> {
    let root = root_of(conn, company_id)?;
    let book = grading(conn)?;
    look_again(conn, now, &book, root)?;
    Ok(())
}

#[derive(Template)]
#[template(path = "qualifying/contradictions.html")]
struct ListPage {
    ctx: PageContext,
    rows: Vec<Row>,
    next: Option<String>,
    shows_owner: bool,
}

struct Row {
    company_id: i64,
    company: String,
    grade: String,
    owner: String,
    since: String,
    what: ContradictionView,
}

async fn list(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeGrades)?;
    let after = query
        .iter()
        .find(|(name, _)| name == "after")
        .and_then(|(_, value)| value.split_once('-'))
        .and_then(|(level, id)| Some((level.to_owned(), id.parse::<i64>().ok()?)));
    let page = db.read(move |conn| read(conn, &me, after)).await?;
    html(&page)
}

fn read(conn: &mut Conn, me: &SignedIn, after: Option<(String, i64)>) -> AppResult<ListPage> {
    let ctx = me.context();
    let whose = Whose::of(conn, &me.actor)?;
    let mut open = actions::open_contradictions(conn, &whose, after, LINES + 1)?;
    let has_more = open.len() > LINES as usize;
    open.truncate(LINES as usize);
    let next = open.last().filter(|_| has_more).map(|last| {
        let level = last.level.code();
        format!("/contradictions?after={level}-{}", last.id)
    });
    let book = grading(conn)?;
    let found: Vec<Found> = open.iter().map(stored).collect();
    let told = views(conn, &ctx, &book, &found)?;
    let rows = open.into_iter().zip(told).map(|(one, what)| Row {
        company_id: one.company_id,
        company: one.company,
        grade: one.grade.map_or("", Grade::code).to_owned(),
        owner: one.owner.unwrap_or_default(),
        since: ctx.date_of(&one.opened_at),
        what,
    });
    Ok(ListPage {
        rows: rows.collect(),
        next,
        shows_owner: whose.is_managers(),
        ctx,
    })
}

/// A stored one as it was found; what it does to the grade is told where the grade is.
fn stored(one: &OpenContradiction) -> Found {
    Found {
        code: one.code,
        level: one.level,
        effect: Effect::None,
        facts: one.facts.clone(),
    }
}

/// `POST /companies/{id}/contradictions/{code}`: the facts may stand, and why.
async fn dismiss(
    me: SignedIn,
    db: web::Data<Db>,
    at: web::Path<(i64, String)>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let (id, code) = at.into_inner();
    let flash = Flash::new("good", me.lang().text("contradiction-dismissed"));
    let is_of_list = pairs.get("from") == Some("list");
    let reason = pairs.get("reason").unwrap_or_default().to_owned();
    let root = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, now)?;
            let book = grading(conn)?;
            actions::dismiss(conn, now, &me.actor, &book, root, &code, &reason)?;
            follow_companies(conn, now, &[root])?;
            Ok::<_, AppError>(root)
        })
        .await?;
    let back = match is_of_list {
        true => "/contradictions".to_owned(),
        false => format!("/companies/{root}"),
    };
    Ok(redirect_with(&back, &flash))
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/contradictions")
                .route(web::get().to(list))
                .route(web::head().to(list)),
        )
        .route(
            "/companies/{id:\\d+}/contradictions/{code}",
            web::post().to(dismiss),
        );
}
