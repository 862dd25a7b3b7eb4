//! `/settings/cadence`: per grade who calls, visits and writes how often, the caps, and what holds bulk mail back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveTime;

use super::history::History;
use super::{Tab, after_save, next_version, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::outreach::rules::cadence::{
    CAP_DAYS, CadenceRules, Caller, GradeCadence, Greetings, LONGEST_GAP, MOST_TOUCHES,
};
use crate::outreach::rules::mail_rules::MailRules;
use crate::platform::calendar::Span;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html_with};
use crate::platform::settings::{self, Setting, Versioned};
use crate::platform::{clock, problem};
use crate::qualifying::Grade;

/// A choice: code, name, whether it is chosen.
type Choice = (&'static str, String, bool);

/// A number that may be left empty: its name in the form, its label, what is typed, the most.
struct Cell {
    name: String,
    label: String,
    typed: String,
    most: u16,
}

/// The line of a grade.
struct Line {
    code: &'static str,
    callers: Vec<Choice>,
    greetings: Vec<Choice>,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "settings/cadence.html")]
struct CadencePage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    cadence_version: i32,
    mail_version: i32,
    lines: Vec<Line>,
    holds: Vec<Choice>,
    from: String,
    to: String,
    cap_days: u32,
    error: Option<String>,
    history: History,
}

/// What a form is shown again with.
type Typed<'a> = (CadenceRules, MailRules, &'a Refusal);

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db.read(move |conn| build(conn, &me, None)).await?;
    html_with(StatusCode::OK, &page)
}

fn stored(conn: &mut Conn) -> AppResult<(Versioned<CadenceRules>, Versioned<MailRules>)> {
    Ok((settings::load(conn)?, settings::load(conn)?))
}

fn build(conn: &mut Conn, me: &SignedIn, typed: Option<Typed<'_>>) -> AppResult<CadencePage> {
    let ctx = me.context();
    let (cadence, mail) = stored(conn)?;
    let (rules, shown, error) = match typed {
        Some((cadence, mail, refusal)) => (
            cadence,
            mail,
            Some(problem::in_words(ctx.language, refusal)),
        ),
        None => (cadence.value, mail.value, None),
    };
    let time = |at: NaiveTime| at.format("%H:%M").to_string();
    Ok(CadencePage {
        tabs: tabs(me, "/settings/cadence"),
        cadence_version: cadence.version,
        mail_version: mail.version,
        lines: Grade::ALL
            .iter()
            .map(|grade| line(&ctx, *grade, rules.of(*grade)))
            .collect(),
        holds: HOLDS
            .iter()
            .map(|(name, read, _)| (*name, ctx.code("settings-cadence", name), read(&shown)))
            .collect(),
        from: time(shown.news_hours.from),
        to: time(shown.news_hours.to),
        cap_days: CAP_DAYS,
        error,
        history: History::of_both::<CadenceRules, MailRules>(conn)?,
        ctx,
    })
}

/// A yes or no of the rules of mail: its name, how it is read, how it is written.
type Hold = (
    &'static str,
    fn(&MailRules) -> bool,
    fn(&mut MailRules, bool),
);

#[rustfmt::skip] // one switch a line, read as a table
const HOLDS: [Hold; 3] = [
    ("complaint_holds", |r| r.complaint_holds, |r, on| r.complaint_holds = on),
    ("quotation_holds_greetings", |r| r.quotation_holds_greetings, |r, on| r.quotation_holds_greetings = on),
    ("quotation_holds_news", |r| r.quotation_holds_news, |r, on| r.quotation_holds_news = on),
];

/// A number of a grade: its name, how it is read, how it is written, the most.
type Number = (
    &'static str,
    fn(&GradeCadence) -> Option<u16>,
    fn(&mut GradeCadence, Option<u16>),
    u16,
);

#[rustfmt::skip] // one number a line, read as a table
const NUMBERS: [Number; 4] = [
    ("call_days", |r| r.call_days, |r, n| r.call_days = n, LONGEST_GAP),
    ("visit_days", |r| r.visit_days, |r, n| r.visit_days = n, LONGEST_GAP),
    ("news_days", |r| r.news_days, |r, n| r.news_days = n, LONGEST_GAP),
    ("at_most", |r| r.at_most, |r, n| r.at_most = n, MOST_TOUCHES),
];

fn line(ctx: &PageContext, grade: Grade, row: &GradeCadence) -> Line {
    let callers = Caller::ALL.iter();
    let greetings = Greetings::ALL.iter();
    Line {
        code: grade.code(),
        callers: callers
            .map(|one| (one.code(), ctx.t(one.key()), *one == row.caller))
            .collect(),
        greetings: greetings
            .map(|one| (one.code(), ctx.t(one.key()), *one == row.greetings))
            .collect(),
        cells: NUMBERS
            .iter()
            .map(|(name, read, _, most)| Cell {
                name: format!("{}_{name}", grade.code()),
                label: ctx.code("settings-cadence", name),
                typed: read(row).map_or_else(String::new, |n| n.to_string()),
                most: *most,
            })
            .collect(),
    }
}

/// `POST /settings/cadence`: the table of grades, or the rules of mail.
pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let (cadence, mail) = db.read(stored).await?;
    let (cadence, mail) = (cadence.value, mail.value);
    let (version, actor_id) = (seen(&sent), me.actor.user_id);
    let is_mail = sent.get("set") == Some(MailRules::KIND);
    let (cadence, mail, read) = if is_mail {
        let (mail, read) = read_mail(&sent, mail);
        (cadence, mail, read)
    } else {
        let (cadence, read) = read_cadence(&sent, cadence);
        (cadence, mail, read)
    };
    let (kept_cadence, kept_mail) = (cadence.clone(), mail.clone());
    let kept = match read {
        Ok(()) if is_mail => {
            db.write(move |conn| keep(conn, &kept_mail, version, actor_id))
                .await
        }
        Ok(()) => {
            db.write(move |conn| keep(conn, &kept_cadence, version, actor_id))
                .await
        }
        Err(error) => Err(error),
    };
    after_save(
        me.lang(),
        &db,
        "/settings/cadence",
        kept,
        move |conn, refusal| build(conn, &me, Some((cadence, mail, refusal))),
    )
    .await
}

/// What was typed on top of what is stored, and whether it makes sense. An empty number means: never, or no cap.
fn read_cadence(sent: &Pairs, mut rules: CadenceRules) -> (CadenceRules, AppResult<()>) {
    let mut wrong = None;
    for grade in Grade::ALL {
        let mut row = *rules.of(*grade);
        let field = |name: &str| sent.get(&format!("{}_{name}", grade.code()));
        row.caller = field("caller")
            .and_then(Caller::from_code)
            .unwrap_or(row.caller);
        row.greetings = field("greetings")
            .and_then(Greetings::from_code)
            .unwrap_or(row.greetings);
        for (name, _, write, _) in NUMBERS {
            match field(name).map(str::parse::<u16>) {
                None => write(&mut row, None),
                Some(Ok(number)) => write(&mut row, Some(number)),
                Some(Err(_)) => wrong = Some(*grade),
            }
        }
        rules.0.insert(*grade, row);
    }
    let checked = match wrong {
        Some(grade) => Err(CadenceRules::wrong(grade)),
        None => rules.validate(),
    };
    (rules, checked)
}

fn read_mail(sent: &Pairs, mut rules: MailRules) -> (MailRules, AppResult<()>) {
    for (name, _, write) in HOLDS {
        write(&mut rules, sent.get(name).is_some());
    }
    let time = |name: &str| {
        let typed = sent.get(name).unwrap_or_default();
        NaiveTime::parse_from_str(typed, "%H:%M").ok()
    };
    let checked = match (time("from"), time("to")) {
        (Some(from), Some(to)) => {
            rules.news_hours = Span { from, to };
            rules.validate()
        }
        _ => Err(AppError::invalid("mail_hours_wrong", "news_hours")),
    };
    (rules, checked)
}

fn keep<T: Setting>(conn: &mut Conn, rules: &T, seen: i32, actor_id: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    next_version(conn, now, rules, seen, actor_id).map(|_| ())
}
