//! Which number of an entry is dialled: chosen when it is served, from what is true then.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::limits::{Dials, LimitReason, Limits, Permit, permit};
use crate::codes;
use crate::consent::rules::Verdict;
use crate::platform::calendar::Calendar;
use crate::platform::sentence::Sentence;

codes! {
    /// Whose number it is.
    pub enum Place {
        /// A person's mobile.
        Mobile = "mobile" => "calling-place-mobile",
        /// A contact's own line at the company.
        Direct = "direct" => "calling-place-direct",
        /// The company's.
        Switchboard = "switchboard" => "calling-place-switchboard",
    }
}

codes! {
    /// What is known of a number.
    pub enum PointState {
        /// Somebody was reached by it.
        Good = "good" => "calling-point-good",
        /// Nobody knows yet.
        Unknown = "unknown" => "calling-point-unknown",
        /// It does not work.
        Bad = "bad" => "calling-point-bad",
        /// It is not theirs.
        NotTheirs = "not_theirs" => "calling-point-not-theirs",
    }
}

/// A number that an entry could be called by.
#[derive(Debug, Clone)]
pub struct NumberFacts {
    /// The contact point.
    pub point_id: i64,
    /// Of which contact; none for the switchboard.
    pub contact_id: Option<i64>,
    /// Whose.
    pub place: Place,
    /// The contact is a key contact.
    pub is_key: bool,
    /// What is known of it.
    pub state: PointState,
    /// The contact has left the company.
    pub left: bool,
    /// Calls to the number or the person are suppressed.
    pub suppressed: bool,
    /// Whether the ground carries a call to it.
    pub ground: Verdict,
    /// Dials of number and extension that count, last 7 days.
    pub dials: Vec<NaiveDateTime>,
}

/// What stands against every number of a company at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct CompanyBar<'a> {
    /// Calls to the company are suppressed.
    pub suppressed: bool,
    /// The company is left alone until then.
    pub rest_until: Option<NaiveDateTime>,
    /// Dials of every company under the root, last 30 days.
    pub dials: &'a [NaiveDateTime],
    /// Dials of the entry in its campaign.
    pub in_campaign: u32,
}

/// Why a number, or all of them, is not dialled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "bar", rename_all = "snake_case")]
pub enum Bar {
    /// They asked not to be called.
    Suppressed,
    /// The ground does not carry a call.
    Ground {
        /// Why not.
        verdict: Verdict,
    },
    /// It does not work or is not theirs, or the contact has left.
    Unusable,
    /// There is no number at all.
    NoNumber,
    /// The company is left alone.
    Resting,
    /// A limit holds it back.
    Limit {
        /// Which.
        reason: LimitReason,
    },
    /// Calls are not open there.
    Closed,
    /// No more dials in this campaign.
    Exhausted {
        /// How many there were.
        dials: u32,
    },
}

impl Bar {
    /// The code that a queue entry stores.
    pub fn code(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed",
            Self::Ground { .. } => "no_ground",
            Self::Unusable | Self::NoNumber => "no_phone",
            Self::Resting => "resting",
            Self::Limit { .. } => "limit",
            Self::Closed => "closed",
            Self::Exhausted { .. } => "exhausted",
        }
    }

    /// The sentence that says it.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Suppressed => Sentence::of("calling-bar-suppressed"),
            Self::Ground { verdict } => verdict.sentence(),
            Self::Unusable => Sentence::of("calling-bar-unusable"),
            Self::NoNumber => Sentence::of("calling-bar-no-number"),
            Self::Resting => Sentence::of("calling-bar-resting"),
            Self::Limit { reason } => reason.sentence(),
            Self::Closed => Sentence::of("calling-bar-closed"),
            Self::Exhausted { dials } => {
                Sentence::of("calling-why-campaign-dials").with("dials", dials)
            }
        }
    }
}

/// Which number is dialled, or when one may be, or that none may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// This one, now.
    Call {
        /// The contact point.
        point_id: i64,
        /// Numbers that would have come before it, each with the reason.
        passed_over: Vec<(i64, Bar)>,
    },
    /// Not before a moment: the entry waits.
    NotUntil {
        /// The moment.
        at: NaiveDateTime,
        /// What ends then.
        because: Bar,
    },
    /// Until somebody lifts it: the entry is barred.
    Never {
        /// What stands against it.
        because: Bar,
    },
    /// The entry is exhausted.
    Exhausted {
        /// How many dials there were.
        dials: u32,
    },
}

/// Chooses the number: the key contact's mobile, the direct line, the switchboard; what is bad, suppressed or over a limit
/// is passed over.
pub fn choose_number(
    numbers: &[NumberFacts],
    company: &CompanyBar<'_>,
    now: NaiveDateTime,
    limits: &Limits,
    callee: &Calendar,
    office: &Calendar,
) -> Choice {
    if company.suppressed {
        return Choice::Never {
            because: Bar::Suppressed,
        };
    }
    if let Some(at) = company.rest_until.filter(|until| *until > now) {
        return Choice::NotUntil {
            at: callee.next_opening(at),
            because: Bar::Resting,
        };
    }
    if company.in_campaign >= limits.in_campaign {
        return Choice::Exhausted {
            dials: company.in_campaign,
        };
    }
    let (mut passed_over, mut soonest) = (Vec::new(), None::<(NaiveDateTime, Bar)>);
    for number in in_order(numbers) {
        let bar = match standing(number) {
            Some(bar) => bar,
            None => match earliest(number, company, now, limits, callee, office) {
                None => {
                    return Choice::Call {
                        point_id: number.point_id,
                        passed_over,
                    };
                }
                Some((at, bar)) => {
                    if soonest.is_none_or(|(other, _)| at < other) {
                        soonest = Some((at, bar));
                    }
                    bar
                }
            },
        };
        passed_over.push((number.point_id, bar));
    }
    match soonest {
        Some((at, because)) => Choice::NotUntil { at, because },
        None => Choice::Never {
            because: gravest(&passed_over),
        },
    }
}

/// Key contacts first; where nobody is marked as key, everybody counts as one.
fn in_order(numbers: &[NumberFacts]) -> Vec<&NumberFacts> {
    let has_key = numbers.iter().any(|number| number.is_key && !number.left);
    let rank = |number: &NumberFacts| match (number.place, number.is_key || !has_key) {
        (Place::Mobile, true) => 0,
        (Place::Direct, true) => 1,
        (Place::Direct, false) => 2,
        (Place::Switchboard, _) => 3,
        (Place::Mobile, false) => 4,
    };
    let proven = |number: &NumberFacts| u8::from(number.state != PointState::Good);
    let mut ordered: Vec<&NumberFacts> = numbers.iter().collect();
    ordered.sort_by_key(|number| {
        (
            rank(number),
            proven(number),
            number.dials.len(),
            number.point_id,
        )
    });
    ordered
}

/// What stands against a number whatever the time.
fn standing(number: &NumberFacts) -> Option<Bar> {
    if number.suppressed {
        return Some(Bar::Suppressed);
    }
    if number.left || matches!(number.state, PointState::Bad | PointState::NotTheirs) {
        return Some(Bar::Unusable);
    }
    (!number.ground.is_allowed()).then_some(Bar::Ground {
        verdict: number.ground,
    })
}

/// When the number may be dialled, if not now, and what holds it back.
fn earliest(
    number: &NumberFacts,
    company: &CompanyBar<'_>,
    now: NaiveDateTime,
    limits: &Limits,
    callee: &Calendar,
    office: &Calendar,
) -> Option<(NaiveDateTime, Bar)> {
    let dials = Dials {
        number: &number.dials,
        company: company.dials,
        in_campaign: company.in_campaign,
    };
    let (mut at, mut because) = (now, None);
    loop {
        let opening = callee.next_opening(at);
        if opening != at {
            because = because.or(Some(Bar::Closed));
        }
        match permit(opening, &dials, limits, office.zone()) {
            Permit::From {
                at: lift,
                because: reason,
            } => {
                because = Some(Bar::Limit { reason });
                at = lift;
            }
            Permit::Exhausted { dials } => return Some((opening, Bar::Exhausted { dials })),
            Permit::Now => return because.map(|bar| (opening, bar)),
        }
    }
}

/// Of several standing bars the one to tell: a refusal before a missing ground before a number that does not work.
fn gravest(passed_over: &[(i64, Bar)]) -> Bar {
    let has = |wanted: fn(&Bar) -> bool| passed_over.iter().map(|(_, bar)| *bar).find(wanted);
    has(|bar| *bar == Bar::Suppressed)
        .or_else(|| has(|bar| matches!(bar, Bar::Ground { .. })))
        .or_else(|| has(|bar| *bar == Bar::Unusable))
        .unwrap_or(Bar::NoNumber)
}

#[cfg(test)]
mod tests;
