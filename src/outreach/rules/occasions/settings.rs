//! The rules of greeting as an office sets them, kind `greetings`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::catalogue::Occasion;
use super::greeting::Greeting;
use crate::platform::i18n::Lang;
use crate::platform::settings::Setting;
use crate::qualifying::Grade;

/// Days of the office's own on which nothing goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blackout {
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
    /// What for, in Chinese.
    pub name_zh: String,
    /// What for, in English.
    pub name_en: String,
}

impl Blackout {
    /// Whether a day is one of them.
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// What for, in the language asked for, else in the other one.
    pub fn name(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Zh => (&self.name_zh, &self.name_en),
            Lang::En => (&self.name_en, &self.name_zh),
        };
        if first.is_empty() { second } else { first }
    }
}

/// Who is greeted on one occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccasionRule {
    /// Whether it is greeted at all.
    pub is_on: bool,
    /// Grades that get a card; A is written to by hand, E never.
    pub grades: Vec<Grade>,
}

impl OccasionRule {
    /// As shipped: B and C, on the great days D as well.
    pub fn shipped(occasion: Occasion) -> Self {
        let mut grades = vec![Grade::B, Grade::C];
        if occasion.is_great() {
            grades.push(Grade::D);
        }
        Self {
            is_on: true,
            grades,
        }
    }
}

/// When greetings are made, who answers for them, and when they go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GreetingRules {
    /// Changed occasions; one that is not here is as shipped.
    pub occasions: BTreeMap<Occasion, OccasionRule>,
    /// So many days before it goes out a mailing is made and its audience decided.
    pub days_ahead: u16,
    /// So many working days before, at the end of work, whoever has the customers must have answered.
    pub answer_days: u16,
    /// Whether reps are asked about the cards to their own customers.
    pub asks_owners: bool,
    /// What silence of a rep means: true, the cards go.
    pub silence_is_yes: bool,
    /// Whether a mailing that nobody approved by then goes out all the same.
    pub goes_unasked: bool,
    /// From when on in the receiver's morning.
    pub from: NaiveTime,
    /// Until when; later it is not sent any more.
    pub until: NaiveTime,
    /// Days of the office's own on which nothing goes out.
    pub blackouts: Vec<Blackout>,
}

impl Default for GreetingRules {
    fn default() -> Self {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        Self {
            occasions: BTreeMap::new(),
            days_ahead: 10,
            answer_days: 1,
            asks_owners: true,
            silence_is_yes: true,
            goes_unasked: true,
            from: at(10, 0),
            until: at(11, 30),
            blackouts: Vec::new(),
        }
    }
}

impl Setting for GreetingRules {
    const KIND: &'static str = "greetings";
}

impl GreetingRules {
    /// The rule of an occasion.
    pub fn rule(&self, occasion: Occasion) -> OccasionRule {
        let set = self.occasions.get(&occasion).cloned();
        set.unwrap_or_else(|| OccasionRule::shipped(occasion))
    }

    /// Grades that get a letter: those of any of its occasions.
    pub fn grades(&self, greeting: &Greeting) -> Vec<Grade> {
        let rules = greeting.parts().iter().map(|part| self.rule(*part));
        let mut grades: Vec<Grade> = rules
            .filter(|rule| rule.is_on)
            .flat_map(|rule| rule.grades)
            .collect();
        grades.sort_unstable();
        grades.dedup();
        grades
    }

    /// Refuses what could never be sent or would be sent at night; the code of the sentence `error-<code>`.
    pub fn validate(&self) -> Result<(), &'static str> {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        if self.from >= self.until {
            return Err("greeting_window_backwards");
        }
        if self.from < at(8) || self.until > at(21) {
            return Err("greeting_window_night");
        }
        if self.answer_days >= self.days_ahead {
            return Err("greeting_no_time_to_answer");
        }
        if self.blackouts.iter().any(|days| days.from > days.to) {
            return Err("blackout_backwards");
        }
        let nameless =
            |days: &Blackout| days.name_zh.trim().is_empty() && days.name_en.trim().is_empty();
        if self.blackouts.iter().any(nameless) {
            return Err("blackout_no_name");
        }
        Ok(())
    }
}
