//! `/grades`: grades that are proposed and wait for an answer, accepted singly or together.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::accounts::{SignedIn, Verb, Whose, redirect_with};
use crate::calling::actions::follow_companies;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{Flash, PageContext, html};
use crate::qualifying::Grade;
use crate::qualifying::actions::{Answer, answer, grading, proposals};

/// Lines of a page; also how many are answered at once.
const LINES: usize = 100;

#[derive(Template)]
#[template(path = "qualifying/proposals.html")]
struct ProposalsPage {
    ctx: PageContext,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    id: i64,
    company_id: i64,
    company: String,
    present: String,
    proposed: String,
    kind: String,
    at: String,
    reasons: Vec<(&'static str, String)>,
}

async fn list(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeGrades)?;
    let before = query
        .iter()
        .find(|(name, _)| name == "before")
        .and_then(|(_, id)| id.parse::<i64>().ok());
    let page = db.read(move |conn| read(conn, &me, before)).await?;
    html(&page)
}

fn read(conn: &mut Conn, me: &SignedIn, before: Option<i64>) -> AppResult<ProposalsPage> {
    let ctx = me.context();
    let limit = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let whose = Whose::of(conn, &me.actor)?;
    let mut all = proposals(conn, &whose, before, limit)?;
    let has_more = all.len() > LINES;
    all.truncate(LINES);
    let next = all
        .last()
        .filter(|_| has_more)
        .map(|last| format!("/grades?before={}", last.id));
    let rows = all.into_iter().map(|one| Row {
        id: one.id,
        company_id: one.company_id,
        present: one.present.map_or("", Grade::code).to_owned(),
        proposed: one.proposed.code().to_owned(),
        kind: ctx.code("grade-by", &one.kind),
        at: ctx.date_of(&one.at),
        reasons: one
            .reasons
            .iter()
            .map(|why| (why.weight().class(), ctx.say(&why.sentence())))
            .collect(),
        company: one.company,
    });
    Ok(ProposalsPage {
        rows: rows.collect(),
        next,
        ctx,
    })
}

/// `POST /grades`: answers those that are ticked, or the one whose button was pressed.
async fn save(me: SignedIn, db: web::Data<Db>, pairs: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::SeeGrades)?;
    let said = pairs.get("do").unwrap_or_default();
    let (what, one) = said.split_once('-').unwrap_or((said, ""));
    let given = match what {
        "accept" => Answer::Accept,
        "keep" => Answer::Keep,
        _ => return Err(AppError::bad_request("form_unreadable")),
    };
    let ids: Vec<i64> = match one.parse() {
        Ok(id) => vec![id],
        Err(_) => {
            let ticked = pairs.0.iter().filter(|(name, _)| name == "id");
            ticked.filter_map(|(_, id)| id.parse().ok()).collect()
        }
    };
    let ctx = me.context();
    let n = db
        .write(move |conn| answer_all(conn, &me, &ids, given))
        .await?;
    let key = match given {
        Answer::Accept => "grade-accepted",
        Answer::Keep => "grade-kept",
    };
    let kind = if n == 0 { "info" } else { "good" };
    Ok(redirect_with(
        "/grades",
        &Flash::new(kind, ctx.t1(key, "n", n)),
    ))
}

fn answer_all(conn: &mut Conn, me: &SignedIn, ids: &[i64], given: Answer) -> AppResult<usize> {
    let now = clock::now(conn)?;
    let book = grading(conn)?;
    let mut changed = Vec::new();
    let mut n = 0;
    for id in ids.iter().take(LINES) {
        if let Some(company) = answer(conn, now, &me.actor, &book, *id, given)? {
            changed.push(company);
            n += 1;
        }
    }
    follow_companies(conn, now, &changed)?;
    Ok(n)
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/grades")
            .route(web::get().to(list))
            .route(web::head().to(list))
            .route(web::post().to(save)),
    );
}
