//! All calendars of an office, with what was edited on the settings page.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::holidays::{CalendarYear, YearFault};
use super::hours::{Hours, HoursFault};
use super::regions::{CalendarId, office_calendar_id};
use super::{Calendar, Country, abroad};
use crate::platform::office::Office;
use crate::platform::settings::Setting;

/// How many days ahead holidays have to be known.
const WARN_DAYS: i64 = 60;

/// What can be edited: hours and years of each country.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalendarSettings {
    /// Edited hours; a country that is not here has those of its pack.
    pub hours: BTreeMap<Country, Hours>,
    /// Edited years; each replaces the shipped year as a whole.
    pub years: BTreeMap<Country, BTreeMap<i32, CalendarYear>>,
}

impl Setting for CalendarSettings {
    const KIND: &'static str = "calendar";
}

/// Why edited settings are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsFault {
    /// The hours of a country.
    Hours(Country, HoursFault),
    /// A year of a country.
    Year(Country, i32, YearFault),
}

impl SettingsFault {
    /// Stable code; the sentence is `error-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hours(_, fault) => fault.code(),
            Self::Year(_, _, fault) => fault.code(),
        }
    }
}

impl CalendarSettings {
    /// Refuses what would leave a queue shut for ever or a day with two meanings.
    pub fn validate(&self) -> Result<(), SettingsFault> {
        for (country, hours) in &self.hours {
            let checked = hours.validate(&country.pack().limits);
            checked.map_err(|fault| SettingsFault::Hours(*country, fault))?;
        }
        for (country, years) in &self.years {
            for (year, data) in years {
                let checked = data.validate(*year);
                checked.map_err(|fault| SettingsFault::Year(*country, *year, fault))?;
            }
        }
        Ok(())
    }

    /// The calendar of a zone in a country under these settings.
    pub fn calendar(&self, zone: chrono_tz::Tz, country: Country) -> Calendar {
        let years = self.years.get(&country).cloned().unwrap_or_default();
        Calendar::new(zone, country, self.hours_of(country), years)
    }

    /// The hours of a country: as somebody edited them, else those of its pack.
    pub fn hours_of(&self, country: Country) -> Hours {
        let edited = self.hours.get(&country).cloned();
        edited.unwrap_or_else(|| country.pack().hours)
    }
}

/// Every calendar that a queue entry can carry, built once for a request or a chunk.
#[derive(Debug, Clone)]
pub struct Calendars {
    office_id: CalendarId,
    built: BTreeMap<CalendarId, Calendar>,
}

impl Default for Calendars {
    fn default() -> Self {
        Self::new(&Office::default(), &CalendarSettings::default())
    }
}

impl Calendars {
    /// Those with a fixed meaning, and the office's own where it is none of these. The years that were entered for a
    /// country without a pack are those of the office's: nobody else rests on its holidays.
    pub fn new(office: &Office, settings: &CalendarSettings) -> Self {
        let own = settings.calendar(office.tz(), Country::of_office(office));
        let mut built: BTreeMap<CalendarId, Calendar> = CalendarId::FIXED
            .into_iter()
            .map(|(id, zone, country)| (id, settings.calendar(zone, country)))
            .collect();
        let hours = settings.hours_of(Country::Other);
        let elsewhere = Calendar::new(chrono_tz::UTC, Country::Other, hours, []);
        built.extend(abroad::all().iter().map(|line| {
            let is_own = own.country() == Country::Other && own.place() == line.country;
            let like = if is_own { &own } else { &elsewhere };
            (line.id, like.at(line))
        }));
        built.insert(CalendarId::OFFICE, own);
        Self {
            office_id: office_calendar_id(office),
            built,
        }
    }

    /// The calendar of an id; an id that nobody gave is the office's.
    pub fn get(&self, id: CalendarId) -> &Calendar {
        self.built.get(&id).unwrap_or_else(|| self.office())
    }

    /// The office's: caps, service times and reports go by it.
    pub fn office(&self) -> &Calendar {
        self.built
            .get(&CalendarId::OFFICE)
            .expect("the office's own calendar is always built")
    }

    /// The id of the office's.
    pub fn office_id(&self) -> CalendarId {
        self.office_id
    }

    /// The calendars in which calls are open now: a claim takes nobody else.
    pub fn open_at(&self, now: NaiveDateTime) -> Vec<CalendarId> {
        let open = self
            .built
            .iter()
            .filter(|(_, calendar)| calendar.is_open_for_calls(now));
        open.map(|(id, _)| *id).collect()
    }

    /// When the first of some calendars opens: what `Retry-After` says while all are shut.
    pub fn next_opening(
        &self,
        ids: impl IntoIterator<Item = CalendarId>,
        now: NaiveDateTime,
    ) -> Option<NaiveDateTime> {
        ids.into_iter()
            .map(|id| self.get(id).next_opening(now))
            .min()
    }

    /// Years without holidays that are needed soon, for the calendars in use: a visible warning.
    pub fn missing_years(
        &self,
        used: impl IntoIterator<Item = CalendarId>,
        now: NaiveDateTime,
    ) -> BTreeSet<(Country, i32)> {
        let missing = |calendar: &Calendar| {
            let today = calendar.date(now);
            let years = calendar.missing_years(today, today + TimeDelta::days(WARN_DAYS));
            years
                .into_iter()
                .map(|year| (calendar.country(), year))
                .collect::<Vec<_>>()
        };
        used.into_iter()
            .flat_map(|id| missing(self.get(id)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn only_open_calendars_are_asked() {
        let calendars = Calendars::default();
        for (utc, open) in [
            // Thursday 24 September 2026, 10:00 in Shanghai
            (
                "2026-09-24 02:00",
                vec![
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
            let packs = CalendarId::FIXED.map(|(id, ..)| id);
            let mut found = calendars.open_at(at(utc));
            found.retain(|id| packs.contains(id));
            assert_eq!(found, open, "{utc}");
        }
    }

    #[test]
    fn countries_without_a_pack_are_open_by_their_own_clock() {
        let calendars = Calendars::default();
        let (berlin, tokyo, sydney) = (CalendarId(27600), CalendarId(39200), CalendarId(3600));
        for (utc, open) in [
            // Thursday 9:00 in Tokyo, 10:00 in Sydney, 2:00 in Berlin
            ("2026-09-24 00:00", vec![sydney, tokyo]),
            ("2026-09-24 09:00", vec![berlin]),
            // Friday: Sydney is still in its winter time
            ("2026-09-25 06:59", vec![sydney, tokyo]),
            // Sunday
            ("2026-09-27 02:00", vec![]),
        ] {
            let found = calendars.open_at(at(utc));
            let asked = [sydney, berlin, tokyo].into_iter();
            let found: Vec<CalendarId> = asked.filter(|id| found.contains(id)).collect();
            assert_eq!(found, open, "{utc}");
        }
        let riyadh = calendars.get(CalendarId(68200));
        assert_eq!(riyadh.place(), "SA");
        // Thursday evening: Friday and Saturday are free, Sunday is worked.
        assert_eq!(
            riyadh.next_opening(at("2026-09-24 15:00")),
            at("2026-09-27 06:00")
        );
    }

    #[test]
    fn holidays_of_an_office_without_a_pack_are_its_own() {
        let office = Office {
            country: "ZZ".into(),
            zone: "Europe/Berlin".into(),
            ..Office::default()
        };
        let unity = NaiveDate::from_ymd_opt(2028, 10, 3).unwrap();
        let year = CalendarYear {
            holidays: vec![crate::platform::calendar::Holiday {
                from: unity,
                to: unity,
                name_zh: String::new(),
                name_en: "Unity Day".into(),
            }],
            workdays: Vec::new(),
        };
        let mut settings = CalendarSettings::default();
        let years = settings.years.entry(Country::Other).or_default();
        years.insert(2028, year);
        let calendars = Calendars::new(&office, &settings);
        assert_eq!(calendars.office_id(), CalendarId(27600));
        for (id, works) in [(27600, false), (0, false), (39200, true)] {
            let calendar = calendars.get(CalendarId(id));
            assert_eq!(calendar.is_working_day(unity), works, "{id}");
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
        let calendars = Calendars::new(&Office::default(), &settings);
        assert_eq!(settings.validate(), Ok(()));
        assert!(
            calendars
                .office()
                .is_working_day(NaiveDate::from_ymd_opt(2026, 9, 25).unwrap())
        );
        assert!(
            !calendars
                .office()
                .is_working_day(NaiveDate::from_ymd_opt(2025, 10, 1).unwrap())
        );
    }

    #[test]
    fn an_office_without_a_pack_has_its_zone_and_a_warning() {
        let office = Office {
            country: "DE".into(),
            zone: "Europe/Berlin".into(),
            ..Office::default()
        };
        let calendars = Calendars::new(&office, &CalendarSettings::default());
        assert_eq!(calendars.office_id(), CalendarId(27600));
        assert_eq!(
            calendars.office().next_opening(at("2026-09-24 05:00")),
            at("2026-09-24 07:00")
        );
        let missing = calendars.missing_years([CalendarId::OFFICE], at("2026-09-24 05:00"));
        assert_eq!(missing, BTreeSet::from([(Country::Other, 2026)]));
    }

    #[test]
    fn settings_survive_their_json_and_default_where_silent() {
        let mut settings = CalendarSettings::default();
        settings.hours.insert(Country::Cn, Country::Tw.pack().hours);
        settings
            .years
            .entry(Country::Cn)
            .or_default()
            .insert(2027, CalendarYear::default());
        let json = serde_json::to_string(&settings).unwrap();
        assert!(json.contains("\"CN\"") && json.contains("13:30"), "{json}");
        assert_eq!(
            serde_json::from_str::<CalendarSettings>(&json).unwrap(),
            settings
        );
        assert_eq!(
            serde_json::from_str::<CalendarSettings>("{}").unwrap(),
            CalendarSettings::default()
        );
    }

    #[test]
    fn a_year_that_is_needed_soon_is_warned_of() {
        let calendars = Calendars::default();
        let used = [CalendarId::CN, CalendarId::US_PACIFIC];
        assert!(
            calendars
                .missing_years(used, at("2026-09-24 02:00"))
                .is_empty()
        );
        assert_eq!(
            calendars.missing_years(used, at("2026-11-24 02:00")),
            BTreeSet::from([(Country::Cn, 2027)])
        );
    }

    #[test]
    fn a_shut_queue_says_when_it_opens() {
        let calendars = Calendars::default();
        let opening =
            calendars.next_opening([CalendarId::CN, CalendarId::HK], at("2026-09-24 11:00"));
        assert_eq!(opening, Some(at("2026-09-25 01:00"))); // Hong Kong works on 中秋
    }
}
