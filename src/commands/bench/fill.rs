//! Fills an empty database with many companies by bulk statements: the same rows that imports would have left behind,
//! folded by the same rules, without their look-ups. Indexes are made at the end.

use std::sync::mpsc::{Receiver, sync_channel};

use chrono::{NaiveDateTime, TimeDelta};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamp};

use super::bulk::{begin_bulk, drop_indexes, settle_ids};
use super::scratch::Scratch;
use super::synthetic::{Lead, mixed};
use crate::commands::follow::Progress;
use crate::on_each;
use crate::platform::db::{Conn, in_transaction, rows_per_insert};
use crate::registry::model::{
    Company, Contact, Field, NewPoint, Part, Person, Record, RecordKind, Said, SaidPoint,
    channel_bit,
};
use crate::registry::rules::fold::{FoldRecord, Winners, fold_in};
use crate::registry::rules::standing::{CompanyFacts, ContactFacts, set_standing};
use crate::registry::rules::values;
use crate::registry::search::Document;
use crate::schema::{batch, company, contact, contact_point, person, record, source};

/// Companies of one transaction.
const BATCH: u64 = 5_000;
/// Lists that they stand on.
const SOURCES: i64 = 20;

/// Rows of some companies, ready to be inserted.
#[derive(Default)]
struct Rows {
    companies: Vec<Company>,
    persons: Vec<Person>,
    contacts: Vec<Contact>,
    records: Vec<Record>,
    points: Vec<NewPoint>,
    search: Vec<(i64, String)>,
}

/// Makes companies 1 to `companies` with contacts, numbers, records and search rows.
pub(super) fn companies(
    scratch: &Scratch,
    companies: u64,
    now: NaiveDateTime,
) -> anyhow::Result<()> {
    fill(scratch, companies, Maker::new(now))
}

/// The same with mailboxes at so many domains.
pub(super) fn companies_at(
    scratch: &Scratch,
    companies: u64,
    now: NaiveDateTime,
    domains: u64,
) -> anyhow::Result<()> {
    let maker = Maker {
        domains: Some(domains),
        ..Maker::new(now)
    };
    fill(scratch, companies, maker)
}

fn fill(scratch: &Scratch, companies: u64, maker: Maker) -> anyhow::Result<()> {
    let now = maker.now;
    let mut conn = scratch.connect()?;
    begin_bulk(&mut conn)?;
    let indexes = drop_indexes(&mut conn)?;
    in_transaction(&mut conn, |conn| lists(conn, now))?;
    let rows = produce(companies, maker);
    let mut progress = Progress::new("filling");
    let mut done = 0;
    for batch in rows {
        done += batch.companies.len() as u64;
        in_transaction(&mut conn, |conn| insert(conn, &batch))?;
        progress.tell(done, Some(companies));
    }
    in_transaction(&mut conn, |conn| worked_on(conn, now))?;
    for index in indexes {
        conn.batch_execute(&index)?;
    }
    conn.batch_execute(
        "UPDATE source SET companies = (SELECT count(*) FROM record r WHERE r.source_id = source.id)",
    )?;
    in_transaction(&mut conn, settle_ids)?;
    progress.end();
    Ok(())
}

/// The lists that the companies stand on, each with its import.
fn lists(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<()> {
    for id in 1..=SOURCES {
        let (channel, ground) = channel_of(id);
        diesel::insert_into(source::table)
            .values((
                source::id.eq(id),
                source::channel.eq(channel),
                source::name.eq(format!("名单 {id}")),
                source::kind.eq("leads"),
                source::ground.eq(ground),
                source::rank.eq(RANK),
                source::companies.eq(0_i64),
                source::created_at.eq(now),
            ))
            .execute(conn)?;
        diesel::insert_into(batch::table)
            .values((
                batch::id.eq(id),
                batch::source_id.eq(id),
                batch::kind.eq("leads"),
                batch::file_name.eq(format!("list-{id}.csv")),
                batch::file_hash.eq(Vec::<u8>::new()),
                batch::state.eq("done"),
                batch::started_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Rank of a list that came from a fair.
const RANK: i32 = 3;

fn channel_of(source: i64) -> (&'static str, &'static str) {
    match source % 4 {
        0 => ("TEL", "public_source"),
        1 => ("AD", "inquiry"),
        2 => ("EXPO", "card_exchange"),
        _ => ("CANV", "card_exchange"),
    }
}

/// Makes the rows on a thread of its own, a few batches ahead.
fn produce(companies: u64, mut maker: Maker) -> Receiver<Rows> {
    let (send, receive) = sync_channel(2);
    std::thread::spawn(move || {
        for first in (1..=companies).step_by(BATCH as usize) {
            let mut rows = Rows::default();
            for number in first..companies.min(first + BATCH - 1) + 1 {
                maker.company(number, &mut rows);
            }
            // The receiver has met an error and gone.
            if send.send(rows).is_err() {
                return;
            }
        }
    });
    receive
}

struct Maker {
    now: NaiveDateTime,
    /// Person, contact and record of one row have the same number.
    next: i64,
    /// Domains of the mailboxes; none: each company has its own.
    domains: Option<u64>,
}

impl Maker {
    fn new(now: NaiveDateTime) -> Self {
        Self {
            now,
            next: 1,
            domains: None,
        }
    }

    fn company(&mut self, number: u64, rows: &mut Rows) {
        let id = number as i64;
        let source = 1 + (mixed(number) >> 40) as i64 % SOURCES;
        let mut row = Company::blank(id, self.now);
        row.first_source_id = Some(source);
        let (mut winners, mut facts, mut document) =
            (Winners::default(), Vec::new(), Document::default());
        // Three of ten companies have two contacts.
        for at in 0..1 + u64::from(number % 10 < 3) {
            let mut lead = Lead::new(number, at);
            if let Some(domains) = self.domains {
                lead.email = format!("c{number}.{at}@d{}.example", number % domains);
            }
            let said = lead.said();
            let at = self.next;
            self.next += 1;
            let record = FoldRecord::new(
                at,
                RecordKind::Row,
                RANK,
                Some(self.now.date()),
                self.now,
                &said,
            );
            for (field, value) in fold_in(&mut winners, &record, Part::Company) {
                values::set_company(&mut row, field, Some(value));
            }
            self.contact(at, id, source, &record, rows);
            self.points(at, id, &said, rows);
            rows.records.push(self.record(at, id, source, &said));
            describe(&said, &mut document);
            facts.push(ContactFacts {
                id: at,
                is_key: false,
                role: None,
                has_mobile: true,
                has_email: true,
                has_number: true,
            });
        }
        values::derive_company(&mut row, &winners);
        let facts = CompanyFacts {
            contacts: facts,
            has_number: true,
            channels: channel_bit(channel_of(source).0),
            has_ground: true,
            has_source: true,
            is_merged: false,
            is_suppressed: false,
        };
        set_standing(&mut row, &winners, &facts, self.now.date());
        rows.companies.push(row);
        let tokens: Vec<String> = document.tokens().into_iter().collect();
        rows.search.push((id, tokens.join(" ")));
    }

    fn contact(
        &self,
        at: i64,
        company: i64,
        source: i64,
        record: &FoldRecord<'_>,
        rows: &mut Rows,
    ) {
        let mut person = Person::blank(at, self.now);
        let mut winners = Winners::default();
        for (field, value) in fold_in(&mut winners, record, Part::Person) {
            values::set_person(&mut person, field, Some(value));
        }
        person.winners = winners.to_json();
        let first = |field| {
            record
                .said
                .list(field)
                .first()
                .map(|text| (*text).to_owned())
        };
        (person.mobile, person.email) = (first(Field::Mobile), first(Field::Email));
        person.ground = Some(channel_of(source).1.to_owned());
        person.ground_record_id = Some(at);
        rows.persons.push(person);
        let mut contact = Contact::blank(at, at, Some(company), self.now);
        let mut winners = Winners::default();
        for (field, value) in fold_in(&mut winners, record, Part::Contact) {
            values::set_contact(&mut contact, field, Some(value));
        }
        contact.winners = winners.to_json();
        rows.contacts.push(contact);
    }

    /// The company's own number stands once, however many rows name it.
    fn points(&self, at: i64, company: i64, said: &Said, rows: &mut Rows) {
        for point in SaidPoint::of(said) {
            if let Some(owner) = point.owner(Some(company), Some((at, at))) {
                let row = point.to_row(owner, at, self.now);
                let stands = |known: &NewPoint| {
                    known.owner_id == company
                        && known.owner_kind == row.owner_kind
                        && known.value == row.value
                };
                if !rows.points.iter().rev().take(6).any(stands) {
                    rows.points.push(row);
                }
            }
        }
    }

    fn record(&self, at: i64, company: i64, source: i64, said: &Said) -> Record {
        let key = mixed(at as u64);
        Record {
            id: at,
            kind: RecordKind::Row.code().to_owned(),
            source_id: Some(source),
            batch_id: Some(source),
            sheet_no: Some(1),
            row_no: i32::try_from(at).ok(),
            row_key: Some(key as i64),
            row_check: Some(mixed(key) as i64),
            call_id: None,
            company_id: Some(company),
            contact_id: Some(at),
            said: said.to_json(),
            said_at: self.now,
            collected_on: Some(self.now.date()),
            actor_id: None,
            placed_by: Some("new".to_owned()),
            superseded_by: None,
            voided_at: None,
        }
    }
}

fn describe(said: &Said, document: &mut Document) {
    let own = |field| said.list(field).into_iter().map(str::to_owned);
    if document.names.is_empty() {
        document.names.extend(own(Field::Name));
        document.numbers.extend(own(Field::Phone));
    }
    document.persons.extend(own(Field::PersonName));
    document.words.extend(own(Field::Email));
    document.numbers.extend(own(Field::Mobile));
}

fn insert(conn: &mut Conn, rows: &Rows) -> QueryResult<()> {
    for part in rows.companies.chunks(rows_per_insert(43)) {
        on_each!(conn => diesel::insert_into(company::table).values(part).execute(conn))?;
    }
    for part in rows.persons.chunks(rows_per_insert(18)) {
        on_each!(conn => diesel::insert_into(person::table).values(part).execute(conn))?;
    }
    for part in rows.contacts.chunks(rows_per_insert(10)) {
        on_each!(conn => diesel::insert_into(contact::table).values(part).execute(conn))?;
    }
    for part in rows.records.chunks(rows_per_insert(18)) {
        on_each!(conn => diesel::insert_into(record::table).values(part).execute(conn))?;
    }
    for part in rows.points.chunks(rows_per_insert(9)) {
        on_each!(conn => diesel::insert_into(contact_point::table).values(part).execute(conn))?;
    }
    search_rows(conn, &rows.search)
}

fn search_rows(conn: &mut Conn, rows: &[(i64, String)]) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            for (id, tokens) in rows {
                diesel::sql_query("INSERT INTO search (rowid, grams) VALUES ($1, $2)")
                    .bind::<BigInt, _>(*id)
                    .bind::<Text, _>(tokens)
                    .execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            let (ids, texts): (Vec<i64>, Vec<&str>) =
                rows.iter().map(|(id, text)| (*id, text.as_str())).unzip();
            diesel::sql_query(
                "INSERT INTO search (rowid, grams) SELECT t.id, array_to_tsvector(string_to_array(t.grams, ' ')) \
                 FROM unnest($1, $2) AS t(id, grams)",
            )
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(texts)
            .execute(conn)?;
        }
    }
    Ok(())
}

/// Some were asked before and have a grade, some were talked to, a few are owned or released.
fn worked_on(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE company SET grade = CASE id % 20 WHEN 1 THEN 'B' WHEN 2 THEN 'C' WHEN 3 THEN 'C' WHEN 4 THEN 'E' ELSE 'D' END, \
         state = CASE id % 20 WHEN 4 THEN 'excluded' WHEN 5 THEN 'pool' ELSE state END, grade_at = $1 WHERE id % 20 BETWEEN 1 AND 7",
    )
    .bind::<Timestamp, _>(now - TimeDelta::days(20))
    .execute(conn)?;
    for month in 0..12_i64 {
        let at = now - TimeDelta::days(30 * month + 1);
        diesel::sql_query(
            "UPDATE company SET last_touch_at = $1, last_dial_at = $2 WHERE id % 60 = $3",
        )
        .bind::<Timestamp, _>(at)
        .bind::<Timestamp, _>(at)
        .bind::<BigInt, _>(20 + month * 3)
        .execute(conn)?;
    }
    Ok(())
}
