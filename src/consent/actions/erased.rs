//! What the list knows of people who were erased: refusals stand on under check values, so that whoever comes with the same
//! number or address by another list is found to have refused.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use super::suppress::{NewOrigin, suppress};
use crate::accounts::Actor;
use crate::consent::model::{Erasure, Scope, Subject, Ways};
use crate::consent::queries::{erased as queries, suppression};
use crate::platform::check_value::CheckValues;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Rows looked at together.
const PART: i64 = 2_000;

/// Each subject that has one under its check values, by every key.
pub(super) fn erased_twins(subjects: &[Subject]) -> AppResult<HashMap<Subject, &Subject>> {
    let can_be: Vec<&Subject> = subjects.iter().filter(|one| has_check(one)).collect();
    if can_be.is_empty() {
        return Ok(HashMap::new());
    }
    let checks = CheckValues::here()?;
    let mut twins = HashMap::new();
    for subject in can_be {
        for twin in twins_of(&checks, subject) {
            twins.insert(twin, subject);
        }
    }
    Ok(twins)
}

/// The keys by which subjects are found on the list, with those of their check values.
pub fn keys_of(subjects: &[Subject]) -> AppResult<Vec<i64>> {
    let mut keys: Vec<i64> = subjects.iter().map(Subject::key).collect();
    keys.extend(erased_twins(subjects)?.keys().map(Subject::key));
    Ok(keys)
}

/// The same subject under the check value that is written.
fn erased_form(subject: &Subject) -> AppResult<Subject> {
    if !has_check(subject) {
        return Ok(subject.clone());
    }
    let value = CheckValues::here()?.newest(subject.scope.code(), &subject.value)?;
    Ok(Subject {
        scope: subject.scope,
        value,
    })
}

fn has_check(subject: &Subject) -> bool {
    matches!(subject.scope, Scope::Number | Scope::Email) && !subject.is_erased()
}

fn twins_of(checks: &CheckValues, subject: &Subject) -> Vec<Subject> {
    let scope = subject.scope;
    let all = checks.all(scope.code(), &subject.value);
    all.into_iter()
        .map(|value| Subject { scope, value })
        .collect()
}

/// Whom an erasure means, what it looks for, and what it leaves on the list.
#[derive(Debug, Clone)]
pub struct NewErasure<'a> {
    /// Ids, ground, moment; the values of another copy where it comes from one.
    pub erasure: &'a Erasure,
    /// Numbers and addresses of their own.
    pub own: &'a [Subject],
    /// JSON of what is still looked for.
    pub sought: &'a str,
}

/// Writes an erasure down, and lets the list know the person by check values alone. Their entry itself is silent for ever;
/// their numbers and addresses are where they refused, or asked to be erased. What another copy knows by check values only
/// was forgotten before: [`forget_check_values`]. Answers its id.
pub fn note_erasure(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewErasure<'_>,
) -> AppResult<i64> {
    let erasure = new.erasure;
    let id = queries::insert(conn, erasure, new.sought)?;
    queries::add_persons(conn, id, &erasure.persons)?;
    let mut values: Vec<Subject> = new.own.iter().map(erased_form).collect::<AppResult<_>>()?;
    values.extend(erasure.subjects());
    queries::add_values(conn, id, &values)?;
    forget_values(conn, new.own)?;
    queries::end_consents(conn, &erasure.persons, now)?;
    let origin = NewOrigin::erasure(erasure.asked_at);
    for person in &erasure.persons {
        let subject = Subject::person(*person);
        if let Some(found) = queries::suppression_of(conn, &subject)? {
            queries::silence_words(conn, &[found])?;
        }
        refuse_once(conn, now, actor, &subject, &origin)?;
    }
    if erasure.ground().is_refusal() {
        for subject in &values {
            refuse_once(conn, now, actor, subject, &origin)?;
        }
    }
    Ok(id)
}

/// A refusal of every way, unless just that one stands already: an erasure may be done again.
fn refuse_once(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    subject: &Subject,
    origin: &NewOrigin,
) -> AppResult<()> {
    let live = suppression::live_origins(conn, subject)?;
    let stands = live
        .iter()
        .any(|(_, kind, ways)| kind == origin.kind.code() && Ways(*ways).holds(Ways::ALL));
    if !stands {
        suppress(conn, now, actor, subject, Ways::ALL, origin)?;
    }
    Ok(())
}

/// What stands on the list about these numbers and addresses stands under check values from now on.
fn forget_values(conn: &mut Conn, subjects: &[Subject]) -> AppResult<()> {
    for subject in subjects {
        if let Some(id) = queries::suppression_of(conn, subject)? {
            forget(conn, id, &erased_form(subject)?)?;
        }
    }
    Ok(())
}

fn forget(conn: &mut Conn, id: i64, erased: &Subject) -> AppResult<()> {
    queries::silence_words(conn, &[id])?;
    match queries::suppression_of(conn, erased)? {
        Some(there) => {
            queries::move_origins(conn, id, there)?;
            suppression::refresh_ways(conn, there)?;
        }
        None => queries::rewrite(conn, id, erased)?,
    }
    Ok(())
}

/// The same where only check values are known, as from another copy of the data. The whole list is walked, once for all of
/// these erasures.
pub fn forget_check_values(conn: &mut Conn, erasures: &[&Erasure]) -> AppResult<()> {
    let known = values_of(erasures.iter().copied());
    if known.is_empty() {
        return Ok(());
    }
    let checks = CheckValues::here()?;
    let mut after = 0;
    loop {
        let part = queries::plain_after(conn, after, PART)?;
        let Some((last, ..)) = part.last() else { break };
        after = *last;
        for (id, scope, value) in part {
            let plain = Subject::stored(&scope, value);
            let twins = plain.map(|plain| twins_of(&checks, &plain));
            let found = twins
                .into_iter()
                .flatten()
                .find(|twin| known.contains(twin));
            if let Some(erased) = found {
                forget(conn, id, &erased)?;
            }
        }
    }
    Ok(())
}

/// The persons who have each number or address of these erasures, which are of another copy, whose ids mean nobody here.
/// All numbers and addresses are walked through, once for all of them.
pub fn persons_with(
    conn: &mut Conn,
    erasures: &[&Erasure],
) -> AppResult<HashMap<Subject, Vec<i64>>> {
    let known = values_of(erasures.iter().copied());
    let mut persons: HashMap<Subject, Vec<i64>> = HashMap::new();
    if known.is_empty() {
        return Ok(persons);
    }
    let checks = CheckValues::here()?;
    let mut after = 0;
    loop {
        let part = queries::points_after(conn, after, PART)?;
        let Some((last, ..)) = part.last() else { break };
        after = *last;
        for (_, value, person) in part {
            let plain = Subject::number_or_email(&value);
            for twin in twins_of(&checks, &plain) {
                if known.contains(&twin) {
                    persons.entry(twin).or_default().push(person);
                }
            }
        }
    }
    Ok(persons)
}

/// What the persons of these erasures could be reached by, under check values.
fn values_of<'a>(erasures: impl IntoIterator<Item = &'a Erasure>) -> HashSet<Subject> {
    let all = erasures.into_iter();
    all.flat_map(|one| one.subjects()).collect()
}

/// Takes out of what another copy said whatever names somebody who was erased.
pub fn without_values(
    refusals: Vec<super::Refusal>,
    erasures: &[Erasure],
) -> AppResult<Vec<super::Refusal>> {
    let known = values_of(erasures);
    if known.is_empty() {
        return Ok(refusals);
    }
    let checks = CheckValues::here()?;
    let erased = |subject: &Subject| {
        let twins = twins_of(&checks, subject);
        twins.into_iter().find(|twin| known.contains(twin))
    };
    let without = |mut refusal: super::Refusal| {
        let plain = refusal.subject().filter(has_check);
        if let Some(twin) = plain.as_ref().and_then(erased) {
            refusal.subject = twin.value;
        }
        let is_gone = |subject: Subject| erased(&subject).is_some();
        refusal.email = refusal.email.filter(|it| !is_gone(Subject::email(it)));
        refusal.mobile = refusal.mobile.filter(|it| !is_gone(Subject::number(it)));
        refusal
    };
    Ok(refusals.into_iter().map(without).collect())
}

/// How many erasures there are and which came last: what follows them asks for it.
pub fn erasures_so_far(conn: &mut Conn) -> AppResult<(i64, i64)> {
    Ok(queries::count(conn)?)
}

/// Every erasure, oldest first.
pub fn erasures(conn: &mut Conn) -> AppResult<Vec<Erasure>> {
    Ok(queries::all(conn)?)
}

/// Who of these persons was erased.
pub fn erased_among(conn: &mut Conn, persons: &[i64]) -> AppResult<Vec<i64>> {
    Ok(queries::erased_among(conn, persons)?)
}

/// What an erased person could be reached by, under check values; nothing of whoever was not.
pub fn erased_subjects(conn: &mut Conn, person_id: i64) -> AppResult<Vec<Subject>> {
    let values = queries::values_of_person(conn, person_id)?;
    let subject = |(scope, value): (String, String)| Subject::stored(&scope, value);
    Ok(values.into_iter().filter_map(subject).collect())
}

/// What an erasure still looks for, as JSON; none once it is through.
pub fn sought(conn: &mut Conn, erasure_id: i64) -> AppResult<Option<String>> {
    Ok(queries::sought(conn, erasure_id)?)
}

/// The next erasure that is not through, behind an id.
pub fn next_unfinished(conn: &mut Conn, after: i64) -> AppResult<Option<i64>> {
    Ok(queries::next_unfinished(conn, after)?)
}

/// The last step of an erasure: what was looked for goes.
pub fn end_erasure(conn: &mut Conn, now: NaiveDateTime, erasure_id: i64) -> AppResult<()> {
    Ok(queries::end(conn, erasure_id, now)?)
}
