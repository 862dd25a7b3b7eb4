//! `/settings/selling`: service times, the pool with registrations, and what a month of a rep holds.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::history::History;
use super::{Tab, next_version, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::platform::calendar::{Calendar, stored};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html};
use crate::platform::settings::{self, Setting, Versioned};
use crate::platform::{clock, i18n::Lang};
use crate::selling::pages::shown::back;
use crate::selling::rules::capacity::CapacityRules;
use crate::selling::rules::numbers::{Number, Numbers, TENTHS, put};
use crate::selling::rules::pool::PoolRules;
use crate::selling::rules::service::{SPANS, ServiceRules, Span};

/// A number as the form shows it.
struct NumberView {
    name: &'static str,
    label: String,
    unit: String,
    value: String,
    least: i64,
    most: i64,
    step: &'static str,
}

/// A length of working time, and what it means for something that began now.
struct SpanView {
    name: &'static str,
    label: String,
    n: u16,
    unit: &'static str,
    means: String,
}

/// One rule set.
struct SetView {
    code: &'static str,
    title: String,
    hint: String,
    version: i32,
    spans: Vec<SpanView>,
    numbers: Vec<NumberView>,
}

#[derive(Template)]
#[template(path = "settings/selling.html")]
struct SellingPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    sets: Vec<SetView>,
    units: [(&'static str, String); 2],
    history: History,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db.read(move |conn| build(conn, &me)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn) -> AppResult<SellingPage> {
    let ctx = me.context();
    let service = settings::load::<ServiceRules>(conn)?;
    let pool = settings::load::<PoolRules>(conn)?;
    let capacity = settings::load::<CapacityRules>(conn)?;
    let calendars = stored::calendars(conn)?;
    let (total, days) = (capacity.value.total_tenths(), capacity.value.days);
    let hint = ctx.t2(
        "settings-capacity-hint",
        "planned",
        decimal(total),
        "days",
        days,
    );
    Ok(SellingPage {
        tabs: tabs(me, "/settings/selling"),
        sets: vec![
            SetView {
                spans: spans(&ctx, service.value.clone(), calendars.office(), me.now),
                ..set(&ctx, &service, ctx.t("settings-service-hint"))
            },
            set(&ctx, &pool, ctx.t("settings-pool-hint")),
            set(&ctx, &capacity, hint),
        ],
        units: ["hours", "days"].map(|unit| (unit, ctx.code("selling-span", unit))),
        history: History::joined([
            settings::past::<ServiceRules>(conn)?,
            settings::past::<PoolRules>(conn)?,
            settings::past::<CapacityRules>(conn)?,
        ]),
        ctx,
    })
}

fn decimal(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn set<T: Numbers>(ctx: &PageContext, stored: &Versioned<T>, hint: String) -> SetView {
    let view = |number: &Number<T>| NumberView {
        name: number.name,
        label: ctx.code("selling-rule", number.name),
        unit: ctx.code("selling-unit", number.unit),
        value: number.typed(&stored.value),
        least: number.bound(number.least),
        most: number.bound(number.most),
        step: if number.unit == TENTHS { "0.1" } else { "1" },
    };
    SetView {
        code: T::KIND,
        title: ctx.code("settings-set", T::KIND),
        hint,
        version: stored.version,
        spans: Vec::new(),
        numbers: T::NUMBERS.iter().map(view).collect(),
    }
}

fn spans(
    ctx: &PageContext,
    mut rules: ServiceRules,
    office: &Calendar,
    now: NaiveDateTime,
) -> Vec<SpanView> {
    let view = |(name, place): &crate::selling::rules::service::Place| {
        let span: Span = *place(&mut rules);
        let (n, unit) = span.typed();
        SpanView {
            name,
            label: ctx.code("selling-rule", name),
            n,
            unit,
            means: ctx.t1(
                "settings-span-means",
                "at",
                ctx.datetime(&span.after(now, office)),
            ),
        }
    };
    SPANS.iter().map(view).collect()
}

/// `POST /settings/selling`: one of the sets.
pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let ctx = me.context();
    let (lang, actor_id) = (me.lang(), me.actor.user_id);
    let done = db
        .write(move |conn| {
            let code = sent.get("set").unwrap_or_default();
            if code == ServiceRules::KIND {
                keep::<ServiceRules>(conn, lang, actor_id, &sent, read_spans)
            } else if code == PoolRules::KIND {
                keep::<PoolRules>(conn, lang, actor_id, &sent, |_, _| Ok(()))
            } else {
                keep::<CapacityRules>(conn, lang, actor_id, &sent, |_, _| Ok(()))
            }
        })
        .await;
    let text = ctx.t("settings-saved");
    back(&ctx, "/settings/selling", done.map(|()| text))
}

fn read_spans(rules: &mut ServiceRules, sent: &Pairs) -> Result<(), &'static str> {
    for (name, place) in SPANS {
        let part = |part: &str| sent.get(&format!("{name}_{part}")).unwrap_or_default();
        *place(rules) = Span::read(part("n"), part("unit")).ok_or(name)?;
    }
    Ok(())
}

/// Stores what was typed on top of what is in force.
fn keep<T: Numbers>(
    conn: &mut Conn,
    lang: Lang,
    actor_id: Option<i64>,
    sent: &Pairs,
    more: impl FnOnce(&mut T, &Pairs) -> Result<(), &'static str>,
) -> AppResult<()> {
    let now = clock::now(conn)?;
    let label = |name: &str| lang.text(&format!("selling-rule-{}", name.replace('_', "-")));
    let mut rules = settings::load::<T>(conn)?.value;
    more(&mut rules, sent)
        .map_err(|name| AppError::invalid("rule_span_wrong", name).with("what", label(name)))?;
    put(&mut rules, |name| sent.get(name).map(str::to_owned)).map_err(|number| {
        AppError::invalid("rule_number_wrong", number.name)
            .with("what", label(number.name))
            .with("least", number.bound(number.least))
            .with("most", number.bound(number.most))
    })?;
    rules
        .agree()
        .map_err(|code| AppError::invalid(code, "set"))?;
    next_version(conn, now, &rules, seen(sent), actor_id).map(|_| ())
}
