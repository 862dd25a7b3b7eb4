//! The greetings of the demo: leads with a mailbox are graded, some have a rep and a birthday, and the calendar does
//! the rest as it would any year.

use std::sync::atomic::AtomicBool;

use super::job_kinds;
use crate::accounts::{self, Actor};
use crate::calling::actions::follow_companies;
use crate::outreach::jobs::greetings::tick;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::jobs;
use crate::qualifying::actions::{grading, set_grade_by_hand};
use crate::registry::actions::say;
use crate::registry::model::{Contact, Field, NewSaid, Said};
use crate::registry::queries::load;
use crate::selling::actions as selling;

/// Grades by turns, with the reason that was noted.
const GRADES: [(&str, &str); 5] = [
    ("B", "展会上谈过，半年内要定。"),
    ("C", "研讨会后回访，明年上半年看。"),
    ("D", "眼下没有计划，愿意收资料。"),
    ("C", "预算在走流程，年底前后再谈。"),
    ("B", "已经看过演示，等总经理拍板。"),
];
/// Every so many graded leads have a rep.
const OWNED: usize = 3;
/// Birthdays of the first ones: one that has a card of its own, one that moves into 中秋.
const BIRTHDAYS: [&str; 2] = ["1984-10-14", "1979-09-26"];
/// The samples hold no more companies.
const COMPANIES: i64 = 400;

/// Grades leads, and lets the calendar make what is due.
pub(super) fn fill(db: &Db) -> AppResult<()> {
    db.write_blocking(grade_leads)?;
    tick(db)?;
    let (kinds, stop) = (job_kinds(), AtomicBool::new(false));
    while jobs::run_next(db, &kinds, None, &stop)? {}
    Ok(())
}

fn grade_leads(conn: &mut Conn) -> AppResult<()> {
    let now = clock::now(conn)?;
    let manager = accounts::find_user(conn, "manager@demo.example")?.actor();
    let rep = accounts::find_user(conn, "rep@demo.example")?.id;
    let (grading, selling_book) = (grading(conn)?, selling::book(conn)?);
    for (n, contact) in leads(conn)?.into_iter().enumerate() {
        let Some(company) = contact.company_id else {
            continue;
        };
        let (grade, reason) = GRADES[n % GRADES.len()];
        set_grade_by_hand(conn, now, &manager, &grading, company, grade, reason)?;
        if let Some(day) = BIRTHDAYS.get(n) {
            say_birthday(conn, &manager, company, contact.id, day)?;
        }
        if n % OWNED == 0 {
            selling::give(conn, now, &manager, &selling_book, company, rep)?;
        }
        follow_companies(conn, now, &[company])?;
    }
    Ok(())
}

/// The first contact with a mailbox of each company that has no grade yet.
fn leads(conn: &mut Conn) -> AppResult<Vec<Contact>> {
    let all: Vec<i64> = (1..=COMPANIES).collect();
    let ungraded: Vec<i64> = load::companies(conn, &all)?
        .into_iter()
        .filter(|company| company.merged_into.is_none() && company.grade.is_none())
        .filter(|company| company.owner_id.is_none())
        .map(|company| company.id)
        .collect();
    let contacts = load::contacts_of_companies(conn, &ungraded)?;
    let people: Vec<i64> = contacts.iter().map(|contact| contact.person_id).collect();
    let reachable: Vec<i64> = load::persons(conn, &people)?
        .into_iter()
        .filter(|person| person.email.is_some() && person.merged_into.is_none())
        .map(|person| person.id)
        .collect();
    let mut found: Vec<Contact> = contacts
        .into_iter()
        .filter(|contact| contact.left_at.is_none() && reachable.contains(&contact.person_id))
        .collect();
    found.sort_by_key(|contact| (contact.company_id, contact.id));
    found.dedup_by_key(|contact| contact.company_id);
    Ok(found)
}

fn say_birthday(
    conn: &mut Conn,
    actor: &Actor,
    company: i64,
    contact: i64,
    day: &str,
) -> AppResult<()> {
    let now = clock::now(conn)?;
    let mut said = Said::new();
    said.put(Field::Birthday, day);
    let new = NewSaid {
        contact_id: Some(contact),
        ..NewSaid::edit(company, said)
    };
    say(conn, now, actor, new)?;
    Ok(())
}
