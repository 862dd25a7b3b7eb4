//! SQL of the ledger: every move of a delivery, and the figures that are kept beside it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::upsert::excluded;
use rand::Rng;

use crate::on_each;
use crate::outreach::model::{DeliveryState, Moved};
use crate::platform::db::{Conn, Statement, Value, in_few_sizes, rows_per_insert, values_of};
use crate::schema::delivery_figure;

/// On PostgreSQL two transactions that count at the same time seldom meet in one row of a figure.
const COUNTERS: i32 = 16;

/// The one function that moves deliveries. What does not stand where it is said to stand stays there. Answers which
/// ones have moved; the figures follow in the same transaction.
pub(in crate::outreach) fn move_deliveries(
    conn: &mut Conn,
    now: NaiveDateTime,
    moves: &[Moved],
) -> QueryResult<HashSet<i64>> {
    let (claimed, others): (Vec<&Moved>, Vec<&Moved>) =
        moves.iter().partition(|one| one.is_claim());
    let (sent, others): (Vec<&Moved>, Vec<&Moved>) =
        others.into_iter().partition(|one| one.is_sending());
    let mut moved = HashSet::new();
    for claim in claimed.chunk_by(|one, next| one.claim_id == next.claim_id) {
        moved.extend(write_claim(conn, now, claim)?);
    }
    for alike in sent.chunk_by(|one, next| one.sent_at == next.sent_at) {
        for part in in_few_sizes(alike) {
            moved.extend(write_sent(conn, now, part)?);
        }
    }
    for part in in_few_sizes(&others) {
        moved.extend(write_moves(conn, now, part)?);
    }
    let mut figures = Figures::default();
    for one in moves.iter().filter(|one| moved.contains(&one.delivery_id)) {
        figures.add(one.mailing_id, &one.domain, one.from.code(), -1);
        figures.add(one.mailing_id, &one.domain, one.to.code(), 1);
    }
    figures.write(conn)?;
    Ok(moved)
}

/// What a claim takes moves alike.
fn write_claim(conn: &mut Conn, now: NaiveDateTime, claim: &[&Moved]) -> QueryResult<Vec<i64>> {
    let Some(first) = claim.first() else {
        return Ok(Vec::new());
    };
    Statement::<BigInt>::fixed(
        "UPDATE OR FAIL delivery SET state = 'claimed', claim_id = ?, changed_at = ? WHERE id IN ? AND state = 'queued' RETURNING id",
    )
    .bind(first.claim_id)
    .bind(now)
    .bind(Value::numbers(claim.iter().map(|one| one.delivery_id)))
    .load(conn)
}

/// What a server has taken differs by its answer and the body.
fn write_sent(conn: &mut Conn, now: NaiveDateTime, part: &[&Moved]) -> QueryResult<Vec<i64>> {
    let Some(first) = part.first() else {
        return Ok(Vec::new());
    };
    let rows = values_of("(?, ?, ?, ?)", part.len());
    let text = format!(
        "UPDATE OR FAIL delivery SET state = 'sent', changed_at = ?, sent_at = ?, attempts = attempts + 1, smtp_code = v.column2, \
         smtp_text = v.column3, body_hash = v.column4 FROM ({rows}) AS v \
         WHERE delivery.id = v.column1 AND delivery.state = 'claimed' RETURNING delivery.id"
    );
    let mut statement = Statement::<BigInt>::one_of_few(text)
        .bind(now)
        .bind(first.sent_at);
    for one in part {
        statement = statement
            .bind(one.delivery_id)
            .bind(one.smtp_code)
            .bind(one.smtp_text.clone())
            .bind(one.body_hash.clone());
    }
    statement.load(conn)
}

fn write_moves(conn: &mut Conn, now: NaiveDateTime, part: &[&Moved]) -> QueryResult<Vec<i64>> {
    let rows = values_of("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", part.len());
    let text = format!(
        "UPDATE OR FAIL delivery SET changed_at = ?, state = v.column3, claim_id = coalesce(v.column4, claim_id), due_at = coalesce(v.column5, due_at), \
         attempts = attempts + v.column6, smtp_code = coalesce(v.column7, smtp_code), smtp_text = coalesce(v.column8, smtp_text), \
         reason = coalesce(v.column9, reason), body_hash = coalesce(v.column10, body_hash), sent_at = coalesce(v.column11, sent_at) \
         FROM ({rows}) AS v WHERE delivery.id = v.column1 AND delivery.state = v.column2 RETURNING delivery.id"
    );
    let mut statement = Statement::<BigInt>::one_of_few(text).bind(now);
    for one in part {
        statement = statement
            .bind(one.delivery_id)
            .bind(one.from.code())
            .bind(one.to.code())
            .bind(one.claim_id)
            .bind(one.due_at)
            .bind(i32::from(one.was_tried))
            .bind(one.smtp_code)
            .bind(one.smtp_text.clone())
            .bind(one.reason.clone())
            .bind(one.body_hash.clone())
            .bind(one.sent_at);
    }
    statement.load(conn)
}

/// Domains of a mailing that are counted one by one, the largest; all others are counted together, under no name. Most
/// companies have a domain of their own: figures for each would be more rows than letters.
const OWN_FIGURES: i64 = 20;

/// How many deliveries of a mailing stand where, by domain: what to add.
#[derive(Debug, Default)]
pub(in crate::outreach) struct Figures {
    more: BTreeMap<(i64, String, &'static str), i64>,
}

#[derive(Insertable)]
#[diesel(table_name = delivery_figure, treat_none_as_default_value = false)]
struct NewFigure<'a> {
    mailing_id: i64,
    domain: &'a str,
    state: &'a str,
    counter: i32,
    n: i64,
}

impl Figures {
    /// So many more of them, or fewer.
    pub(in crate::outreach) fn add(
        &mut self,
        mailing_id: i64,
        domain: &str,
        state: &'static str,
        n: i64,
    ) {
        *self
            .more
            .entry((mailing_id, domain.to_owned(), state))
            .or_default() += n;
    }

    /// Adds them, each to its domain where that one is counted by itself.
    pub(in crate::outreach) fn write(self, conn: &mut Conn) -> QueryResult<()> {
        let mailings: BTreeSet<i64> = self.more.keys().map(|(id, ..)| *id).collect();
        let mut counted = HashSet::new();
        for id in mailings {
            counted.extend(
                counted_domains(conn, id)?
                    .into_iter()
                    .map(|name| (id, name)),
            );
        }
        let mut summed = Self::default();
        for ((id, domain, state), n) in self.more {
            let key = (id, domain);
            let is_counted = counted.contains(&key);
            summed.add(id, if is_counted { &key.1 } else { OTHERS }, state, n);
        }
        summed.put(conn)
    }

    /// Adds them as they are, always in the same order, so that two transactions never wait for each other in a ring.
    fn put(self, conn: &mut Conn) -> QueryResult<()> {
        let counter = match conn {
            Conn::Postgres(_) => rand::rng().random_range(1..=COUNTERS),
            Conn::Sqlite(_) => 0,
        };
        let rows: Vec<NewFigure<'_>> = self
            .more
            .iter()
            .filter(|(_, n)| **n != 0)
            .map(|((mailing_id, domain, state), n)| NewFigure {
                mailing_id: *mailing_id,
                domain,
                state,
                counter,
                n: *n,
            })
            .collect();
        for part in rows.chunks(rows_per_insert(5)) {
            on_each!(conn => diesel::insert_into(delivery_figure::table)
                .values(part)
                .on_conflict((
                    delivery_figure::mailing_id,
                    delivery_figure::domain,
                    delivery_figure::state,
                    delivery_figure::counter,
                ))
                .do_update()
                .set(delivery_figure::n.eq(delivery_figure::n + excluded(delivery_figure::n)))
                .execute(conn))?;
        }
        Ok(())
    }
}

/// The name under which all domains are counted that are not counted by themselves, and whoever has none.
const OTHERS: &str = "";

fn counted_domains(conn: &mut Conn, mailing_id: i64) -> QueryResult<Vec<String>> {
    Statement::<Text>::fixed(
        "SELECT DISTINCT domain FROM delivery_figure WHERE mailing_id = ? AND domain > ''",
    )
    .bind(mailing_id)
    .load(conn)
}

/// What waits in a mailing by domain.
#[derive(Debug, Clone, Default)]
pub(in crate::outreach) struct Domains {
    /// In all.
    all: i64,
    /// The largest, with what waits for each.
    largest: Vec<(String, i64)>,
}

/// The largest domains of a mailing that has just been planned. This reads everything that waits: work that the writer
/// is spared.
pub(in crate::outreach) fn domains(conn: &mut Conn, mailing_id: i64) -> QueryResult<Domains> {
    let largest = Statement::<(Text, BigInt)>::fixed(
        "SELECT domain, count(*) FROM delivery WHERE mailing_id = ? AND state = 'queued' GROUP BY domain \
         ORDER BY count(*) DESC, domain LIMIT ?",
    )
    .bind(mailing_id)
    .bind(OWN_FIGURES)
    .load(conn)?;
    let all = Statement::<BigInt>::fixed(
        "SELECT count(*) FROM delivery WHERE mailing_id = ? AND state = 'queued'",
    )
    .bind(mailing_id)
    .get_result(conn)?;
    Ok(Domains { all, largest })
}

/// Counts the largest domains of a mailing by themselves from now on, as they were read; where letters have moved since,
/// they are read again.
pub(in crate::outreach) fn count_domains(
    conn: &mut Conn,
    mailing_id: i64,
    read: &Domains,
) -> QueryResult<()> {
    let all: i64 = Statement::<BigInt>::fixed(
        "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM delivery_figure WHERE mailing_id = ? AND state = 'queued'",
    )
    .bind(mailing_id)
    .get_result(conn)?;
    let largest = match all == read.all {
        true => read.largest.clone(),
        false => domains(conn, mailing_id)?.largest,
    };
    let mut figures = Figures::default();
    for (domain, n) in largest {
        figures.add(mailing_id, &domain, DeliveryState::Queued.code(), n);
        figures.add(mailing_id, OTHERS, DeliveryState::Queued.code(), -n);
    }
    figures.put(conn)
}

/// Carries the figures of a mailing that is through over to one row each. What is counted meanwhile stays beside it: what
/// is taken out is what was read, in one statement.
pub(in crate::outreach) fn carry_over(conn: &mut Conn, mailing_id: i64) -> QueryResult<()> {
    let taken: Vec<(String, String, i64)> = Statement::<(Text, Text, BigInt)>::fixed(
        "DELETE FROM delivery_figure WHERE mailing_id = ? RETURNING domain, state, n",
    )
    .bind(mailing_id)
    .load(conn)?;
    let mut rows: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (domain, state, n) in taken {
        *rows.entry((domain, state)).or_default() += n;
    }
    let rows: Vec<NewFigure<'_>> = rows
        .iter()
        .filter(|(_, n)| **n != 0)
        .map(|((domain, state), n)| NewFigure {
            mailing_id,
            domain,
            state,
            counter: 0,
            n: *n,
        })
        .collect();
    for part in rows.chunks(rows_per_insert(5)) {
        on_each!(conn => diesel::insert_into(delivery_figure::table).values(part).execute(conn))?;
    }
    Ok(())
}

/// Called-off mailings in which somebody waits still.
pub(in crate::outreach) fn called_off(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT m.id FROM mailing m WHERE m.state = 'cancelled' AND EXISTS (SELECT 1 FROM delivery d WHERE d.mailing_id = m.id AND d.state = 'queued')",
    )
    .load(conn)
}

/// Mailings on their way in which nobody waits and nothing is under way.
pub(in crate::outreach) fn through(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT m.id FROM mailing m WHERE m.state = 'sending' AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.mailing_id = m.id AND d.state = 'queued') \
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.mailing_id = m.id AND d.state = 'claimed') \
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.mailing_id = m.id AND d.state = 'on_wire')",
    )
    .load(conn)
}

/// Mailings on their way whose last moment is over while somebody waits.
pub(in crate::outreach) fn late(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT m.id FROM mailing m WHERE m.state = 'sending' AND m.send_until <= ? \
         AND EXISTS (SELECT 1 FROM delivery d WHERE d.mailing_id = m.id AND d.state = 'queued' AND d.until_at <= ?)",
    )
    .bind(now)
    .bind(now)
    .load(conn)
}

/// The states of mailings.
pub(in crate::outreach) fn mailing_states(
    conn: &mut Conn,
    mailings: &[i64],
) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, diesel::sql_types::Text)>::fixed(
        "SELECT id, state FROM mailing WHERE id IN ?",
    )
    .bind(Value::numbers(mailings.iter().copied()))
    .load(conn)
}
