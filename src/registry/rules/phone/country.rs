//! Where a number is, as far as its country code tells.

use rlibphonenumber::PHONE_NUMBER_UTIL;

use crate::registry::rules::region;

/// The region of a number in E.164: its country; Taiwan, Hong Kong and Macau by their codes of GB/T 2260. None of
/// numbers that belong to no country.
pub fn region_of(e164: &str) -> Option<&'static str> {
    const CHINA: [(&str, &str); 4] = [
        ("+886", "710000"),
        ("+852", "810000"),
        ("+853", "820000"),
        ("+86", "CN"),
    ];
    let china = CHINA.iter().find(|(code, _)| e164.starts_with(code));
    if let Some((_, region)) = china {
        return Some(region);
    }
    let number = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
    // Several countries share a code; a number of a plan that is not known yet is of the largest of them.
    let country = number
        .get_region_code()
        .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code))?;
    region::by_code(&country.as_region_str()).map(|place| place.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_its_country() {
        for (number, region) in [
            ("+8613800000001", Some("CN")),
            ("+886223456780", Some("710000")),
            ("+85223456780", Some("810000")),
            ("+85328715432", Some("820000")),
            ("+493012345678", Some("DE")),
            ("+81312345678", Some("JP")),
            ("+61291234567", Some("AU")),
            ("+6561234567", Some("SG")),
            ("+442079460958", Some("GB")),
            ("+14155552671", Some("US")),
            ("+16045551234", Some("CA")),
            ("+77272501234", Some("KZ")),
            ("+74951234567", Some("RU")),
            ("+80012345678", None),
        ] {
            assert_eq!(region_of(number), region, "{number}");
        }
    }
}
