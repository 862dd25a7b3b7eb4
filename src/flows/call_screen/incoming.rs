//! A caller is found by number, in any writing, and the call is recorded without a lease. A rep's own calls go the same way.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::json;

use super::answers::Answers;
use super::callee::{self, Callee};
use super::needs::Office;
use super::view::{Choice, Line, Questions, Refused, ResultForm};
use super::{draw, find, foretell, save};
use crate::accounts::{Actor, Object, SignedIn, Verb, require};
use crate::calling::actions::{self, Rulebook};
use crate::calling::model::CallForm;
use crate::flows::company_access::access_to;
use crate::platform::calendar::{Calendar, regions::calendar_for_region};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::idempotency::{Answer, Once, write_once};
use crate::platform::page::{self, PageContext};
use crate::platform::{problem, secret};

#[derive(Template)]
#[template(path = "calling/incoming.html")]
struct IncomingPage {
    ctx: PageContext,
    query: String,
    found_say: String,
    hits: Vec<Hit>,
}

struct Hit {
    href: String,
    company: String,
    about: String,
    person: String,
    number: String,
    last: String,
}

#[derive(Template)]
#[template(path = "calling/record.html")]
struct RecordPage {
    ctx: PageContext,
    name: String,
    about: String,
    grade: String,
    action: &'static str,
    company_id: String,
    person_id: String,
    phone: String,
    once: String,
    directions: Vec<Choice>,
    lines: Vec<Choice>,
    /// Numbers that a click dials, when the call is ours.
    dials: Vec<Dial>,
    q: Questions,
    r: ResultForm,
}

/// A number to dial: whose it is, as it is written, what a telephone takes.
struct Dial {
    whose: String,
    number: String,
    tel: String,
}

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    company: Option<i64>,
    person: Option<i64>,
    #[serde(default)]
    phone: String,
    /// `out` for a call of ours.
    direction: Option<String>,
}

/// `GET /call/incoming`: by number, or the form of one caller.
pub async fn page(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RecordCall)?;
    let (agent, ctx) = (me.actor.clone(), me.context());
    let asked = asked.into_inner();
    if asked.company.is_some() || asked.person.is_some() {
        let page = db
            .read(move |conn| {
                let to = To {
                    company: asked.company,
                    person: asked.person,
                    phone: asked.phone,
                };
                let direction = asked.direction.map(|way| ("direction".to_owned(), way));
                let answers = Answers(direction.into_iter().collect());
                record_page(conn, ctx, &agent, &to, &answers, secret::random_token())
            })
            .await?;
        return page::html(&page);
    }
    let query = asked.q.trim().to_owned();
    let found = {
        let (query, ctx) = (query.clone(), ctx.clone());
        db.write(move |conn| {
            if query.is_empty() {
                return Ok(Vec::new());
            }
            let now = clock::now(conn)?;
            hits(conn, &ctx, now, &agent, &query)
        })
        .await?
    };
    page::html(&IncomingPage {
        found_say: match find::is_number(&query) {
            true => ctx.t1("incoming-found", "n", found.len()),
            false => ctx.t("incoming-unreadable"),
        },
        query,
        hits: found,
        ctx,
    })
}

fn hits(
    conn: &mut Conn,
    ctx: &PageContext,
    now: NaiveDateTime,
    agent: &Actor,
    query: &str,
) -> AppResult<Vec<Hit>> {
    let mut hits = Vec::new();
    for caller in find::callers(conn, now, agent, query)? {
        let callee = callee::read(conn, now, caller.company_id, caller.person_id)?;
        let number = callee
            .point(Some(caller.point_id))
            .map(|p| callee.number(ctx, now, p));
        let person = caller.person_id.and_then(|id| {
            let known = callee
                .people
                .iter()
                .find(|(_, p)| p.id == id || p.root_id == id)?;
            Some(callee::person_name(&known.1))
        });
        let whom = match (caller.company_id, caller.person_id) {
            (Some(id), _) => format!("company={id}"),
            (None, Some(id)) => format!("person={id}"),
            (None, None) => continue,
        };
        let number = number.unwrap_or_default();
        let phone = number.tel.trim_start_matches("tel:");
        hits.push(Hit {
            href: format!("/call/incoming?{whom}&phone={}", escaped(phone)),
            company: callee.name(ctx),
            about: callee.about(ctx),
            person: person.unwrap_or_else(|| ctx.t("screen-desk")),
            number: [number.shown, number.ext].join(" ").trim().to_owned(),
            last: match callee.history(ctx).first() {
                Some(past) => format!("{} {}", past.day, past.title),
                None => ctx.t("incoming-never"),
            },
        });
    }
    Ok(hits)
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Whom a call without a lease is with.
struct To {
    company: Option<i64>,
    person: Option<i64>,
    phone: String,
}

/// Whether this person may record a call with them: found by number is enough for whoever records calls.
fn check(conn: &mut Conn, agent: &Actor, to: &To, now: NaiveDateTime) -> AppResult<()> {
    let by_number =
        !to.phone.is_empty() && find::has_number(conn, to.company, to.person, &to.phone)?;
    match to.company {
        Some(company) if !by_number => {
            let access = access_to(conn, agent, company, now)?;
            require(agent, Verb::RecordCall, Object::Company(access))
        }
        _ => require(agent, Verb::RecordCall, Object::Any),
    }
}

/// The calendar where somebody is.
fn calendar_of<'a>(rules: &'a Rulebook, callee: &Callee) -> &'a Calendar {
    let region = callee.company.as_ref().and_then(|c| c.region.as_deref());
    rules
        .calendars
        .get(calendar_for_region(region, &rules.office))
}

/// A line that may be dialled; who must not be called has none.
fn dial(line: &Line) -> Option<Dial> {
    let number = &line.number;
    let is_open = line.barred.is_none() && !number.tel.is_empty();
    is_open.then(|| Dial {
        whose: line.name.clone(),
        number: [number.shown.as_str(), &number.ext]
            .join(" ")
            .trim()
            .to_owned(),
        tel: number.tel.clone(),
    })
}

fn record_page(
    conn: &mut Conn,
    ctx: PageContext,
    agent: &Actor,
    to: &To,
    answers: &Answers,
    once: String,
) -> AppResult<RecordPage> {
    check(conn, agent, to, ctx.now)?;
    let rules = actions::rulebook(conn)?;
    let office = Office::read(conn)?;
    let callee = callee::read(conn, ctx.now, to.company, to.person)?;
    let called = callee
        .points
        .iter()
        .find(|p| p.is_number() && p.full() == to.phone);
    let chosen = match (answers.get("line"), called) {
        ("", Some(point)) => format!(":{}", point.id),
        (line, _) => line.to_owned(),
    };
    let mut lines = callee.lines(&ctx, ctx.now, &chosen);
    let direction = match answers.get("direction") {
        "out" => "out",
        _ => "in",
    };
    // Whom we call is known: the first who may be called, unless another was chosen.
    if direction == "out"
        && lines.iter().all(|line| !line.checked)
        && let Some(line) = lines.iter_mut().find(|line| dial(line).is_some())
    {
        line.checked = true;
    }
    let dials = match direction {
        "out" => lines.iter().filter_map(dial).collect(),
        _ => Vec::new(),
    };
    let mut choices: Vec<Choice> = lines
        .into_iter()
        .map(|line| {
            let barred = line.barred.unwrap_or_default();
            let text = [line.name, line.title, line.number.shown, barred];
            let text = text
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
            Choice::new(line.value, text, line.checked)
        })
        .collect();
    let is_open = choices.iter().all(|c| !c.checked);
    choices.push(Choice::new(":", ctx.t("incoming-nobody"), is_open));
    let mut r = draw::result_form(
        &ctx,
        &callee,
        answers,
        &office,
        calendar_of(&rules, &callee),
    );
    r.foretold = foretell::standing(conn, &ctx, &rules.grading, (None, &callee), answers)?;
    r.foretold.why = ctx.t("incoming-grade-later");
    Ok(RecordPage {
        name: callee.name(&ctx),
        about: callee.about(&ctx),
        grade: callee.grade(),
        action: "/call/incoming",
        company_id: to.company.map(|id| id.to_string()).unwrap_or_default(),
        person_id: to.person.map(|id| id.to_string()).unwrap_or_default(),
        phone: to.phone.clone(),
        once,
        directions: ["in", "out"]
            .map(|code| Choice::new(code, ctx.t(&format!("incoming-{code}")), code == direction))
            .to_vec(),
        lines: choices,
        dials,
        q: draw::questions(&ctx, &callee, answers, &office),
        r,
        ctx,
    })
}

/// `POST /call/incoming`.
pub async fn record(
    me: SignedIn,
    db: web::Data<Db>,
    request: HttpRequest,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RecordCall)?;
    let number = |name: &str| pairs.get(name).and_then(|v| v.parse::<i64>().ok());
    let to = To {
        company: number("company"),
        person: number("person"),
        phone: pairs.get("phone").unwrap_or_default().to_owned(),
    };
    let company = to.company;
    let key = pairs.get("key").unwrap_or_default().to_owned();
    let answers = Answers::of(&pairs);
    let mut asked = Once::of(&request, serde_json::to_string(&answers)?.as_bytes())?;
    asked.key = asked
        .key
        .or_else(|| Some(key.clone()).filter(|k| !k.is_empty()));
    let written = {
        let (agent, ctx, answers) = (me.actor.clone(), me.context(), answers.clone());
        let to = To {
            phone: to.phone.clone(),
            ..to
        };
        write_once(&db, agent.id(), asked, move |conn, now| {
                check(conn, &agent, &to, now)?;
                let rules = actions::rulebook(conn)?;
                let form = call_form(conn, now, &rules, &to, &answers)?;
                let saved = save::record(conn, &ctx, now, &agent, &form, &rules)?;
                let body = json!({ "call_id": saved.call_id, "text": saved.text, "undo_seconds": saved.undo_seconds });
                Ok(Answer::created(body))
})
        .await
    };
    match written {
        Ok(answer) => {
            let saved = save::Saved {
                call_id: answer.body["call_id"].as_i64().unwrap_or_default(),
                text: answer.body["text"].as_str().unwrap_or_default().to_owned(),
                undo_seconds: 120,
            };
            // A call of ours was begun on the company's page; a caller came between two calls of the queue.
            let back = match (answers.get("direction"), company) {
                ("out", Some(id)) => format!("/companies/{id}"),
                _ if me.require(Verb::Call).is_ok() => "/call".to_owned(),
                _ => "/".to_owned(),
            };
            Ok(save::told(&request, &back, &save::undoable(&saved), &saved))
        }
        Err(error) => {
            let refusal = error.of_form()?;
            let (agent, ctx) = (me.actor.clone(), me.context());
            let told = problem::tell(me.lang(), &refusal);
            let page = db
                .read(move |conn| {
                    let mut page = record_page(conn, ctx, &agent, &to, &answers, key)?;
                    page.r.error = Some(Refused {
                        text: told.text,
                        remedy: told.remedy,
                    });
                    Ok::<_, AppError>(page)
                })
                .await?;
            page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

fn call_form(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    to: &To,
    answers: &Answers,
) -> AppResult<CallForm> {
    let callee = callee::read(conn, now, to.company, to.person)?;
    let office = Office::read(conn)?;
    let mut form = answers.call(calendar_of(rules, &callee).zone(), &office.needs)?;
    let (_, point) = answers.line();
    form.company = to.company;
    callee.place_person(&mut form);
    form.phone = match callee.point(point) {
        Some(point) => Some(point.full()),
        None => Some(to.phone.clone()).filter(|p| !p.is_empty()),
    };
    form.direction = Some(match answers.get("direction") {
        "out" => "out".to_owned(),
        _ => "in".to_owned(),
    });
    Ok(form)
}
