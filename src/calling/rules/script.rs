//! Where a script leads: the test of a branch, and the step that follows an answer.

use std::collections::BTreeMap;

use crate::calling::model::Step;

/// Whether a test holds of what this call has found out: `field in A,B` or `field = A`; a value of several (needs) holds
/// when one of them is meant. An empty test always holds, one that cannot be read never does.
pub fn holds(when: &str, said: &BTreeMap<String, String>) -> bool {
    let when = when.trim();
    if when.is_empty() {
        return true;
    }
    let Some((field, values)) = parts(when) else {
        return false;
    };
    said.get(field).is_some_and(|answer| {
        let mut answers = answer.split(',').map(str::trim);
        answers.any(|one| values.split(',').any(|value| value.trim() == one))
    })
}

/// Whether the test can be read.
pub fn is_readable(when: &str) -> bool {
    when.trim().is_empty() || parts(when.trim()).is_some()
}

fn parts(when: &str) -> Option<(&str, &str)> {
    let (field, values) = when.split_once(" in ").or_else(|| when.split_once('='))?;
    let (field, values) = (field.trim(), values.trim());
    let is_code = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!field.is_empty() && field.chars().all(is_code) && !values.is_empty())
        .then_some((field, values))
}

/// The step after `at` (its place in the script): the first branch that holds, else the step below; none at the end.
pub fn step_after(steps: &[Step], at: usize, said: &BTreeMap<String, String>) -> Option<usize> {
    let step = steps.get(at)?;
    let branch = step.next.iter().find(|branch| holds(&branch.when, said));
    match branch {
        Some(branch) => steps.iter().position(|step| step.id == branch.step),
        None => (at + 1 < steps.len()).then_some(at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calling::model::Branch;

    fn said(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pair = |(field, value): &(&str, &str)| ((*field).to_owned(), (*value).to_owned());
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_test_holds_of_what_was_said() {
        let heard = said(&[("urgency", "M3"), ("needs", "finance,quality")]);
        for (when, yes) in [
            ("", true),
            ("urgency in M1,M3", true),
            ("urgency = M3", true),
            ("urgency in M1", false),
            ("needs in quality", true),
            ("needs = hr", false),
            ("budget_state in none", false),
            ("urgency M3", false),
            ("urgency in ", false),
        ] {
            assert_eq!(holds(when, &heard), yes, "{when}");
        }
    }

    #[test]
    fn a_script_goes_where_the_answer_leads() {
        let step = |id: &str, next: &[(&str, &str)]| Step {
            id: id.into(),
            next: next
                .iter()
                .map(|(when, step)| Branch {
                    when: (*when).into(),
                    step: (*step).into(),
                })
                .collect(),
            ..Step::default()
        };
        let steps = [
            step(
                "open",
                &[("urgency in M1,M3", "visit"), ("urgency = NOPLAN", "gone")],
            ),
            step("send", &[]),
            step("visit", &[]),
        ];
        assert_eq!(step_after(&steps, 0, &said(&[("urgency", "M1")])), Some(2));
        assert_eq!(step_after(&steps, 0, &said(&[])), Some(1));
        assert_eq!(step_after(&steps, 0, &said(&[("urgency", "NOPLAN")])), None);
        assert_eq!(step_after(&steps, 2, &said(&[])), None);
    }
}
