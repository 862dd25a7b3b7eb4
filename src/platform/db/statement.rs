//! SQL with a text of its own, prepared once a connection: `sql_query` would be parsed again at every call, which
//! the claim and the result of a call cannot afford.
//!
//! SQLite also prepares a statement anew whose limit is bound, and `first(conn)` binds one: what a claim finds by a key
//! is read by `get_result(conn)`.
//!
//! `?` stands for a value. A list is written `id IN ?`; an empty list finds nothing. A text may end with `FOR UPDATE`:
//! SQLite, whose one writer is the lock, is asked without it. A text may begin with `UPDATE OR FAIL` or `INSERT OR FAIL`:
//! PostgreSQL is asked without it. SQLite then keeps no copy of each page to take a statement back that fails half-way; it
//! is for whoever leaves the transaction on every fault, which takes back everything.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;

use super::conn::{Conn, MultiBackend};

/// A value of a [`Statement`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number, or none.
    Number(Option<i64>),
    /// A text, or none.
    Text(Option<String>),
    /// An instant, or none.
    Time(Option<NaiveDateTime>),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Flag(bool),
    /// Yes, no, or nobody knows.
    MaybeFlag(Option<bool>),
    /// A list of numbers for `IN ?`.
    Numbers(List<i64>),
    /// A list of codes for `IN ?`.
    Codes(List<String>),
}

/// A list for `IN ?`: its items, and all of them in one text by comma, codes quoted.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T> {
    items: Vec<T>,
    text: String,
}

impl Value {
    /// A list for `id IN ?`.
    pub fn numbers(list: impl IntoIterator<Item = i64>) -> Self {
        let items: Vec<i64> = list.into_iter().collect();
        let text = joined(items.iter().map(i64::to_string));
        Self::Numbers(List { items, text })
    }
    /// A list for `code IN ?`; signs that no code has are left out.
    pub fn codes<S: AsRef<str>>(list: impl IntoIterator<Item = S>) -> Self {
        let plain = |code: S| code.as_ref().replace(['"', '\\', '{', '}'], "");
        let items: Vec<String> = list.into_iter().map(plain).collect();
        let text = joined(items.iter().map(|code| format!("\"{code}\"")));
        Self::Codes(List { items, text })
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(",")
}

macro_rules! values_from {
    ($($kind:ty => $make:expr;)*) => {$(
        impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                let make: fn($kind) -> Value = $make;
                make(value)
            }
        }
    )*};
}
values_from! {
    i64 => |v| Value::Number(Some(v));
    Option<i64> => Value::Number;
    i32 => |v| Value::Number(Some(v.into()));
    Option<i32> => |v| Value::Number(v.map(i64::from));
    &str => |v| Value::Text(Some(v.to_owned()));
    String => |v| Value::Text(Some(v));
    Option<String> => Value::Text;
    NaiveDateTime => |v| Value::Time(Some(v));
    Option<NaiveDateTime> => Value::Time;
    NaiveDate => Value::Date;
    bool => Value::Flag;
}

/// One statement with its values; rows come back as tuples of `ST`.
#[derive(Debug, Clone)]
pub struct Statement<ST = ()> {
    text: Cow<'static, str>,
    values: Vec<Value>,
    is_prepared_once: bool,
    row: PhantomData<fn() -> ST>,
}

impl<ST> Statement<ST> {
    /// A statement whose text never changes.
    pub fn fixed(text: &'static str) -> Self {
        Self::new(Cow::Borrowed(text), true)
    }
    /// A statement whose text is put together; it is not kept.
    pub fn built(text: String) -> Self {
        Self::new(Cow::Owned(text), false)
    }
    /// A statement whose text is put together, but into few texts: each is kept.
    pub fn one_of_few(text: String) -> Self {
        Self::new(Cow::Owned(text), true)
    }
    fn new(text: Cow<'static, str>, is_prepared_once: bool) -> Self {
        Self {
            text,
            values: Vec::new(),
            is_prepared_once,
            row: PhantomData,
        }
    }
    /// The value of the next `?`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }
    /// The values of the next `?`s.
    #[must_use]
    pub fn bind_all(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }
}

/// What the databases write differently: a list that is bound as one text, and locks.
pub(super) trait Dialect: Backend {
    /// What stands around the text of numbers, in place of `IN ?`.
    const NUMBERS: (&'static str, &'static str);
    /// The same for codes.
    const CODES: (&'static str, &'static str);
    /// Lists of these lengths are bound one by one. PostgreSQL keeps a plan only where it knows how many there are, and
    /// otherwise plans anew at every call, which takes longer than the query; SQLite looks one number up in the index,
    /// where it would make a table of the text first, which takes longer than the query, too.
    const ONE_BY_ONE: RangeInclusive<usize>;
    /// What it is asked without, at the beginning and at the end of a text.
    const UNSAID: &'static str;
}

impl Dialect for Pg {
    const NUMBERS: (&'static str, &'static str) = ("= ANY(CAST('{' || ", " || '}' AS BIGINT[]))");
    const CODES: (&'static str, &'static str) = ("= ANY(CAST('{' || ", " || '}' AS TEXT[]))");
    const ONE_BY_ONE: RangeInclusive<usize> = 1..=8;
    const UNSAID: &'static str = " OR FAIL";
}
impl Dialect for Sqlite {
    const NUMBERS: (&'static str, &'static str) =
        ("IN (SELECT value FROM json_each('[' || ", " || ']'))");
    const CODES: (&'static str, &'static str) = Self::NUMBERS;
    /// Few lengths, since each is a statement of its own; `IN ()` finds nothing here.
    const ONE_BY_ONE: RangeInclusive<usize> = 0..=8;
    const UNSAID: &'static str = " FOR UPDATE";
}

/// The text up to a `?`, and its value.
macro_rules! bound {
    ($out:ident, $part:ident, $kind:ty, $value:expr) => {{
        $out.push_sql($part);
        $out.push_bind_param::<$kind, _>($value)?;
    }};
}

/// The text up to the `?` of a list, and the list.
macro_rules! listed {
    ($out:ident, $part:ident, $db:ty, $around:expr, $kind:ty, $list:ident) => {
        if <$db as Dialect>::ONE_BY_ONE.contains(&$list.items.len()) {
            $out.push_sql($part);
            $out.push_sql("(");
            for (at, item) in $list.items.iter().enumerate() {
                if at > 0 {
                    $out.push_sql(", ");
                }
                $out.push_bind_param::<$kind, _>(item)?;
            }
            $out.push_sql(")");
        } else {
            $out.push_sql($part.strip_suffix("IN ").unwrap_or($part));
            $out.push_sql($around.0);
            $out.push_bind_param::<Text, _>(&$list.text)?;
            $out.push_sql($around.1);
        }
    };
}

macro_rules! walk_on {
    ($db:ty) => {
        impl<ST> QueryFragment<$db> for Statement<ST> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $db>) -> QueryResult<()> {
                if !self.is_prepared_once {
                    out.unsafe_to_cache_prepared();
                }
                let mut values = self.values.iter();
                let mut parts = self.text.split('?').peekable();
                let mut is_edge = true;
                while let Some(mut part) = parts.next() {
                    is_edge |= parts.peek().is_none();
                    if std::mem::take(&mut is_edge)
                        && let Some((before, behind)) = part.split_once(<$db as Dialect>::UNSAID)
                    {
                        out.push_sql(before);
                        part = behind;
                    }
                    if parts.peek().is_none() {
                        out.push_sql(part);
                        break;
                    }
                    let value = values.next().ok_or_else(|| too_few(&self.text))?;
                    match value {
                        Value::Number(v) => bound!(out, part, Nullable<BigInt>, v),
                        Value::Text(v) => bound!(out, part, Nullable<Text>, v),
                        Value::Time(v) => bound!(out, part, Nullable<Timestamp>, v),
                        Value::Date(v) => bound!(out, part, Date, v),
                        Value::Flag(v) => bound!(out, part, Bool, v),
                        Value::MaybeFlag(v) => bound!(out, part, Nullable<Bool>, v),
                        Value::Numbers(list) => {
                            listed!(out, part, $db, <$db as Dialect>::NUMBERS, BigInt, list);
                        }
                        Value::Codes(list) => {
                            listed!(out, part, $db, <$db as Dialect>::CODES, Text, list);
                        }
                    }
                }
                Ok(())
            }
        }
    };
}
walk_on!(Pg);
walk_on!(Sqlite);

impl<ST> QueryFragment<MultiBackend> for Statement<ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}
impl<ST> QueryId for Statement<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<ST> Query for Statement<ST> {
    type SqlType = ST;
}
impl<ST> RunQueryDsl<Conn> for Statement<ST> {}

fn too_few(text: &str) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(format!("too few values for: {text}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_is_asked_in_its_own_words() {
        let statement = Statement::<()>::fixed("UPDATE OR FAIL a SET b = ? WHERE c = ? FOR UPDATE")
            .bind(1_i64)
            .bind(2_i64);
        let postgres = diesel::debug_query::<Pg, _>(&statement).to_string();
        let sqlite = diesel::debug_query::<Sqlite, _>(&statement).to_string();
        assert!(postgres.starts_with("UPDATE a SET b = $1 WHERE c = $2 FOR UPDATE --"));
        assert!(sqlite.starts_with("UPDATE OR FAIL a SET b = ? WHERE c = ? --"));
        let short = Statement::<()>::fixed("SELECT 1 FOR UPDATE");
        let sqlite = diesel::debug_query::<Sqlite, _>(&short).to_string();
        assert!(sqlite.starts_with("SELECT 1 --"), "{sqlite}");
    }
}
