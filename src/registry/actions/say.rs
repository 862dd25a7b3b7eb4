//! One record at a time: an edit, a call's answers, a form. And taking one back.

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::groups::root_of;
use super::plans::{NO_LIST, say_plans, says_plans_only};
use super::points::settle;
use super::refold::{self, Read};
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::registry::model::{
    ContactPoint, Field, NewSaid, Owner, PointState, Record, Said, SaidPoint,
};
use crate::registry::queries::draw::draw;
use crate::registry::queries::{erase, load, records};
use crate::registry::rules::fold::FoldRecord;
use crate::registry::rules::hash::hash64;

/// Writes down what was said, and folds it into company, contact and person. Answers the id of the record.
pub fn say(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, new: NewSaid) -> AppResult<i64> {
    let root = new.company_id.map(|id| root_of(conn, id)).transpose()?;
    if let Some(contact) = new.contact_id
        && erase::is_erased(conn, contact)?
    {
        return Err(AppError::conflict("person_erased"));
    }
    let record_id = match root {
        Some(root) if says_plans_only(&new) => say_plans(conn, now, actor, &new, root)?,
        _ => say_anything(conn, now, actor, &new, root)?,
    };
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: new.kind.code(),
            object_kind: if root.is_some() { "company" } else { "contact" },
            object_id: root.or(new.contact_id),
            record_id: Some(record_id),
            fields: Some(new.said.codes()),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(record_id)
}

/// The same with everything around company and contact on the desk.
fn say_anything(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewSaid,
    root: Option<i64>,
) -> AppResult<i64> {
    let mut desk = Desk::new(now);
    if let Some(root) = root {
        desk.load_companies(conn, &[root])?;
    }
    if let Some(contact) = new.contact_id {
        desk.load_contacts(conn, &[contact])?;
        let Some(draft) = desk.contacts.get(&contact) else {
            return Err(AppError::not_found());
        };
        if let (None, Some(root)) = (root, draft.root) {
            desk.load_companies(conn, &[root])?;
        }
    }
    let record_id = place_new(conn, now, actor, &mut desk, new, root)?;
    desk.write(conn)?;
    apply_point_states(conn, now, record_id, root, new.contact_id, &new.said)?;
    Ok(record_id)
}

/// Draws an id for a record and lays it on the desk.
pub(super) fn place_new(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    desk: &mut Desk,
    new: &NewSaid,
    root: Option<i64>,
) -> AppResult<i64> {
    let record_id = draw(conn, "record", 1)?
        .first()
        .copied()
        .ok_or_else(AppError::not_found)?;
    let rank = match new.source_id {
        Some(source) => {
            desk.load_sources(conn, &[source])?;
            let source = desk.sources.get(&source);
            source.map_or(NO_LIST, |source| source.rank)
        }
        None => NO_LIST,
    };
    let row = record_of(record_id, now, actor, new, root);
    let (collected_on, said_at) = (row.collected_on, row.said_at);
    desk.add_record(row);
    let record = FoldRecord::new(record_id, new.kind, rank, collected_on, said_at, &new.said);
    desk.place(root, new.contact_id, new.source_id, &record);
    Ok(record_id)
}

/// What was said as a row.
pub(super) fn record_of(
    id: i64,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewSaid,
    root: Option<i64>,
) -> Record {
    let said_at = new.said_at.unwrap_or(now);
    Record {
        id,
        kind: new.kind.code().to_owned(),
        source_id: new.source_id,
        batch_id: None,
        sheet_no: None,
        row_no: None,
        row_key: None,
        row_check: None,
        call_id: new.call_id,
        company_id: root,
        contact_id: new.contact_id,
        said: new.said.to_json(),
        said_at,
        collected_on: (!new.kind.is_first_hand()).then(|| said_at.date()),
        actor_id: actor.user_id,
        placed_by: None,
        superseded_by: None,
        voided_at: None,
    }
}

/// Sets the states that a record found out about numbers of its company or contact.
fn apply_point_states(
    conn: &mut Conn,
    now: NaiveDateTime,
    record_id: i64,
    root: Option<i64>,
    contact: Option<i64>,
    said: &Said,
) -> AppResult<()> {
    let states = point_states(said);
    if states.is_empty() {
        return Ok(());
    }
    let keys: Vec<i64> = states.iter().map(|(value, _)| hash64(value)).collect();
    let mut settled = Vec::new();
    for point in points_near(conn, &keys, root, contact)? {
        if let Some((_, state)) = states.iter().find(|(value, _)| *value == point.value) {
            records::set_point_state(conn, point.id, state.code(), Some(record_id))?;
            settled.push(point);
        }
    }
    settle(conn, now, &settled)
}

/// What a record found out about numbers.
fn point_states(said: &Said) -> Vec<(String, PointState)> {
    let states = said
        .get(Field::PointStates)
        .and_then(|value| value.as_object());
    let pairs = states.into_iter().flatten();
    pairs
        .filter_map(|(value, state)| Some((value.clone(), PointState::parse(state.as_str()?))))
        .collect()
}

/// Points with these keys that belong to the company, its persons, or the contact.
fn points_near(
    conn: &mut Conn,
    keys: &[i64],
    root: Option<i64>,
    contact: Option<i64>,
) -> AppResult<Vec<ContactPoint>> {
    let mut desk = Desk::to_look(NaiveDateTime::default());
    if let Some(root) = root {
        desk.load_companies(conn, &[root])?;
    }
    if let Some(contact) = contact {
        desk.load_contacts(conn, &[contact])?;
    }
    let is_near = |desk: &Desk, owner: Owner| match owner {
        Owner::Company(id) => root
            .and_then(|root| desk.companies.get(&root))
            .is_some_and(|c| c.group.contains(&id)),
        Owner::Person(id) => desk.persons.contains_key(&desk.person_root(id)),
        Owner::Contact(id) => desk.contacts.contains_key(&id),
    };
    let points = records::points_with_value(conn, keys)?;
    Ok(points
        .into_iter()
        .filter(|point| is_near(&desk, point.owner()))
        .collect())
}

/// Takes an edit, a call's answers or a form back: its values yield to what stood before.
pub fn withdraw(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    record_id: i64,
) -> AppResult<()> {
    let record = records::record(conn, record_id)?;
    if record.batch_id.is_some() {
        return Err(AppError::conflict("record_of_batch"));
    }
    if records::void(conn, record_id, now)? == 0 {
        return Ok(());
    }
    let points = records::points_of_record(conn, record_id)?;
    take_back_points(conn, &record, &points)?;
    refold_after(conn, now, &record)?;
    settle(conn, now, &points)?;
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: "withdraw",
            object_kind: if record.company_id.is_some() {
                "company"
            } else {
                "contact"
            },
            object_id: record.company_id.or(record.contact_id),
            record_id: Some(record_id),
            fields: Some(record.said().codes()),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(())
}

fn refold_after(conn: &mut Conn, now: NaiveDateTime, record: &Record) -> AppResult<()> {
    let mut desk = Desk::new(now);
    if let Some(company) = record.company_id {
        let root = root_of(conn, company)?;
        refold::companies(conn, &mut desk, &[root])?;
    }
    if let Some(contact) = record.contact_id {
        refold::contacts(conn, &mut desk, &[contact])?;
    }
    desk.write(conn)?;
    Ok(())
}

/// Points only this record named go; states only it gave fall back to what others found out, else good.
fn take_back_points(conn: &mut Conn, record: &Record, points: &[ContactPoint]) -> AppResult<()> {
    if points.is_empty() {
        return Ok(());
    }
    let others = others_near(conn, record)?;
    for point in points {
        if point.record_id == Some(record.id) {
            match others.iter().find(|read| {
                SaidPoint::of(&read.said)
                    .iter()
                    .any(|p| p.value == point.value)
            }) {
                Some(other) => records::set_point_record(conn, point.id, other.id)?,
                None => records::delete_point(conn, point.id)?,
            };
        }
        if point.state_record_id == Some(record.id) {
            let earlier = others.iter().rev().find_map(|read| {
                let states = point_states(&read.said);
                states
                    .into_iter()
                    .find(|(value, _)| *value == point.value)
                    .map(|(_, state)| (read.id, state))
            });
            let (by, state) =
                earlier.map_or((None, PointState::Good), |(id, state)| (Some(id), state));
            records::set_point_state(conn, point.id, state.code(), by)?;
        }
    }
    Ok(())
}

fn others_near(conn: &mut Conn, record: &Record) -> AppResult<Vec<Read>> {
    let mut all = Vec::new();
    if let Some(company) = record.company_id {
        let root = root_of(conn, company)?;
        let group = super::group_of(conn, root)?;
        all.extend(records::of_companies(conn, &group)?);
    }
    if let Some(contact) = record.contact_id {
        let person: Vec<i64> = load::contacts(conn, &[contact])?
            .iter()
            .map(|c| c.person_id)
            .collect();
        let contacts: Vec<i64> = load::contacts_of_persons(conn, &person)?
            .iter()
            .map(|c| c.id)
            .collect();
        all.extend(records::of_contacts(conn, &contacts)?);
    }
    let mut read: Vec<Read> = all
        .iter()
        .map(Read::new)
        .filter(|read| read.id != record.id)
        .collect();
    read.sort_by_key(|read| read.id);
    read.dedup_by_key(|read| read.id);
    Ok(read)
}
