//! News keeps its hours to the last letter: what has not left when they end, was put off into the night or goes on after a
//! pause waits for the next hours of its receiver.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDateTime;

use crate::outreach::model::{Held, Mailing, MailingKind};
use crate::outreach::queries;
use crate::outreach::rules::mail_rules::MailRules;
use crate::platform::calendar::calendar_for_region;
use crate::platform::calendar::stored::calendars;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::{office, settings};

/// Those of these that may leave now; the others wait until their hours begin.
pub(super) fn in_hours(
    conn: &mut Conn,
    now: NaiveDateTime,
    found: Vec<Held>,
    mailings: &HashMap<i64, Mailing>,
) -> AppResult<Vec<Held>> {
    let is_news = |one: &Held| {
        let mailing = mailings.get(&one.mailing_id);
        mailing.is_some_and(|mailing| mailing.kind() == MailingKind::News)
    };
    if !found.iter().any(is_news) {
        return Ok(found);
    }
    let rules = settings::load::<MailRules>(conn)?.value;
    let office = office::load(conn)?;
    let calendars = calendars(conn)?;
    let companies: Vec<i64> = found.iter().filter_map(|one| one.company_id).collect();
    let regions = queries::regions(conn, &companies)?;
    let (mut goes, mut waits) = (Vec::new(), BTreeMap::<NaiveDateTime, Vec<i64>>::new());
    for one in found {
        let region = one.company_id.and_then(|id| regions.get(&id));
        let calendar = calendars.get(calendar_for_region(region.map(String::as_str), &office));
        let opens = rules.waits_until(now, (one.due_at, one.attempts), calendar);
        match opens.filter(|_| is_news(&one)) {
            Some(opens) => waits.entry(opens).or_default().push(one.id),
            None => goes.push(one),
        }
    }
    for (opens, ids) in waits {
        queries::wait_until(conn, &ids, opens)?;
    }
    Ok(goes)
}
