//! Which row of an earlier batch a row of its correction replaces.

use std::collections::{HashMap, HashSet};

use crate::intake::queries::known::{self, KnownRow, OfBatch};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{Field, Said, SaidPoint};
use crate::registry::rules::company_name::CompanyName;

/// A row of the correction.
#[derive(Debug, Clone, Copy)]
pub struct NewRow<'a> {
    /// Row or line.
    pub row_no: i32,
    /// What it says.
    pub said: &'a Said,
}

/// The record that is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldRow {
    /// The record.
    pub record_id: i64,
    /// Its company.
    pub root: Option<i64>,
    /// Its contact.
    pub contact_id: Option<i64>,
}

impl OldRow {
    /// A row that is read anew.
    pub fn of(known: &KnownRow) -> Self {
        Self {
            record_id: known.record_id,
            root: known.root,
            contact_id: known.contact_id,
        }
    }
    fn of_batch(record: &OfBatch) -> Self {
        Self {
            record_id: record.record_id,
            root: record.root,
            contact_id: record.contact_id,
        }
    }
}

/// Finds what each row replaces: by the list's own number, else by position and the same name or phone. A row is
/// replaced once.
pub fn rows_corrected_by(
    conn: &mut Conn,
    corrected: i64,
    rows: &[NewRow<'_>],
) -> AppResult<HashMap<usize, OldRow>> {
    let mut found = HashMap::new();
    let mut used = HashSet::new();
    let numbers: HashMap<&str, usize> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| Some((row.said.text(Field::ListNumber)?, at)))
        .collect();
    if !numbers.is_empty() {
        let mut after = 0;
        loop {
            let old = known::of_batch(conn, corrected, None, after)?;
            let Some(last) = old.last() else { break };
            after = last.record_id;
            for record in &old {
                let said = Said::from_json(&record.said);
                let at = said
                    .text(Field::ListNumber)
                    .and_then(|number| numbers.get(number));
                if let Some(at) = at.filter(|at| !found.contains_key(*at)) {
                    used.insert(record.record_id);
                    found.insert(*at, OldRow::of_batch(record));
                }
            }
        }
    }
    let open: Vec<(usize, &NewRow<'_>)> = rows
        .iter()
        .enumerate()
        .filter(|(at, _)| !found.contains_key(at))
        .collect();
    let positions: Vec<i32> = open.iter().map(|(_, row)| row.row_no).collect();
    if positions.is_empty() {
        return Ok(found);
    }
    let mut by_row: HashMap<i32, Vec<OfBatch>> = HashMap::new();
    for part in positions.chunks(4_000) {
        for record in known::of_batch(conn, corrected, Some(part), 0)? {
            by_row.entry(record.row_no).or_default().push(record);
        }
    }
    for (at, row) in open {
        let same = by_row
            .get(&row.row_no)
            .into_iter()
            .flatten()
            .find(|record| {
                !used.contains(&record.record_id)
                    && is_like(&Said::from_json(&record.said), row.said)
            });
        if let Some(record) = same {
            used.insert(record.record_id);
            found.insert(at, OldRow::of_batch(record));
        }
    }
    Ok(found)
}

/// The same company or person name, or a number or address in common.
fn is_like(a: &Said, b: &Said) -> bool {
    let key = |said: &Said| {
        said.text(Field::Name)
            .map(|name| CompanyName::read(name).name_key())
    };
    if key(a).is_some() && key(a) == key(b) {
        return true;
    }
    if a.text(Field::PersonName).is_some() && a.text(Field::PersonName) == b.text(Field::PersonName)
    {
        return true;
    }
    let points = SaidPoint::of(a);
    SaidPoint::of(b)
        .iter()
        .any(|point| points.iter().any(|other| other.value == point.value))
}
