//! `/settings/calling`: limits, retries and times of calling; what a change does is shown before it is kept.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::history::History as Past;
use super::{Tab, after_save, next_version, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::calling::rules::{
    CallingRules, Delay, Disposition, DispositionRule, Effect, Facts, Given, GradeRule, History,
    Moment, next_step,
};
use crate::platform::calendar::stored;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::{PageContext, html_with};
use crate::platform::{problem, settings};
use crate::qualifying::rules::GradeHint;

/// A number of the rules: its name in the form and where it lives.
type Place = (&'static str, fn(&mut CallingRules) -> &mut u32);

const LIMITS: [Place; 8] = [
    ("number_a_day", |r| &mut r.limits.number_a_day),
    ("number_dials", |r| &mut r.limits.number_in_days.dials),
    ("number_days", |r| &mut r.limits.number_in_days.days),
    ("number_gap", |r| &mut r.limits.number_gap_minutes),
    ("company_a_day", |r| &mut r.limits.company_a_day),
    ("company_dials", |r| &mut r.limits.company_in_days.dials),
    ("company_days", |r| &mut r.limits.company_in_days.days),
    ("in_campaign", |r| &mut r.limits.in_campaign),
];
const TIMES: [Place; 8] = [
    ("callback_grace", |r| &mut r.callback_grace_minutes),
    ("event_lead", |r| &mut r.event_lead_hours),
    ("preview", |r| &mut r.preview_seconds),
    ("preview_longest", |r| &mut r.preview_longest_minutes),
    ("outcome", |r| &mut r.outcome_minutes),
    ("outcome_days", |r| &mut r.outcome_days),
    ("undo", |r| &mut r.undo_seconds),
    ("skips", |r| &mut r.skips_a_day),
];
const TARGETS: [Place; 6] = [
    ("target_dials", |r| &mut r.targets.dials),
    ("target_dials_floor", |r| &mut r.targets.dials_floor),
    ("target_deciders", |r| &mut r.targets.deciders),
    ("target_deciders_floor", |r| &mut r.targets.deciders_floor),
    ("target_completed", |r| &mut r.targets.completed),
    ("target_qualified", |r| &mut r.targets.qualified),
];
/// Units of a delay as the form names them.
const UNITS: [&str; 4] = ["minutes", "hours", "days", "next_day"];

#[derive(Template)]
#[template(path = "settings/rules.html")]
struct RulesPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    version: i32,
    groups: Vec<Group>,
    rows: Vec<Row>,
    units: Vec<(&'static str, String)>,
    at: NaiveDateTime,
    is_preview: bool,
    error: Option<String>,
    history: Past,
}

/// Numbers that belong together.
struct Group {
    title: String,
    numbers: Vec<Number>,
}

struct Number {
    name: &'static str,
    label: String,
    unit: String,
    value: u32,
}

/// A result and what follows it.
struct Row {
    code: &'static str,
    name: String,
    first: (String, &'static str),
    later: (String, &'static str),
    attempts: String,
    rest: String,
    other_hour: bool,
    then_bad: bool,
    calls_again: bool,
    grade: Option<String>,
    now: String,
    after: Option<String>,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db
        .read(move |conn| {
            let stored = settings::load::<CallingRules>(conn)?;
            build(conn, &me, stored.value, stored.version, Shown::Stored)
        })
        .await?;
    html_with(StatusCode::OK, &page)
}

pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let version = seen(&sent);
    let is_preview = sent.get("try").is_some();
    let (lang, actor_id) = (me.lang(), me.actor.user_id);
    let stored = db.read(settings::load::<CallingRules>).await?;
    let rules = read(&sent, stored.value);
    let checked = check(&rules, lang);
    let kept = match checked {
        Ok(()) if is_preview => {
            let page = db
                .read(move |conn| build(conn, &me, rules, version, Shown::Preview))
                .await?;
            return html_with(StatusCode::OK, &page);
        }
        Ok(()) => {
            let rules = rules.clone();
            db.write(move |conn| keep(conn, &rules, version, actor_id))
                .await
        }
        Err(error) => Err(error),
    };
    after_save(
        lang,
        &db,
        "/settings/calling",
        kept,
        move |conn, refusal| build(conn, &me, rules, version, Shown::Wrong(refusal)),
    )
    .await
}

fn keep(
    conn: &mut Conn,
    rules: &CallingRules,
    version: i32,
    actor_id: Option<i64>,
) -> AppResult<()> {
    let now = clock::now(conn)?;
    next_version(conn, now, rules, version, actor_id).map(|_| ())
}

/// Refuses with the name of the result whose line is wrong.
fn check(rules: &CallingRules, lang: Lang) -> AppResult<()> {
    rules.validate().map_err(|fault| {
        let name = fault.disposition().map(|d| lang.text(d.key()));
        AppError::invalid(fault.code(), "rules").with("disposition", name.unwrap_or_default())
    })
}

/// What was typed on top of what is stored; a number that is none is 0 and refused later.
fn read(sent: &Pairs, mut rules: CallingRules) -> CallingRules {
    for (name, place) in LIMITS.iter().chain(&TIMES).chain(&TARGETS) {
        if sent.0.iter().any(|(n, _)| n == name) {
            *place(&mut rules) = sent.get(name).and_then(|v| v.parse().ok()).unwrap_or(0);
        }
    }
    for code in Disposition::ALL {
        let field = |part: &str| format!("{}_{part}", code.code());
        if !sent.0.iter().any(|(n, _)| *n == field("attempts")) {
            continue;
        }
        let number = |part: &str| {
            sent.get(&field(part))
                .map(|text| text.parse::<u32>().unwrap_or(0))
        };
        let mut rule = rules.of(*code);
        rule.delays = [("n1", "u1"), ("n2", "u2")]
            .iter()
            .filter_map(|(n, u)| delay(number(n), sent.get(&field(u)).unwrap_or_default()))
            .collect();
        rule.attempts = number("attempts");
        rule.rest_days = number("rest");
        rule.other_hour = sent.get(&field("other_hour")).is_some();
        rule.then_bad_number = sent.get(&field("then_bad")).is_some();
        rules.dispositions.insert(*code, rule);
    }
    rules
}

fn delay(n: Option<u32>, unit: &str) -> Option<Delay> {
    match (unit, n) {
        ("next_day", _) => Some(Delay::NextDay),
        ("minutes", Some(n)) => Some(Delay::Minutes(n)),
        ("hours", Some(n)) => Some(Delay::Hours(n)),
        ("days", Some(n)) => Some(Delay::Days(n)),
        _ => None,
    }
}

fn typed(delay: Option<&Delay>) -> (String, &'static str) {
    match delay {
        None => (String::new(), ""),
        Some(Delay::Minutes(n)) => (n.to_string(), "minutes"),
        Some(Delay::Hours(n)) => (n.to_string(), "hours"),
        Some(Delay::Days(n)) => (n.to_string(), "days"),
        Some(Delay::NextDay) => (String::new(), "next_day"),
    }
}

/// Whose numbers the page shows.
enum Shown<'a> {
    Stored,
    Preview,
    Wrong(&'a Refusal),
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    mut rules: CallingRules,
    version: i32,
    shown: Shown<'_>,
) -> AppResult<RulesPage> {
    let ctx = me.context();
    let in_force = settings::load::<CallingRules>(conn)?.value;
    let calendars = stored::calendars(conn)?;
    let at = calendars.office().next_opening(me.now);
    let moment = Moment {
        now: at,
        callee: calendars.office(),
        office: calendars.office(),
    };
    let is_preview = matches!(shown, Shown::Preview);
    let rows = Disposition::ALL
        .iter()
        .filter(|code| is_editable(**code))
        .map(|code| {
            let (now, then) = (
                told(&ctx, *code, &moment, &in_force),
                told(&ctx, *code, &moment, &rules),
            );
            let after = (is_preview && now != then).then_some(then);
            row(&ctx, *code, rules.of(*code), now, after)
        })
        .collect();
    let mut group = |key: &str, places: &[Place]| Group {
        title: ctx.t(&format!("settings-rules-{key}")),
        numbers: places
            .iter()
            .map(|(name, place)| Number {
                name,
                label: ctx.code("settings-rule", name),
                unit: ctx.code("settings-rule-unit", name),
                value: *place(&mut rules),
            })
            .collect(),
    };
    Ok(RulesPage {
        groups: vec![
            group("limits", &LIMITS),
            group("times", &TIMES),
            group("targets", &TARGETS),
        ],
        tabs: tabs(me, "/settings/calling"),
        version,
        rows,
        units: UNITS
            .iter()
            .map(|u| (*u, ctx.code("settings-unit", u)))
            .collect(),
        at,
        is_preview,
        error: match shown {
            Shown::Wrong(refusal) => Some(problem::in_words(ctx.language, refusal)),
            _ => None,
        },
        history: Past::of::<CallingRules>(conn)?,
        ctx,
    })
}

/// Results whose next call or rest the office sets; the others follow their own course.
fn is_editable(code: Disposition) -> bool {
    let shipped = CallingRules::default().of(code);
    !shipped.delays.is_empty() || shipped.rest_days.is_some()
}

fn row(
    ctx: &PageContext,
    code: Disposition,
    rule: DispositionRule,
    now: String,
    after: Option<String>,
) -> Row {
    let text = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    Row {
        code: code.code(),
        name: ctx.t(code.key()),
        first: typed(rule.delays.first()),
        later: typed(rule.delays.get(1)),
        attempts: text(rule.attempts),
        rest: text(rule.rest_days),
        other_hour: rule.other_hour,
        then_bad: rule.then_bad_number,
        calls_again: !CallingRules::default().of(code).delays.is_empty(),
        grade: rule.grade.and_then(|grade| match grade {
            GradeRule::Always {
                hint: GradeHint::Propose(grade),
            } => Some(ctx.t1("settings-rule-grade", "grade", grade.code())),
            GradeRule::Always {
                hint: GradeHint::AtMost(grade),
            } => Some(ctx.t1("settings-rule-grade-cap", "grade", grade.code())),
            GradeRule::SystemAge { .. } => None,
        }),
        now,
        after,
    }
}

/// What would follow the result of a first call that began at the moment, in a few words.
fn told(ctx: &PageContext, code: Disposition, moment: &Moment<'_>, rules: &CallingRules) -> String {
    let history = History {
        attempts: 1,
        dials_in_campaign: 1,
        number_dials: vec![moment.now],
        company_dials: vec![moment.now],
        other_number: false,
    };
    let facts = Facts {
        dialled_at: moment.now,
        given: Given {
            reason: true,
            wechat: true,
            duplicate_of: true,
            ..Given::default()
        },
        person_known: true,
        ..Facts::default()
    };
    let Ok(next) = next_step(code, &history, &facts, moment, rules) else {
        return String::new();
    };
    let mut parts = Vec::new();
    for step in &next.steps {
        match &step.effect {
            Effect::Retry { at } | Effect::Waiting { until: at } => {
                parts.push(ctx.t1("settings-rule-next", "at", ctx.datetime(at)));
            }
            Effect::Rest { until } => {
                parts.push(ctx.t1("settings-rule-rests", "at", ctx.date_of(until)));
            }
            Effect::Exhausted => parts.push(ctx.t("settings-rule-exhausted")),
            _ => {}
        }
    }
    if parts.is_empty() {
        parts.push(ctx.t("settings-rule-no-more"));
    }
    parts.join(" · ")
}
