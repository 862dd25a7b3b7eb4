//! Who says it: titles, two stories, refusals, a head office.

use super::{ContradictionRules, Hit};
use crate::qualifying::model::{DecisionProcess, Evidence, Fact, Grade, Opinion};

/// Titles that decide nothing of this size, as Chinese titles end.
const LOW_ENDINGS: [&str; 9] = [
    "职员",
    "文员",
    "助理",
    "专员",
    "办事员",
    "前台",
    "秘书",
    "实习生",
    "科员",
];
/// The same in English, as the last word.
const LOW_WORDS: [&str; 7] = [
    "clerk",
    "assistant",
    "secretary",
    "receptionist",
    "intern",
    "trainee",
    "staff",
];
/// Two statements further apart than this are two times, not two stories.
const SAME_TIME_DAYS: i64 = 180;

/// K15: whoever is named as the one who decides has too low a title.
pub(super) fn low_title(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let title = evidence.decider.as_ref()?.value.title.as_deref()?;
    Hit::warn_if(is_low(title))
}

fn is_low(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let last = title.split_whitespace().last().unwrap_or_default();
    LOW_ENDINGS.iter().any(|low| title.ends_with(low))
        || LOW_WORDS.contains(&last)
        || title.starts_with("assistant to ")
}

/// K16: two contacts of one company disagree on a key item.
pub(super) fn two_stories(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let (one, other) = of_several(evidence).find(|(one, other)| one.word != other.word)?;
    Hit::warn_if(true).map(|hit| Hit {
        also: vec![one.cite(Fact::OneSays), other.cite(Fact::OtherSays)],
        ..hit
    })
}

/// Pairs of different contacts who spoke of the same at about the same time.
pub(super) fn of_several(evidence: &Evidence) -> impl Iterator<Item = (&Opinion, &Opinion)> {
    let all = &evidence.opinions;
    let pairs = all
        .iter()
        .enumerate()
        .flat_map(|(at, one)| all[at + 1..].iter().map(move |other| (one, other)));
    pairs.filter(|(one, other)| {
        let apart = (one.from.at - other.from.at).num_days().abs();
        one.fact == other.fact && one.contact_id != other.contact_id && apart <= SAME_TIME_DAYS
    })
}

/// K20: they do not want to be called, but are an A or B, or are to be called.
pub(super) fn refused(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    evidence.refusal?;
    let is_good = evidence.present().is_some_and(|grade| grade <= Grade::B);
    Hit::block_if(is_good || evidence.next_date.is_some(), Grade::C)
}

/// K22: the head office decides, and that is elsewhere.
pub(super) fn head_office(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    Hit::hint_if(evidence.process.as_ref()?.value == DecisionProcess::GroupHq)
}

#[cfg(test)]
mod tests {
    use super::is_low;

    #[test]
    fn titles_are_told_apart() {
        for (title, low) in [
            ("前台文员", true),
            ("总经理助理", true),
            ("采购专员", true),
            ("助理总经理", false),
            ("IT经理", false),
            ("Purchasing clerk", true),
            ("Assistant to the CEO", true),
            ("Assistant General Manager", false),
            ("CFO", false),
        ] {
            assert_eq!(is_low(title), low, "{title}");
        }
    }
}
