//! At which hours of a working day people work, when they may be rung up, and when never.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// A part of a day, from (inclusive) to (exclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first moment inside.
    pub from: NaiveTime,
    /// The first moment no longer inside.
    pub to: NaiveTime,
}

impl Span {
    /// A span between two clock times written as hour and minute.
    pub const fn of(from: (u32, u32), to: (u32, u32)) -> Self {
        Self {
            from: clock(from),
            to: clock(to),
        }
    }

    /// Whether the moment is inside.
    pub fn holds(&self, time: NaiveTime) -> bool {
        self.from <= time && time < self.to
    }
}

const fn clock((hour, minute): (u32, u32)) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a clock time written in the source")
}

/// The hours of a working day; editable for each country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// When people work: service times count these.
    pub working: Vec<Span>,
    /// When we ring up of our own choice; the hard limits cut what is outside of them.
    pub calling: Vec<Span>,
}

/// What no setting overrides, not even the wish of the one who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HardLimits {
    /// No call before this.
    pub earliest: NaiveTime,
    /// No call from this on.
    pub latest: NaiveTime,
    /// No call in the midday pause.
    pub pause: Option<Span>,
}

impl HardLimits {
    /// Whether a call at this clock time breaks none of the limits.
    pub fn allow(&self, time: NaiveTime) -> bool {
        self.earliest <= time
            && time < self.latest
            && !self.pause.is_some_and(|pause| pause.holds(time))
    }

    /// What is left of the spans inside the limits, in order.
    pub fn cut(&self, spans: &[Span]) -> Vec<Span> {
        let parts = match self.pause {
            Some(pause) => vec![
                Span {
                    from: self.earliest,
                    to: pause.from,
                },
                Span {
                    from: pause.to,
                    to: self.latest,
                },
            ],
            None => vec![Span {
                from: self.earliest,
                to: self.latest,
            }],
        };
        let mut left: Vec<Span> = spans
            .iter()
            .flat_map(|span| {
                parts.iter().map(|part| Span {
                    from: span.from.max(part.from),
                    to: span.to.min(part.to),
                })
            })
            .filter(|span| span.from < span.to)
            .collect();
        left.sort_by_key(|span| span.from);
        left
    }
}

/// Why edited hours are refused; told as `error-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoursFault {
    /// A span ends before it begins.
    Backwards,
    /// Two spans of one list overlap or are out of order.
    Overlap,
    /// No working hours at all.
    NoWorking,
    /// Nothing of the calling hours is inside the hard limits.
    NoCalling,
}

impl HoursFault {
    /// Stable code; the sentence is `error-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Backwards => "hours_backwards",
            Self::Overlap => "hours_overlap",
            Self::NoWorking => "hours_no_working",
            Self::NoCalling => "hours_no_calling",
        }
    }
}

impl Hours {
    /// Refuses hours under which the queue would never open or service times never end.
    pub fn validate(&self, limits: &HardLimits) -> Result<(), HoursFault> {
        for list in [&self.working, &self.calling] {
            if list.iter().any(|span| span.from >= span.to) {
                return Err(HoursFault::Backwards);
            }
            if list.windows(2).any(|pair| pair[0].to > pair[1].from) {
                return Err(HoursFault::Overlap);
            }
        }
        if self.working.is_empty() {
            return Err(HoursFault::NoWorking);
        }
        if limits.cut(&self.calling).is_empty() {
            return Err(HoursFault::NoCalling);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CN: HardLimits = HardLimits {
        earliest: clock((9, 0)),
        latest: clock((21, 0)),
        pause: Some(Span::of((12, 0), (14, 0))),
    };

    #[test]
    fn limits_cut_what_a_setting_allows() {
        for (spans, left) in [
            (
                vec![Span::of((9, 0), (18, 0))],
                vec![Span::of((9, 0), (12, 0)), Span::of((14, 0), (18, 0))],
            ),
            (
                vec![Span::of((7, 0), (10, 0))],
                vec![Span::of((9, 0), (10, 0))],
            ),
            (
                vec![Span::of((20, 0), (23, 0))],
                vec![Span::of((20, 0), (21, 0))],
            ),
            (vec![Span::of((12, 30), (13, 30))], vec![]),
            (vec![Span::of((6, 0), (8, 0))], vec![]),
        ] {
            assert_eq!(CN.cut(&spans), left);
        }
    }

    #[test]
    fn limits_are_exact_to_the_minute() {
        for (time, allowed) in [
            ((8, 59), false),
            ((9, 0), true),
            ((11, 59), true),
            ((12, 0), false),
            ((13, 59), false),
            ((14, 0), true),
            ((20, 59), true),
            ((21, 0), false),
        ] {
            assert_eq!(CN.allow(clock(time)), allowed, "{time:?}");
        }
    }

    #[test]
    fn hours_that_never_open_are_refused() {
        let working = vec![Span::of((9, 0), (18, 0))];
        for (working, calling, fault) in [
            (
                working.clone(),
                vec![Span::of((9, 0), (12, 0)), Span::of((14, 0), (18, 0))],
                None,
            ),
            (
                working.clone(),
                vec![Span::of((12, 0), (9, 0))],
                Some(HoursFault::Backwards),
            ),
            (
                working.clone(),
                vec![Span::of((9, 0), (12, 0)), Span::of((11, 0), (18, 0))],
                Some(HoursFault::Overlap),
            ),
            (
                working.clone(),
                vec![Span::of((12, 0), (14, 0))],
                Some(HoursFault::NoCalling),
            ),
            (working, vec![], Some(HoursFault::NoCalling)),
            (
                vec![],
                vec![Span::of((9, 0), (12, 0))],
                Some(HoursFault::NoWorking),
            ),
        ] {
            assert_eq!(Hours { working, calling }.validate(&CN).err(), fault);
        }
    }
}
