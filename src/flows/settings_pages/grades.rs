//! `/settings/grades`: how a grade follows, when it grows old, what contradicts it. Before other rules are saved, the
//! page says whom they would move.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::history::History;
use super::{Tab, after_save, next_version, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::flows::review_grades;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html_with};
use crate::platform::problem;
use crate::platform::settings;
use crate::qualifying::actions::{count_moves, grading};
use crate::qualifying::model::{ContradictionCode, Grade, GradePreset, Urgency};
use crate::qualifying::rules::{ContradictionRules, GradeRules};

/// A number of the contradictions and where it stands.
type Place = (&'static str, fn(&mut ContradictionRules) -> &mut u16);

const LIMITS: [Place; 6] = [
    ("first_contact_days", |r| &mut r.first_contact_days),
    ("go_live_days", |r| &mut r.go_live_days),
    ("young_system_years", |r| &mut r.young_system_years),
    ("old_system_years", |r| &mut r.old_system_years),
    ("next_date_days", |r| &mut r.next_date_days),
    ("short_call_seconds", |r| &mut r.short_call_seconds),
];

#[derive(Template)]
#[template(path = "settings/grades.html")]
struct GradesPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    version: i32,
    presets: Vec<(&'static str, String, bool)>,
    best: Vec<Best>,
    needed: Vec<(&'static str, String, bool)>,
    c_from_missing: u8,
    b_needs_need: bool,
    outside_target: bool,
    lowers_by_itself: bool,
    ages: Vec<Age>,
    limits: Vec<(&'static str, String, u16)>,
    per_head: (u32, u32),
    checks: Vec<(&'static str, String, bool)>,
    preview: Option<Preview>,
    error: Option<String>,
    history: History,
}

/// An urgency with the grades it may give.
struct Best {
    name: String,
    label: String,
    grades: Vec<(&'static str, bool)>,
}

/// How a grade grows old.
struct Age {
    code: &'static str,
    warn: u16,
    lower: Option<(u16, &'static str)>,
}

struct Preview {
    looked: String,
    moves: Vec<String>,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db
        .read(move |conn| {
            let stored = settings::load::<GradeRules>(conn)?;
            build(conn, &me, &stored.value, stored.version, Shown::Stored)
        })
        .await?;
    html_with(StatusCode::OK, &page)
}

pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let version = seen(&sent);
    let stored = db.read(settings::load::<GradeRules>).await?;
    let rules = read(&sent, stored.value);
    let is_preview = sent.get("try").is_some() || sent.get("preset").is_some();
    let lang = me.lang();
    let kept = match rules.validate() {
        Ok(()) if is_preview => {
            let page = db
                .read(move |conn| build(conn, &me, &rules, version, Shown::Preview))
                .await?;
            return html_with(StatusCode::OK, &page);
        }
        Ok(()) => {
            let (rules, actor_id) = (rules.clone(), me.actor.user_id);
            db.write(move |conn| keep(conn, &rules, version, actor_id))
                .await
        }
        Err(error) => Err(error),
    };
    after_save(lang, &db, "/settings/grades", kept, move |conn, refusal| {
        build(conn, &me, &rules, version, Shown::Wrong(refusal))
    })
    .await
}

/// The next version; what it lowers is proposed by a job.
fn keep(conn: &mut Conn, rules: &GradeRules, seen: i32, actor_id: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    let before = settings::load::<GradeRules>(conn)?.value;
    let version = next_version(conn, now, rules, seen, actor_id)?;
    review_grades::ask_after_change(conn, now, before, version, actor_id)
}

/// What was typed on top of what is stored; a number that is none is 0 and refused later.
fn read(sent: &Pairs, stored: GradeRules) -> GradeRules {
    if let Some(preset) = sent.get("preset").and_then(GradePreset::from_code) {
        return GradeRules {
            contradictions: stored.contradictions,
            ..GradeRules::of(preset)
        };
    }
    let mut rules = stored;
    let ticked = |name: &str| sent.get(name).is_some();
    for urgency in Urgency::ALL {
        let typed = sent.get(&format!("best_{}", urgency.code()));
        if let Some(grade) = typed.and_then(Grade::from_code) {
            rules.best.insert(*urgency, grade);
        }
    }
    rules.for_a.selection = ticked("a_selection");
    rules.for_a.need = ticked("a_need");
    rules.for_a.decider = ticked("a_decider");
    rules.for_a.budget = ticked("a_budget");
    rules.c_from_missing = number(sent, "c_from_missing");
    rules.b_needs_need = ticked("b_needs_need");
    rules.outside_target = ticked("outside_target").then_some(Grade::E);
    rules.lowers_by_itself = ticked("lowers_by_itself");
    read_ages(sent, &mut rules);
    read_contradictions(sent, &mut rules.contradictions);
    rules
}

fn number<T: std::str::FromStr + Default>(sent: &Pairs, name: &str) -> T {
    sent.get(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

fn read_ages(sent: &Pairs, rules: &mut GradeRules) {
    for (grade, age) in &mut rules.expiry.0 {
        age.warn_days = number(sent, &format!("warn_{}", grade.code()));
        if let Some((days, _)) = &mut age.lower {
            *days = number(sent, &format!("lower_{}", grade.code()));
        }
    }
}

fn read_contradictions(sent: &Pairs, rules: &mut ContradictionRules) {
    for (name, place) in LIMITS {
        *place(rules) = number(sent, name);
    }
    rules.cny_per_head = (number(sent, "head_least"), number(sent, "head_most"));
    let off = ContradictionCode::ALL
        .iter()
        .filter(|code| sent.get(&format!("look_{}", code.code())).is_none());
    rules.off = off.copied().collect();
}

/// Whose rules the page shows.
enum Shown<'a> {
    Stored,
    Preview,
    Wrong(&'a Refusal),
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    rules: &GradeRules,
    version: i32,
    shown: Shown<'_>,
) -> AppResult<GradesPage> {
    let ctx = me.context();
    let preview = match shown {
        Shown::Preview => Some(preview(conn, &ctx, rules)?),
        _ => None,
    };
    let error = match shown {
        Shown::Wrong(refusal) => Some(problem::in_words(ctx.language, refusal)),
        _ => None,
    };
    let needed = [
        ("a_selection", rules.for_a.selection),
        ("a_need", rules.for_a.need),
        ("a_decider", rules.for_a.decider),
        ("a_budget", rules.for_a.budget),
    ];
    let mut contradictions = rules.contradictions.clone();
    let look = |code: &ContradictionCode| {
        let name = format!("{} {}", code.code(), ctx.t(code.key()));
        (code.code(), name, !rules.contradictions.off.contains(code))
    };
    Ok(GradesPage {
        tabs: tabs(me, "/settings/grades"),
        version,
        presets: GradePreset::ALL
            .iter()
            .map(|preset| (preset.code(), ctx.t(preset.key()), *preset == rules.preset))
            .collect(),
        best: best(&ctx, rules),
        needed: needed
            .map(|(name, ticked)| (name, ctx.code("settings-grades", name), ticked))
            .into(),
        c_from_missing: rules.c_from_missing,
        b_needs_need: rules.b_needs_need,
        outside_target: rules.outside_target.is_some(),
        lowers_by_itself: rules.lowers_by_itself,
        ages: ages(rules),
        limits: LIMITS
            .iter()
            .map(|(name, place)| {
                let label = ctx.code("settings-grades", name);
                (*name, label, *place(&mut contradictions))
            })
            .collect(),
        per_head: rules.contradictions.cny_per_head,
        checks: ContradictionCode::ALL.iter().map(look).collect(),
        preview,
        error,
        history: History::of::<GradeRules>(conn)?,
        ctx,
    })
}

fn best(ctx: &PageContext, rules: &GradeRules) -> Vec<Best> {
    let asked = Urgency::ALL.iter().filter(|u| **u != Urgency::Unknown);
    asked
        .map(|urgency| Best {
            name: format!("best_{}", urgency.code()),
            label: ctx.t(urgency.key()),
            grades: Grade::ALL
                .iter()
                .map(|grade| (grade.code(), rules.best_of(*urgency) == Some(*grade)))
                .collect(),
        })
        .collect()
}

fn ages(rules: &GradeRules) -> Vec<Age> {
    let all = rules.expiry.0.iter();
    all.map(|(grade, age)| Age {
        code: grade.code(),
        warn: age.warn_days,
        lower: age.lower.map(|(days, to)| (days, to.code())),
    })
    .collect()
}

/// Whom these rules would move on the present base.
fn preview(conn: &mut Conn, ctx: &PageContext, rules: &GradeRules) -> AppResult<Preview> {
    let book = grading(conn)?;
    let (moves, looked) = count_moves(conn, ctx.now, &book, rules)?;
    let told = moves.iter().map(|one| {
        ctx.t3(
            "settings-grades-move",
            "n",
            one.companies,
            "from",
            ctx.t(one.from.key()),
            "to",
            ctx.t(one.to.key()),
        )
    });
    Ok(Preview {
        looked: ctx.t1("settings-grades-looked", "n", looked),
        moves: told.collect(),
    })
}
