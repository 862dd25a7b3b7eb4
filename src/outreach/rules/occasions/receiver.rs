//! Which holidays somebody keeps: those of the place of their company.

use crate::platform::calendar::Country;
use crate::platform::office::Office;

/// The country of a region: GB/T 2260 codes (71 Taiwan, 81 Hong Kong, 82 Macau) or ISO 3166; unknown is the office's.
pub fn country_of(region: Option<&str>, office: &Office) -> Country {
    let Some(code) = region.map(str::trim).filter(|code| !code.is_empty()) else {
        return Country::of_office(office);
    };
    if code.bytes().all(|byte| byte.is_ascii_digit()) {
        return match code.get(..2) {
            Some("71") => Country::Tw,
            Some("81") => Country::Hk,
            Some("82") => Country::Mo,
            _ => Country::Cn,
        };
    }
    let country = code.split_once('-').map_or(code, |(country, _)| country);
    Country::from_code(country).unwrap_or(Country::Other)
}
