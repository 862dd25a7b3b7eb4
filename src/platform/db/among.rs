//! `column IN (these ids)` as a part of a query that is prepared once: as a list of single values diesel would have it
//! parsed anew at every call.

use diesel::expression::{AppearsOnTable, Expression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel::sqlite::Sqlite;

use super::conn::MultiBackend;
use super::statement::Dialect;

/// Made by [`among`].
#[derive(Debug, Clone)]
pub struct Among<C> {
    column: C,
    ids: Ids,
}

/// The ids as each database takes them.
#[derive(Debug, Clone)]
struct Ids {
    list: Vec<i64>,
    json: String,
}

/// Whether a column is one of these ids; none of them finds nothing.
pub fn among<C: Expression>(column: C, ids: &[i64]) -> Among<C> {
    let json = match is_one_by_one(ids) {
        true => String::new(),
        false => serde_json::to_string(ids).unwrap_or_default(),
    };
    let ids = Ids {
        list: ids.to_vec(),
        json,
    };
    Among { column, ids }
}

/// Whether SQLite takes them one by one, as in a statement with a text of its own.
fn is_one_by_one(ids: &[i64]) -> bool {
    <Sqlite as Dialect>::ONE_BY_ONE.contains(&ids.len())
}

impl<C: Expression> Expression for Among<C> {
    type SqlType = Bool;
}
impl<C, Tables> AppearsOnTable<Tables> for Among<C> where C: AppearsOnTable<Tables> {}
impl<C: ValidGrouping<Group>, Group> ValidGrouping<Group> for Among<C> {
    type IsAggregate = C::IsAggregate;
}
/// Its text tells how many ids there are, so the statement is known by its text and not by its type.
impl<C> QueryId for Among<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Among<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<BigInt>, _>(&self.ids.list)?;
        out.push_sql(")");
        Ok(())
    }
}
impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        if !is_one_by_one(&self.ids.list) {
            out.push_sql(" IN (SELECT value FROM json_each(");
            out.push_bind_param::<Text, _>(&self.ids.json)?;
            out.push_sql("))");
            return Ok(());
        }
        out.push_sql(" IN (");
        for (at, id) in self.ids.list.iter().enumerate() {
            if at > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param::<BigInt, _>(id)?;
        }
        out.push_sql(")");
        Ok(())
    }
}
impl<C> QueryFragment<MultiBackend> for Among<C>
where
    Self: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}
