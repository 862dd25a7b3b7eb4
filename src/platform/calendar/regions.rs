//! Which calendar a region goes by. A queue entry carries the id, so an id is never given another meaning.

use chrono_tz::{America, Asia, Europe, Pacific, Tz};
use serde::{Deserialize, Serialize};

use super::{Country, abroad};
use crate::platform::office::Office;

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

    /// Those of the countries with a pack. All others but the office's stand in [`abroad`].
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

    /// Every one: those with a fixed meaning, and the office's own.
    pub fn all() -> impl Iterator<Item = Self> {
        let fixed = Self::FIXED.into_iter().map(|(id, ..)| id);
        let abroad = abroad::all().iter().map(|line| line.id);
        fixed.chain(abroad).chain([Self::OFFICE])
    }
}

/// The calendar by which a region is called; where the region or its calendar is unknown, the office's.
/// Regions are GB/T 2260 codes (71 Taiwan, 81 Hong Kong, 82 Macau) or ISO 3166.
pub fn calendar_for_region(region_code: Option<&str>, office: &Office) -> CalendarId {
    let Some(code) = region_code.map(str::trim).filter(|code| !code.is_empty()) else {
        return office_calendar_id(office);
    };
    if code.bytes().all(|byte| byte.is_ascii_digit()) {
        return match code.get(..2) {
            Some("71") => CalendarId::TW,
            Some("81") => CalendarId::HK,
            Some("82") => CalendarId::MO,
            Some(_) => CalendarId::CN,
            None => office_calendar_id(office),
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
        _ => abroad::of_region(code).map_or_else(|| office_calendar_id(office), |line| line.id),
    }
}

/// The countries whose regions have a calendar of their own, whatever the office's is; ISO 3166-1.
pub fn countries_with_calendar() -> impl Iterator<Item = &'static str> {
    let packs = Country::ALL
        .into_iter()
        .filter(|country| *country != Country::Other);
    let abroad = abroad::all().iter().filter(|line| line.parts.is_empty());
    packs
        .map(Country::code)
        .chain(abroad.map(|line| line.country))
}

/// The calendar of the office: one with a fixed meaning if there is one for its zone and country.
pub fn office_calendar_id(office: &Office) -> CalendarId {
    let (zone, country) = (office.tz(), Country::of_office(office));
    let same = |(_, z, c): &&(CalendarId, Tz, Country)| *z == zone && *c == country;
    let fixed = CalendarId::FIXED.iter().find(same).map(|(id, _, _)| *id);
    let abroad = || abroad::of_zone(zone).filter(|_| country == Country::Other);
    fixed
        .or_else(|| abroad().map(|line| line.id))
        .unwrap_or(CalendarId::OFFICE)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_find_their_calendar() {
        let office = Office::default();
        let berlin = Office {
            country: "DE".into(),
            zone: "Europe/Berlin".into(),
            ..Office::default()
        };
        let nowhere = Office {
            country: "ZZ".into(),
            zone: "Etc/GMT+7".into(),
            ..Office::default()
        };
        for (region, office, id) in [
            (Some("320500"), &office, CalendarId::CN),
            (Some("650100"), &office, CalendarId::CN),
            (Some("710000"), &office, CalendarId::TW),
            (Some("TW-TPE"), &office, CalendarId::TW),
            (Some("810000"), &office, CalendarId::HK),
            (Some("820000"), &office, CalendarId::MO),
            (Some("GB-LND"), &office, CalendarId::GB),
            (Some("US-CA"), &office, CalendarId::US_PACIFIC),
            (Some("US-AZ"), &office, CalendarId::US_ARIZONA),
            (Some("US"), &office, CalendarId::US_EASTERN),
            (Some("JP-13"), &office, CalendarId(39200)),
            (Some("AU-WA"), &office, CalendarId(3604)),
            (Some("XX"), &office, CalendarId::CN),
            (Some(" "), &office, CalendarId::CN),
            (None, &office, CalendarId::CN),
            (None, &berlin, CalendarId(27600)),
            (Some("DE"), &berlin, CalendarId(27600)),
            (None, &nowhere, CalendarId::OFFICE),
            (Some("JP"), &nowhere, CalendarId(39200)),
            (Some("320500"), &berlin, CalendarId::CN),
        ] {
            assert_eq!(calendar_for_region(region, office), id, "{region:?}");
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
}
