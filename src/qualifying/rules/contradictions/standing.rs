//! The grade itself against what it rests on.

use chrono::Datelike;

use super::{ContradictionRules, Hit, urgency_now};
use crate::qualifying::model::{Evidence, Grade, Urgency};

/// The most content that somebody can be.
const VERY_CONTENT: i64 = 5;

/// K06: more than a year away, but still A or B.
pub(super) fn far_but_good(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let is_far = urgency_now(evidence)? == Urgency::Gt12;
    Hit::warn_if(is_far && evidence.present()? <= Grade::B)
}

/// K10: an old system, very content with it, and yet an A.
pub(super) fn content_but_a(evidence: &Evidence, rules: &ContradictionRules) -> Option<Hit> {
    let age = i64::from(evidence.today.year()) - evidence.present_system_year.as_ref()?.value;
    let is_old = age > i64::from(rules.old_system_years);
    let is_content = evidence.satisfaction.as_ref()?.value >= VERY_CONTENT;
    Hit::hint_if(is_old && is_content && evidence.present()? == Grade::A)
}

/// K17: the grade rose by two or more, and nobody had spoken with them in between.
pub(super) fn rose_by_itself(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let rise = evidence.grade_rise.as_ref()?.value;
    let steps = rise.from as i32 - rise.to as i32;
    Hit::block_if(steps >= 2 && !rise.had_contact, rise.from)
}

/// K23: the note is another company's word by word, or an A came from a very short call.
pub(super) fn thin_ground(evidence: &Evidence, rules: &ContradictionRules) -> Option<Hit> {
    let is_short = evidence
        .talk_seconds
        .as_ref()
        .is_some_and(|talk| talk.value < i64::from(rules.short_call_seconds));
    let is_thin = is_short && evidence.present() == Some(Grade::A);
    Hit::warn_if(is_thin || evidence.note_twin.is_some())
}
