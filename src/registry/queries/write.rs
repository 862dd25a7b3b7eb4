//! Batch inserts and upserts: one statement a table and chunk.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::on_each;
use crate::platform::db::{Conn, Statement, rows_per_insert};
use crate::registry::model::{Company, Contact, NewPoint, Person, Record};
use crate::schema::{company, contact, contact_point, person, record};

/// Runs an insert over rows: a single one, as a call or an edit writes it, is prepared once; many are put together anew.
macro_rules! in_parts {
    ($rows:ident of $columns:literal, $part:ident => $insert:expr) => {
        match <&[_; 1]>::try_from($rows) {
            Ok($part) => {
                $insert?;
            }
            Err(_) => {
                for $part in $rows.chunks(rows_per_insert($columns)) {
                    $insert?;
                }
            }
        }
    };
}

/// Inserts new companies and writes the fold and standing of known ones.
pub(crate) fn companies(conn: &mut Conn, rows: &[Company]) -> QueryResult<()> {
    in_parts!(rows of 43, part => on_each!(conn => diesel::insert_into(company::table)
            .values(part)
            .on_conflict(company::id)
            .do_update()
            .set((
                company::name.eq(excluded(company::name)),
                company::name_en.eq(excluded(company::name_en)),
                company::former_name.eq(excluded(company::former_name)),
                company::name_key.eq(excluded(company::name_key)),
                company::brand_key.eq(excluded(company::brand_key)),
                company::credit_code.eq(excluded(company::credit_code)),
                company::industry.eq(excluded(company::industry)),
                company::size_class.eq(excluded(company::size_class)),
                company::headcount.eq(excluded(company::headcount)),
                company::revenue_minor.eq(excluded(company::revenue_minor)),
                company::currency.eq(excluded(company::currency)),
                company::region.eq(excluded(company::region)),
                company::address.eq(excluded(company::address)),
                company::postcode.eq(excluded(company::postcode)),
                company::website.eq(excluded(company::website)),
                company::present_system.eq(excluded(company::present_system)),
                company::present_system_year.eq(excluded(company::present_system_year)),
                company::satisfaction.eq(excluded(company::satisfaction)),
                company::pc_count.eq(excluded(company::pc_count)),
                company::parent.eq(excluded(company::parent)),
                company::urgency.eq(excluded(company::urgency)),
                company::sign_by.eq(excluded(company::sign_by)),
                company::go_live.eq(excluded(company::go_live)),
                company::needs.eq(excluded(company::needs)),
                company::state.eq(excluded(company::state)),
                company::score.eq(excluded(company::score)),
                company::completeness.eq(excluded(company::completeness)),
                company::missing.eq(excluded(company::missing)),
                company::channels.eq(excluded(company::channels)),
                company::flags.eq(excluded(company::flags)),
                company::first_source_id.eq(excluded(company::first_source_id)),
                company::rescore_on.eq(excluded(company::rescore_on)),
                company::winners.eq(excluded(company::winners)),
            ))
            .execute(conn)));
    Ok(())
}

/// Writes of a known company what it plans, and its standing: the indexes of its names and codes are left alone.
pub(crate) fn plans_and_standing(conn: &mut Conn, row: &Company) -> QueryResult<()> {
    diesel::update(company::table.find(row.id))
        .set((
            company::urgency.eq(&row.urgency),
            company::sign_by.eq(row.sign_by),
            company::go_live.eq(row.go_live),
            company::needs.eq(row.needs),
            company::state.eq(&row.state),
            company::score.eq(row.score),
            company::completeness.eq(row.completeness),
            company::missing.eq(row.missing),
            company::channels.eq(row.channels),
            company::flags.eq(row.flags),
            company::rescore_on.eq(row.rescore_on),
            company::winners.eq(&row.winners),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Inserts new persons and writes the fold of known ones.
pub(crate) fn persons(conn: &mut Conn, rows: &[Person]) -> QueryResult<()> {
    in_parts!(rows of 18, part => on_each!(conn => diesel::insert_into(person::table)
            .values(part)
            .on_conflict(person::id)
            .do_update()
            .set((
                person::name.eq(excluded(person::name)),
                person::name_en.eq(excluded(person::name_en)),
                person::name_key.eq(excluded(person::name_key)),
                person::mobile.eq(excluded(person::mobile)),
                person::email.eq(excluded(person::email)),
                person::wechat.eq(excluded(person::wechat)),
                person::qq.eq(excluded(person::qq)),
                person::birthday.eq(excluded(person::birthday)),
                person::language.eq(excluded(person::language)),
                person::ground.eq(excluded(person::ground)),
                person::ground_record_id.eq(excluded(person::ground_record_id)),
                person::winners.eq(excluded(person::winners)),
            ))
            .execute(conn)));
    Ok(())
}

/// Inserts new contacts and writes the fold of known ones.
pub(crate) fn contacts(conn: &mut Conn, rows: &[Contact]) -> QueryResult<()> {
    in_parts!(rows of 10, part => on_each!(conn => diesel::insert_into(contact::table)
            .values(part)
            .on_conflict(contact::id)
            .do_update()
            .set((
                contact::title.eq(excluded(contact::title)),
                contact::department.eq(excluded(contact::department)),
                contact::role.eq(excluded(contact::role)),
                contact::is_key.eq(excluded(contact::is_key)),
                contact::winners.eq(excluded(contact::winners)),
            ))
            .execute(conn)));
    Ok(())
}

/// Inserts records.
pub(crate) fn records(conn: &mut Conn, rows: &[Record]) -> QueryResult<()> {
    in_parts!(rows of 18, part => on_each!(conn => diesel::insert_into(record::table).values(part).execute(conn)));
    Ok(())
}

/// Inserts contact points; one that its owner has stays as it is, with its state.
pub(crate) fn points(conn: &mut Conn, rows: &[NewPoint]) -> QueryResult<()> {
    in_parts!(rows of 9, part => on_each!(conn => diesel::insert_into(contact_point::table)
            .values(part)
            .on_conflict_do_nothing()
            .execute(conn)));
    Ok(())
}

/// Gives the records of a source within a range of ids another date, where they carry the old one.
pub(crate) fn redate(
    conn: &mut Conn,
    source_id: i64,
    (after, upto): (i64, i64),
    (was, is): (Option<NaiveDate>, Option<NaiveDate>),
) -> QueryResult<()> {
    let own = record::table
        .filter(record::source_id.eq(source_id))
        .filter(record::id.gt(after))
        .filter(record::id.le(upto));
    let set = record::collected_on.eq(is);
    match was {
        Some(day) => diesel::update(own.filter(record::collected_on.eq(day)))
            .set(set)
            .execute(conn)?,
        None => diesel::update(own.filter(record::collected_on.is_null()))
            .set(set)
            .execute(conn)?,
    };
    Ok(())
}

/// Writes who has a root.
pub(crate) fn set_owner(conn: &mut Conn, root: i64, owner: Option<i64>) -> QueryResult<()> {
    diesel::update(company::table.find(root))
        .set(company::owner_id.eq(owner))
        .execute(conn)
        .map(|_| ())
}

/// Sets or clears bits of the flags of a root.
pub(crate) fn set_flag(conn: &mut Conn, root: i64, flag: i32, is_set: bool) -> QueryResult<()> {
    let text = match is_set {
        true => "UPDATE company SET flags = flags | CAST(? AS INTEGER) WHERE id = ?",
        false => "UPDATE company SET flags = flags & ~CAST(? AS INTEGER) WHERE id = ?",
    };
    Statement::<()>::fixed(text)
        .bind(flag)
        .bind(root)
        .execute(conn)
        .map(|_| ())
}
