//! Who gets a letter and who does not, in a dry run and in the run, on both databases.

mod again;
mod crowd;
mod one_letter;
mod verdicts;

use canvass::accounts::Actor;
use canvass::outreach::actions::cadence::touched;
use canvass::outreach::actions::{mailings, plan};
use canvass::outreach::model::{Mailing, MailingKind, Touched};
use canvass::platform::clock;
use canvass::registry::rules::hash::hash64;
use canvass::schema as s;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::app::TestApp;

/// Somebody at a company of their own.
#[derive(Debug, Clone)]
pub struct Somebody {
    pub name: &'static str,
    pub email: String,
    pub grade: Option<&'static str>,
    pub ground: Option<&'static str>,
    pub region: &'static str,
    pub owner_id: Option<i64>,
}

/// Somebody in Suzhou who agreed to letters.
pub fn somebody(n: u32, grade: &'static str) -> Somebody {
    Somebody {
        name: "陈立群",
        email: format!("person{n}@company{n}.example"),
        grade: Some(grade),
        ground: Some("consent"),
        region: "320500",
        owner_id: None,
    }
}

impl Somebody {
    pub fn ground(mut self, ground: Option<&'static str>) -> Self {
        self.ground = ground;
        self
    }
    pub fn email(mut self, email: &str) -> Self {
        self.email = email.to_owned();
        self
    }
    pub fn name(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }
    pub fn region(mut self, region: &'static str) -> Self {
        self.region = region;
        self
    }
    pub fn owner(mut self, owner_id: i64) -> Self {
        self.owner_id = Some(owner_id);
        self
    }

    /// Writes company, person and mailbox; their ids.
    pub fn write(self, app: &TestApp) -> (i64, i64) {
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let company = diesel::insert_into(s::company::table)
                .values((
                    s::company::root_id.eq(0_i64),
                    s::company::name.eq(format!("公司 {}", self.email)),
                    s::company::name_key.eq(hash64(&self.email)),
                    s::company::grade.eq(self.grade),
                    s::company::grade_at.eq(self.grade.map(|_| now)),
                    s::company::region.eq(Some(self.region)),
                    s::company::owner_id.eq(self.owner_id),
                    s::company::state.eq(if self.owner_id.is_some() {
                        "owned"
                    } else {
                        "new"
                    }),
                    s::company::winners.eq("[]"),
                    s::company::created_at.eq(now),
                ))
                .returning(s::company::id)
                .get_result::<i64>(conn)?;
            diesel::update(s::company::table.find(company))
                .set(s::company::root_id.eq(company))
                .execute(conn)?;
            let name = Some(self.name).filter(|name| !name.is_empty());
            let email = Some(self.email).filter(|email| !email.is_empty());
            let person = diesel::insert_into(s::person::table)
                .values((
                    s::person::root_id.eq(0_i64),
                    s::person::name.eq(name),
                    s::person::email.eq(&email),
                    s::person::ground.eq(self.ground),
                    s::person::winners.eq("[]"),
                    s::person::created_at.eq(now),
                ))
                .returning(s::person::id)
                .get_result::<i64>(conn)?;
            diesel::update(s::person::table.find(person))
                .set(s::person::root_id.eq(person))
                .execute(conn)?;
            works_at(conn, now, person, company)?;
            if let Some(email) = email {
                diesel::insert_into(s::contact_point::table)
                    .values((
                        s::contact_point::owner_kind.eq(2),
                        s::contact_point::owner_id.eq(person),
                        s::contact_point::kind.eq("email"),
                        s::contact_point::value_key.eq(hash64(&email)),
                        s::contact_point::value.eq(email),
                        s::contact_point::state.eq("good"),
                        s::contact_point::inferred.eq(false),
                        s::contact_point::created_at.eq(now),
                    ))
                    .execute(conn)?;
            }
            Ok((company, person))
        })
    }
}

pub fn works_at(
    conn: &mut canvass::platform::db::Conn,
    now: NaiveDateTime,
    person: i64,
    company: i64,
) -> QueryResult<usize> {
    diesel::insert_into(s::contact::table)
        .values((
            s::contact::person_id.eq(person),
            s::contact::company_id.eq(Some(company)),
            s::contact::is_key.eq(true),
            s::contact::winners.eq("[]"),
            s::contact::created_at.eq(now),
        ))
        .execute(conn)
}

/// A mailing that waits for its audience, with `more` on top of its terms.
pub fn mailing(
    app: &TestApp,
    kind: &'static str,
    occasion: Option<(&'static str, &str)>,
    audience: Value,
) -> i64 {
    let on: Option<NaiveDate> = occasion.map(|(_, on)| on.parse().expect("a day"));
    let code = occasion.map(|(code, _)| code);
    app.write(move |conn| {
        let now = clock::now(conn)?;
        Ok(diesel::insert_into(s::mailing::table)
            .values((
                s::mailing::kind.eq(kind),
                s::mailing::occasion.eq(code),
                s::mailing::year.eq(code.map(|_| 2026)),
                s::mailing::occasion_on.eq(on),
                s::mailing::name.eq("一次寄送"),
                s::mailing::letter_code.eq("mid_autumn"),
                s::mailing::letter_versions.eq("{}"),
                s::mailing::audience.eq(audience.to_string()),
                s::mailing::rule_versions.eq("{}"),
                s::mailing::state.eq("planning"),
                s::mailing::created_at.eq(now),
                s::mailing::changed_at.eq(now),
            ))
            .returning(s::mailing::id)
            .get_result::<i64>(conn)?)
    })
}

const BCD: [&str; 3] = ["B", "C", "D"];

fn mid_autumn(app: &TestApp) -> i64 {
    mailing(
        app,
        "greeting",
        Some(("mid_autumn", "2026-09-25")),
        json!({ "grades": BCD }),
    )
}

fn news(app: &TestApp) -> i64 {
    mailing(app, "news", None, json!({ "grades": BCD }))
}

fn read_mailing(app: &TestApp, id: i64) -> Mailing {
    app.read(|conn| {
        Ok(s::mailing::table
            .find(id)
            .select(Mailing::as_select())
            .first(conn)?)
    })
}

/// Has the job decide everybody; the hash that it found.
pub fn run(app: &TestApp, id: i64) -> String {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        diesel::update(s::mailing::table.find(id))
            .set(s::mailing::state.eq("draft"))
            .execute(conn)?;
        mailings::ask_plan(conn, now, &Actor::system(), id).map(drop)
    });
    app.run_jobs();
    let mailing = read_mailing(app, id);
    assert_eq!(mailing.state, "planned");
    mailing.audience_hash.expect("a hash")
}

/// What a dry run finds: its hash and how many are in.
fn dry_run(app: &TestApp, id: i64) -> (String, i64) {
    let mailing = read_mailing(app, id);
    let now = app.now();
    let seen = app.read(|conn| plan::preview(conn, now, &mailing));
    (seen.audience_hash, seen.figures.included)
}

/// `in`, or the code of the reason, of a person in a mailing.
fn verdict(app: &TestApp, mailing: i64, person: i64) -> String {
    let found: Option<(String, Option<String>)> = app.read(|conn| {
        Ok(s::delivery::table
            .filter(s::delivery::mailing_id.eq(mailing))
            .filter(s::delivery::person_id.eq(person))
            .select((s::delivery::state, s::delivery::reason))
            .first(conn)
            .optional()?)
    });
    let Some((state, reason)) = found else {
        return "nowhere".into();
    };
    let reason: Value = serde_json::from_str(&reason.expect("a reason")).expect("JSON");
    let code = reason["code"].as_str().expect("a code").to_owned();
    assert_eq!(state == "queued", code == "in", "{state} {code}");
    code
}

fn touch(app: &TestApp, person: i64, company: i64, times: usize, days_ago: i64) {
    app.write(move |conn| {
        let at = clock::now(conn)? - TimeDelta::days(days_ago);
        let one = Touched {
            kind: MailingKind::News,
            person_id: person,
            company_id: Some(company),
            delivery_id: 1,
            at,
        };
        touched(conn, &vec![one; times])
    });
}

/// Every letter of a mailing arrives.
fn arrive(app: &TestApp, mailing: i64) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let letters: Vec<(i64, i64, Option<i64>)> = s::delivery::table
            .filter(s::delivery::mailing_id.eq(mailing))
            .filter(s::delivery::state.eq("queued"))
            .select((
                s::delivery::id,
                s::delivery::person_id,
                s::delivery::company_id,
            ))
            .load(conn)?;
        let ids: Vec<i64> = letters.iter().map(|(id, ..)| *id).collect();
        diesel::update(s::delivery::table.filter(s::delivery::id.eq_any(ids)))
            .set((
                s::delivery::state.eq("sent"),
                s::delivery::sent_at.eq(Some(now)),
            ))
            .execute(conn)?;
        let touches: Vec<Touched> = letters
            .into_iter()
            .map(|(delivery_id, person_id, company_id)| Touched {
                kind: MailingKind::News,
                person_id,
                company_id,
                delivery_id,
                at: now,
            })
            .collect();
        touched(conn, &touches)
    });
}
