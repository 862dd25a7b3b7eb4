//! Erasing somebody: what was said about them loses everything but what it says about companies, and what stays of them is
//! an empty row that others point to.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::desk::Desk;
use super::groups::roots_of;
use super::refold;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry::model::{ContactPoint, Field, FieldShape, Part, Said};
use crate::registry::queries::erase::{self as queries, SaidRow};
use crate::registry::queries::load;
use crate::registry::rules::hash::hash64;
use crate::registry::rules::sought::Sought;

/// Records looked at together.
const RANGE: i64 = 5_000;

/// Where somebody is known from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Traces {
    /// Every id of the person, the root first.
    pub persons: Vec<i64>,
    /// As the person is shown.
    pub name: Option<String>,
    /// The person at each company.
    pub contacts: Vec<i64>,
    /// Roots of these companies.
    pub roots: Vec<i64>,
    /// Every id of these companies.
    pub companies: Vec<i64>,
    /// Names of these companies, as raw rows write them.
    pub company_names: Vec<String>,
    /// Batch, sheet and row of every row that speaks of the person.
    pub rows: Vec<(i64, i32, i32)>,
    /// What only they have, and their names.
    pub sought: Sought,
    /// Numbers and addresses of theirs that somebody else has as well: they stay there.
    pub shared: Vec<String>,
    /// Addresses that are the company's common ones: they stay there, and nobody's refusal closes them.
    pub common: Vec<String>,
}

impl Traces {
    /// Numbers and addresses that are theirs, alone or with somebody.
    pub fn own(&self) -> impl Iterator<Item = &String> {
        let alone = self.sought.numbers.iter().chain(&self.sought.mails);
        alone.chain(&self.shared)
    }
}

/// Reads where somebody is known from, by any id of theirs.
pub fn traces_of(conn: &mut Conn, person_id: i64) -> AppResult<Traces> {
    let root = load::person_roots(conn, &[person_id])?;
    let root = *root.first().ok_or_else(AppError::not_found)?;
    let mut persons = vec![root];
    persons.extend(
        load::merged_persons(conn, &[root])?
            .into_iter()
            .map(|(id, _)| id),
    );
    let contacts = load::contacts_of_persons(conn, &persons)?;
    let at: Vec<i64> = contacts.iter().filter_map(|one| one.company_id).collect();
    let contacts: Vec<i64> = contacts.iter().map(|one| one.id).collect();
    let said = queries::said_of_contacts(conn, &contacts)?;
    let spoken: Vec<i64> = said
        .iter()
        .filter_map(|row| row.company_id)
        .chain(at)
        .collect();
    let roots = roots_of(conn, &spoken)?;
    let mut companies = roots.clone();
    companies.extend(
        load::merged_members(conn, &roots)?
            .into_iter()
            .map(|(id, _)| id),
    );
    let mut traces = Traces {
        company_names: company_names(conn, &companies)?,
        rows: rows_of(conn, &said)?,
        persons,
        contacts,
        roots,
        companies,
        ..Traces::default()
    };
    let points = load::points_of(conn, 2, &traces.persons)?;
    let names = load::persons(conn, &traces.persons)?;
    let shown = names.iter().find(|person| person.id == root);
    traces.name = shown.and_then(|one| one.name.clone().or_else(|| one.name_en.clone()));
    let names = names
        .into_iter()
        .flat_map(|one| [one.name, one.name_en])
        .flatten();
    traces.sought = sought(names, &points, &said);
    part_shared(conn, &mut traces)?;
    Ok(traces)
}

/// Who of these persons is here.
pub fn persons_here(conn: &mut Conn, persons: &[i64]) -> AppResult<Vec<i64>> {
    let found = load::persons(conn, persons)?;
    Ok(found.into_iter().map(|person| person.id).collect())
}

fn company_names(conn: &mut Conn, companies: &[i64]) -> AppResult<Vec<String>> {
    let found = load::companies(conn, companies)?;
    let names = found
        .into_iter()
        .flat_map(|one| [Some(one.name), one.name_en, one.former_name])
        .flatten()
        .filter(|name| name.chars().nth(1).is_some());
    Ok(names.collect())
}

fn rows_of(conn: &mut Conn, said: &[SaidRow]) -> AppResult<Vec<(i64, i32, i32)>> {
    let own = said
        .iter()
        .filter_map(|row| Some((row.batch_id?, row.sheet_no?, row.row_no?)));
    let mut rows: Vec<(i64, i32, i32)> = own.collect();
    let ids: Vec<i64> = said.iter().map(|row| row.id).collect();
    rows.extend(queries::carried_rows(conn, &ids)?);
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

fn sought(
    names: impl Iterator<Item = String>,
    points: &[ContactPoint],
    said: &[SaidRow],
) -> Sought {
    let mut found = Sought {
        names: names.collect(),
        ..Sought::default()
    };
    let mut add = |kind: &str, value: &str| match kind {
        "mobile" | "phone" => found.numbers.push(value.to_owned()),
        "email" => found.mails.push(value.to_lowercase()),
        _ => found.handles.push(value.to_owned()),
    };
    for point in points {
        add(&point.kind, &point.value);
    }
    let said: Vec<Said> = said.iter().map(|row| Said::from_json(&row.said)).collect();
    for (field, kind) in [
        (Field::Mobile, "mobile"),
        (Field::Email, "email"),
        (Field::Wechat, "wechat"),
        (Field::Qq, "qq"),
    ] {
        for value in said.iter().flat_map(|one| one.list(field)) {
            add(kind, value.split(';').next().unwrap_or(value));
        }
    }
    let names = [Field::PersonName, Field::PersonNameEn];
    for one in &said {
        let said = names.iter().filter_map(|field| one.text(*field));
        found.names.extend(said.map(str::to_owned));
    }
    for list in [
        &mut found.names,
        &mut found.numbers,
        &mut found.mails,
        &mut found.handles,
    ] {
        list.retain(|value| !value.trim().is_empty());
        list.sort_unstable();
        list.dedup();
    }
    found
}

/// Parts what others have as well from what is theirs alone.
fn part_shared(conn: &mut Conn, traces: &mut Traces) -> AppResult<()> {
    let values = traces.sought.numbers.iter().chain(&traces.sought.mails);
    let keys: HashMap<i64, String> = values.map(|value| (hash64(value), value.clone())).collect();
    let asked: Vec<i64> = keys.keys().copied().collect();
    let (mut shared, mut common) = (BTreeSet::new(), BTreeSet::new());
    for (key, kind, owner) in queries::owners(conn, &asked)? {
        let Some(value) = keys.get(&key) else {
            continue;
        };
        let is_other = match kind {
            1 => {
                if value.contains('@') {
                    common.insert(value.clone());
                }
                false
            }
            2 => !traces.persons.contains(&owner),
            _ => !traces.contacts.contains(&owner),
        };
        if is_other {
            shared.insert(value.clone());
        }
    }
    shared.retain(|value| !common.contains(value));
    let is_own = |value: &String| !shared.contains(value) && !common.contains(value);
    traces.sought.numbers.retain(is_own);
    traces.sought.mails.retain(is_own);
    traces.shared = shared.into_iter().collect();
    traces.common = common.into_iter().collect();
    Ok(())
}

/// Empties the person, takes them out of what was said at their companies, and folds these anew.
pub fn erase_person(conn: &mut Conn, now: NaiveDateTime, traces: &Traces) -> AppResult<()> {
    for row in queries::said_of_contacts(conn, &traces.contacts)? {
        keep_companys(conn, traces, &row)?;
    }
    for row in queries::said_of_companies(conn, &traces.companies)? {
        if !row
            .contact_id
            .is_some_and(|id| traces.contacts.contains(&id))
        {
            cut_said(conn, traces, &row)?;
        }
    }
    queries::delete_points(conn, &traces.persons, &traces.contacts)?;
    queries::empty(conn, &traces.persons, &traces.contacts)?;
    refold_companies(conn, now, traces, &traces.roots).map(drop)
}

/// Of a record about them stays what it says about a company, without their name.
fn keep_companys(conn: &mut Conn, traces: &Traces, row: &SaidRow) -> AppResult<()> {
    let mut said = Said::from_json(&row.said);
    said.0
        .retain(|field, _| field.part() == Part::Company && row.company_id.is_some());
    cut_fields(traces, &mut said);
    let placed_by = row.placed_by.as_deref();
    let placed_by = placed_by.map(|text| {
        let cut = traces.sought.without_any(text);
        cut.unwrap_or_else(|| text.to_owned())
    });
    Ok(queries::set_said(conn, row.id, &said.to_json(), placed_by)?)
}

/// Takes them out of a record about somebody else.
fn cut_said(conn: &mut Conn, traces: &Traces, row: &SaidRow) -> AppResult<bool> {
    let mut said = Said::from_json(&row.said);
    let before = said.clone();
    cut_fields(traces, &mut said);
    if said == before {
        return Ok(false);
    }
    queries::set_said(conn, row.id, &said.to_json(), row.placed_by.clone())?;
    Ok(true)
}

/// Values of theirs leave lists, their name leaves texts; a field that named nobody else goes.
fn cut_fields(traces: &Traces, said: &mut Said) {
    let decides = |value: &Value| {
        crate::registry::model::whole(value).is_some_and(|id| traces.contacts.contains(&id))
    };
    said.0.retain(|field, said| {
        if *field == Field::Decider && decides(&said.value) {
            return false;
        }
        match field.shape() {
            FieldShape::Set => {
                cut_list(traces, &mut said.value);
                said.value.as_array().is_none_or(|left| !left.is_empty())
            }
            // A company keeps its name, also where somebody gave it theirs.
            _ if matches!(field, Field::Name | Field::NameEn | Field::FormerName) => true,
            _ if matches!(field.part(), Part::Company | Part::Note) => {
                let whole = said.value.as_str().map(str::to_owned);
                let is_cut = traces.sought.cut(&mut said.value);
                let is_all = whole.is_some_and(|text| traces.sought.names.contains(&text));
                !(is_cut && is_all)
            }
            _ => true,
        }
    });
}

fn cut_list(traces: &Traces, value: &mut Value) {
    let is_theirs = |item: &Value| {
        let text = item.as_str().unwrap_or_default();
        let bare = text.split(';').next().unwrap_or(text).to_lowercase();
        traces.sought.numbers.contains(&bare) || traces.sought.mails.contains(&bare)
    };
    if let Value::Array(items) = value {
        items.retain(|item| !is_theirs(item));
    } else if is_theirs(value) {
        *value = Value::Array(Vec::new());
    }
}

/// Their numbers leave the companies that had them, and these are folded anew with the others. Answers the roots.
fn refold_companies(
    conn: &mut Conn,
    now: NaiveDateTime,
    traces: &Traces,
    companies: &[i64],
) -> AppResult<Vec<i64>> {
    let values = traces.sought.numbers.iter().chain(&traces.sought.mails);
    let keys: Vec<i64> = values.map(|value| hash64(value)).collect();
    let mut concerned = queries::delete_company_points(conn, &keys)?;
    concerned.extend(companies);
    let roots = roots_of(conn, &concerned)?;
    let mut desk = Desk::new(now);
    refold::companies(conn, &mut desk, &roots)?;
    desk.write(conn)?;
    Ok(roots)
}

/// Takes their numbers and addresses out of whatever else was said, a range of records at a time. Answers where it ended
/// and the roots of the companies concerned.
pub fn erase_from_records(
    conn: &mut Conn,
    now: NaiveDateTime,
    traces: &Traces,
    after: i64,
) -> AppResult<(i64, Vec<i64>)> {
    let to = after + RANGE;
    let traces = &without_names(traces);
    let (mut companies, mut contacts) = (Vec::new(), BTreeSet::new());
    for row in queries::said_between(conn, (after, to))? {
        if traces.sought.is_in(&row.said) && cut_said(conn, traces, &row)? {
            companies.extend(row.company_id);
            contacts.extend(row.contact_id);
        }
    }
    if companies.is_empty() && contacts.is_empty() {
        return Ok((to, Vec::new()));
    }
    let roots = refold_companies(conn, now, traces, &companies)?;
    let contacts: Vec<i64> = contacts.into_iter().collect();
    let mut desk = Desk::new(now);
    refold::contacts(conn, &mut desk, &contacts)?;
    desk.write(conn)?;
    Ok((to, roots))
}

/// Somebody else of the same name is somebody else.
fn without_names(traces: &Traces) -> Traces {
    Traces {
        sought: Sought {
            names: Vec::new(),
            handles: Vec::new(),
            ..traces.sought.clone()
        },
        contacts: Vec::new(),
        ..Traces::default()
    }
}
