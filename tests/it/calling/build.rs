//! Companies to call, written behind the application's back.

use canvass::platform::db::Conn;
use canvass::platform::error::AppResult;
use canvass::registry::rules::hash::hash64;
use canvass::schema::{company, contact, contact_point, person, record, source};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// What a company to call looks like.
#[derive(Debug, Clone)]
pub struct Build {
    pub name: String,
    pub region: Option<String>,
    pub score: i32,
    pub grade: Option<&'static str>,
    pub state: &'static str,
    /// The switchboard, `;ext=` included.
    pub phone: Option<String>,
    /// Key contact: name and mobile.
    pub contact: Option<(String, String)>,
    pub has_ground: bool,
}

/// A company with a switchboard of its own.
pub fn a_company(name: &str, n: u32) -> Build {
    Build {
        name: name.to_owned(),
        region: Some("320500".into()),
        score: 20,
        grade: None,
        state: "new",
        phone: Some(format!("+86512{:08}", 65_000_000 + n)),
        contact: None,
        has_ground: true,
    }
}

impl Build {
    pub fn score(mut self, score: i32) -> Self {
        self.score = score;
        self
    }
    pub fn contact(mut self, name: &str, mobile: &str) -> Self {
        self.contact = Some((name.to_owned(), mobile.to_owned()));
        self
    }
    pub fn phone(mut self, phone: Option<&str>) -> Self {
        self.phone = phone.map(str::to_owned);
        self
    }
    pub fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }
    pub fn graded(mut self, grade: &'static str) -> Self {
        self.grade = Some(grade);
        self
    }
    pub fn state(mut self, state: &'static str) -> Self {
        self.state = state;
        self
    }
    pub fn without_ground(mut self) -> Self {
        self.has_ground = false;
        self
    }

    /// Writes it; answers the company's id.
    pub fn write(&self, conn: &mut Conn, now: NaiveDateTime) -> AppResult<i64> {
        let source_id = source_with(conn, self.has_ground, now)?;
        let has_number = self.phone.is_some() || self.contact.is_some();
        let flags = i32::from(has_number)
            | if has_number && self.has_ground { 2 } else { 0 }
            | 32
            | if self.state == "pool" { 256 } else { 0 };
        let id = diesel::insert_into(company::table)
            .values((
                company::root_id.eq(0_i64),
                company::name.eq(&self.name),
                company::name_key.eq(hash64(&self.name)),
                company::region.eq(&self.region),
                company::score.eq(self.score),
                company::grade.eq(self.grade),
                company::grade_at.eq(self.grade.map(|_| now)),
                company::state.eq(self.state),
                company::flags.eq(flags),
                company::winners.eq("[]"),
                company::created_at.eq(now),
            ))
            .returning(company::id)
            .get_result::<i64>(conn)?;
        diesel::update(company::table.find(id))
            .set(company::root_id.eq(id))
            .execute(conn)?;
        let contact_id = match &self.contact {
            Some((name, mobile)) => {
                Some(self.write_contact(conn, now, id, name, mobile, source_id)?)
            }
            None => None,
        };
        let record_id = write_record(conn, now, Some(id), contact_id, source_id)?;
        if let Some(phone) = &self.phone {
            write_point(conn, now, 1, id, phone, "phone", record_id)?;
        }
        Ok(id)
    }

    fn write_contact(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        company_id: i64,
        name: &str,
        mobile: &str,
        source_id: i64,
    ) -> AppResult<i64> {
        let person_id = write_person(conn, now, name, self.has_ground.then_some("public_source"))?;
        let contact_id = diesel::insert_into(contact::table)
            .values((
                contact::person_id.eq(person_id),
                contact::company_id.eq(Some(company_id)),
                contact::is_key.eq(true),
                contact::winners.eq("[]"),
                contact::created_at.eq(now),
            ))
            .returning(contact::id)
            .get_result::<i64>(conn)?;
        let record_id = write_record(conn, now, Some(company_id), Some(contact_id), source_id)?;
        write_point(conn, now, 2, person_id, mobile, "mobile", record_id)?;
        Ok(contact_id)
    }
}

/// A person without a company.
pub fn lone_person(
    conn: &mut Conn,
    now: NaiveDateTime,
    name: &str,
    mobile: &str,
    ground: &str,
) -> AppResult<i64> {
    let source_id = source_with(conn, true, now)?;
    let person_id = write_person(conn, now, name, Some(ground))?;
    let contact_id = diesel::insert_into(contact::table)
        .values((
            contact::person_id.eq(person_id),
            contact::is_key.eq(false),
            contact::winners.eq("[]"),
            contact::created_at.eq(now),
        ))
        .returning(contact::id)
        .get_result::<i64>(conn)?;
    let record_id = write_record(conn, now, None, Some(contact_id), source_id)?;
    write_point(conn, now, 2, person_id, mobile, "mobile", record_id)?;
    Ok(person_id)
}

fn write_person(
    conn: &mut Conn,
    now: NaiveDateTime,
    name: &str,
    ground: Option<&str>,
) -> AppResult<i64> {
    let id = diesel::insert_into(person::table)
        .values((
            person::root_id.eq(0_i64),
            person::name.eq(Some(name)),
            person::name_key.eq(Some(hash64(name))),
            person::ground.eq(ground),
            person::winners.eq("[]"),
            person::created_at.eq(now),
        ))
        .returning(person::id)
        .get_result::<i64>(conn)?;
    diesel::update(person::table.find(id))
        .set(person::root_id.eq(id))
        .execute(conn)?;
    Ok(id)
}

fn write_record(
    conn: &mut Conn,
    now: NaiveDateTime,
    company_id: Option<i64>,
    contact_id: Option<i64>,
    source_id: i64,
) -> AppResult<i64> {
    Ok(diesel::insert_into(record::table)
        .values((
            record::kind.eq("row"),
            record::source_id.eq(Some(source_id)),
            record::company_id.eq(company_id),
            record::contact_id.eq(contact_id),
            record::said.eq("{}"),
            record::said_at.eq(now),
        ))
        .returning(record::id)
        .get_result::<i64>(conn)?)
}

/// A number of somebody: owner 1 company, 2 person, 3 contact.
pub fn write_point(
    conn: &mut Conn,
    now: NaiveDateTime,
    owner_kind: i32,
    owner_id: i64,
    phone: &str,
    kind: &str,
    record_id: i64,
) -> AppResult<i64> {
    let (value, ext) = phone
        .split_once(";ext=")
        .map_or((phone, None), |(v, e)| (v, Some(e)));
    Ok(diesel::insert_into(contact_point::table)
        .values((
            contact_point::owner_kind.eq(owner_kind),
            contact_point::owner_id.eq(owner_id),
            contact_point::kind.eq(kind),
            contact_point::value.eq(value),
            contact_point::ext.eq(ext),
            contact_point::value_key.eq(hash64(value)),
            contact_point::state.eq("good"),
            contact_point::inferred.eq(false),
            contact_point::record_id.eq(Some(record_id)),
            contact_point::created_at.eq(now),
        ))
        .returning(contact_point::id)
        .get_result::<i64>(conn)?)
}

fn source_with(conn: &mut Conn, has_ground: bool, now: NaiveDateTime) -> AppResult<i64> {
    let name = if has_ground { "黄页" } else { "来路不明" };
    let found = source::table
        .filter(source::name.eq(name))
        .select(source::id)
        .first::<i64>(conn)
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    Ok(diesel::insert_into(source::table)
        .values((
            source::channel.eq("TEL"),
            source::name.eq(name),
            source::kind.eq("leads"),
            source::ground.eq(has_ground.then_some("public_source")),
            source::rank.eq(6),
            source::companies.eq(0_i64),
            source::created_at.eq(now),
        ))
        .returning(source::id)
        .get_result::<i64>(conn)?)
}

/// Writes companies; answers their ids.
pub fn companies(app: &TestApp, builds: Vec<Build>) -> Vec<i64> {
    let now = app.now();
    app.write(move |conn| builds.iter().map(|build| build.write(conn, now)).collect())
}

/// A campaign for everybody, filled with all who may be called.
pub fn campaign(manager: &Client, name: &str) -> (i64, Value) {
    let made = manager
        .api_post(
            "/campaigns",
            &json!({ "name": name, "script": "您好，这里是砚川科技。", "agents": "all" }),
        )
        .expect(201);
    let id = made.json()["id"].as_i64().expect("an id");
    let filled = manager
        .api_post(&format!("/campaigns/{id}/fill"), &json!({ "filter": {} }))
        .expect(200);
    (id, filled.json())
}

/// Asks for the next entry; `None` for 204.
pub fn next(agent: &Client, campaign: i64) -> Option<Value> {
    let answer = agent.api_post(&format!("/campaigns/{campaign}/next"), &json!({}));
    match answer.status {
        204 => {
            assert!(answer.retry_after.is_some(), "204 says when to ask again");
            None
        }
        _ => Some(answer.expect(200).json()),
    }
}

/// Records a result under the lease of a `next`.
pub fn record(agent: &Client, lease: &Value, disposition: &str, more: Value) -> Value {
    let mut body = json!({ "lease": lease["lease"], "disposition": disposition });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    agent.api_post("/calls", &body).expect(201).json()
}

/// Takes the next entry and records its result; answers lease and result.
pub fn call(agent: &Client, campaign: i64, disposition: &str, more: Value) -> (Value, Value) {
    let lease = next(agent, campaign).expect("an entry");
    let done = record(agent, &lease, disposition, more);
    (lease, done)
}

/// Every invariant of calling holds.
#[track_caller]
pub fn invariants_hold(app: &TestApp) {
    crate::check::hold(app, canvass::calling::checks::INVARIANTS);
}
