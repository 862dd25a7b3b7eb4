//! The calendar of greetings at work: what it makes, whom it asks, what it refuses.

mod announced;
mod calendar;
mod cards;
mod morning;
mod own_days;
mod quiet;

use std::collections::BTreeMap;

use canvass::accounts::Actor;
use canvass::outreach::actions::mailings;
use canvass::outreach::jobs::greetings::tick;
use canvass::outreach::model::{Mailing, PlanFigures, PlanOutcome};
use canvass::outreach::rules::occasions::{Blackout, GreetingRules};
use canvass::platform::settings;
use canvass::schema::{contact, delivery, mailing, mailing_approval, opportunity, person};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::json;

use crate::app::{Client, TestApp};
use crate::calling::build::a_company;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// An instant from the wall clock of Shanghai.
pub fn sh(text: &str) -> NaiveDateTime {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
    local - TimeDelta::hours(8)
}

/// A sale to the company of a person.
pub fn won(app: &TestApp, who: i64, rep: i64, at: NaiveDateTime) {
    app.write(move |conn| {
        let company: Option<i64> = contact::table
            .filter(contact::person_id.eq(who))
            .select(contact::company_id)
            .first(conn)?;
        diesel::insert_into(opportunity::table)
            .values((
                opportunity::company_id.eq(company.expect("a company")),
                opportunity::rep_id.eq(rep),
                opportunity::stage.eq("won"),
                opportunity::stage_at.eq(at),
                opportunity::state.eq("won"),
                opportunity::at.eq(at),
                opportunity::closed_at.eq(at),
            ))
            .execute(conn)?;
        Ok(())
    });
}

pub fn let_time_pass(app: &TestApp) {
    tick(&app.db).expect("the calendar works");
}

/// Every mailing of an occasion, called off ones among them.
pub fn of_occasion(app: &TestApp, code: &str) -> Vec<Mailing> {
    let code = code.to_owned();
    app.read(move |conn| {
        Ok(mailing::table
            .filter(mailing::occasion.eq(code))
            .order(mailing::id)
            .select(Mailing::as_select())
            .load(conn)?)
    })
}

pub fn autumn(app: &TestApp) -> Mailing {
    let mut found = of_occasion(app, "mid_autumn");
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// A person at a company of a grade, with a mailbox and, if asked, a birthday.
pub fn customer(app: &TestApp, n: u32, grade: &'static str, birthday: Option<&'static str>) -> i64 {
    let build = a_company(&format!("贺卡客户{n}"), n)
        .graded(grade)
        .contact(&format!("周{n}"), &format!("+8613905124{n:03}"));
    let now = app.now();
    app.write(move |conn| {
        let id = build.write(conn, now)?;
        let who: i64 = canvass::schema::contact::table
            .filter(canvass::schema::contact::company_id.eq(id))
            .select(canvass::schema::contact::person_id)
            .first(conn)?;
        diesel::update(person::table.find(who))
            .set((
                person::email.eq(format!("zhou{n}@customer.example")),
                person::birthday.eq(birthday),
            ))
            .execute(conn)?;
        Ok(who)
    })
}

/// Decides a mailing as the job would: these get a card, each with its rep; those are written to by hand.
pub fn decide(app: &TestApp, id: i64, cards: &[(i64, i64)], by_hand: &[(i64, i64)]) {
    let (cards, by_hand, now) = (cards.to_vec(), by_hand.to_vec(), app.now());
    app.write(move |conn| {
        let all = cards
            .iter()
            .map(|(owner, who)| (*owner, *who, "queued", None));
        let all = all.chain(by_hand.iter().map(|(owner, who)| {
            let reason = json!({ "code": "by_hand", "owner_id": owner }).to_string();
            (*owner, *who, "left_out", Some(reason))
        }));
        for (owner, who, state, reason) in all {
            diesel::insert_into(delivery::table)
                .values((
                    delivery::mailing_id.eq(id),
                    delivery::person_id.eq(who),
                    delivery::owner_id.eq(owner),
                    delivery::address.eq(format!("p{who}@customer.example")),
                    delivery::domain.eq("customer.example"),
                    delivery::language.eq("zh-CN"),
                    delivery::state.eq(state),
                    delivery::priority.eq(0),
                    delivery::reason.eq(reason),
                    delivery::changed_at.eq(now),
                ))
                .execute(conn)?;
        }
        let left_out = match by_hand.len() as i64 {
            0 => BTreeMap::new(),
            n => BTreeMap::from([("by_hand".to_owned(), n)]),
        };
        let found = PlanOutcome {
            letter_versions: BTreeMap::from([("zh-CN".to_owned(), 0)]),
            rule_versions: BTreeMap::new(),
            audience_hash: "0".into(),
            figures: PlanFigures {
                included: cards.len() as i64,
                left_out,
                ..PlanFigures::default()
            },
        };
        mailings::planned(conn, now, &Actor::system(), id, &found)?;
        // At the last moment, as it were: the calendar has no reason to decide anew.
        diesel::update(mailing::table.find(id))
            .set(mailing::changed_at.eq(now + TimeDelta::days(30)))
            .execute(conn)?;
        Ok(())
    });
}

/// How many cards of a mailing stand in a state.
pub fn cards(app: &TestApp, id: i64, state: &'static str) -> i64 {
    app.read(move |conn| {
        Ok(delivery::table
            .filter(delivery::mailing_id.eq(id))
            .filter(delivery::state.eq(state))
            .count()
            .get_result(conn)?)
    })
}

pub fn answer(app: &TestApp, id: i64, rep: &Client) -> String {
    let rep = rep.actor.id();
    app.read(move |conn| {
        Ok(mailing_approval::table
            .find((id, rep))
            .select(mailing_approval::state)
            .first(conn)?)
    })
}

/// The office enters days of mourning.
pub fn mourn(app: &TestApp, from: &str, to: &str) {
    let days = Blackout {
        from: day(from),
        to: day(to),
        name_zh: "全国哀悼日".into(),
        name_en: "National mourning".into(),
    };
    set_rules(app, |rules| rules.blackouts.push(days));
}

pub fn set_rules(app: &TestApp, change: impl FnOnce(&mut GreetingRules) + Send + 'static) {
    let now = app.now();
    app.write(move |conn| {
        let stored = settings::load::<GreetingRules>(conn)?;
        let mut rules = stored.value;
        change(&mut rules);
        settings::save(conn, &rules, stored.version, None, now)?;
        Ok(())
    });
}
