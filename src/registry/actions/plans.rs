//! What a company plans: when it decides, what it needs. Most calls that bring something bring nothing else, and it
//! changes nothing around the company: its row alone is read and written, not the desk laid with all that stands there.

use chrono::NaiveDateTime;

use super::say::record_of;
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::office;
use crate::registry::model::{Field, NewSaid, Part};
use crate::registry::queries::draw::draw;
use crate::registry::queries::{load, lock, write};
use crate::registry::rules::fold::{FoldRecord, Winners, fold_in};
use crate::registry::rules::standing::set_score;
use crate::registry::rules::values;

/// Rank of what nobody's list says.
pub(super) const NO_LIST: i32 = 6;

/// The fields that say it.
const FIELDS: [Field; 5] = [
    Field::Urgency,
    Field::SignBy,
    Field::GoLive,
    Field::Needs,
    Field::NeedText,
];

/// Whether a field says what a company plans.
pub(super) fn is_plan(field: Field) -> bool {
    FIELDS.contains(&field)
}

/// Whether nothing else was said, by a person to a person: the contact of a call is known, and no list has a part in it.
pub(super) fn says_plans_only(new: &NewSaid) -> bool {
    let is_plain = new.source_id.is_none() && (new.contact_id.is_none() || new.call_id.is_some());
    is_plain && new.said.0.keys().all(|field| is_plan(*field))
}

/// Writes it down and folds it into the root. Answers the id of the record.
pub(super) fn say_plans(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewSaid,
    root: i64,
) -> AppResult<i64> {
    lock::companies(conn, &[root])?;
    let mut row = load::company(conn, root)?;
    let id = draw(conn, "record", 1)?
        .first()
        .copied()
        .ok_or_else(AppError::not_found)?;
    let record = record_of(id, now, actor, new, Some(root));
    let (on, at) = (record.collected_on, record.said_at);
    let folded = FoldRecord::new(id, new.kind, NO_LIST, on, at, &new.said);
    let mut winners = Winners::from_json(&row.winners);
    let won = fold_in(&mut winners, &folded, Part::Company);
    if !won.is_empty() {
        for (field, value) in won {
            values::set_company(&mut row, field, Some(value));
        }
        row.winners = winners.to_json();
        set_score(&mut row, office::day(conn, now)?);
        write::plans_and_standing(conn, &row)?;
    }
    write::records(conn, &[record])?;
    Ok(id)
}
