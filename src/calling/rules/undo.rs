//! Who may take a result back, and until when.

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::table::CallingRules;
use crate::codes;
use crate::platform::calendar::Calendar;

/// What an undo is decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UndoFacts {
    /// When the result was saved.
    pub saved_at: NaiveDateTime,
    /// Whoever asks gave the result.
    pub own: bool,
    /// Whoever asks is a manager.
    pub manager: bool,
    /// Somebody acted on the consequence: accepted, mailed, called again.
    pub acted_on: bool,
    /// A reason was given.
    pub has_reason: bool,
    /// It holds a word that silences somebody: asked twice.
    pub silences: bool,
    /// The second question was answered with yes.
    pub confirmed: bool,
    /// It was taken back before.
    pub undone: bool,
}

/// How a result is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoKind {
    /// By one key on the toast.
    Toast,
    /// By the agent, the same day.
    SameDay,
    /// By a manager, with a reason.
    Manager,
}

codes! {
    /// Why a result stays; told as `error-<code>`.
    pub enum UndoFault {
        /// Already taken back.
        Undone = "undo_done" => "error-undo-done",
        /// Somebody else's call.
        NotOwn = "undo_not_own" => "error-undo-not-own",
        /// The day is over.
        DayOver = "undo_day_over" => "error-undo-day-over",
        /// Somebody acted on it.
        ActedOn = "undo_acted_on" => "error-undo-acted-on",
        /// A manager gives a reason.
        NeedsReason = "undo_needs_reason" => "error-undo-needs-reason",
        /// A refusal is taken back only after a second yes.
        NotConfirmed = "undo_not_confirmed" => "error-undo-not-confirmed",
    }
}

/// Whether a result may be taken back, and as what.
pub fn may_undo(
    facts: &UndoFacts,
    now: NaiveDateTime,
    office: &Calendar,
    rules: &CallingRules,
) -> Result<UndoKind, UndoFault> {
    if facts.undone {
        return Err(UndoFault::Undone);
    }
    let kind = match by_agent(facts, now, office, rules) {
        Ok(kind) => kind,
        Err(_) if facts.manager && facts.has_reason => UndoKind::Manager,
        Err(_) if facts.manager => return Err(UndoFault::NeedsReason),
        Err(fault) => return Err(fault),
    };
    if facts.silences && !facts.confirmed {
        return Err(UndoFault::NotConfirmed);
    }
    Ok(kind)
}

fn by_agent(
    facts: &UndoFacts,
    now: NaiveDateTime,
    office: &Calendar,
    rules: &CallingRules,
) -> Result<UndoKind, UndoFault> {
    if !facts.own {
        return Err(UndoFault::NotOwn);
    }
    if facts.acted_on {
        return Err(UndoFault::ActedOn);
    }
    // The two minutes hold over midnight too.
    if now <= facts.saved_at + TimeDelta::seconds(i64::from(rules.undo_seconds)) {
        return Ok(UndoKind::Toast);
    }
    if office.date(now) == office.date(facts.saved_at) {
        Ok(UndoKind::SameDay)
    } else {
        Err(UndoFault::DayOver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::calendar::Country;
    use crate::platform::i18n::Lang;
    use chrono_tz::Asia::Shanghai;

    fn sh(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
    }

    #[test]
    fn a_result_is_taken_back_by_whoever_may() {
        let own = UndoFacts {
            saved_at: sh("2026-09-24 10:00"),
            own: true,
            manager: false,
            acted_on: false,
            has_reason: false,
            silences: false,
            confirmed: false,
            undone: false,
        };
        let acted = UndoFacts {
            acted_on: true,
            ..own
        };
        let other = UndoFacts { own: false, ..own };
        let manager = UndoFacts {
            manager: true,
            has_reason: true,
            ..acted
        };
        let silencing = UndoFacts {
            silences: true,
            ..own
        };
        let late = UndoFacts {
            saved_at: sh("2026-09-23 23:59"),
            ..own
        };
        for (facts, at, outcome) in [
            (own, "2026-09-24 10:02", Ok(UndoKind::Toast)),
            (own, "2026-09-24 10:03", Ok(UndoKind::SameDay)),
            (own, "2026-09-24 23:59", Ok(UndoKind::SameDay)),
            (own, "2026-09-25 00:00", Err(UndoFault::DayOver)),
            (late, "2026-09-24 00:01", Ok(UndoKind::Toast)),
            (acted, "2026-09-24 10:01", Err(UndoFault::ActedOn)),
            (other, "2026-09-24 10:01", Err(UndoFault::NotOwn)),
            (manager, "2026-10-24 10:01", Ok(UndoKind::Manager)),
            (
                UndoFacts {
                    has_reason: false,
                    ..manager
                },
                "2026-10-24 10:01",
                Err(UndoFault::NeedsReason),
            ),
            (
                UndoFacts {
                    manager: true,
                    ..other
                },
                "2026-09-24 10:01",
                Err(UndoFault::NeedsReason),
            ),
            (
                UndoFacts {
                    manager: true,
                    ..own
                },
                "2026-09-24 10:30",
                Ok(UndoKind::SameDay),
            ),
            (silencing, "2026-09-24 10:01", Err(UndoFault::NotConfirmed)),
            (
                UndoFacts {
                    confirmed: true,
                    ..silencing
                },
                "2026-09-24 10:01",
                Ok(UndoKind::Toast),
            ),
            (
                UndoFacts {
                    undone: true,
                    ..manager
                },
                "2026-09-24 10:01",
                Err(UndoFault::Undone),
            ),
        ] {
            let office = Calendar::shipped(Shanghai, Country::Cn);
            assert_eq!(
                may_undo(&facts, sh(at), &office, &CallingRules::default()),
                outcome,
                "{at} {facts:?}"
            );
        }
    }

    #[test]
    fn every_refusal_is_a_sentence_in_both_languages() {
        for fault in UndoFault::ALL {
            assert!(
                Lang::ALL.iter().all(|lang| lang.knows(fault.key())),
                "{fault:?}"
            );
        }
    }
}
