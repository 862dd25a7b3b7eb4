//! Places: GB/T 2260 codes to county level, Taiwan, Hong Kong and Macau; elsewhere the country, and the states of those
//! countries whose states have clocks of their own (Australia, Brazil, Canada, United States).
//!
//! A place is recognised by its Chinese name (either script, with or without 省, 市 …) or its English one. Area codes
//! belong to the prefecture; a county-level city uses that of its prefecture unless it has its own.

mod find;
mod table;

pub use find::{anywhere_in, at_start_of, by_name, city_at_start_of};
use table::TABLE;

/// An area code with the length of its local numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AreaCode {
    /// With the trunk zero: `0512`.
    pub trunk: &'static str,
    /// Digits of a local number.
    pub local: u8,
    /// The length is changing, or not known for certain: 7 and 8 digits are both taken.
    pub either_length: bool,
    /// Belongs to Taiwan (`+886`).
    pub taiwan: bool,
}

impl AreaCode {
    /// A local number of this area may have so many digits.
    pub fn takes(&self, digits: usize) -> bool {
        digits == usize::from(self.local) || self.either_length && matches!(digits, 7 | 8)
    }
}

/// How deep a place lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceLevel {
    /// Another country.
    Country,
    /// A state or province of another country, by ISO 3166-2.
    State,
    /// Province, municipality, Taiwan, Hong Kong, Macau.
    Province,
    /// Prefecture-level city; Taiwan's cities and counties.
    Prefecture,
    /// County-level city, county or district.
    County,
}

/// A named place.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// `320583`; two letters for a country, `AU-WA` for a state.
    pub code: &'static str,
    /// How deep it lies.
    pub level: PlaceLevel,
    /// `昆山`.
    pub zh: &'static str,
    /// `昆山市`.
    pub full: &'static str,
    /// `Kunshan`.
    pub en: &'static str,
    /// Own or inherited area code.
    pub area: Option<AreaCode>,
}

impl Place {
    /// The part of the code that all places inside share: `32`, `3205`, `320583`.
    pub fn prefix(&self) -> &'static str {
        match self.level {
            PlaceLevel::Province => &self.code[..2],
            PlaceLevel::Prefecture => &self.code[..4],
            PlaceLevel::Country | PlaceLevel::State | PlaceLevel::County => self.code,
        }
    }

    /// The other place is this one, or lies inside it.
    pub fn contains(&self, other: &Self) -> bool {
        other.code.starts_with(self.prefix())
    }

    /// Another country, or a state of one.
    pub fn is_abroad(&self) -> bool {
        matches!(self.level, PlaceLevel::Country | PlaceLevel::State)
    }

    /// A city by itself: prefecture, municipality, county-level city, Hong Kong, Macau.
    pub fn is_city(&self) -> bool {
        match self.level {
            PlaceLevel::Country | PlaceLevel::State => false,
            PlaceLevel::Province => {
                matches!(&self.code[..2], "11" | "12" | "31" | "50" | "81" | "82")
            }
            PlaceLevel::Prefecture => true,
            PlaceLevel::County => self.full.ends_with('市'),
        }
    }
}

/// The place with this code; `32` and `3205` are understood as `320000` and `320500`.
pub fn by_code(code: &str) -> Option<&'static Place> {
    let table = &*TABLE;
    let found = table.by_code.get(code).copied().or_else(|| {
        let padded = format!("{code:0<6}");
        table.by_code.get(padded.as_str()).copied()
    });
    found.map(|index| table.place(index))
}

/// The state of a country that a text names, by its code or its name: in a column of states `WA` is one.
pub fn state_of(country: &str, text: &str) -> Option<&'static Place> {
    let text = text.trim();
    let named = |place: &Place| {
        let name = place.en.trim_end_matches(" State");
        name.eq_ignore_ascii_case(text) || place.zh == text || place.full == text
    };
    let coded = by_code(&format!("{country}-{}", text.to_ascii_uppercase()));
    coded.or_else(|| {
        let abroad = all().iter().rev().take_while(|place| place.is_abroad());
        let mut states = abroad.filter(|place| place.level == PlaceLevel::State);
        states.find(|place| place.code[..2] == *country && named(place))
    })
}

/// The prefecture (or municipality) a place belongs to: the level at which regions are compared. Abroad it is the
/// country: few write the state.
pub fn prefecture_of(code: &str) -> Option<&'static Place> {
    let place = by_code(code)?;
    if place.level == PlaceLevel::State {
        return by_code(&place.code[..2]);
    }
    if place.level != PlaceLevel::County {
        return Some(place);
    }
    by_code(&place.code[..4])
        .or_else(|| by_code(&place.code[..2]))
        .filter(|found| found.level != PlaceLevel::County)
}

/// All places, each after the one it lies in, countries and their states last.
pub fn all() -> &'static [Place] {
    &TABLE.places
}

/// The area code that these digits (with trunk zero) begin with, on the mainland.
pub fn mainland_area(digits: &str) -> Option<AreaCode> {
    let length = if digits.starts_with("01") || digits.starts_with("02") {
        3
    } else {
        4
    };
    digits
        .get(..length)
        .and_then(|trunk| TABLE.areas.get(trunk).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_parents() {
        assert_eq!(prefecture_of("320583").map(|p| p.zh), Some("苏州"));
        assert_eq!(prefecture_of("310115").map(|p| p.zh), Some("上海"));
        assert_eq!(by_code("32").map(|p| p.full), Some("江苏省"));
        assert_eq!(by_code("DE").map(|p| p.zh), Some("德国"));
        assert!(by_code("999999").is_none() && by_code("").is_none());
        assert_eq!(by_code("AU-WA").map(|p| p.zh), Some("西澳大利亚"));
        assert_eq!(prefecture_of("AU-WA").map(|p| p.code), Some("AU"));
        for place in all() {
            let parent = prefecture_of(place.code);
            assert!(
                parent.is_some_and(|p| p.contains(place)) || place.code[2..].starts_with("90"),
                "{place:?}"
            );
        }
    }

    #[test]
    fn states_are_found_within_their_country() {
        for (country, text, code) in [
            ("US", "WA", Some("US-WA")),
            ("AU", "wa", Some("AU-WA")),
            ("US", "Georgia", Some("US-GA")),
            ("US", "Washington", Some("US-WA")),
            ("CA", "不列颠哥伦比亚", Some("CA-BC")),
            ("BR", "圣保罗州", Some("BR-SP")),
            ("DE", "Victoria", None),
            ("US", "", None),
        ] {
            let found = state_of(country, text).map(|place| place.code);
            assert_eq!(found, code, "{text} in {country}");
        }
    }

    #[test]
    fn every_country_and_state_has_a_calendar() {
        use crate::platform::calendar::{CalendarId, calendar_for_region};
        use crate::platform::office::Office;
        let nowhere = Office {
            country: "ZZ".into(),
            zone: "Etc/GMT+7".into(),
            ..Office::default()
        };
        for place in all().iter().filter(|place| place.is_abroad()) {
            let id = calendar_for_region(Some(place.code), &nowhere);
            // Nobody lives on Bouvet, Heard and McDonald.
            let is_uninhabited = ["BV", "HM"].contains(&place.code);
            assert_eq!(id == CalendarId::OFFICE, is_uninhabited, "{place:?}");
        }
    }

    #[test]
    fn every_prefecture_has_an_area_code() {
        for place in all().iter().filter(|p| p.level == PlaceLevel::Prefecture) {
            assert!(place.area.is_some(), "{place:?}");
        }
        for (code, trunk, local) in [
            ("320583", "0512", 8),
            ("320100", "025", 8),
            ("330500", "0572", 7),
            ("441300", "0752", 7),
            ("350200", "0592", 7),
            ("310112", "021", 8),
            ("710100", "02", 8),
            ("711400", "03", 7),
            ("220200", "0432", 8),
            ("410200", "0371", 8),
        ] {
            let area = by_code(code)
                .and_then(|p| p.area)
                .map(|a| (a.trunk, a.local));
            assert_eq!(area, Some((trunk, local)), "{code}");
        }
    }

    #[test]
    fn area_codes_are_found_by_digits() {
        for (digits, trunk) in [
            ("051265801234", Some("0512")),
            ("02165801234", Some("021")),
            ("0100000", Some("010")),
            ("0100", Some("010")),
            ("0999", Some("0999")),
            ("0600", None),
            ("0", None),
        ] {
            assert_eq!(mainland_area(digits).map(|a| a.trunk), trunk, "{digits}");
        }
    }
}
