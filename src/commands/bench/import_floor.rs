//! The floor of an import: the rows that it left behind, written again by bare statements into an empty database of the
//! same tables and indexes. Only the writing counts, not the reading of what to write.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sqlite::Sqlite;

use super::scratch::Scratch;
use crate::commands::follow::Progress;
use crate::platform::db::{Conn, in_transaction, rows_per_insert};
use crate::registry::model::{Company, Contact, ContactPoint, NewPoint, Person, PointKind, Record};
use crate::schema::{company, contact, contact_point, person, raw_chunk, record, search_todo};

/// Leads of one transaction.
const LEADS: i64 = 1_000;

/// What was found.
pub(super) struct Floor {
    /// Leads a second.
    pub rate: f64,
    /// How it was done.
    pub about: &'static str,
    /// By which statements.
    pub statements: Vec<String>,
}

/// Writes what `imported` holds once more.
pub(super) fn run(url: Option<&str>, imported: &Scratch) -> anyhow::Result<Floor> {
    let scratch = Scratch::new(url, "floor")?;
    drop(scratch.open()?);
    let (mut from, mut to) = (imported.connect()?, scratch.connect()?);
    if let Conn::Sqlite(conn) = &mut to {
        // As the product's writer has it.
        conn.batch_execute("PRAGMA cache_size = -100000")?;
        conn.batch_execute("PRAGMA wal_autocheckpoint = 25000")?;
    }
    copy_lists(&mut from, &mut to)?;
    let leads: i64 = record::table.count().get_result(&mut from)?;
    let (mut progress, mut done, mut spent) = (Progress::new("floor"), 0, Duration::ZERO);
    let (mut place, mut statements) = (Place::default(), Vec::new());
    loop {
        let leads_of_one = Leads::after(&mut from, &mut place)?;
        if leads_of_one.records.is_empty() {
            break;
        }
        if statements.is_empty() {
            statements = leads_of_one.statements();
        }
        let began = Instant::now();
        in_transaction(&mut to, |conn| leads_of_one.write(conn))?;
        spent += began.elapsed();
        done += leads_of_one.records.len() as u64;
        progress.tell(done, u64::try_from(leads).ok());
    }
    progress.end();
    let about = match to {
        Conn::Sqlite(_) => {
            "the same tables and indexes, prepared statements row by row, synchronous = FULL, 1,000 leads a transaction, no look-ups:"
        }
        Conn::Postgres(_) => {
            "the same tables and indexes, statements of many rows (row by row is many times slower here), 1,000 leads a transaction, no look-ups:"
        }
    };
    Ok(Floor {
        rate: done as f64 / spent.as_secs_f64(),
        about,
        statements,
    })
}

/// The list and its import: `raw_chunk` refers to them.
fn copy_lists(from: &mut Conn, to: &mut Conn) -> anyhow::Result<()> {
    use crate::schema::{batch, source};
    let now: chrono::NaiveDateTime = source::table.select(source::created_at).first(from)?;
    diesel::insert_into(source::table)
        .values((
            source::channel.eq("EXPO"),
            source::name.eq("bench"),
            source::kind.eq("leads"),
            source::rank.eq(1),
            source::companies.eq(0_i64),
            source::created_at.eq(now),
        ))
        .execute(to)?;
    diesel::insert_into(batch::table)
        .values((
            batch::source_id.eq(1_i64),
            batch::kind.eq("leads"),
            batch::file_name.eq("leads.csv"),
            batch::file_hash.eq(Vec::<u8>::new()),
            batch::state.eq("running"),
            batch::started_at.eq(now),
        ))
        .execute(to)?;
    Ok(())
}

/// How far it is: the last ids that were copied.
#[derive(Default)]
struct Place {
    record: i64,
    company: i64,
    person: i64,
    contact: i64,
    line: i32,
}

/// 500 lines as they came, packed.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = raw_chunk, treat_none_as_default_value = false)]
struct RawChunk {
    batch_id: i64,
    sheet_no: i32,
    first_row: i32,
    rows: i32,
    raw: Vec<u8>,
    outcomes: Option<Vec<u8>>,
}

/// A company whose search row is behind.
#[derive(Clone, Insertable)]
#[diesel(table_name = search_todo)]
struct Behind {
    company_id: i64,
    at: chrono::NaiveDateTime,
}

/// What 1,000 leads became.
struct Leads {
    companies: Vec<Company>,
    persons: Vec<Person>,
    contacts: Vec<Contact>,
    records: Vec<Record>,
    points: Vec<NewPoint>,
    raw: Vec<RawChunk>,
    behind: Vec<Behind>,
}

impl Leads {
    fn after(conn: &mut Conn, place: &mut Place) -> anyhow::Result<Self> {
        let records: Vec<Record> = record::table
            .filter(record::id.gt(place.record))
            .order(record::id)
            .limit(LEADS)
            .select(Record::as_select())
            .load(conn)?;
        let (first, last) = (
            place.record,
            records.last().map_or(place.record, |record| record.id),
        );
        place.record = last;
        // Ids are drawn in the order of the rows, so what these rows made lies behind what the rows before them made.
        let upto = |ids: Vec<Option<i64>>, before: i64| {
            ids.into_iter()
                .flatten()
                .max()
                .unwrap_or(before)
                .max(before)
        };
        let to_company = upto(
            records.iter().map(|r| r.company_id).collect(),
            place.company,
        );
        let to_contact = upto(
            records.iter().map(|r| r.contact_id).collect(),
            place.contact,
        );
        let companies: Vec<Company> = company::table
            .filter(
                company::id
                    .gt(place.company)
                    .and(company::id.le(to_company)),
            )
            .order(company::id)
            .select(Company::as_select())
            .load(conn)?;
        let contacts: Vec<Contact> = contact::table
            .filter(
                contact::id
                    .gt(place.contact)
                    .and(contact::id.le(to_contact)),
            )
            .order(contact::id)
            .select(Contact::as_select())
            .load(conn)?;
        let to_person = upto(
            contacts.iter().map(|c| Some(c.person_id)).collect(),
            place.person,
        );
        let persons: Vec<Person> = person::table
            .filter(person::id.gt(place.person).and(person::id.le(to_person)))
            .order(person::id)
            .select(Person::as_select())
            .load(conn)?;
        let points: Vec<ContactPoint> = contact_point::table
            .filter(
                contact_point::record_id
                    .gt(first)
                    .and(contact_point::record_id.le(last)),
            )
            .order(contact_point::id)
            .select(ContactPoint::as_select())
            .load(conn)?;
        let line = records
            .last()
            .and_then(|record| record.row_no)
            .unwrap_or(place.line);
        let raw = raw_chunk::table
            .filter(
                raw_chunk::first_row
                    .gt(place.line)
                    .and(raw_chunk::first_row.le(line)),
            )
            .load(conn)?;
        (place.company, place.contact, place.person, place.line) =
            (to_company, to_contact, to_person, line);
        let behind = companies.iter().map(|c| Behind {
            company_id: c.id,
            at: c.created_at,
        });
        Ok(Self {
            behind: behind.collect(),
            companies,
            persons,
            contacts,
            records,
            points: points.into_iter().map(new_point).collect(),
            raw,
        })
    }

    fn write(&self, conn: &mut Conn) -> QueryResult<()> {
        macro_rules! put {
            ($table:path, $columns:literal, $rows:expr) => {
                match conn {
                    Conn::Sqlite(conn) => {
                        for row in &$rows {
                            diesel::insert_into($table).values(row).execute(conn)?;
                        }
                    }
                    Conn::Postgres(conn) => {
                        for part in $rows.chunks(rows_per_insert($columns)) {
                            diesel::insert_into($table).values(part).execute(conn)?;
                        }
                    }
                }
            };
        }
        put!(company::table, 43, self.companies);
        put!(person::table, 18, self.persons);
        put!(contact::table, 10, self.contacts);
        put!(record::table, 18, self.records);
        put!(contact_point::table, 9, self.points);
        put!(raw_chunk::table, 6, self.raw);
        put!(search_todo::table, 2, self.behind);
        Ok(())
    }

    /// The statements as they are sent, `?` for every value.
    fn statements(&self) -> Vec<String> {
        macro_rules! text {
            ($table:path, $rows:expr) => {
                $rows
                    .first()
                    .map(|row| text(&diesel::insert_into($table).values(row)))
            };
        }
        let texts = [
            text!(company::table, self.companies),
            text!(person::table, self.persons),
            text!(contact::table, self.contacts),
            text!(record::table, self.records),
            text!(contact_point::table, self.points),
            text!(raw_chunk::table, self.raw),
            text!(search_todo::table, self.behind),
        ];
        texts.into_iter().flatten().collect()
    }
}

fn new_point(point: ContactPoint) -> NewPoint {
    NewPoint {
        kind: PointKind::of_value(&point.value).code(),
        owner_kind: point.owner_kind,
        owner_id: point.owner_id,
        value: point.value,
        ext: point.ext,
        value_key: point.value_key,
        inferred: point.inferred,
        record_id: point.record_id,
        created_at: point.created_at,
    }
}

fn text<Q: QueryFragment<Sqlite>>(query: &Q) -> String {
    let shown = diesel::debug_query::<Sqlite, _>(query).to_string();
    shown
        .split(" -- binds")
        .next()
        .unwrap_or_default()
        .replace('`', "")
}
