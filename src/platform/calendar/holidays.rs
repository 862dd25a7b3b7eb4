//! Which days are worked: weekends, public holidays, and days moved by 调休, year by year.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A public holiday of one or more days in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
}

/// One year as it was announced, or as somebody edited it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarYear {
    /// Public holidays with the days joined to them.
    pub holidays: Vec<Holiday>,
    /// Days of a weekend that are worked instead.
    pub workdays: Vec<NaiveDate>,
}

/// Why a year is refused; told as `error-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearFault {
    /// A holiday ends before it begins.
    Backwards,
    /// A date lies outside the year.
    OtherYear,
    /// A day is both holiday and working day, or stands in two holidays.
    Twice,
    /// A holiday without a name in either language.
    NoName,
}

impl YearFault {
    /// Stable code; the sentence is `error-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Backwards => "year_backwards",
            Self::OtherYear => "year_other_year",
            Self::Twice => "year_twice",
            Self::NoName => "year_no_name",
        }
    }
}

impl CalendarYear {
    /// Refuses a year that contradicts itself.
    pub fn validate(&self, year: i32) -> Result<(), YearFault> {
        let mut seen = std::collections::BTreeSet::new();
        for holiday in &self.holidays {
            if holiday.from > holiday.to {
                return Err(YearFault::Backwards);
            }
            if holiday.from.year() != year || holiday.to.year() != year {
                return Err(YearFault::OtherYear);
            }
            if holiday.name_zh.trim().is_empty() && holiday.name_en.trim().is_empty() {
                return Err(YearFault::NoName);
            }
            if !holiday.days().all(|day| seen.insert(day)) {
                return Err(YearFault::Twice);
            }
        }
        if self.workdays.iter().any(|day| day.year() != year) {
            return Err(YearFault::OtherYear);
        }
        if !self.workdays.iter().all(|day| seen.insert(*day)) {
            return Err(YearFault::Twice);
        }
        Ok(())
    }
}

impl Holiday {
    /// Every day of it.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.from.iter_days().take_while(move |day| *day <= self.to)
    }

    /// The name in the language asked for, else in the other one.
    pub fn name(&self, chinese: bool) -> &str {
        let (first, second) = if chinese {
            (&self.name_zh, &self.name_en)
        } else {
            (&self.name_en, &self.name_zh)
        };
        if first.is_empty() { second } else { first }
    }
}

/// The days of the week on which people rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekend(u8);

impl Default for Weekend {
    /// Saturday and Sunday.
    fn default() -> Self {
        Self(bit(Weekday::Sat) | bit(Weekday::Sun))
    }
}

impl Weekend {
    /// From short English names: `Fri Sat`; what is no name is no day of rest.
    pub(super) fn of_names(names: &str) -> Self {
        let days = names
            .split(' ')
            .filter_map(|name| name.parse::<Weekday>().ok());
        Self(days.fold(0, |bits, day| bits | bit(day)))
    }

    /// Whether people rest on the day.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

/// What a day is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DayKind {
    /// An ordinary working day.
    Working,
    /// A day of a weekend that is worked by 调休.
    MovedWorkday,
    /// A day of the week on which people rest.
    Weekend,
    /// A public holiday or a day joined to one.
    Holiday {
        /// Its name in Chinese.
        name_zh: String,
        /// Its name in English.
        name_en: String,
    },
}

impl DayKind {
    /// Whether people work on it.
    pub fn is_working(&self) -> bool {
        matches!(self, Self::Working | Self::MovedWorkday)
    }

    /// Whether it is a public holiday.
    pub fn is_holiday(&self) -> bool {
        matches!(self, Self::Holiday { .. })
    }

    /// The key of the sentence that says why; a holiday's takes `name`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Working => "calendar-day-working",
            Self::MovedWorkday => "calendar-day-moved-workday",
            Self::Weekend => "calendar-day-weekend",
            Self::Holiday { .. } => "calendar-day-holiday",
        }
    }
}

/// All known years of one country, ready to be asked for a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days {
    years: BTreeMap<i32, CalendarYear>,
    exceptions: BTreeMap<NaiveDate, DayKind>,
    weekend: Weekend,
}

impl Days {
    /// From years; a later one of the same number replaces the earlier as a whole.
    pub fn from_years(years: impl IntoIterator<Item = (i32, CalendarYear)>) -> Self {
        let years: BTreeMap<i32, CalendarYear> = years.into_iter().collect();
        let mut exceptions = BTreeMap::new();
        for year in years.values() {
            for holiday in &year.holidays {
                let kind = DayKind::Holiday {
                    name_zh: holiday.name_zh.clone(),
                    name_en: holiday.name_en.clone(),
                };
                exceptions.extend(holiday.days().map(|day| (day, kind.clone())));
            }
            exceptions.extend(
                year.workdays
                    .iter()
                    .map(|day| (*day, DayKind::MovedWorkday)),
            );
        }
        Self {
            years,
            exceptions,
            weekend: Weekend::default(),
        }
    }

    /// With other days of rest.
    #[must_use]
    pub fn with_weekend(self, weekend: Weekend) -> Self {
        Self { weekend, ..self }
    }

    /// What the day is. Of a year that is not known only the weekends are.
    pub fn kind(&self, date: NaiveDate) -> DayKind {
        let is_rest = self.weekend.has(date.weekday());
        match self.exceptions.get(&date) {
            Some(DayKind::MovedWorkday) if !is_rest => DayKind::Working,
            Some(kind) => kind.clone(),
            None if is_rest => DayKind::Weekend,
            None => DayKind::Working,
        }
    }

    /// Whether the day is worked, without copying names.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.exceptions
            .get(&date)
            .map_or_else(|| !self.weekend.has(date.weekday()), DayKind::is_working)
    }

    /// Whether the holidays of the year are known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// The years that are known, as they were entered.
    pub fn years(&self) -> &BTreeMap<i32, CalendarYear> {
        &self.years
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn holiday(from: NaiveDate, to: NaiveDate) -> Holiday {
        Holiday {
            from,
            to,
            name_zh: "国庆节".into(),
            name_en: String::new(),
        }
    }

    #[test]
    fn a_year_that_contradicts_itself_is_refused() {
        let october = holiday(day(10, 1), day(10, 7));
        for (holidays, workdays, fault) in [
            (vec![october.clone()], vec![day(10, 10)], None),
            (
                vec![holiday(day(10, 7), day(10, 1))],
                vec![],
                Some(YearFault::Backwards),
            ),
            (
                vec![october.clone(), holiday(day(10, 7), day(10, 8))],
                vec![],
                Some(YearFault::Twice),
            ),
            (
                vec![october.clone()],
                vec![day(10, 3)],
                Some(YearFault::Twice),
            ),
            (
                vec![Holiday {
                    name_zh: " ".into(),
                    ..october.clone()
                }],
                vec![],
                Some(YearFault::NoName),
            ),
            (
                vec![],
                vec![NaiveDate::from_ymd_opt(2027, 1, 3).unwrap()],
                Some(YearFault::OtherYear),
            ),
        ] {
            assert_eq!(
                CalendarYear { holidays, workdays }.validate(2026).err(),
                fault
            );
        }
    }

    #[test]
    fn a_name_falls_back_to_the_other_language() {
        assert_eq!(holiday(day(10, 1), day(10, 7)).name(false), "国庆节");
    }

    #[test]
    fn unknown_years_have_weekends_only() {
        let days = Days::default();
        assert!(!days.knows(2026));
        assert_eq!(days.kind(day(10, 1)), DayKind::Working);
        assert_eq!(days.kind(day(10, 3)), DayKind::Weekend);
    }
}
