//! People of a company with their contact points, masked for those who may not see them.

use std::collections::HashMap;

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::registry::model::{Contact, ContactPoint, Field, PointState};
use crate::registry::pages::shown;
use crate::registry::queries::load;

/// A person at the company.
pub(super) struct PersonView {
    pub contact: i64,
    pub person: i64,
    pub name: String,
    pub title: String,
    pub role: String,
    /// Role codes with their names, as the form offers them.
    pub roles: Vec<(&'static str, String, bool)>,
    pub is_key: bool,
    pub has_left: bool,
    pub points: Vec<PointView>,
}

/// One number or address.
pub(super) struct PointView {
    pub id: i64,
    pub text: String,
    /// What a telephone dials, where the number is shown in full.
    pub tel: Option<String>,
    pub is_number: bool,
    pub dot: &'static str,
    pub is_good: bool,
    pub state: String,
    pub inferred: bool,
}

/// Everybody, and the company's own points.
pub(super) struct People {
    pub company: Vec<PointView>,
    pub persons: Vec<PersonView>,
    /// Ids of persons, for suppressions.
    pub ids: Vec<i64>,
    /// Values of all points.
    pub values: Vec<String>,
}

/// Reads the people of a group.
pub(super) fn people(
    conn: &mut Conn,
    ctx: &PageContext,
    group: &[i64],
    in_full: bool,
) -> AppResult<People> {
    let mut contacts = load::contacts_of_companies(conn, group)?;
    contacts.sort_by_key(|contact| (contact.left_at.is_some(), !contact.is_key, contact.id));
    let persons: Vec<i64> = contacts.iter().map(|contact| contact.person_id).collect();
    let ids: Vec<i64> = contacts.iter().map(|contact| contact.id).collect();
    let names: HashMap<i64, _> = load::persons(conn, &persons)?
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let mut points: HashMap<(i32, i64), Vec<ContactPoint>> = HashMap::new();
    let mut values = Vec::new();
    for (kind, owners) in [(1, group), (2, persons.as_slice()), (3, ids.as_slice())] {
        for point in load::points_of(conn, kind, owners)? {
            values.push(point.value.clone());
            points
                .entry((kind, point.owner_id))
                .or_default()
                .push(point);
        }
    }
    let view = |point: &ContactPoint| view(ctx, point, in_full);
    let of = |kind: i32, id: i64| points.get(&(kind, id)).into_iter().flatten();
    let person = |contact: &Contact| {
        let who = names.get(&contact.person_id);
        PersonView {
            contact: contact.id,
            person: contact.person_id,
            name: who
                .and_then(|person| person.name.clone().or_else(|| person.name_en.clone()))
                .unwrap_or_else(|| ctx.t("company-person-unnamed")),
            title: contact.title.clone().unwrap_or_default(),
            role: contact.role.clone().unwrap_or_default(),
            roles: Field::Role
                .choices()
                .iter()
                .map(|code| {
                    let is_chosen = contact.role.as_deref() == Some(*code);
                    (*code, ctx.code("company-role", code), is_chosen)
                })
                .collect(),
            is_key: contact.is_key,
            has_left: contact.left_at.is_some(),
            points: of(2, contact.person_id)
                .chain(of(3, contact.id))
                .map(view)
                .collect(),
        }
    };
    Ok(People {
        company: group.iter().flat_map(|id| of(1, *id)).map(view).collect(),
        persons: contacts.iter().map(person).collect(),
        ids: names.values().map(|person| person.root_id).collect(),
        values,
    })
}

fn view(ctx: &PageContext, point: &ContactPoint, in_full: bool) -> PointView {
    let state = point.state();
    PointView {
        id: point.id,
        text: shown::point(point, in_full),
        tel: (in_full && point.is_number() && state == PointState::Good)
            .then(|| format!("tel:{}", point.full())),
        is_number: point.is_number(),
        dot: match state {
            PointState::Good => "good",
            PointState::Suppressed => "warn",
            PointState::Bad | PointState::NotTheirs => "bad",
        },
        is_good: state == PointState::Good,
        state: ctx.code("company-point", state.code()),
        inferred: point.inferred,
    }
}
