//! `/settings/greetings`: which occasions are greeted, for whom, when, who answers, and days without cards.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{NaiveDate, NaiveTime};

use super::history::History;
use super::{Tab, after_save, next_version, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::outreach::rules::occasions::{Blackout, GreetingRules, Occasion, OccasionRule};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html_with};
use crate::platform::{clock, problem, settings};
use crate::qualifying::Grade;

/// Grades that may get a card: A is written to by hand, E by nobody.
const GRADES: [Grade; 3] = [Grade::B, Grade::C, Grade::D];
/// Days ahead and days to answer lie within these.
const MOST_DAYS: u16 = 60;

struct OccasionRow {
    code: &'static str,
    name: String,
    is_great: bool,
    is_on: bool,
    grades: Vec<(&'static str, bool)>,
}

struct BlackoutRow {
    from: NaiveDate,
    to: NaiveDate,
    name: String,
}

#[derive(Template)]
#[template(path = "settings/greetings.html")]
struct GreetingsPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    version: i32,
    occasions: Vec<OccasionRow>,
    rules: GreetingRules,
    from: String,
    until: String,
    blackouts: Vec<BlackoutRow>,
    most_days: u16,
    error: Option<String>,
    history: History,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db.read(move |conn| build(conn, &me, None)).await?;
    html_with(StatusCode::OK, &page)
}

fn build(conn: &mut Conn, me: &SignedIn, refusal: Option<&Refusal>) -> AppResult<GreetingsPage> {
    let ctx = me.context();
    let stored = settings::load::<GreetingRules>(conn)?;
    let rules = stored.value;
    let row = |occasion: &Occasion| {
        let rule = rules.rule(*occasion);
        OccasionRow {
            code: occasion.code(),
            name: ctx.t(occasion.key()),
            is_great: occasion.is_great(),
            is_on: rule.is_on,
            grades: GRADES
                .iter()
                .map(|grade| (grade.code(), rule.grades.contains(grade)))
                .collect(),
        }
    };
    Ok(GreetingsPage {
        tabs: tabs(me, "/settings/greetings"),
        version: stored.version,
        occasions: Occasion::ALL.iter().map(row).collect(),
        from: rules.from.format("%H:%M").to_string(),
        until: rules.until.format("%H:%M").to_string(),
        blackouts: rules
            .blackouts
            .iter()
            .map(|days| BlackoutRow {
                from: days.from,
                to: days.to,
                name: days.name(ctx.language).to_owned(),
            })
            .collect(),
        most_days: MOST_DAYS,
        error: refusal.map(|refusal| problem::in_words(ctx.language, refusal)),
        history: History::of::<GreetingRules>(conn)?,
        rules,
        ctx,
    })
}

/// `POST /settings/greetings`: the rules, or a stretch of quiet days.
pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let actor_id = me.actor.user_id;
    let kept = db.write(move |conn| keep(conn, &sent, actor_id)).await;
    after_save(
        me.lang(),
        &db,
        "/settings/greetings",
        kept,
        move |conn, refusal| build(conn, &me, Some(refusal)),
    )
    .await
}

fn keep(conn: &mut Conn, sent: &Pairs, actor_id: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    let mut rules = settings::load::<GreetingRules>(conn)?.value;
    match sent.get("do") {
        Some("add_days") => rules.blackouts.push(read_days(sent)?),
        Some("remove_days") => {
            let from = day(sent, "from")?;
            rules.blackouts.retain(|days| days.from != from);
        }
        _ => read_rules(&mut rules, sent)?,
    }
    rules.blackouts.sort_by_key(|days| days.from);
    rules
        .validate()
        .map_err(|code| AppError::invalid(code, "greetings"))?;
    next_version(conn, now, &rules, seen(sent), actor_id).map(|_| ())
}

fn read_rules(rules: &mut GreetingRules, sent: &Pairs) -> AppResult<()> {
    for occasion in Occasion::ALL {
        let code = occasion.code();
        let ticked: Vec<&str> = sent.all(code).collect();
        let rule = OccasionRule {
            is_on: ticked.contains(&"on"),
            grades: GRADES
                .into_iter()
                .filter(|grade| ticked.contains(&grade.code()))
                .collect(),
        };
        if rule.is_on && rule.grades.is_empty() {
            return Err(AppError::invalid("greeting_for_nobody", "grades"));
        }
        if rule == OccasionRule::shipped(*occasion) {
            rules.occasions.remove(occasion);
        } else {
            rules.occasions.insert(*occasion, rule);
        }
    }
    rules.days_ahead = days(sent, "days_ahead")?;
    rules.answer_days = days(sent, "answer_days")?;
    rules.from = time(sent, "from")?;
    rules.until = time(sent, "until")?;
    rules.asks_owners = sent.get("asks_owners").is_some();
    rules.silence_is_yes = sent.get("silence_is_yes") == Some("yes");
    rules.goes_unasked = sent.get("goes_unasked") == Some("yes");
    Ok(())
}

fn read_days(sent: &Pairs) -> AppResult<Blackout> {
    let from = day(sent, "from")?;
    let to = match sent.get("to") {
        Some(_) => day(sent, "to")?,
        None => from,
    };
    let name = |field: &str| sent.get(field).unwrap_or_default().to_owned();
    Ok(Blackout {
        from,
        to,
        name_zh: name("name_zh"),
        name_en: name("name_en"),
    })
}

fn day(sent: &Pairs, field: &'static str) -> AppResult<NaiveDate> {
    let read = sent.get(field).and_then(|text| text.parse().ok());
    read.ok_or_else(|| AppError::invalid("day_unreadable", "day"))
}

fn days(sent: &Pairs, field: &'static str) -> AppResult<u16> {
    let read = sent.get(field).and_then(|text| text.parse().ok());
    read.filter(|n| (1..=MOST_DAYS).contains(n))
        .ok_or_else(|| AppError::invalid("greeting_days_wrong", field).with("most", MOST_DAYS))
}

fn time(sent: &Pairs, field: &'static str) -> AppResult<NaiveTime> {
    let text = sent.get(field).unwrap_or_default();
    let read = NaiveTime::parse_from_str(text, "%H:%M");
    read.map_err(|_| AppError::invalid("greeting_time_wrong", field))
}
