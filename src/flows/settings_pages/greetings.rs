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

/// What stands in the fields of days and hours.
struct WhenFields {
    days_ahead: String,
    answer_days: String,
    from: String,
    until: String,
}

/// What stands in the form of quiet days.
#[derive(Default)]
struct DaysFields {
    from: String,
    to: String,
    name_zh: String,
    name_en: String,
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
    when: WhenFields,
    blackouts: Vec<BlackoutRow>,
    days: DaysFields,
    most_days: u16,
    /// The field that is wrong, and why.
    error: Option<(String, String)>,
    history: History,
}

/// Fields that say themselves what is wrong with them; everything else is said above.
const FIELDS: [&str; 7] = [
    "days_ahead",
    "answer_days",
    "from",
    "until",
    "days_from",
    "days_to",
    "days_name",
];

impl GreetingsPage {
    /// The sentence of the field that is wrong.
    fn wrong(&self, field: &str) -> Option<String> {
        let (wrong, text) = self.error.as_ref()?;
        (wrong == field).then(|| text.clone())
    }
    /// What is wrong with no single field.
    fn wrong_at_large(&self) -> Option<String> {
        let (wrong, text) = self.error.as_ref()?;
        (!FIELDS.contains(&wrong.as_str())).then(|| text.clone())
    }
}

/// What a form is shown again with.
type Typed<'a> = (&'a Pairs, &'a Refusal);

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db.read(move |conn| build(conn, &me, None)).await?;
    html_with(StatusCode::OK, &page)
}

fn build(conn: &mut Conn, me: &SignedIn, typed: Option<Typed<'_>>) -> AppResult<GreetingsPage> {
    let ctx = me.context();
    let stored = settings::load::<GreetingRules>(conn)?;
    let mut rules = stored.value;
    // What was typed stands again in the form that it was typed into.
    let (mut when, mut days) = (when_of(&rules), DaysFields::default());
    match typed.map(|(sent, _)| (sent.get("do"), sent)) {
        Some((Some("add_days"), sent)) => days = typed_days(sent),
        Some((None, sent)) => {
            read_choices(&mut rules, sent);
            when = typed_when(sent);
        }
        _ => {}
    }
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
        when,
        days,
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
        error: typed.map(|(_, refusal)| {
            let field = refusal.args.iter().find(|(name, _)| *name == "field");
            let field = field.map(|(_, field)| field.clone()).unwrap_or_default();
            (field, problem::in_words(ctx.language, refusal))
        }),
        history: History::of::<GreetingRules>(conn)?,
        rules,
        ctx,
    })
}

fn when_of(rules: &GreetingRules) -> WhenFields {
    let time = |at: NaiveTime| at.format("%H:%M").to_string();
    WhenFields {
        days_ahead: rules.days_ahead.to_string(),
        answer_days: rules.answer_days.to_string(),
        from: time(rules.from),
        until: time(rules.until),
    }
}

fn typed_when(sent: &Pairs) -> WhenFields {
    let typed = |field: &str| sent.get(field).unwrap_or_default().to_owned();
    WhenFields {
        days_ahead: typed("days_ahead"),
        answer_days: typed("answer_days"),
        from: typed("from"),
        until: typed("until"),
    }
}

fn typed_days(sent: &Pairs) -> DaysFields {
    let typed = |field: &str| sent.get(field).unwrap_or_default().to_owned();
    DaysFields {
        from: typed("from"),
        to: typed("to"),
        name_zh: typed("name_zh"),
        name_en: typed("name_en"),
    }
}

/// `POST /settings/greetings`: the rules, or a stretch of quiet days.
pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let actor_id = me.actor.user_id;
    let typed = Pairs(sent.0.clone());
    let kept = db.write(move |conn| keep(conn, &sent, actor_id)).await;
    after_save(
        me.lang(),
        &db,
        "/settings/greetings",
        kept,
        move |conn, refusal| build(conn, &me, Some((&typed, refusal))),
    )
    .await
}

fn keep(conn: &mut Conn, sent: &Pairs, actor_id: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    let mut rules = settings::load::<GreetingRules>(conn)?.value;
    match sent.get("do") {
        Some("add_days") => rules.blackouts.push(read_days(sent)?),
        Some("remove_days") => {
            let from = day(sent, "from", "days_from")?;
            rules.blackouts.retain(|days| days.from != from);
        }
        _ => read_rules(&mut rules, sent)?,
    }
    rules.blackouts.sort_by_key(|days| days.from);
    rules
        .validate()
        .map_err(|code| AppError::invalid(code, field_of(code)))?;
    next_version(conn, now, &rules, seen(sent), actor_id).map(|_| ())
}

/// The field at which a fault of the rules is told.
fn field_of(code: &str) -> &'static str {
    match code {
        "greeting_window_backwards" => "until",
        "greeting_window_night" => "from",
        "greeting_no_time_to_answer" => "answer_days",
        "blackout_backwards" => "days_to",
        "blackout_no_name" => "days_name",
        _ => "greetings",
    }
}

/// What was ticked and chosen: nothing of it can be unreadable.
fn read_choices(rules: &mut GreetingRules, sent: &Pairs) {
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
        if rule == OccasionRule::shipped(*occasion) {
            rules.occasions.remove(occasion);
        } else {
            rules.occasions.insert(*occasion, rule);
        }
    }
    rules.asks_owners = sent.get("asks_owners").is_some();
    rules.silence_is_yes = sent.get("silence_is_yes") == Some("yes");
    rules.goes_unasked = sent.get("goes_unasked") == Some("yes");
}

fn read_rules(rules: &mut GreetingRules, sent: &Pairs) -> AppResult<()> {
    read_choices(rules, sent);
    let is_for_nobody = |rule: OccasionRule| rule.is_on && rule.grades.is_empty();
    if Occasion::ALL
        .iter()
        .any(|one| is_for_nobody(rules.rule(*one)))
    {
        return Err(AppError::invalid("greeting_for_nobody", "grades"));
    }
    rules.days_ahead = days(sent, "days_ahead")?;
    rules.answer_days = days(sent, "answer_days")?;
    rules.from = time(sent, "from")?;
    rules.until = time(sent, "until")?;
    Ok(())
}

fn read_days(sent: &Pairs) -> AppResult<Blackout> {
    let from = day(sent, "from", "days_from")?;
    let to = match sent.get("to") {
        Some(_) => day(sent, "to", "days_to")?,
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

fn day(sent: &Pairs, name: &str, field: &'static str) -> AppResult<NaiveDate> {
    let read = sent.get(name).and_then(|text| text.parse().ok());
    read.ok_or_else(|| AppError::invalid("day_unreadable", field))
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
