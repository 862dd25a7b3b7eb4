//! How one company stands by the rhythm of its grade, and complaints, which hold back every letter to it.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::json;

use crate::accounts::{Actor, Object, Verb, require};
use crate::calling::actions::leave_task;
use crate::calling::model::NewTask;
use crate::outreach::queries::{audience, cadence as queries};
use crate::outreach::rules::cadence::{
    CadenceRules, GradeCadence, Method, Used, counts_since, due,
};
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::platform::{office, settings};
use crate::qualifying::Grade;
use crate::registry::model::Company;

/// The kind of a task that is a complaint. While it is open, nothing is sent to the company.
pub const COMPLAINT: &str = "complaint";
/// Longest complaint.
const LONGEST: usize = 1_000;

/// What is due next by one way.
#[derive(Debug, Clone, Copy)]
pub struct NextTouch {
    /// By which way.
    pub method: Method,
    /// Every so many days.
    pub every: u16,
    /// When it was last.
    pub last_at: Option<NaiveDateTime>,
    /// The day of the next one.
    pub on: NaiveDate,
    /// Days it is late; negative: days to come.
    pub late: i64,
}

/// How a company stands by its rhythm.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The rhythm of its grade.
    pub cadence: GradeCadence,
    /// What is due next.
    pub next: Vec<NextTouch>,
    /// How much of the cap of who was met most is used.
    pub used: Used,
    /// A complaint is open.
    pub has_complaint: bool,
}

/// How a company with everything merged into it stands; none without a grade.
pub fn standing(
    conn: &mut Conn,
    now: NaiveDateTime,
    company: &Company,
    group: &[i64],
) -> AppResult<Option<Standing>> {
    let Some(grade) = company.grade.as_deref().and_then(Grade::from_code) else {
        return Ok(None);
    };
    let zone = office::load(conn)?.tz();
    let day = |at| zone::local_date(zone, at);
    let cadence = *settings::load::<CadenceRules>(conn)?.value.of(grade);
    let begin = company.grade_at.unwrap_or(company.created_at);
    let visits = queries::last_visits(conn, group)?;
    let visited = visits.into_iter().map(|(_, at)| at).max();
    let lasts = [
        (Method::Call, company.last_touch_at),
        (Method::Visit, visited),
    ];
    let next = lasts.into_iter().filter_map(|(method, last_at)| {
        let every = cadence.every(method)?;
        let due = due(day(last_at.unwrap_or(begin)), every, day(now));
        Some(NextTouch {
            method,
            every,
            last_at,
            on: due.on,
            late: due.late,
        })
    });
    let since = zone::day_start(zone, counts_since(day(now)));
    let touches = queries::touches_of(conn, group, since)?;
    Ok(Some(Standing {
        next: next.collect(),
        used: Used {
            touches: most_met(&touches),
            waiting: 0,
            at_most: cadence.at_most,
        },
        cadence,
        has_complaint: audience::complaints(conn)?.contains(&company.id),
    }))
}

/// Caps count persons: the one who was met most stands for the company; what nobody noted with whom counts for each.
pub(super) fn most_met(touches: &[(i64, Option<i64>, i64)]) -> u32 {
    let of = |person: Option<i64>| -> i64 {
        let same = touches.iter().filter(|(_, who, _)| *who == person);
        same.map(|(.., n)| *n).sum()
    };
    let persons = touches.iter().filter(|(_, who, _)| who.is_some());
    let most = persons.map(|(_, who, _)| of(*who)).max().unwrap_or(0);
    u32::try_from(of(None) + most).unwrap_or(u32::MAX)
}

/// Notes a complaint as something to be settled by the rep, or by the team where nobody has the company.
pub fn complain(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    company: &Company,
    team_id: Option<i64>,
    text: &str,
) -> AppResult<i64> {
    require(actor, Verb::SeeCadence, Object::Any)?;
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return Err(AppError::invalid("complaint_needs_words", "text"));
    }
    let task = NewTask {
        kind: COMPLAINT.to_owned(),
        company_id: Some(company.id),
        person_id: None,
        call_id: None,
        user_id: company.owner_id,
        team_id,
        due_at: None,
        body: Some(json!({ "text": text }).to_string()),
        state: "open",
        created_at: now,
    };
    let id = leave_task(conn, &task)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: COMPLAINT,
        object_kind: "company",
        object_id: Some(company.id),
        n: 1,
        ..Change::default()
    };
    changed(conn, &change)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_met_most_stands_for_the_company() {
        for (touches, most) in [
            (vec![], 0),
            (vec![(1, None, 2)], 2),
            (vec![(1, Some(7), 2), (1, Some(8), 3)], 3),
            (
                vec![
                    (1, Some(7), 2),
                    (2, Some(7), 2),
                    (1, Some(8), 3),
                    (2, None, 1),
                ],
                5,
            ),
        ] {
            assert_eq!(most_met(&touches), most, "{touches:?}");
        }
    }
}
