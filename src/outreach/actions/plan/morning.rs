//! Two days of one's own on one morning: whoever gets a letter then by another mailing is not written to twice.

use std::collections::HashMap;

use super::facts::Facts;
use super::terms::Terms;
use crate::outreach::queries::audience as queries;
use crate::outreach::rules::occasions::Greeting;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::load;

/// Notes with each of these which other greeting reaches them on the morning of this mailing. Whichever was decided
/// first stays; a claim looks once more, for two that were decided at the same time.
pub(super) fn put_same_morning(conn: &mut Conn, terms: &Terms, all: &mut [Facts]) -> AppResult<()> {
    let Some(mornings) = terms.own_mornings() else {
        return Ok(());
    };
    let roots: Vec<i64> = all.iter().map(|facts| facts.person.person_id).collect();
    let merged: HashMap<i64, i64> = load::merged_persons(conn, &roots)?.into_iter().collect();
    let ids: Vec<i64> = roots.iter().chain(merged.keys()).copied().collect();
    let place: HashMap<i64, usize> = roots.into_iter().zip(0..).collect();
    for greeted in queries::other_greetings(conn, &ids, terms.mailing.id, mornings)? {
        let root = merged.get(&greeted.person_id).unwrap_or(&greeted.person_id);
        let Some(at) = place.get(root) else {
            continue;
        };
        let facts = &mut all[*at];
        let meets = terms
            .window(facts.calendar)
            .is_some_and(|own| greeted.due_at < own.until && own.from < greeted.until_at);
        if let (true, Some(other)) = (meets, Greeting::from_code(&greeted.occasion)) {
            facts.person.same_morning = Some(other.leading());
        }
    }
    Ok(())
}
