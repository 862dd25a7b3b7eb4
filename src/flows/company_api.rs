//! `/api/v1/companies`: the same list, page and actions for programs.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{company_access, contradictions, facts, key_items, merge_companies};
use crate::accounts::{ApiUser, Object, Verb, may};
use crate::calling::actions::follow_companies;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::idempotency::{Answer, ApiBody, once, write_once};
use crate::qualifying::actions::{grading, history};
use crate::qualifying::rules::GradeReason;
use crate::registry::actions::{
    Created, NewByHand, create_company_by_hand, group_of, home, root_of, say,
};
use crate::registry::model::{Company, NewSaid, Part, RecordKind, Said};
use crate::registry::pages::filters::Asked;
use crate::registry::pages::list::{find, log_number_search};
use crate::registry::pages::shown;
use crate::registry::queries::{load, page as queries};
use crate::registry::rules::completeness::RecordPart;
use crate::registry::rules::fold::{FoldRecord, LostBecause, Told, Winners, explain};

const LIMIT: usize = 50;
const MOST: usize = 200;
/// Changes of the grade that are told.
const GRADES: i64 = 30;

/// Routes of the companies for programs.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/api/v1/companies")
                .route(web::get().to(list))
                .route(web::post().to(create)),
        )
        .service(
            web::resource("/api/v1/companies/{id}")
                .route(web::get().to(one))
                .route(web::patch().to(patch)),
        )
        .route("/api/v1/companies/{id}/merge", web::post().to(merge))
        .route("/api/v1/merges/{id}/undo", web::post().to(unmerge));
}

fn utc(at: NaiveDateTime) -> String {
    at.and_utc()
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn brief(company: &Company) -> Value {
    json!({
        "id": company.id, "name": company.name, "region": company.region, "industry": company.industry,
        "size_class": company.size_class, "headcount": company.headcount, "grade": company.grade,
        "state": company.state, "urgency": company.urgency, "sign_by": company.sign_by, "owner_id": company.owner_id,
        "score": company.score, "completeness": company.completeness,
        "last_touch_at": company.last_touch_at.map(utc), "last_dial_at": company.last_dial_at.map(utc),
    })
}

async fn list(
    api: ApiUser,
    db: web::Data<Db>,
    query: web::Query<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    api.require(Verb::FindCompanies)?;
    let asked = Asked::read(query.into_inner());
    let limit = asked
        .get("limit")
        .and_then(|n| n.parse().ok())
        .unwrap_or(LIMIT)
        .clamp(1, MOST);
    if asked.get("cursor").is_none() {
        log_number_search(
            &db,
            api.actor.id(),
            api.now,
            asked.get("q").unwrap_or_default(),
        )
        .await?;
    }
    let found = db
        .read(move |conn| find(conn, &api.actor, api.now, &asked, limit))
        .await?;
    let items: Vec<Value> = found.companies.iter().map(brief).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next_cursor": found.next })))
}

async fn one(api: ApiUser, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    api.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let body = db
        .read(move |conn| {
            let (root, access) =
                company_access::open(conn, &api.actor, id, Verb::SeeCompany, api.now)?;
            let in_full = may(&api.actor, Verb::SeeNumbers, Object::Company(access))
                && (access.owner_id == api.actor.user_id
                    || access.is_leased_to_user
                    || access.was_called_by_user);
            whole(conn, root, in_full, (api.lang, api.now))
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

/// A company with everything a program may ask about it.
fn whole(
    conn: &mut Conn,
    root: i64,
    in_full: bool,
    (lang, now): (Lang, NaiveDateTime),
) -> AppResult<Value> {
    let group = group_of(conn, root)?;
    let company = load::company(conn, root)?;
    let mut body = brief(&company);
    body["merged_ids"] = json!(group.iter().filter(|id| **id != root).collect::<Vec<_>>());
    body["facts"] = shown_facts(conn, &company, &group)?;
    let missing: Vec<&str> = RecordPart::ALL
        .iter()
        .filter(|part| company.missing & part.bit() != 0)
        .map(|part| part.code())
        .collect();
    body["missing"] = json!(missing);
    body["contacts"] = contacts(conn, &group, in_full)?;
    body["grade_history"] = grade_history(conn, lang, now, &group)?;
    for (name, value) in key_items::told_json(conn, lang, now, root)? {
        body[name] = value;
    }
    let calls = queries::calls(conn, &group)?;
    body["timeline"] = calls
        .into_iter()
        .map(|(id, at, direction, disposition, reached, agent, person, note, reason)| {
            json!({ "kind": "call", "call_id": id, "at": utc(at), "direction": direction, "disposition": disposition,
                    "reached": reached, "agent": agent, "person": person, "note": note, "reason": reason })
        })
        .collect();
    Ok(body)
}

/// Every change and proposal of the grade, with the reasons in words beside their codes.
fn grade_history(
    conn: &mut Conn,
    lang: Lang,
    now: NaiveDateTime,
    group: &[i64],
) -> AppResult<Value> {
    let zone = grading(conn)?.zone;
    let told = |why: &GradeReason| {
        let mut value = serde_json::to_value(why).unwrap_or_default();
        value["text"] = json!(why.sentence().write(lang, zone, now));
        value
    };
    let all = history(conn, group, GRADES)?.into_iter().map(|one| {
        let why: Vec<Value> = one.reasons.iter().map(told).collect();
        json!({ "before": one.before, "after": one.after, "proposed": one.proposed, "state": one.state, "kind": one.kind,
                "reasons": { "why": why, "reason": one.said }, "rule_version": one.rule_version, "evidence": one.evidence,
                "by": one.by, "decided_by": one.decided_by, "at": utc(one.at) })
    });
    Ok(all.collect())
}

fn shown_facts(conn: &mut Conn, company: &Company, group: &[i64]) -> AppResult<Value> {
    let records = queries::records(conn, group, &Winners::from_json(&company.winners).records())?;
    let ids: Vec<i64> = records.iter().map(|one| one.record.id).collect();
    let origins: HashMap<i64, _> = queries::origins(conn, &ids)?
        .into_iter()
        .map(|one| (one.0, one))
        .collect();
    let said: Vec<Said> = records.iter().map(|one| one.record.said()).collect();
    let folded = records.iter().zip(&said).map(|(one, said)| {
        let kind = RecordKind::parse(&one.record.kind).unwrap_or(RecordKind::Row);
        FoldRecord::new(
            one.record.id,
            kind,
            one.source_rank,
            one.record.collected_on,
            one.record.said_at,
            said,
        )
    });
    let mut facts = serde_json::Map::new();
    for one in explain(folded, Part::Company) {
        let from = origins.get(&one.shown.record);
        let source = from.and_then(|(_, source, ..)| source.clone());
        let by = from.and_then(|(.., user)| user.clone());
        facts.insert(
            one.field.code().to_owned(),
            json!({ "value": one.shown.value, "certainty": one.shown.certainty, "record_id": one.shown.record,
                    "source": source, "by": by, "at": utc(one.shown.at), "earlier": earlier(&one.lost) }),
        );
    }
    Ok(Value::Object(facts))
}

/// What lost, best first: older values stay readable.
fn earlier(lost: &[(Told, LostBecause)]) -> Value {
    let one = |(told, why): &(Told, LostBecause)| json!({ "value": told.value, "certainty": told.certainty, "record_id": told.record, "at": utc(told.at), "because": why });
    lost.iter().map(one).collect()
}

fn contacts(conn: &mut Conn, group: &[i64], in_full: bool) -> AppResult<Value> {
    let contacts = load::contacts_of_companies(conn, group)?;
    let persons: Vec<i64> = contacts.iter().map(|one| one.person_id).collect();
    let ids: Vec<i64> = contacts.iter().map(|one| one.id).collect();
    let names: HashMap<i64, Option<String>> = load::persons(conn, &persons)?
        .into_iter()
        .map(|one| (one.id, one.name.or(one.name_en)))
        .collect();
    let mut points = load::points_of(conn, 2, &persons)?;
    points.extend(load::points_of(conn, 3, &ids)?);
    let all = contacts.iter().map(|contact| {
        let own = points.iter().filter(|point| {
            (point.owner_kind, point.owner_id) == (2, contact.person_id) || (point.owner_kind, point.owner_id) == (3, contact.id)
        });
        let own: Vec<Value> = own
            .map(|point| json!({ "id": point.id, "kind": point.kind, "value": shown::point(point, in_full), "state": point.state }))
            .collect();
        json!({ "id": contact.id, "person_id": contact.person_id, "name": names.get(&contact.person_id), "title": contact.title,
                "role": contact.role, "is_key": contact.is_key, "left_at": contact.left_at.map(utc), "points": own })
    });
    Ok(all.collect())
}

#[derive(Deserialize)]
struct NewCompany {
    #[serde(default)]
    even_if_known: bool,
    #[serde(flatten)]
    facts: BTreeMap<String, Value>,
}

async fn create(
    api: ApiUser,
    db: web::Data<Db>,
    asked: ApiBody<NewCompany>,
) -> AppResult<HttpResponse> {
    api.require(Verb::AddCompany)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let body = asked.body;
        let mut said = facts::read(&body.facts, None, home(conn)?)?;
        facts::say_sign_by(&mut said, now.date());
        let new = NewByHand {
            said,
            even_if_known: body.even_if_known,
        };
        Ok(match create_company_by_hand(conn, now, &api.actor, &new)? {
            Created::Made {
                company_id,
                contact_id,
                ..
            } => Answer::created(
                json!({ "id": company_id, "contact_id": contact_id, "created": true }),
            ),
            Created::Known { company_ids } => Answer::ok(
                json!({ "id": company_ids.first(), "known": company_ids, "created": false }),
            ),
        })
    })
    .await?;
    Ok(answer.into_response())
}

async fn patch(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<BTreeMap<String, Value>>,
) -> AppResult<HttpResponse> {
    api.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let answer = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &api.actor, id, Verb::EditCompany, now)?;
            let body = asked.body;
            once(conn, api.actor.id(), &asked.once, now, |conn| {
                let mut said = facts::read(&body, None, home(conn)?)?;
                facts::say_sign_by(&mut said, now.date());
                if !said.is_empty() {
                    say(conn, now, &api.actor, NewSaid::edit(root, said))?;
                    follow_companies(conn, now, &[root])?;
                    contradictions::after_change(conn, now, root)?;
                }
                Ok(Answer::ok(whole(conn, root, false, (api.lang, now))?))
            })
        })
        .await?;
    Ok(answer.into_response())
}

#[derive(Deserialize)]
struct Other {
    other: i64,
}

async fn merge(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<Other>,
) -> AppResult<HttpResponse> {
    api.require(Verb::MergeCompanies)?;
    let id = id.into_inner();
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let other = asked.body.other;
        let merge_id = merge_companies::merge(conn, now, &api.actor, other, id, None)?;
        Ok(Answer::ok(
            json!({ "merge_id": merge_id, "id": root_of(conn, id)? }),
        ))
    })
    .await?;
    Ok(answer.into_response())
}

async fn unmerge(api: ApiUser, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    api.require(Verb::MergeCompanies)?;
    let id = id.into_inner();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            merge_companies::unmerge(conn, now, &api.actor, id)
        })
        .await?;
    Ok(HttpResponse::Ok().json(json!({
        "from_id": done.from_id, "into_id": done.into_id, "moved": done.moved, "stayed": done.stayed,
    })))
}
