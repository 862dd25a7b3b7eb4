//! Days on which nobody is greeted, and why. Nothing goes out on them, and a mailing for one of them is refused.

use chrono::{Datelike, Days, NaiveDate};

use super::catalogue::LUNAR;
use super::lunar;
use super::settings::{Blackout, GreetingRules};
use crate::codes;
use crate::platform::calendar::Country;
use crate::platform::error::AppError;
use crate::platform::i18n::Lang;

codes! {
    /// Why a day is never greeted.
    pub enum Silence {
        /// 清明.
        Qingming = "qingming" => "silence-qingming",
        /// 中元.
        Zhongyuan = "zhongyuan" => "silence-zhongyuan",
        /// 寒衣.
        Hanyi = "hanyi" => "silence-hanyi",
        /// 国家公祭日, 13 December.
        MemorialDay = "memorial_day" => "silence-memorial-day",
        /// Entered by the office: days of mourning that were called, and days of its own.
        Office = "office" => "silence-office",
    }
}

/// The days of the year that are never greeted.
const FIXED: [Silence; 4] = [
    Silence::Qingming,
    Silence::Zhongyuan,
    Silence::Hanyi,
    Silence::MemorialDay,
];

impl Silence {
    /// Its day in a year.
    pub fn day_in(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Qingming => lunar::qingming(year),
            Self::Zhongyuan => lunar::solar_day(year, 7, 15),
            Self::Hanyi => lunar::solar_day(year, 10, 1),
            Self::MemorialDay => NaiveDate::from_ymd_opt(year, 12, 13),
            Self::Office => None,
        }
    }

    /// Whether it is observed there: a birthday in London is no taboo on 中元.
    fn is_kept_in(self, country: Country) -> bool {
        match self {
            Self::Qingming | Self::Zhongyuan | Self::Hanyi => LUNAR.contains(&country),
            Self::MemorialDay => [Country::Cn, Country::Hk, Country::Mo].contains(&country),
            Self::Office => true,
        }
    }

    /// The key of the sentence that says why.
    pub fn why_key(self) -> &'static str {
        match self {
            Self::Qingming => "silence-why-qingming",
            Self::Zhongyuan => "silence-why-zhongyuan",
            Self::Hanyi => "silence-why-hanyi",
            Self::MemorialDay => "silence-why-memorial-day",
            Self::Office => "silence-why-office",
        }
    }

    /// The refusal of a mailing for it; its sentence is the reason.
    fn error_code(self) -> &'static str {
        match self {
            Self::Qingming => "never_greeted_qingming",
            Self::Zhongyuan => "never_greeted_zhongyuan",
            Self::Hanyi => "never_greeted_hanyi",
            Self::MemorialDay => "never_greeted_memorial_day",
            Self::Office => "never_greeted_office",
        }
    }
}

/// A day that is not greeted, with the reason as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub silence: Silence,
    /// Which day, where one was asked about.
    pub on: Option<NaiveDate>,
    /// What the office wrote, for days of its own.
    pub blackout: Option<Blackout>,
}

impl Refusal {
    /// Of what somebody asked a greeting for: `qingming`, `zhongyuan`, … None if it is no such day.
    pub fn of_code(code: &str) -> Option<Self> {
        Some(Self {
            silence: Silence::from_code(code)?,
            on: None,
            blackout: None,
        })
    }

    /// The name of the day.
    pub fn name(&self, lang: Lang) -> String {
        match &self.blackout {
            Some(blackout) => blackout.name(lang).to_owned(),
            None => lang.text(self.silence.key()),
        }
    }

    /// Why nothing is sent on it.
    pub fn why(&self, lang: Lang) -> String {
        lang.text(self.silence.why_key())
    }

    /// As the answer to whoever asked for a mailing.
    pub fn into_error(self) -> AppError {
        AppError::invalid(self.silence.error_code(), "occasion")
    }
}

/// Why nobody in a country is greeted on a day; none if nothing stands against it.
pub fn refuse(date: NaiveDate, country: Country, rules: &GreetingRules) -> Option<Refusal> {
    let refusal = |silence, blackout| Refusal {
        silence,
        on: Some(date),
        blackout,
    };
    let fixed = FIXED
        .into_iter()
        .find(|silence| silence.is_kept_in(country) && silence.day_in(date.year()) == Some(date));
    if let Some(silence) = fixed {
        return Some(refusal(silence, None));
    }
    let blackout = rules.blackouts.iter().find(|days| days.holds(date))?;
    Some(refusal(Silence::Office, Some(blackout.clone())))
}

/// The next day, `from` included, on which nothing goes out.
pub fn next_refusal(from: NaiveDate, country: Country, rules: &GreetingRules) -> Option<Refusal> {
    (0..=366)
        .filter_map(|ahead| from.checked_add_days(Days::new(ahead)))
        .find_map(|day| refuse(day, country, rules))
}
