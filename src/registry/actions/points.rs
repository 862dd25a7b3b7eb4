//! The state of a contact point.

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::groups::roots_of;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{ContactPoint, Owner, PointState};
use crate::registry::queries::{load, records};

/// Sets the state of one point, names the record that found it out, and brings everybody's standing up to date who
/// lives by it. `record_id` is what a taken-back call is found by.
pub fn set_point_state(
    conn: &mut Conn,
    now: NaiveDateTime,
    point_id: i64,
    state: PointState,
    record_id: Option<i64>,
) -> AppResult<()> {
    let point = records::point(conn, point_id)?;
    records::set_point_state(conn, point_id, state.code(), record_id)?;
    settle(conn, now, &[point])
}

/// After points changed or went: the shown number of their persons and the standing of their companies.
pub(crate) fn settle(
    conn: &mut Conn,
    now: NaiveDateTime,
    points: &[ContactPoint],
) -> AppResult<()> {
    let mut companies = Vec::new();
    let mut persons = Vec::new();
    let mut contacts = Vec::new();
    for point in points {
        match point.owner() {
            Owner::Company(id) => companies.push(id),
            Owner::Person(id) => persons.push(id),
            Owner::Contact(id) => contacts.push(id),
        }
    }
    let mut desk = Desk::new(now);
    desk.load_persons(conn, &persons)?;
    let roots: Vec<i64> = persons.iter().map(|id| desk.person_root(*id)).collect();
    let mut everywhere = load::merged_persons(conn, &roots)?
        .into_iter()
        .map(|(id, _)| id)
        .collect::<Vec<_>>();
    everywhere.extend(&roots);
    let of_persons = load::contacts_of_persons(conn, &everywhere)?;
    companies.extend(of_persons.iter().filter_map(|contact| contact.company_id));
    let of_contacts = load::contacts(conn, &contacts)?;
    companies.extend(of_contacts.iter().filter_map(|contact| contact.company_id));
    let company_roots = roots_of(conn, &companies)?;
    let mut desk = Desk::new(now);
    desk.load_companies(conn, &company_roots)?;
    desk.load_persons(conn, &roots)?;
    for root in roots {
        desk.person_points_changed(root);
    }
    desk.mark(&company_roots);
    desk.write(conn)?;
    Ok(())
}
