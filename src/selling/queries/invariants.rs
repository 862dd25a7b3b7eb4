//! SQL of what must always hold.

use diesel::prelude::*;

use crate::platform::db::Conn;

/// Assignments as they were recorded: step, inputs, what was decided; from an id on.
pub(in crate::selling) fn assignments(
    conn: &mut Conn,
    after: i64,
    most: i64,
) -> QueryResult<Vec<(i64, String, String)>> {
    use crate::schema::handover_move as m;
    m::table
        .filter(m::id.gt(after))
        .filter(m::state.eq("offered"))
        .filter(m::inputs.is_not_null())
        .filter(m::why.is_not_null())
        .order(m::id)
        .limit(most)
        .select((m::id, m::inputs.assume_not_null(), m::why.assume_not_null()))
        .load(conn)
}
