//! Places: GB/T 2260 codes to county level, Taiwan, Hong Kong and Macau; elsewhere the country.
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
    /// `320583`; two letters for a country.
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
            PlaceLevel::Country | PlaceLevel::County => self.code,
        }
    }

    /// The other place is this one, or lies inside it.
    pub fn contains(&self, other: &Self) -> bool {
        other.code.starts_with(self.prefix())
    }

    /// A city by itself: prefecture, municipality, county-level city, Hong Kong, Macau.
    pub fn is_city(&self) -> bool {
        match self.level {
            PlaceLevel::Country => false,
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

/// The prefecture (or municipality) a place belongs to: the level at which regions are compared.
pub fn prefecture_of(code: &str) -> Option<&'static Place> {
    let place = by_code(code)?;
    if place.level != PlaceLevel::County {
        return Some(place);
    }
    by_code(&place.code[..4])
        .or_else(|| by_code(&place.code[..2]))
        .filter(|found| found.level != PlaceLevel::County)
}

/// All places, each after the one it lies in, countries last.
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
        for place in all() {
            let parent = prefecture_of(place.code);
            assert!(
                parent.is_some_and(|p| p.contains(place)) || place.code[2..].starts_with("90"),
                "{place:?}"
            );
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
