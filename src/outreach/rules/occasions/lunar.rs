//! The lunar calendar, by tyme4rs: days of festivals, and what stands under a date.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use chrono::{Datelike, NaiveDate};
use tyme4rs::tyme::Culture;
use tyme4rs::tyme::lunar::LunarDay;
use tyme4rs::tyme::solar::{SolarDay, SolarTerm};

use crate::platform::i18n::Lang;

/// The years for which the astronomy holds and anybody asks.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// 清明 among the solar terms, counted from the winter solstice before.
const QINGMING: isize = 7;

/// A day of the lunar calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LunarDate {
    /// Month, 1 to 12.
    pub month: u32,
    /// Whether it is the leap month behind the one of its number.
    pub is_leap: bool,
    /// Day, 1 to 30.
    pub day: u32,
    day_name: String,
    month_name: String,
}

impl LunarDate {
    /// As it stands in a calendar: `十五`, on the first day the month `八月`; in English `8/15`.
    pub fn short(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh if self.day == 1 => self.month_name.clone(),
            Lang::Zh => self.day_name.clone(),
            Lang::En => format!("{}/{}", self.month, self.day),
        }
    }

    /// In full: `八月十五`.
    pub fn full(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("{}{}", self.month_name, self.day_name),
            Lang::En => self.short(lang),
        }
    }
}

/// The lunar date of a day; none outside of the years known.
pub fn lunar_date(date: NaiveDate) -> Option<LunarDate> {
    let solar = solar(date)?;
    let lunar = solar.get_lunar_day();
    let month = lunar.get_lunar_month();
    Some(LunarDate {
        month: u32::try_from(month.get_month()).ok()?,
        is_leap: month.is_leap(),
        day: u32::try_from(lunar.get_day()).ok()?,
        day_name: lunar.get_name(),
        month_name: month.get_name(),
    })
}

fn solar(date: NaiveDate) -> Option<SolarDay> {
    if !YEARS.contains(&date.year()) {
        return None;
    }
    let part = |n: u32| usize::try_from(n).ok();
    let year = isize::try_from(date.year()).ok()?;
    SolarDay::new(year, part(date.month())?, part(date.day())?).ok()
}

/// A day that moves from year to year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Moving {
    /// Month and day of the lunar calendar.
    Lunar(isize, usize),
    /// 清明, a solar term.
    Qingming,
}

/// Days found before: a calendar asks for the same few again for each of its cells.
static FOUND: LazyLock<Mutex<HashMap<(i32, Moving), Option<NaiveDate>>>> =
    LazyLock::new(Mutex::default);

/// The day on which a lunar month and day falls.
pub(super) fn solar_day(year: i32, month: isize, day: usize) -> Option<NaiveDate> {
    moving_day(year, Moving::Lunar(month, day))
}

/// The day of 清明.
pub(super) fn qingming(year: i32) -> Option<NaiveDate> {
    moving_day(year, Moving::Qingming)
}

fn moving_day(year: i32, moving: Moving) -> Option<NaiveDate> {
    if !YEARS.contains(&year) {
        return None;
    }
    let Ok(mut found) = FOUND.lock() else {
        return find(year, moving);
    };
    *found
        .entry((year, moving))
        .or_insert_with(|| find(year, moving))
}

fn find(year: i32, moving: Moving) -> Option<NaiveDate> {
    let year = isize::try_from(year).ok()?;
    let solar = match moving {
        Moving::Lunar(month, day) => LunarDay::new(year, month, day).ok()?.get_solar_day(),
        Moving::Qingming => SolarTerm::from_index(year, QINGMING).get_solar_day(),
    };
    date_of(&solar)
}

fn date_of(solar: &SolarDay) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        i32::try_from(solar.get_year()).ok()?,
        u32::try_from(solar.get_month()).ok()?,
        u32::try_from(solar.get_day()).ok()?,
    )
}
