//! What a result leads to: the next call or none, and everything else that follows, each with its reasons.

use chrono::{Datelike, NaiveDateTime, TimeDelta};

use super::dispositions::{Disposition, Given, Input, InputFault};
use super::effects::{Effect, NextStep, Step, TaskKind};
use super::limits::{Dials, Permit, permit};
use super::table::{CallingRules, Delay, DispositionRule, GradeRule};
use super::why::Why;
use crate::consent::Ways;
use crate::consent::rules::{Refusal, silenced};
use crate::platform::calendar::{Calendar, zone};
use crate::qualifying::rules::GradeHint;

/// What was dialled before, this call included.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// How often the entry has had this result.
    pub attempts: u32,
    /// Dials of the entry in its campaign that count.
    pub dials_in_campaign: u32,
    /// Dials of this number and extension, last 7 days.
    pub number_dials: Vec<NaiveDateTime>,
    /// Dials of every company under the root, last 30 days.
    pub company_dials: Vec<NaiveDateTime>,
    /// The company has another number that may be called some day.
    pub other_number: bool,
}

/// What is known with the result.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Who called.
    pub agent_id: i64,
    /// The call began then.
    pub dialled_at: NaiveDateTime,
    /// What came along with the result.
    pub given: Given,
    /// When the visit is agreed for.
    pub visit_at: Option<NaiveDateTime>,
    /// The year of the present system.
    pub present_system_year: Option<i32>,
    /// Who spoke is known.
    pub person_known: bool,
    /// The number is that person's own.
    pub number_is_own: bool,
    /// The ways they named.
    pub named_ways: Option<Ways>,
    /// They spoke for the whole company.
    pub for_company: bool,
    /// Somebody else was named in place of who left, or is known there.
    pub successor: bool,
    /// The new address was written down.
    pub new_address: bool,
}

/// The moment, and the calendars of who is called and of the office.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Now, UTC.
    pub now: NaiveDateTime,
    /// Of who is called.
    pub callee: &'a Calendar,
    /// Of the office: limits count its days.
    pub office: &'a Calendar,
}

/// What follows a result.
pub fn next_step(
    result: Disposition,
    history: &History,
    facts: &Facts,
    moment: &Moment<'_>,
    rules: &CallingRules,
) -> Result<NextStep, InputFault> {
    result.check(&facts.given, moment.now)?;
    let rule = rules.of(result);
    let case = Case {
        result,
        history,
        facts,
        moment,
        rules,
        rule: &rule,
    };
    let mut steps = case.beside_the_entry();
    steps.push(case.entry());
    Ok(NextStep { result, steps })
}

/// Whether it may matter to what follows that the company has another number.
pub fn asks_for_number(result: Disposition, rule: &DispositionRule) -> bool {
    use Disposition as D;
    let takes_one = matches!(
        result,
        D::Blocked | D::WrongNumber | D::Invalid | D::ContactLeft
    );
    takes_one || rule.then_bad_number
}

/// When an entry may be dialled at or after `at`: inside the limits and while calls are open there.
pub fn defer(
    at: NaiveDateTime,
    dials: &Dials<'_>,
    moment: &Moment<'_>,
    rules: &CallingRules,
) -> (NaiveDateTime, Vec<Why>) {
    let (mut moved, mut because) = (at, Vec::new());
    loop {
        let opening = moment.callee.next_opening(moved);
        if opening != moved {
            because.push(Why::Opening { from: moved });
        }
        match permit(opening, dials, &rules.limits, moment.office.zone()) {
            Permit::From {
                at,
                because: reason,
            } => {
                because.push(Why::Limit { reason });
                moved = at;
            }
            Permit::Now | Permit::Exhausted { .. } => return (opening, because),
        }
    }
}

struct Case<'a> {
    result: Disposition,
    history: &'a History,
    facts: &'a Facts,
    moment: &'a Moment<'a>,
    rules: &'a CallingRules,
    rule: &'a DispositionRule,
}

impl Case<'_> {
    fn step(&self, effect: Effect) -> Step {
        Step {
            effect,
            because: vec![Why::Result {
                result: self.result,
            }],
        }
    }

    fn dials(&self) -> Dials<'_> {
        Dials {
            number: &self.history.number_dials,
            company: &self.history.company_dials,
            in_campaign: self.history.dials_in_campaign,
        }
    }

    fn entry(&self) -> Step {
        use Disposition as D;
        if let Some(at) = self
            .facts
            .given
            .callback_at
            .filter(|_| self.result.takes_callback())
        {
            return self.callback(at);
        }
        let used = self
            .rule
            .attempts
            .is_some_and(|attempts| self.history.attempts >= attempts);
        let gone = matches!(self.result, D::Blocked | D::WrongNumber | D::Invalid)
            || (used && self.rule.then_bad_number);
        let left_without_successor = self.result == D::ContactLeft && !self.facts.successor;
        match self.result {
            _ if gone || left_without_successor => {
                self.with_another_number(self.history.other_number)
            }
            D::ContactLeft => self.with_another_number(true),
            _ if self.rule.delays.is_empty() => self.step(Effect::Done),
            _ => self.unless_exhausted(used).unwrap_or_else(|| self.again()),
        }
    }

    fn unless_exhausted(&self, used: bool) -> Option<Step> {
        let because = if used {
            Why::AttemptsUsed {
                attempts: self.history.attempts,
            }
        } else if self.history.dials_in_campaign >= self.rules.limits.in_campaign {
            Why::CampaignDials {
                dials: self.history.dials_in_campaign,
            }
        } else {
            return None;
        };
        Some(Step {
            effect: Effect::Exhausted,
            because: vec![because],
        })
    }

    /// Goes on with the company's next number, to which the gaps of this one do not apply.
    fn with_another_number(&self, there_is_one: bool) -> Step {
        if !there_is_one {
            return Step {
                effect: Effect::NoNumber,
                because: vec![Why::NoOtherNumber],
            };
        }
        self.unless_exhausted(false).unwrap_or_else(|| {
            let dials = Dials {
                number: &[],
                ..self.dials()
            };
            let (at, moved) = defer(self.moment.now, &dials, self.moment, self.rules);
            Step {
                effect: Effect::NextNumber { at },
                because: [Why::AnotherNumber].into_iter().chain(moved).collect(),
            }
        })
    }

    fn again(&self) -> Step {
        let place = (self.history.attempts.max(1) as usize - 1).min(self.rule.delays.len() - 1);
        let delay = self.rule.delays[place];
        let mut because = vec![Why::Delay { delay }];
        let mut at = self.after(delay);
        if self.rule.other_hour {
            at = self
                .moment
                .callee
                .opening_at_other_hour(at, self.facts.dialled_at);
            because.push(Why::OtherHour);
        }
        let (at, moved) = defer(at, &self.dials(), self.moment, self.rules);
        because.extend(moved);
        let spoken = self.result.reached() == Some(true);
        Step {
            effect: if spoken {
                Effect::Waiting { until: at }
            } else {
                Effect::Retry { at }
            },
            because,
        }
    }

    /// Counted from the dial, so that a late entry of the result moves nothing; never before now.
    fn after(&self, delay: Delay) -> NaiveDateTime {
        let (from, callee) = (self.facts.dialled_at, self.moment.callee);
        let at = match delay {
            Delay::Minutes(n) => from + TimeDelta::minutes(i64::from(n)),
            Delay::Hours(n) => from + TimeDelta::hours(i64::from(n)),
            Delay::NextDay => callee.opening_of_next_day(from),
            Delay::Days(n) => zone::add_days(callee.zone(), from, i64::from(n)),
        };
        at.max(self.moment.now)
    }

    /// At the minute they named; only where nobody may be called then, at the next opening.
    fn callback(&self, wished: NaiveDateTime) -> Step {
        let callee = self.moment.callee;
        let (at, why) = if callee.is_open_at_their_wish(wished) {
            (wished, Why::Agreed)
        } else {
            (callee.next_opening(wished), Why::AgreedMoved { wished })
        };
        let fallback_at = at + TimeDelta::minutes(i64::from(self.rules.callback_grace_minutes));
        Step {
            effect: Effect::Callback {
                at,
                owner: self.facts.agent_id,
                fallback_at,
            },
            because: vec![why],
        }
    }

    fn beside_the_entry(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = self
            .own_effects()
            .into_iter()
            .map(|effect| self.step(effect))
            .collect();
        let used = self
            .rule
            .attempts
            .is_some_and(|attempts| self.history.attempts >= attempts);
        if used && self.rule.then_bad_number {
            let because = vec![Why::AttemptsUsed {
                attempts: self.history.attempts,
            }];
            steps.push(Step {
                effect: Effect::NumberBad,
                because,
            });
        }
        if let Some(days) = self.rule.rest_days {
            let until = zone::add_days(self.moment.office.zone(), self.moment.now, i64::from(days));
            steps.push(self.step(Effect::Rest { until }));
        }
        steps.extend(self.grade());
        steps
    }

    fn own_effects(&self) -> Vec<Effect> {
        use Disposition as D;
        match self.result {
            D::Blocked | D::Invalid => vec![Effect::NumberBad],
            D::WrongNumber => vec![Effect::NumberTakenOff],
            D::Interested => vec![Effect::HandOver],
            D::VisitAgreed => {
                vec![
                    Effect::HandOver,
                    Effect::Task {
                        kind: TaskKind::Visit,
                        due: self.facts.visit_at,
                    },
                ]
            }
            D::WillAttend => vec![Effect::Register],
            D::SendInfo => {
                let not_before =
                    self.moment.now + TimeDelta::seconds(i64::from(self.rules.undo_seconds));
                vec![Effect::SendInfo { not_before }]
            }
            D::WechatAdded => vec![Effect::KeepWechat],
            D::DeciderOut if self.facts.given.callback_at.is_none() => vec![Effect::Ask {
                input: Input::CallbackAt,
            }],
            D::HasProduct => vec![Effect::Ask {
                input: Input::Satisfaction,
            }],
            D::Refused | D::DoNotCall => self.suppressions(),
            D::Moved if !self.facts.new_address => vec![
                Effect::Ask {
                    input: Input::NewAddress,
                },
                Effect::Task {
                    kind: TaskKind::FindAddress,
                    due: None,
                },
            ],
            D::ContactLeft if !self.facts.successor => vec![
                Effect::ContactLeft,
                Effect::Ask {
                    input: Input::Successor,
                },
                Effect::Task {
                    kind: TaskKind::FindSuccessor,
                    due: None,
                },
            ],
            D::ContactLeft => vec![Effect::ContactLeft],
            D::Duplicate => vec![Effect::MergeRequest],
            _ => Vec::new(),
        }
    }

    fn suppressions(&self) -> Vec<Effect> {
        let refusal = Refusal {
            do_not_contact: self.result == Disposition::DoNotCall,
            named: self.facts.named_ways,
            person_known: self.facts.person_known,
            number_is_own: self.facts.number_is_own,
            for_company: self.facts.for_company,
        };
        silenced(&refusal)
            .into_iter()
            .map(|(scope, ways)| Effect::Suppress { scope, ways })
            .collect()
    }

    fn grade(&self) -> Option<Step> {
        match self.rule.grade? {
            GradeRule::Always { hint } => Some(self.step(Effect::Grade { hint })),
            GradeRule::SystemAge {
                years: old_from,
                old,
                young,
            } => {
                let this_year = self.moment.office.date(self.moment.now).year();
                let age = self
                    .facts
                    .present_system_year
                    .and_then(|year| u32::try_from(this_year - year).ok());
                let Some(years) = age else {
                    let effect = Effect::Ask {
                        input: Input::PresentSystemYear,
                    };
                    return Some(Step {
                        effect,
                        because: vec![Why::SystemAgeUnknown],
                    });
                };
                let hint = GradeHint::Propose(if years >= old_from { old } else { young });
                Some(Step {
                    effect: Effect::Grade { hint },
                    because: vec![Why::SystemAge { years, old_from }],
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
