//! SQL of what has happened around a delivery since it was planned.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::platform::db::{Conn, Statement, Value};

/// A delivery as far as it matters whether something has happened around it.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct PlannedDelivery {
    /// Id.
    pub id: i64,
    /// Mailing.
    pub mailing_id: i64,
    /// Person, the root when it was planned.
    pub person_id: i64,
    /// Who answers for them now.
    pub person_root: i64,
    /// Company, the root when it was planned.
    pub company_id: Option<i64>,
    /// What answers for it now.
    pub company_root: Option<i64>,
    /// Its rep when it was planned.
    pub owner_id: Option<i64>,
    /// The rep of what answers for it now.
    pub owner_now: Option<i64>,
    /// When its mailing was made.
    pub made_at: NaiveDateTime,
    /// Kind of the mailing.
    pub kind: String,
    /// The mailbox.
    pub address: Option<String>,
}

impl PlannedDelivery {
    /// Person or company were merged away since.
    pub(in crate::outreach) fn was_merged_away(&self) -> bool {
        self.person_root != self.person_id || self.company_root != self.company_id
    }

    /// The customer is another rep's since, or nobody's.
    pub(in crate::outreach) fn was_handed_on(&self) -> bool {
        self.owner_now != self.owner_id
    }
}

/// Deliveries by id.
pub(in crate::outreach) fn planned(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<Vec<PlannedDelivery>> {
    Statement::<(
        BigInt,
        BigInt,
        BigInt,
        BigInt,
        Nullable<BigInt>,
        Nullable<BigInt>,
        Nullable<BigInt>,
        Nullable<BigInt>,
        Timestamp,
        Text,
        Nullable<Text>,
    )>::fixed(
        "SELECT d.id, d.mailing_id, d.person_id, p.root_id, d.company_id, c.root_id, d.owner_id, r.owner_id, m.created_at, m.kind, d.address \
         FROM delivery d JOIN mailing m ON m.id = d.mailing_id JOIN person p ON p.id = d.person_id \
         LEFT JOIN company c ON c.id = d.company_id LEFT JOIN company r ON r.id = c.root_id WHERE d.id IN ?",
    )
    .bind(Value::numbers(ids.iter().copied()))
    .load(conn)
}

/// To which of these persons and companies something was joined since, or parted from them: kind, id.
pub(in crate::outreach) fn joined_since(
    conn: &mut Conn,
    persons: &[i64],
    companies: &[i64],
    since: NaiveDateTime,
) -> QueryResult<Vec<(String, i64)>> {
    let mut statement = Statement::<(Text, BigInt)>::fixed(
        "SELECT g.kind, g.into_id FROM merge g WHERE g.kind = 'person' AND g.into_id IN ? AND (g.at > ? OR g.undone_at > ?) \
         UNION SELECT g.kind, g.into_id FROM merge g WHERE g.kind = 'company' AND g.into_id IN ? AND (g.at > ? OR g.undone_at > ?)",
    );
    for ids in [persons, companies] {
        statement = statement
            .bind(Value::numbers(ids.iter().copied()))
            .bind(since)
            .bind(since);
    }
    statement.load(conn)
}

/// Who of these persons, and which of these companies without a person named, was touched since: one of each pair.
pub(in crate::outreach) fn touched_since(
    conn: &mut Conn,
    persons: &[i64],
    companies: &[i64],
    since: NaiveDateTime,
) -> QueryResult<HashSet<(Option<i64>, Option<i64>)>> {
    let rows: Vec<(Option<i64>, Option<i64>)> = Statement::<(Nullable<BigInt>, Nullable<BigInt>)>::fixed(
        "SELECT DISTINCT person_id, CAST(NULL AS BIGINT) FROM touch WHERE person_id IN ? AND at > ? \
         UNION ALL SELECT DISTINCT CAST(NULL AS BIGINT), company_id FROM touch WHERE company_id IN ? AND person_id IS NULL AND at > ?",
    )
    .bind(Value::numbers(persons.iter().copied()))
    .bind(since)
    .bind(Value::numbers(companies.iter().copied()))
    .bind(since)
    .load(conn)?;
    Ok(rows.into_iter().collect())
}
