//! How many are in, and how many are not, by reason.

use super::{Reason, Verdict};
use crate::outreach::model::PlanFigures;

/// Counts one more person.
pub fn count(figures: &mut PlanFigures, verdict: &Verdict) {
    let (by, key) = match verdict {
        Verdict::Out(reason) => (&mut figures.left_out, reason.code()),
        Verdict::In(included) => {
            figures.included += 1;
            (&mut figures.grades, included.grade.code())
        }
    };
    *by.entry(key.to_owned()).or_default() += 1;
    let lacking = match verdict {
        Verdict::Out(Reason::NoSalutation) => "salutation",
        Verdict::Out(Reason::NoField { field }) => field.as_str(),
        _ => return,
    };
    *figures.missing.entry(lacking.to_owned()).or_default() += 1;
}
