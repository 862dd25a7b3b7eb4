//! One chunk of an import, in one transaction: rows become records, records find their companies and persons.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use crate::accounts::Actor;
use crate::consent;
use crate::intake::actions as intake;
use crate::intake::actions::Taken;
use crate::intake::jobs::ReadRow;
use crate::intake::model::{Batch, BatchKind, Figures, RowOutcome, Source};
use crate::intake::rules::{keys_of, record_of};
use crate::intake::{Outcome, Reason, ReasonCode, RowSaid};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::actions::{self as registry, List, Placer, ToPlace};
use crate::registry::model::{RecordKind, Said};
use crate::registry::rules::placing::PlacedBy;

/// What an import has met so far. It is rebuilt from the database when an import is taken up again.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Company and contact of every valid row: the same pair again is a duplicate.
    pairs: HashSet<(i64, i64)>,
    matched: HashSet<i64>,
    made: HashSet<i64>,
    /// The figures so far.
    pub figures: Figures,
}

impl Seen {
    /// What the batch has placed so far.
    pub fn of_batch(conn: &mut Conn, batch: &Batch) -> AppResult<Self> {
        let mut seen = Self {
            figures: batch.figures(),
            ..Self::default()
        };
        for (root, contact, placed_by) in intake::placed_by_batch(conn, batch.id)? {
            seen.note(
                root,
                contact,
                placed_by.as_deref() == Some(PlacedBy::New.code()),
            );
        }
        Ok(seen)
    }

    /// Notes where a row went. True if an earlier row of the file went to the same company and person.
    fn note(&mut self, root: Option<i64>, contact: Option<i64>, is_new: bool) -> bool {
        if let Some(root) = root {
            if is_new {
                self.made.insert(root);
            } else if !self.made.contains(&root) {
                self.matched.insert(root);
            }
        }
        if root.is_none() && contact.is_none() {
            return false;
        }
        !self.pairs.insert((root.unwrap_or(0), contact.unwrap_or(0)))
    }
}

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
            taken.duplicates.insert(row.at);
        }
        seen.figures.contacts_new += u64::from(placed.is_new_contact);
    }
    seen.figures.rows_corrected += replaced.len() as u64;
    count(seen, rows, &taken);
    let mut subjects = Vec::new();
    if import.batch.kind() == BatchKind::Suppressions {
        let with_roots = fresh
            .iter()
            .map(|row| row.at)
            .zip(placed.iter().map(|placed| placed.root));
        subjects = self::subjects(rows, with_roots.chain(taken.known.iter().copied()));
        seen.figures.suppressed += subjects.len() as u64;
    }
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
    suppress(conn, now, import, &subjects)?;
    registry::settle_superseded(conn, now, &import.actor, &pairs)?;
    intake::carry(conn, &taken.carried)?;
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

/// What a chunk did beside placing.
#[derive(Default)]
struct Chunk {
    duplicates: HashSet<usize>,
    carried: Vec<intake::CarriedRow>,
    /// Known rows with the root of their company.
    known: Vec<(usize, Option<i64>)>,
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
        taken.known.push((row.at, record.root));
        if seen.note(record.root, record.contact_id, false) {
            taken.duplicates.insert(row.at);
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
    // A register of numbers silences numbers; only a row that names nothing else is about a company or person.
    let is_about_number =
        import.batch.kind() == BatchKind::Suppressions && has_address(&row.read.result.said);
    let (sheet, no) = (row.read.raw.sheet_no, row.read.raw.row_no);
    ToPlace {
        company: company.filter(|_| !is_about_number),
        person: person.filter(|_| !is_about_number),
        said: row.said.clone(),
        corrects,
        row: Some((
            i32::try_from(sheet).unwrap_or(0),
            i32::try_from(no).unwrap_or(i32::MAX),
        )),
        key: row.read.key,
    }
}

fn has_address(said: &RowSaid) -> bool {
    !said.phones.is_empty() || !said.emails.is_empty() || said.domain.is_some()
}

/// What the rows of a register silence. Rows that are known from an earlier batch count too: taking that one back must
/// not end what this one asks for.
fn subjects(
    rows: &[ReadRow],
    with_roots: impl Iterator<Item = (usize, Option<i64>)>,
) -> Vec<consent::Subject> {
    let mut subjects: Vec<consent::Subject> = with_roots
        .flat_map(|(at, root)| subjects_of(&rows[at].result.said, root))
        .collect();
    subjects.sort();
    subjects.dedup();
    subjects
}

/// Silences them, each with this batch as its origin.
fn suppress(
    conn: &mut Conn,
    now: NaiveDateTime,
    import: &Import,
    subjects: &[consent::Subject],
) -> AppResult<()> {
    let said_at = import
        .batch
        .collected_on
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .unwrap_or(now);
    let origin = consent::NewOrigin::list(import.batch.id, said_at);
    for subject in subjects {
        super::suppress::suppress(
            conn,
            now,
            &import.actor,
            subject,
            consent::Ways::ALL,
            &origin,
        )?;
    }
    Ok(())
}

fn subjects_of(said: &RowSaid, root: Option<i64>) -> Vec<consent::Subject> {
    use consent::Subject;
    let numbers = said
        .phones
        .iter()
        .map(|phone| Subject::number(&phone.phone.e164));
    let mails = said
        .emails
        .iter()
        .map(|email| Subject::email(&email.address));
    let mut subjects: Vec<Subject> = numbers.chain(mails).collect();
    if subjects.is_empty() {
        let whole = said.domain.as_deref().map(Subject::domain);
        subjects.extend(whole.or(root.map(Subject::company)));
    }
    subjects
}

/// Adds the rows of a chunk to the figures.
fn count(seen: &mut Seen, rows: &[ReadRow], taken: &Chunk) {
    let figures = &mut seen.figures;
    for (at, row) in rows.iter().enumerate() {
        match row.result.outcome {
            Outcome::Skipped(_) => figures.rows_skipped += 1,
            Outcome::Valid => {
                figures.rows_total += 1;
                figures.rows_valid += 1;
                if taken.duplicates.contains(&at) {
                    *figures
                        .reasons
                        .entry(ReasonCode::DuplicateInFile.code().into())
                        .or_default() += 1;
                }
            }
            Outcome::Rejected => {
                figures.rows_total += 1;
                figures.rows_rejected += 1;
                if let Some(reason) = &row.result.reason {
                    *figures
                        .reasons
                        .entry(reason.code.code().into())
                        .or_default() += 1;
                }
            }
        }
    }
    figures.companies_new = seen.made.len() as u64;
    figures.companies_matched = seen.matched.len() as u64;
}

fn write_rows(conn: &mut Conn, import: &Import, rows: &[ReadRow], chunk: &Chunk) -> AppResult<()> {
    let taken: Vec<Taken<'_>> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| Taken {
            raw: &row.raw,
            outcome: outcome_of(row, chunk.duplicates.contains(&at)),
        })
        .collect();
    intake::write_rows(conn, import.batch.id, &taken)
}

fn outcome_of(row: &ReadRow, is_duplicate: bool) -> RowOutcome {
    let result = &row.result;
    let duplicate = || Reason {
        code: ReasonCode::DuplicateInFile,
        column: None,
        field: None,
        value: None,
    };
    RowOutcome {
        row_no: row.raw.row_no,
        outcome: result.outcome,
        reason: result
            .reason
            .clone()
            .or_else(|| is_duplicate.then(duplicate)),
        dropped: result.dropped.clone(),
        notes: result.notes.clone(),
    }
}
