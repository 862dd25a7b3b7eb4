//! One chunk of an import, in one transaction: rows become records, records find their companies and persons.

mod seen;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use crate::accounts::Actor;
use crate::calling::actions as queue;
use crate::consent;
use crate::flows::silence_rows::{self, RowPlace, Silenced};
use crate::intake::actions as intake;
use crate::intake::actions::Taken;
use crate::intake::jobs::ReadRow;
use crate::intake::model::{Batch, BatchKind, RowOutcome, Source};
use crate::intake::rules::{keys_of, record_of};
use crate::intake::{Outcome, Reason, ReasonCode};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::actions::{self as registry, List, Placed, Placer, ToPlace};
use crate::registry::model::{RecordKind, Said};

pub(crate) use seen::Seen;

/// A batch with everything that stays the same from chunk to chunk.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub batch: Batch,
    pub source: Source,
    pub actor: Actor,
}

impl Import {
    fn list(&self) -> List {
        List {
            kind: RecordKind::Row,
            source_id: self.source.id,
            rank: self.source.rank,
            batch_id: Some(self.batch.id),
            collected_on: self.batch.collected_on,
            actor_id: self.actor.user_id,
        }
    }
}

/// A valid row on its way.
struct Row<'a> {
    at: usize,
    read: &'a ReadRow,
    said: Said,
}

/// Takes a chunk of rows. A rehearsal brings its own placer, and nothing is written.
pub(crate) fn import_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    import: &Import,
    seen: &mut Seen,
    rows: &[ReadRow],
    rehearsal: Option<&mut Placer>,
) -> AppResult<()> {
    let _chunk = tracing::trace_span!(target: "share", "chunk").entered();
    let reading = tracing::trace_span!(target: "share", "known rows").entered();
    let is_rehearsal = rehearsal.is_some();
    let valid = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.result.outcome == Outcome::Valid);
    let valid: Vec<Row<'_>> = valid
        .map(|(at, read)| Row {
            at,
            read,
            said: record_of(&read.result.said),
        })
        .collect();
    let mut taken = Chunk::default();
    let fresh = known_rows(conn, import, seen, valid, &mut taken)?;
    let (replaced, to_place) = corrected_rows(conn, import, &fresh)?;
    drop(reading);
    let mut own;
    let placer = match rehearsal {
        Some(placer) => placer,
        None => {
            own = Placer::new(conn, now)?;
            &mut own
        }
    };
    let placed = placer.place(conn, &import.list(), to_place)?;
    for (row, placed) in fresh.iter().zip(&placed) {
        if seen.note(placed.root, placed.contact, placed.is_new_company) {
            taken.reasons.insert(row.at, ReasonCode::DuplicateInFile);
        }
        seen.figures.contacts_new += u64::from(placed.is_new_contact);
    }
    seen.figures.rows_corrected += replaced.len() as u64;
    let mut silenced = Silenced::default();
    if import.batch.kind() == BatchKind::Suppressions {
        let fresh = fresh.iter().zip(&placed).map(|(row, placed)| RowPlace {
            at: row.at,
            root: placed.root,
            person: placed.person,
        });
        let places = fresh.chain(known_places(conn, &taken.known)?).collect();
        silenced = silence_rows::silenced(conn, now, rows, places)?;
        seen.figures.suppressed += silenced.subjects.len() as u64;
        for at in &silenced.unclear {
            taken.reasons.insert(*at, ReasonCode::PersonUnclear);
        }
    }
    seen.count(rows, &taken.reasons);
    if is_rehearsal {
        return Ok(());
    }
    let pairs: Vec<(i64, i64, bool)> = replaced
        .iter()
        .map(|old| (old.record_id, placed[old.at].record_id, old.same_row))
        .collect();
    registry::supersede(conn, &pairs)?;
    let placer = std::mem::replace(placer, Placer::rehearsal(now));
    placer.write(conn)?;
    silence_rows::suppress(conn, now, import, &silenced.subjects)?;
    let settled = registry::settle_superseded(conn, now, &import.actor, &pairs)?;
    if !settled.is_empty() {
        consent::refresh_companies(conn, &settled)?;
    }
    follow_placed(conn, now, &placed)?;
    let corrected: Vec<i64> = replaced.iter().filter_map(|old| old.root).collect();
    queue::follow_companies(conn, now, &corrected)?;
    intake::carry(conn, &taken.carried)?;
    let _share = tracing::trace_span!(target: "share", "raw rows and log").entered();
    write_rows(conn, import, rows, &taken)?;
    intake::set_figures(conn, import.batch.id, &seen.figures)?;
    intake::log_chunk(
        conn,
        now,
        import.actor.user_id,
        import.batch.id,
        placed.len(),
    )
}

/// The queues follow what records said of companies and persons.
pub(crate) fn follow_placed(
    conn: &mut Conn,
    now: NaiveDateTime,
    placed: &[Placed],
) -> AppResult<()> {
    let mut roots: Vec<i64> = placed
        .iter()
        .filter(|placed| !placed.is_new_company)
        .filter_map(|placed| placed.root)
        .collect();
    roots.sort_unstable();
    roots.dedup();
    queue::follow_companies(conn, now, &roots)?;
    let lone: Vec<i64> = placed
        .iter()
        .filter(|placed| placed.root.is_none() && !placed.is_new_contact)
        .filter_map(|placed| placed.contact)
        .collect();
    let persons: Vec<i64> = registry::persons_of_contacts(conn, &lone)?
        .into_iter()
        .map(|(_, person)| person)
        .collect();
    queue::follow_persons(conn, now, &persons)
}

/// What a chunk did beside placing.
#[derive(Default)]
struct Chunk {
    /// What is said of valid rows that did not do what they look like.
    reasons: HashMap<usize, ReasonCode>,
    carried: Vec<intake::CarriedRow>,
    /// Known rows with the root of their company and their contact.
    known: Vec<(usize, Option<i64>, Option<i64>)>,
}

/// Where known rows went, with the persons behind their contacts.
fn known_places(
    conn: &mut Conn,
    known: &[(usize, Option<i64>, Option<i64>)],
) -> AppResult<Vec<RowPlace>> {
    let contacts: Vec<i64> = known.iter().filter_map(|(.., contact)| *contact).collect();
    let persons: HashMap<i64, i64> = registry::persons_of_contacts(conn, &contacts)?
        .into_iter()
        .collect();
    let place = |(at, root, contact): &(usize, Option<i64>, Option<i64>)| RowPlace {
        at: *at,
        root: *root,
        person: contact.and_then(|id| persons.get(&id)).copied(),
    };
    Ok(known.iter().map(place).collect())
}

/// Rows that an earlier import of the source brought gain this batch; the others are fresh.
fn known_rows<'a>(
    conn: &mut Conn,
    import: &Import,
    seen: &mut Seen,
    valid: Vec<Row<'a>>,
    taken: &mut Chunk,
) -> AppResult<Vec<Row<'a>>> {
    let keys: Vec<(i64, i64)> = valid.iter().filter_map(|row| row.read.key).collect();
    let known = intake::known_rows(conn, &keys)?;
    let remap = import.batch.plan().options.remap;
    let mut fresh = Vec::with_capacity(valid.len());
    for row in valid {
        let Some(record) = row.read.key.and_then(|key| known.get(&key)) else {
            fresh.push(row);
            continue;
        };
        if remap && !record.superseded && Said::from_json(&record.said) != row.said {
            fresh.push(row);
            continue;
        }
        seen.figures.rows_known += 1;
        taken.known.push((row.at, record.root, record.contact_id));
        if seen.note(record.root, record.contact_id, false) {
            taken.reasons.insert(row.at, ReasonCode::DuplicateInFile);
        }
        taken.carried.push(intake::CarriedRow {
            batch_id: import.batch.id,
            sheet_no: i32::try_from(row.read.raw.sheet_no).unwrap_or(0),
            row_no: i32::try_from(row.read.raw.row_no).unwrap_or(i32::MAX),
            record_id: record.record_id,
        });
    }
    Ok(fresh)
}

/// A record that a fresh row replaces.
struct Replaced {
    at: usize,
    record_id: i64,
    /// The company that it spoke of.
    root: Option<i64>,
    /// The same row, read anew: its key goes over.
    same_row: bool,
}

/// What fresh rows replace: their own earlier reading, or the wrong row of the batch they correct.
fn corrected_rows(
    conn: &mut Conn,
    import: &Import,
    fresh: &[Row<'_>],
) -> AppResult<(Vec<Replaced>, Vec<ToPlace>)> {
    let plan = import.batch.plan();
    let mut old: HashMap<usize, intake::OldRow> = HashMap::new();
    let mut same_rows = HashSet::new();
    if plan.options.remap {
        let keys: Vec<(i64, i64)> = fresh.iter().filter_map(|row| row.read.key).collect();
        let known = intake::known_rows(conn, &keys)?;
        for (at, row) in fresh.iter().enumerate() {
            if let Some(record) = row.read.key.and_then(|key| known.get(&key)) {
                old.insert(at, intake::OldRow::of(record));
                same_rows.insert(at);
            }
        }
    }
    if let Some(corrected) = import.batch.correction_of {
        let says: Vec<intake::NewRow<'_>> = fresh.iter().map(|row| new_row(row)).collect();
        for (at, record) in intake::rows_corrected_by(conn, corrected, &says)? {
            old.entry(at).or_insert(record);
        }
    }
    let to_place = fresh.iter().enumerate().map(|(at, row)| {
        let corrects = old.get(&at).map(|old| (old.root, old.contact_id));
        to_place(import, row, corrects)
    });
    let to_place = to_place.collect();
    let replaced = old.iter().map(|(at, old)| {
        let same_row = same_rows.contains(at);
        Replaced {
            at: *at,
            record_id: old.record_id,
            root: old.root,
            same_row,
        }
    });
    let replaced = replaced.collect();
    Ok((replaced, to_place))
}

fn new_row<'a>(row: &'a Row<'_>) -> intake::NewRow<'a> {
    intake::NewRow {
        row_no: i32::try_from(row.read.raw.row_no).unwrap_or(i32::MAX),
        said: &row.said,
    }
}

fn to_place(
    import: &Import,
    row: &Row<'_>,
    corrects: Option<(Option<i64>, Option<i64>)>,
) -> ToPlace {
    let (company, person) = keys_of(&row.read.result.said);
    // A register silences those who are there: only a row that names nothing else makes whom it speaks of.
    let makes_nobody = import.batch.kind() == BatchKind::Suppressions
        && !silence_rows::is_placed(&row.read.result.said, person.as_ref());
    let (sheet, no) = (row.read.raw.sheet_no, row.read.raw.row_no);
    ToPlace {
        company: company.filter(|_| !makes_nobody),
        person: person.filter(|_| !makes_nobody),
        said: row.said.clone(),
        corrects,
        row: Some((
            i32::try_from(sheet).unwrap_or(0),
            i32::try_from(no).unwrap_or(i32::MAX),
        )),
        key: row.read.key,
    }
}

fn write_rows(conn: &mut Conn, import: &Import, rows: &[ReadRow], chunk: &Chunk) -> AppResult<()> {
    let taken: Vec<Taken<'_>> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| Taken {
            raw: &row.raw,
            outcome: outcome_of(row, chunk.reasons.get(&at).copied()),
        })
        .collect();
    intake::write_rows(conn, import.batch.id, &taken)
}

fn outcome_of(row: &ReadRow, said: Option<ReasonCode>) -> RowOutcome {
    let result = &row.result;
    let of_row = |code| Reason {
        code,
        column: None,
        field: None,
        value: None,
    };
    RowOutcome {
        row_no: row.raw.row_no,
        outcome: result.outcome,
        reason: result.reason.clone().or_else(|| said.map(of_row)),
        dropped: result.dropped.clone(),
        notes: result.notes.clone(),
    }
}
