//! The rhythm in which everybody is met: per grade who calls, visits, writes how often, and how much is too much.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::platform::error::{AppError, AppResult};
use crate::platform::settings::Setting;
use crate::qualifying::Grade;

/// Caps count the touches of so many days, today included.
pub const CAP_DAYS: u32 = 30;
/// Longest gap between two calls, visits or letters that an office may set: two years.
pub const LONGEST_GAP: u16 = 730;
/// Most touches in [`CAP_DAYS`] that still are no nuisance to set.
pub const MOST_TOUCHES: u16 = 60;

codes! {
    /// Who calls the companies of a grade.
    pub enum Caller {
        /// The rep who has it.
        Rep = "rep" => "cadence-caller-rep",
        /// Telemarketers.
        Agent = "agent" => "cadence-caller-agent",
        /// The rep who has it, telemarketers where nobody has it.
        Either = "either" => "cadence-caller-either",
        /// Nobody.
        Nobody = "nobody" => "cadence-caller-nobody",
    }
}

codes! {
    /// Which greetings a grade gets.
    pub enum Greetings {
        /// All.
        All = "all" => "cadence-greetings-all",
        /// Only the great ones: spring festival and mid-autumn.
        Great = "great" => "cadence-greetings-great",
        /// The rep writes by hand; the system sends nothing.
        ByHand = "by_hand" => "cadence-greetings-by-hand",
        /// None.
        None = "none" => "cadence-greetings-none",
    }
}

codes! {
    /// By which way somebody is to be met.
    pub enum Method {
        /// A call.
        Call = "call" => "cadence-method-call",
        /// A visit.
        Visit = "visit" => "cadence-method-visit",
    }
}

/// How the companies of one grade are kept warm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeCadence {
    /// Who calls.
    pub caller: Caller,
    /// A call every so many days.
    pub call_days: Option<u16>,
    /// A visit every so many days.
    pub visit_days: Option<u16>,
    /// News at most every so many days; none: no bulk mail.
    pub news_days: Option<u16>,
    /// Which greetings.
    pub greetings: Greetings,
    /// Touches in [`CAP_DAYS`] at most; none: as many as it takes.
    pub at_most: Option<u16>,
}

impl GradeCadence {
    /// How many days lie between two touches of a method.
    pub fn every(&self, method: Method) -> Option<u16> {
        match method {
            Method::Call if self.caller == Caller::Nobody => None,
            Method::Call => self.call_days,
            Method::Visit => self.visit_days,
        }
    }

    fn is_sound(&self) -> bool {
        let gaps = [self.call_days, self.visit_days, self.news_days];
        gaps.into_iter()
            .flatten()
            .all(|days| (1..=LONGEST_GAP).contains(&days))
            && self.at_most.is_none_or(|n| n <= MOST_TOUCHES)
    }
}

/// The cadence of every grade; editable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CadenceRules(pub BTreeMap<Grade, GradeCadence>);

impl Setting for CadenceRules {
    const KIND: &'static str = "cadence";
}

impl Default for CadenceRules {
    fn default() -> Self {
        use Greetings::{All, ByHand, Great, None as NoGreetings};
        let row =
            |caller, [call_days, visit_days, news_days]: [Option<u16>; 3], greetings, at_most| {
                GradeCadence {
                    caller,
                    call_days,
                    visit_days,
                    news_days,
                    greetings,
                    at_most,
                }
            };
        Self(BTreeMap::from([
            (
                Grade::A,
                row(Caller::Rep, [Some(7), Some(14), None], ByHand, None),
            ),
            (
                Grade::B,
                row(Caller::Rep, [Some(14), Some(45), Some(15)], All, Some(6)),
            ),
            (
                Grade::C,
                row(Caller::Either, [Some(30), Some(90), Some(30)], All, Some(4)),
            ),
            (
                Grade::D,
                row(Caller::Agent, [Some(90), None, Some(60)], Great, Some(2)),
            ),
            (
                Grade::E,
                row(Caller::Nobody, [None; 3], NoGreetings, Some(0)),
            ),
        ]))
    }
}

/// What a grade that is in no table gets: nothing.
const NOTHING: GradeCadence = GradeCadence {
    caller: Caller::Nobody,
    call_days: None,
    visit_days: None,
    news_days: None,
    greetings: Greetings::None,
    at_most: Some(0),
};

impl CadenceRules {
    /// The cadence of a grade.
    pub fn of(&self, grade: Grade) -> &GradeCadence {
        self.0.get(&grade).unwrap_or(&NOTHING)
    }

    /// Refuses gaps that are no gaps and caps that cap nothing.
    pub fn validate(&self) -> AppResult<()> {
        for grade in Grade::ALL {
            if !self.of(*grade).is_sound() {
                return Err(Self::wrong(*grade));
            }
        }
        Ok(())
    }

    /// A number of a grade makes no sense.
    pub fn wrong(grade: Grade) -> AppError {
        AppError::invalid("cadence_number_wrong", "cadence")
            .with("grade", grade.code())
            .with("days", LONGEST_GAP)
            .with("touches", MOST_TOUCHES)
    }

    /// The longest gap between two issues of news: how far back it has to be looked.
    pub fn longest_news_gap(&self) -> u16 {
        let gaps = self.0.values().filter_map(|row| row.news_days);
        gaps.max().unwrap_or(0)
    }
}

/// Who has to see to a company by its cadence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// Its rep.
    Rep(i64),
    /// Whichever telemarketer.
    Agents,
    /// Nobody has it, and only a rep may: the manager gives it to one.
    Unassigned,
}

/// Whose a due call or visit is. What a rep has is the rep's: no queue takes it.
pub fn in_charge(cadence: &GradeCadence, method: Method, owner: Option<i64>) -> Charge {
    match (owner, method, cadence.caller) {
        (Some(rep), ..) => Charge::Rep(rep),
        (None, Method::Call, Caller::Agent | Caller::Either) => Charge::Agents,
        _ => Charge::Unassigned,
    }
}

/// Something that is due, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The day on which it was, or will be.
    pub on: NaiveDate,
    /// Days it is late; negative: days to come.
    pub late: i64,
}

/// When the next one is due after the last of its kind (or, where there was none, since the grade was given).
pub fn due(last: NaiveDate, every: u16, today: NaiveDate) -> Due {
    let on = last
        .checked_add_days(Days::new(u64::from(every)))
        .unwrap_or(NaiveDate::MAX);
    Due {
        on,
        late: (today - on).num_days(),
    }
}

/// How much of a cap is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Touches that arrived in the days that count.
    pub touches: u32,
    /// Letters that wait in other mailings.
    pub waiting: u32,
    /// The cap; none: there is none.
    pub at_most: Option<u16>,
}

impl Used {
    /// One more would be too many.
    pub fn is_full(&self) -> bool {
        self.at_most
            .is_some_and(|most| self.touches + self.waiting >= u32::from(most))
    }
}

/// The first day whose touches count against a cap on a day.
pub fn counts_since(on: NaiveDate) -> NaiveDate {
    on.checked_sub_days(Days::new(u64::from(CAP_DAYS - 1)))
        .unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests;
