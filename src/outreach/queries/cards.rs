//! SQL of the cards to own customers, and of the answers about them.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::outreach::model::{ApprovalState, Mailing};
use crate::platform::db::{Both, Conn, Statement, Value, among};
use crate::schema::{mailing, mailing_approval};

/// Which cards of a mailing.
#[derive(Debug, Clone, Copy)]
pub(in crate::outreach) struct Cards<'a> {
    pub mailing_id: i64,
    /// Whose; none: whoever has the customers.
    pub owner_id: Option<i64>,
    pub which: Which<'a>,
}

/// All of them or some.
#[derive(Debug, Clone, Copy)]
pub(in crate::outreach) enum Which<'a> {
    All,
    /// This delivery.
    One(i64),
    /// Those to these persons.
    To(&'a [i64]),
}

impl Cards<'_> {
    /// All of a rep's.
    pub(in crate::outreach) fn of(mailing_id: i64, owner_id: i64) -> Self {
        Self {
            mailing_id,
            owner_id: Some(owner_id),
            which: Which::All,
        }
    }

    /// The condition on deliveries `d`, with its values.
    fn is(&self) -> (String, Vec<Value>) {
        let mut text = "d.mailing_id = ?".to_owned();
        let mut values = vec![Value::from(self.mailing_id)];
        if let Some(owner) = self.owner_id {
            text.push_str(" AND d.owner_id = ?");
            values.push(Value::from(owner));
        }
        match self.which {
            Which::All => {}
            Which::One(id) => {
                text.push_str(" AND d.id = ?");
                values.push(Value::from(id));
            }
            Which::To(persons) => {
                text.push_str(" AND d.person_id IN ?");
                values.push(Value::numbers(persons.iter().copied()));
            }
        }
        (text, values)
    }
}

/// Greetings that are not on their way yet, and whether a rep has not answered.
pub(in crate::outreach) fn greetings_under_way(
    conn: &mut Conn,
) -> QueryResult<Vec<(Mailing, bool)>> {
    let found: Vec<Mailing> = mailing::table
        .filter(mailing::kind.eq("greeting"))
        .filter(mailing::state.eq_any(["draft", "planning", "planned", "scheduled"]))
        .order(mailing::id)
        .select(Mailing::as_select())
        .load(conn)?;
    let open: Vec<i64> = Statement::<BigInt>::fixed(
        "SELECT DISTINCT mailing_id FROM mailing_approval WHERE mailing_id IN ? AND state = 'open'",
    )
    .bind(Value::numbers(found.iter().map(|mailing| mailing.id)))
    .load(conn)?;
    let with_open = |mailing: Mailing| {
        let is_open = open.contains(&mailing.id);
        (mailing, is_open)
    };
    Ok(found.into_iter().map(with_open).collect())
}

/// Greetings that go out, or will by themselves.
pub(in crate::outreach) fn greetings_going(conn: &mut Conn) -> QueryResult<Vec<Mailing>> {
    mailing::table
        .filter(mailing::kind.eq("greeting"))
        .filter(mailing::state.eq_any(["scheduled", "sending"]))
        .order(mailing::id)
        .select(Mailing::as_select())
        .load(conn)
}

/// Who has cards in a mailing, and how many go.
pub(in crate::outreach) fn owners(conn: &mut Conn, id: i64) -> QueryResult<Vec<(i64, i64)>> {
    Statement::<(BigInt, BigInt)>::fixed(
        "SELECT owner_id, count(*) FROM delivery WHERE mailing_id = ? AND state = 'queued' AND owner_id IS NOT NULL \
         GROUP BY owner_id ORDER BY owner_id",
    )
    .bind(id)
    .load(conn)
}

/// Who has customers that are written to by hand, and how many people.
pub(in crate::outreach) fn by_hand(conn: &mut Conn, id: i64) -> QueryResult<Vec<(i64, i64)>> {
    Statement::<(BigInt, BigInt)>::fixed(
        "SELECT owner_id, count(*) FROM delivery WHERE mailing_id = ? AND state = 'left_out' AND owner_id IS NOT NULL \
         AND reason LIKE '%\"code\":\"by_hand\"%' GROUP BY owner_id ORDER BY owner_id",
    )
    .bind(id)
    .load(conn)
}

/// Whether somebody was told this about a mailing.
pub(in crate::outreach) fn was_told(
    conn: &mut Conn,
    user_id: i64,
    kind: &str,
    id: i64,
) -> QueryResult<bool> {
    Statement::<Bool>::fixed(
        "SELECT EXISTS (SELECT 1 FROM notice WHERE user_id = ? AND kind = ? AND object_id = ?)",
    )
    .bind(user_id)
    .bind(kind)
    .bind(id)
    .get_result(conn)
}

/// The answers about a mailing: who, what.
pub(in crate::outreach) fn answers(conn: &mut Conn, id: i64) -> QueryResult<Vec<(i64, String)>> {
    mailing_approval::table
        .filter(mailing_approval::mailing_id.eq(id))
        .order(mailing_approval::user_id)
        .select((mailing_approval::user_id, mailing_approval::state))
        .load(conn)
}

/// Asks a rep, once.
pub(in crate::outreach) fn insert_answer(
    conn: &mut Conn,
    id: i64,
    user_id: i64,
) -> QueryResult<usize> {
    let row = (
        mailing_approval::mailing_id.eq(id),
        mailing_approval::user_id.eq(user_id),
        mailing_approval::state.eq(ApprovalState::Open.code()),
    );
    Both(
        diesel::insert_into(mailing_approval::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(conn)
}

/// Keeps an answer; whoever was not asked may give one as well.
pub(in crate::outreach) fn set_answer(
    conn: &mut Conn,
    id: i64,
    user_id: i64,
    state: &str,
    at: Option<NaiveDateTime>,
) -> QueryResult<usize> {
    insert_answer(conn, id, user_id)?;
    diesel::update(mailing_approval::table.find((id, user_id)))
        .set((
            mailing_approval::state.eq(state),
            mailing_approval::answered_at.eq(at),
        ))
        .execute(conn)
}

/// Whether a rep has cards in a mailing, going or taken out.
pub(in crate::outreach) fn has_cards(conn: &mut Conn, id: i64, owner_id: i64) -> QueryResult<bool> {
    Statement::<Bool>::fixed(
        "SELECT EXISTS (SELECT 1 FROM delivery WHERE owner_id = ? AND mailing_id = ? \
         AND (state = 'queued' OR (state = 'left_out' AND reason LIKE '%\"code\":\"owner_declined\"%')))",
    )
    .bind(owner_id)
    .bind(id)
    .get_result(conn)
}

/// Keeps the figures of a planning.
pub(in crate::outreach) fn keep_figures(
    conn: &mut Conn,
    id: i64,
    figures: &str,
) -> QueryResult<usize> {
    diesel::update(mailing::table.find(id))
        .set(mailing::figures.eq(figures))
        .execute(conn)
}

/// Keeps why a mailing was called off by itself.
pub(in crate::outreach) fn keep_reason(
    conn: &mut Conn,
    id: i64,
    reason: &str,
) -> QueryResult<usize> {
    diesel::update(mailing::table.find(id))
        .set(mailing::pause_reason.eq(reason))
        .execute(conn)
}

/// Mailings in which a rep has cards, or customers to write to by hand, whose day is not long over: the next first.
pub(in crate::outreach) fn mailings_with_cards(
    conn: &mut Conn,
    owner_id: i64,
    since: NaiveDate,
) -> QueryResult<Vec<Mailing>> {
    let ids: Vec<i64> = Statement::<BigInt>::fixed(
        "SELECT m.id FROM mailing m WHERE m.kind = 'greeting' AND m.occasion_on >= ? AND m.state NOT IN ('draft', 'planning', 'cancelled') \
         AND EXISTS (SELECT 1 FROM delivery d WHERE d.owner_id = ? AND d.mailing_id = m.id)",
    )
    .bind(since)
    .bind(owner_id)
    .load(conn)?;
    mailing::table
        .filter(among(mailing::id, &ids))
        .order((mailing::occasion_on, mailing::id))
        .select(Mailing::as_select())
        .load(conn)
}

/// Somebody who gets a card of a rep, and the language: the first one whom it goes to.
pub(in crate::outreach) fn card_reader(
    conn: &mut Conn,
    id: i64,
    owner_id: i64,
) -> QueryResult<Option<(i64, Option<String>)>> {
    Statement::<(BigInt, Nullable<Text>)>::fixed(
        "SELECT d.person_id, d.language FROM delivery d WHERE d.owner_id = ? AND d.mailing_id = ? AND d.address IS NOT NULL \
         ORDER BY CASE d.state WHEN 'left_out' THEN 1 ELSE 0 END, d.id LIMIT 1",
    )
    .bind(owner_id)
    .bind(id)
    .get_result(conn)
    .optional()
}

/// A card to an own customer.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct CardRow {
    pub delivery_id: i64,
    pub name: Option<String>,
    pub name_en: Option<String>,
    pub company_id: Option<i64>,
    pub company: Option<String>,
    pub grade: Option<String>,
    pub address: Option<String>,
    pub state: String,
    pub reason: Option<String>,
}

/// A rep's cards in a mailing, by company. The mailbox of a customer whom somebody else has by now is not theirs to read.
pub(in crate::outreach) fn cards(
    conn: &mut Conn,
    id: i64,
    owner_id: i64,
    most: i64,
) -> QueryResult<Vec<CardRow>> {
    Statement::<(
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<BigInt>,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Text,
        Nullable<Text>,
    )>::fixed(
        "SELECT d.id, p.name, p.name_en, r.id, r.name, r.grade, \
         CASE WHEN r.id IS NULL OR r.owner_id = d.owner_id THEN d.address END, d.state, d.reason \
         FROM delivery d JOIN person p ON p.id = d.person_id LEFT JOIN company c ON c.id = d.company_id \
         LEFT JOIN company r ON r.id = c.root_id WHERE d.owner_id = ? AND d.mailing_id = ? ORDER BY r.name, d.id LIMIT ?",
    )
    .bind(owner_id)
    .bind(id)
    .bind(most)
    .load(conn)
}

/// A card as it stands: delivery, domain, reason.
pub(in crate::outreach) type StandingCard = (i64, Option<String>, Option<String>);

/// Cards that wait, or those that a rep took out.
pub(in crate::outreach) fn standing_cards(
    conn: &mut Conn,
    cards: &Cards<'_>,
    are_out: bool,
) -> QueryResult<Vec<StandingCard>> {
    let state = match are_out {
        true => "d.state = 'left_out' AND d.reason LIKE '%\"code\":\"owner_declined\"%'",
        false => "d.state = 'queued' AND d.attempts = 0",
    };
    let (which, values) = cards.is();
    let text = format!(
        "SELECT d.id, d.domain, d.reason FROM delivery d WHERE {which} AND {state} ORDER BY d.id"
    );
    Statement::<(BigInt, Nullable<Text>, Nullable<Text>)>::built(text)
        .bind_all(values)
        .load(conn)
}

/// A word about the card to one person: who said it, to whom the card is now, whether it goes.
pub(in crate::outreach) type CardWord = (i64, i64, bool);

/// Keeps a rep's word about one card; the last one about a person counts.
pub(in crate::outreach) fn keep_word(
    conn: &mut Conn,
    user_id: i64,
    delivery_id: i64,
    goes: bool,
    at: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "INSERT INTO mailing_word (mailing_id, person_id, user_id, goes, at) \
         SELECT d.mailing_id, d.person_id, ?, ?, ? FROM delivery d WHERE d.id = ? \
         ON CONFLICT (mailing_id, person_id) DO UPDATE SET user_id = excluded.user_id, goes = excluded.goes, at = excluded.at",
    )
    .bind(user_id)
    .bind(goes)
    .bind(at)
    .bind(delivery_id)
    .execute(conn)
}

/// The words about single persons, who may have been merged since.
pub(in crate::outreach) fn words(conn: &mut Conn, id: i64) -> QueryResult<Vec<CardWord>> {
    Statement::<(BigInt, BigInt, Bool)>::fixed(
        "SELECT w.user_id, p.root_id, w.goes FROM mailing_word w JOIN person p ON p.id = w.person_id \
         WHERE w.mailing_id = ? ORDER BY w.user_id, p.root_id",
    )
    .bind(id)
    .load(conn)
}

/// A word about all cards of a rep takes the place of those about one.
pub(in crate::outreach) fn forget_words(
    conn: &mut Conn,
    id: i64,
    user_id: i64,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "DELETE FROM mailing_word WHERE mailing_id = ? AND (user_id = ? \
         OR person_id IN (SELECT d.person_id FROM delivery d WHERE d.owner_id = ? AND d.mailing_id = ?))",
    )
    .bind(id)
    .bind(user_id)
    .bind(user_id)
    .bind(id)
    .execute(conn)
}
