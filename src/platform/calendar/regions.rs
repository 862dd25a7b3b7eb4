//! Which calendar a region goes by. A queue entry carries the id, so an id is never given another meaning.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::{America, Asia, Europe, Pacific, Tz};
use serde::{Deserialize, Serialize};

use super::holidays::{CalendarYear, YearFault};
use super::hours::{Hours, HoursFault};
use super::{Calendar, Country, zone};

/// One zone in one country, as stored with every queue entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CalendarId(pub i32);

impl CalendarId {
    /// The office's own, where its zone is none of those below.
    pub const OFFICE: Self = Self(0);
    /// Mainland China.
    pub const CN: Self = Self(1);
    /// Taiwan.
    pub const TW: Self = Self(2);
    /// Hong Kong.
    pub const HK: Self = Self(3);
    /// Macau.
    pub const MO: Self = Self(4);
    /// Great Britain.
    pub const GB: Self = Self(10);
    /// United States, Eastern.
    pub const US_EASTERN: Self = Self(20);
    /// United States, Central.
    pub const US_CENTRAL: Self = Self(21);
    /// United States, Mountain.
    pub const US_MOUNTAIN: Self = Self(22);
    /// United States, Arizona, which has no summer time.
    pub const US_ARIZONA: Self = Self(23);
    /// United States, Pacific.
    pub const US_PACIFIC: Self = Self(24);
    /// United States, Alaska.
    pub const US_ALASKA: Self = Self(25);
    /// United States, Hawaii.
    pub const US_HAWAII: Self = Self(26);

    /// All with a fixed meaning.
    pub const FIXED: [(Self, Tz, Country); 12] = [
        (Self::CN, Asia::Shanghai, Country::Cn),
        (Self::TW, Asia::Taipei, Country::Tw),
        (Self::HK, Asia::Hong_Kong, Country::Hk),
        (Self::MO, Asia::Macau, Country::Mo),
        (Self::GB, Europe::London, Country::Gb),
        (Self::US_EASTERN, America::New_York, Country::Us),
        (Self::US_CENTRAL, America::Chicago, Country::Us),
        (Self::US_MOUNTAIN, America::Denver, Country::Us),
        (Self::US_ARIZONA, America::Phoenix, Country::Us),
        (Self::US_PACIFIC, America::Los_Angeles, Country::Us),
        (Self::US_ALASKA, America::Anchorage, Country::Us),
        (Self::US_HAWAII, Pacific::Honolulu, Country::Us),
    ];
}

/// Where the office is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Whose holidays, currency and forms it uses.
    pub country: Country,
    /// Its zone: caps, service times and reports go by it.
    #[serde(with = "zone::as_name")]
    pub zone: Tz,
}

impl Default for Office {
    fn default() -> Self {
        Self {
            country: Country::Cn,
            zone: Asia::Shanghai,
        }
    }
}

impl Office {
    /// The calendar of the office.
    pub fn calendar_id(&self) -> CalendarId {
        let same = |(_, zone, country): &&(CalendarId, Tz, Country)| {
            *zone == self.zone && *country == self.country
        };
        CalendarId::FIXED
            .iter()
            .find(same)
            .map_or(CalendarId::OFFICE, |(id, _, _)| *id)
    }
}

/// What can be edited: the office, hours and years of each country.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalendarSettings {
    /// Where the office is.
    pub office: Office,
    /// Edited hours; a country that is not here has those of its pack.
    pub hours: BTreeMap<Country, Hours>,
    /// Edited years; each replaces the shipped year as a whole.
    pub years: BTreeMap<Country, BTreeMap<i32, CalendarYear>>,
}

/// Why edited settings are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsFault {
    /// The hours of a country.
    Hours(Country, HoursFault),
    /// A year of a country.
    Year(Country, i32, YearFault),
}

impl CalendarSettings {
    /// Refuses what would leave a queue shut for ever or a day with two meanings.
    pub fn validate(&self) -> Result<(), SettingsFault> {
        for (country, hours) in &self.hours {
            hours
                .validate(&country.pack().limits)
                .map_err(|fault| SettingsFault::Hours(*country, fault))?;
        }
        for (country, years) in &self.years {
            for (year, data) in years {
                data.validate(*year)
                    .map_err(|fault| SettingsFault::Year(*country, *year, fault))?;
            }
        }
        Ok(())
    }

    /// The calendar of an id; an id that nobody gave is the office's.
    pub fn calendar(&self, id: CalendarId) -> Calendar {
        let fixed = CalendarId::FIXED.iter().find(|(known, _, _)| *known == id);
        let (zone, country) = fixed.map_or(
            (self.office.zone, self.office.country),
            |(_, zone, country)| (*zone, *country),
        );
        let hours = self
            .hours
            .get(&country)
            .cloned()
            .unwrap_or_else(|| country.pack().hours);
        Calendar::new(
            zone,
            country,
            hours,
            self.years.get(&country).cloned().unwrap_or_default(),
        )
    }

    /// The calendar of the office.
    pub fn office_calendar(&self) -> Calendar {
        self.calendar(self.office.calendar_id())
    }

    /// The calendars of a set of ids, to keep through one chunk of work.
    pub fn calendars(&self) -> BTreeMap<CalendarId, Calendar> {
        let ids = CalendarId::FIXED
            .iter()
            .map(|(id, _, _)| *id)
            .chain([CalendarId::OFFICE]);
        ids.map(|id| (id, self.calendar(id))).collect()
    }

    /// Years without holidays that are needed within 60 days, for the countries given: a visible warning.
    pub fn missing_years(
        &self,
        countries: &BTreeSet<Country>,
        now: NaiveDateTime,
    ) -> Vec<(Country, i32)> {
        let today: NaiveDate = zone::local_date(self.office.zone, now);
        let of = |country: Country| {
            let known = Calendar::new(
                self.office.zone,
                country,
                country.pack().hours,
                self.years.get(&country).cloned().unwrap_or_default(),
            );
            known
                .missing_years(today, today + TimeDelta::days(60))
                .into_iter()
                .map(move |year| (country, year))
                .collect::<Vec<_>>()
        };
        countries.iter().flat_map(|country| of(*country)).collect()
    }
}

/// The calendar by which a region is called; where the region or its calendar is unknown, the office's.
/// Regions are GB/T 2260 codes (71 Taiwan, 81 Hong Kong, 82 Macau) or ISO 3166.
pub fn calendar_for_region(region_code: Option<&str>, office: &Office) -> CalendarId {
    let Some(code) = region_code.map(str::trim).filter(|code| !code.is_empty()) else {
        return office.calendar_id();
    };
    if code.bytes().all(|byte| byte.is_ascii_digit()) {
        return match code.get(..2) {
            Some("71") => CalendarId::TW,
            Some("81") => CalendarId::HK,
            Some("82") => CalendarId::MO,
            Some(_) => CalendarId::CN,
            None => office.calendar_id(),
        };
    }
    let (country, part) = code.split_once('-').unwrap_or((code, ""));
    match country {
        "CN" => CalendarId::CN,
        "TW" => CalendarId::TW,
        "HK" => CalendarId::HK,
        "MO" => CalendarId::MO,
        "GB" => CalendarId::GB,
        "US" => us_calendar(part),
        _ => office.calendar_id(),
    }
}

/// A state in two zones goes by the one in which most of its people live.
fn us_calendar(state: &str) -> CalendarId {
    match state {
        "AL" | "AR" | "IA" | "IL" | "KS" | "LA" | "MN" | "MO" | "MS" | "ND" | "NE" | "OK"
        | "SD" | "TN" | "TX" | "WI" => CalendarId::US_CENTRAL,
        "CO" | "ID" | "MT" | "NM" | "UT" | "WY" => CalendarId::US_MOUNTAIN,
        "AZ" => CalendarId::US_ARIZONA,
        "CA" | "NV" | "OR" | "WA" => CalendarId::US_PACIFIC,
        "AK" => CalendarId::US_ALASKA,
        "HI" => CalendarId::US_HAWAII,
        _ => CalendarId::US_EASTERN,
    }
}

/// The calendars in which calls are open now; the claim asks only these.
pub fn open_calendars(now: NaiveDateTime, settings: &CalendarSettings) -> Vec<CalendarId> {
    settings
        .calendars()
        .into_iter()
        .filter(|(_, calendar)| calendar.is_open_for_calls(now))
        .map(|(id, _)| id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn regions_find_their_calendar() {
        let office = Office::default();
        let berlin = Office {
            country: Country::Gb,
            zone: Europe::Berlin,
        };
        for (region, office, id) in [
            (Some("320500"), office, CalendarId::CN),
            (Some("650100"), office, CalendarId::CN),
            (Some("710000"), office, CalendarId::TW),
            (Some("TW-TPE"), office, CalendarId::TW),
            (Some("810000"), office, CalendarId::HK),
            (Some("820000"), office, CalendarId::MO),
            (Some("GB-LND"), office, CalendarId::GB),
            (Some("US-CA"), office, CalendarId::US_PACIFIC),
            (Some("US-AZ"), office, CalendarId::US_ARIZONA),
            (Some("US"), office, CalendarId::US_EASTERN),
            (Some("JP-13"), office, CalendarId::CN),
            (Some(" "), office, CalendarId::CN),
            (None, office, CalendarId::CN),
            (None, berlin, CalendarId::OFFICE),
            (Some("320500"), berlin, CalendarId::CN),
        ] {
            assert_eq!(calendar_for_region(region, &office), id, "{region:?}");
        }
    }

    #[test]
    fn ids_keep_their_meaning() {
        let meant: Vec<(i32, &str)> = CalendarId::FIXED
            .iter()
            .map(|(id, zone, _)| (id.0, zone.name()))
            .collect();
        assert_eq!(
            meant,
            [
                (1, "Asia/Shanghai"),
                (2, "Asia/Taipei"),
                (3, "Asia/Hong_Kong"),
                (4, "Asia/Macau"),
                (10, "Europe/London"),
                (20, "America/New_York"),
                (21, "America/Chicago"),
                (22, "America/Denver"),
                (23, "America/Phoenix"),
                (24, "America/Los_Angeles"),
                (25, "America/Anchorage"),
                (26, "Pacific/Honolulu"),
            ]
        );
    }

    #[test]
    fn only_open_calendars_are_asked() {
        let settings = CalendarSettings::default();
        for (utc, open) in [
            // Thursday 24 September 2026, 10:00 in Shanghai
            (
                "2026-09-24 02:00",
                vec![
                    CalendarId::OFFICE,
                    CalendarId::CN,
                    CalendarId::TW,
                    CalendarId::HK,
                    CalendarId::MO,
                    CalendarId::US_HAWAII,
                ],
            ),
            // 中秋: mainland and Taiwan rest, Hong Kong rests the day after
            (
                "2026-09-25 02:00",
                vec![CalendarId::HK, CalendarId::MO, CalendarId::US_HAWAII],
            ),
            // 12:30 in Shanghai: only Hong Kong and Macau lunch at one
            ("2026-09-24 04:30", vec![CalendarId::HK, CalendarId::MO]),
            // 16:00 in New York, 15:00 in Chicago, 14:00 in Denver, 13:00 in Phoenix and Los Angeles, noon pause farther west
            (
                "2026-09-24 20:00",
                vec![
                    CalendarId::US_EASTERN,
                    CalendarId::US_CENTRAL,
                    CalendarId::US_MOUNTAIN,
                    CalendarId::US_ARIZONA,
                    CalendarId::US_PACIFIC,
                    CalendarId::US_HAWAII,
                ],
            ),
        ] {
            let found = open_calendars(at(utc), &settings);
            assert_eq!(found, open, "{utc}");
        }
    }

    #[test]
    fn an_edited_year_replaces_the_shipped_one() {
        let mut settings = CalendarSettings::default();
        settings
            .years
            .entry(Country::Cn)
            .or_default()
            .insert(2026, CalendarYear::default());
        let calendar = settings.office_calendar();
        assert!(calendar.is_working_day(NaiveDate::from_ymd_opt(2026, 9, 25).unwrap()));
        assert!(!calendar.is_working_day(NaiveDate::from_ymd_opt(2025, 10, 1).unwrap()));
    }

    #[test]
    fn settings_survive_their_json_and_default_where_silent() {
        let settings = CalendarSettings::default();
        let json = serde_json::to_string(&settings).unwrap();
        assert!(
            json.contains("Asia/Shanghai") && json.contains("CN"),
            "{json}"
        );
        assert_eq!(
            serde_json::from_str::<CalendarSettings>(&json).unwrap(),
            settings
        );
        assert_eq!(
            serde_json::from_str::<CalendarSettings>("{}").unwrap(),
            settings
        );
    }

    #[test]
    fn a_year_that_is_needed_soon_is_warned_of() {
        let settings = CalendarSettings::default();
        let countries = BTreeSet::from([Country::Cn, Country::Us]);
        assert_eq!(
            settings.missing_years(&countries, at("2026-09-24 02:00")),
            []
        );
        assert_eq!(
            settings.missing_years(&countries, at("2026-11-24 02:00")),
            [(Country::Cn, 2027)]
        );
    }
}
