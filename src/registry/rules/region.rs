//! Places: GB/T 2260 codes, names and area codes.

/// An area code with the length of its local numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AreaCode {
    /// With the trunk zero: `0512`.
    pub trunk: &'static str,
    /// Digits of a local number.
    pub local: u8,
    /// Belongs to Taiwan (`+886`).
    pub taiwan: bool,
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

/// The place that a cell names: `苏州`, `江苏省苏州市`, `蘇州`, `Suzhou`.
pub fn by_name(_text: &str) -> Option<&'static Place> {
    None
}

/// The place a text begins with, and how many bytes of it name the place.
pub fn at_start_of(_text: &str) -> Option<(&'static Place, usize)> {
    None
}

/// The deepest place named anywhere in a text, such as an address.
pub fn anywhere_in(_text: &str) -> Option<&'static Place> {
    None
}

/// The place with this code.
pub fn by_code(_code: &str) -> Option<&'static Place> {
    None
}

/// The prefecture (or municipality) a place belongs to.
pub fn prefecture_of(code: &str) -> Option<&'static Place> {
    by_code(code)
}
