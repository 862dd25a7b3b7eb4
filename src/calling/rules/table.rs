//! The table of what follows each result, as data with the defaults that ship; every change makes a new version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dispositions::Disposition;
use super::limits::Limits;
use crate::platform::settings::Setting;
use crate::qualifying::{Grade, rules::GradeHint};

/// How long to wait before the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", content = "n", rename_all = "snake_case")]
pub enum Delay {
    /// Minutes.
    Minutes(u32),
    /// Hours.
    Hours(u32),
    /// The beginning of the next working day.
    NextDay,
    /// Days, at the same time of day.
    Days(u32),
}

/// What a result says about the grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum GradeRule {
    /// The same always.
    Always {
        /// What it says.
        hint: GradeHint,
    },
    /// By the age of the present system; of unknown age it says nothing and asks.
    SystemAge {
        /// From so many years on it is old.
        years: u32,
        /// The grade beside an old one.
        old: Grade,
        /// The grade beside a young one.
        young: Grade,
    },
}

/// What follows a result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DispositionRule {
    /// The delay after the first time, the second, …; the last one repeats. None: no further call.
    pub delays: Vec<Delay>,
    /// After so many times it ends; none: only the dials of the campaign end it.
    pub attempts: Option<u32>,
    /// At the end the number is bad, and the company's next number is called.
    pub then_bad_number: bool,
    /// The next call is at another time of day.
    pub other_hour: bool,
    /// The company rests for so many days.
    pub rest_days: Option<u32>,
    /// What it says about the grade.
    pub grade: Option<GradeRule>,
}

/// All rules of calling that a settings page edits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallingRules {
    /// How often a number and a company may be dialled.
    pub limits: Limits,
    /// What follows each result; one that is not here has its default.
    pub dispositions: BTreeMap<Disposition, DispositionRule>,
    /// A call-back falls to the team so many minutes late.
    pub callback_grace_minutes: u32,
    /// Working hours for which somebody met at an event is called first.
    pub event_lead_hours: u32,
    /// How long a preview lasts without a heartbeat, seconds.
    pub preview_seconds: u32,
    /// How long heartbeats can prolong it, minutes.
    pub preview_longest_minutes: u32,
    /// After so many minutes without a heartbeat a dialled lease waits for its result.
    pub outcome_minutes: u32,
    /// So many working days later it goes back as a retry of the team.
    pub outcome_days: u32,
    /// How long a result is undone by one key, seconds; mail waits as long.
    pub undo_seconds: u32,
    /// Entries that one agent may skip a day.
    pub skips_a_day: u32,
    /// Targets of a telemarketer's day.
    pub targets: Targets,
}

/// What a telemarketer is meant to reach in a day, and the least that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Targets {
    /// Dials.
    pub dials: u32,
    /// Fewest dials.
    pub dials_floor: u32,
    /// Talks with a decider.
    pub deciders: u32,
    /// Fewest of these.
    pub deciders_floor: u32,
    /// Records completed.
    pub completed: u32,
    /// Qualified leads.
    pub qualified: u32,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            dials: 100,
            dials_floor: 60,
            deciders: 20,
            deciders_floor: 12,
            completed: 15,
            qualified: 2,
        }
    }
}

impl Default for CallingRules {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            dispositions: Disposition::ALL
                .iter()
                .map(|code| (*code, default_rule(*code)))
                .collect(),
            callback_grace_minutes: 15,
            event_lead_hours: 24,
            preview_seconds: 120,
            preview_longest_minutes: 10,
            outcome_minutes: 60,
            outcome_days: 1,
            undo_seconds: 120,
            skips_a_day: 10,
            targets: Targets::default(),
        }
    }
}

impl Setting for CallingRules {
    const KIND: &'static str = "calling_rules";
}

fn default_rule(disposition: Disposition) -> DispositionRule {
    use Disposition as D;
    let retry = |delays: &[Delay], attempts| DispositionRule {
        delays: delays.to_vec(),
        attempts,
        ..DispositionRule::default()
    };
    let grade = |hint| DispositionRule {
        grade: Some(GradeRule::Always { hint }),
        ..DispositionRule::default()
    };
    let rest = |days| DispositionRule {
        rest_days: Some(days),
        ..DispositionRule::default()
    };
    match disposition {
        D::NoAnswer => retry(&[Delay::Hours(4), Delay::NextDay], Some(5)),
        D::Busy => retry(&[Delay::Minutes(30)], Some(5)),
        D::Voicemail => retry(&[Delay::Hours(4)], Some(4)),
        D::AiAnswered | D::SwitchedOff | D::DeciderOut => retry(&[Delay::NextDay], Some(4)),
        D::HungUp => retry(&[Delay::Days(3)], Some(4)),
        D::Suspended => DispositionRule {
            then_bad_number: true,
            ..retry(&[Delay::Days(7)], Some(2))
        },
        D::Gatekeeper => DispositionRule {
            other_hour: true,
            ..retry(&[Delay::Days(3)], Some(3))
        },
        D::SendInfo => retry(&[Delay::Days(3)], Some(3)),
        D::WechatAdded => retry(&[Delay::Days(7)], None),
        D::Moved => retry(&[Delay::NextDay], None),
        D::NoNeed => DispositionRule {
            delays: vec![Delay::Days(90)],
            ..grade(GradeHint::Propose(Grade::D))
        },
        D::HasProduct => DispositionRule {
            grade: Some(GradeRule::SystemAge {
                years: 5,
                old: Grade::C,
                young: Grade::D,
            }),
            ..DispositionRule::default()
        },
        D::NoBudget => grade(GradeHint::AtMost(Grade::C)),
        D::NotTarget | D::Closed => grade(GradeHint::Propose(Grade::E)),
        D::NotInterested => rest(180),
        D::Refused => rest(365),
        _ => DispositionRule::default(),
    }
}

/// Why edited rules are refused; told as `error-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesFault {
    /// A limit of nothing, or gaps that contradict each other.
    Limits,
    /// A result that calls again has no delay, or one of nothing, or one of more than two years.
    Delay(Disposition),
    /// Attempts of nothing, or more than twenty.
    Attempts(Disposition),
    /// A refusal that rests less than what not being interested rests, or longer than ten years.
    Rest(Disposition),
    /// A time of the lease, call-back or undo is nothing or too long.
    Times,
}

impl RulesFault {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Limits => "rules_limits",
            Self::Delay(_) => "rules_delay",
            Self::Attempts(_) => "rules_attempts",
            Self::Rest(_) => "rules_rest",
            Self::Times => "rules_times",
        }
    }

    /// The result whose line is at fault.
    pub fn disposition(self) -> Option<Disposition> {
        match self {
            Self::Delay(code) | Self::Attempts(code) | Self::Rest(code) => Some(code),
            Self::Limits | Self::Times => None,
        }
    }
}

impl CallingRules {
    /// The rule of a result.
    pub fn of(&self, disposition: Disposition) -> DispositionRule {
        self.dispositions
            .get(&disposition)
            .cloned()
            .unwrap_or_else(|| default_rule(disposition))
    }

    /// Refuses rules under which somebody would be called without end or never again by mistake.
    pub fn validate(&self) -> Result<(), RulesFault> {
        if !self.limits.is_valid() {
            return Err(RulesFault::Limits);
        }
        let times = [
            (self.callback_grace_minutes, 1, 24 * 60),
            (self.event_lead_hours, 1, 1_000),
            (self.preview_seconds, 30, 600),
            (self.preview_longest_minutes, 1, 60),
            (self.outcome_minutes, 5, 600),
            (self.outcome_days, 1, 10),
            (self.undo_seconds, 10, 600),
        ];
        if times
            .iter()
            .any(|(value, least, most)| value < least || value > most)
        {
            return Err(RulesFault::Times);
        }
        Disposition::ALL
            .iter()
            .try_for_each(|code| self.validate_one(*code))
    }

    fn validate_one(&self, code: Disposition) -> Result<(), RulesFault> {
        let rule = self.of(code);
        let calls_again = !default_rule(code).delays.is_empty();
        let sound = |delay: &Delay| match delay {
            Delay::Minutes(n) => (1..=24 * 60).contains(n),
            Delay::Hours(n) => (1..=24 * 30).contains(n),
            Delay::Days(n) => (1..=730).contains(n),
            Delay::NextDay => true,
        };
        if (calls_again && rule.delays.is_empty()) || !rule.delays.iter().all(sound) {
            return Err(RulesFault::Delay(code));
        }
        if rule
            .attempts
            .is_some_and(|attempts| !(1..=20).contains(&attempts))
        {
            return Err(RulesFault::Attempts(code));
        }
        let rest = rule.rest_days.unwrap_or(0);
        if rest > 3_650 || (code == Disposition::Refused && rest < 180) {
            return Err(RulesFault::Rest(code));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_sound_and_survive_their_json() {
        let rules = CallingRules::default();
        assert_eq!(rules.validate(), Ok(()));
        let json = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<CallingRules>(&json).unwrap(), rules);
        assert_eq!(serde_json::from_str::<CallingRules>("{}").unwrap(), rules);
    }

    #[test]
    fn a_line_that_was_not_edited_keeps_its_default() {
        let json = r#"{"dispositions":{"busy":{"delays":[{"unit":"hours","n":2}],"attempts":3}}}"#;
        let rules: CallingRules = serde_json::from_str(json).unwrap();
        assert_eq!(rules.of(Disposition::Busy).delays, [Delay::Hours(2)]);
        assert_eq!(rules.of(Disposition::NoAnswer).attempts, Some(5));
        assert_eq!(rules.validate(), Ok(()));
    }

    #[test]
    fn rules_without_end_or_sense_are_refused() {
        let edit = |change: fn(&mut CallingRules)| {
            let mut rules = CallingRules::default();
            change(&mut rules);
            rules.validate().err()
        };
        let of = |rules: &mut CallingRules, code: Disposition, rule: DispositionRule| {
            rules.dispositions.insert(code, rule);
        };
        let mut no_delay = CallingRules::default();
        of(&mut no_delay, Disposition::Busy, DispositionRule::default());
        assert_eq!(
            no_delay.validate(),
            Err(RulesFault::Delay(Disposition::Busy))
        );
        for (fault, found) in [
            (
                RulesFault::Limits,
                edit(|rules| rules.limits.number_a_day = 0),
            ),
            (RulesFault::Times, edit(|rules| rules.preview_seconds = 0)),
            (
                RulesFault::Attempts(Disposition::NoAnswer),
                edit(|rules| {
                    let rule = rules.dispositions.entry(Disposition::NoAnswer).or_default();
                    rule.attempts = Some(0);
                }),
            ),
            (
                RulesFault::Rest(Disposition::Refused),
                edit(|rules| {
                    rules
                        .dispositions
                        .entry(Disposition::Refused)
                        .or_default()
                        .rest_days = Some(30);
                }),
            ),
        ] {
            assert_eq!(found, Some(fault));
        }
    }

    #[test]
    fn every_fault_is_told_in_both_languages() {
        use crate::platform::i18n::Lang;
        let code = Disposition::Busy;
        for fault in [
            RulesFault::Limits,
            RulesFault::Delay(code),
            RulesFault::Attempts(code),
            RulesFault::Rest(code),
            RulesFault::Times,
        ] {
            let key = format!("error-{}", fault.code().replace('_', "-"));
            assert!(Lang::ALL.iter().all(|lang| lang.knows(&key)), "{key}");
        }
    }
}
