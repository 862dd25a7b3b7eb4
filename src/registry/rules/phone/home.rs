//! Whose numbers are written without a country code: the place that a row names, else the office's country.

use serde::{Deserialize, Serialize};

use super::PhoneKind;
use super::number::{Found, found, hong_kong, is_real, macau, taiwan};

/// A country with the numbers that are complete there without a country code. Whatever it does not know is read as a
/// number of the mainland, where Taiwan's are told by pattern and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// Mainland China, and every country without a rule of its own.
    #[default]
    Mainland,
    /// Taiwan: nine or ten digits behind a zero, never the mainland's.
    Taiwan,
    /// Hong Kong: eight digits.
    HongKong,
    /// Macau: eight digits.
    Macau,
    /// Great Britain and Northern Ireland: ten or eleven digits behind a zero.
    Britain,
    /// The United States and Canada: ten digits.
    NorthAmerica,
}

impl Home {
    /// By a country (`HK`) or a region code (`810000`, `GB-LND`).
    pub fn of(code: &str) -> Self {
        match code.get(..2) {
            Some("TW" | "71") => Self::Taiwan,
            Some("HK" | "81") => Self::HongKong,
            Some("MO" | "82") => Self::Macau,
            Some("GB") => Self::Britain,
            Some("US" | "CA") => Self::NorthAmerica,
            _ => Self::Mainland,
        }
    }

    /// A complete number of this country; `numeric`: it went through a workbook, which drops leading zeros.
    pub(super) fn complete(self, all: &str, numeric: bool) -> Option<Found> {
        let abroad = |country, national: &str| {
            is_real(national).then(|| found(country, national, PhoneKind::International, None))
        };
        let behind_zero = all.strip_prefix('0').filter(|rest| !rest.starts_with('0'));
        match (self, all.len()) {
            (Self::Taiwan, 9 | 10) if behind_zero.is_some() => taiwan(&all[1..]),
            (Self::Taiwan, 9) if numeric && all.starts_with('9') => taiwan(all),
            (Self::HongKong, 8) if !all.starts_with(['0', '1']) => hong_kong(all),
            (Self::Macau, 8) if all.starts_with(['2', '6', '8']) => macau(all),
            (Self::Britain, 10 | 11) if behind_zero.is_some() => abroad("44", &all[1..]),
            (Self::Britain, 10) if numeric && all.starts_with('7') => abroad("44", all),
            (Self::NorthAmerica, 10) if is_american(all) => abroad("1", all),
            (Self::NorthAmerica, 11) if all.starts_with('1') && is_american(&all[1..]) => {
                abroad("1", &all[1..])
            }
            _ => None,
        }
    }
}

/// Area code and exchange begin with 2 to 9.
fn is_american(ten: &str) -> bool {
    let bytes = ten.as_bytes();
    [0, 3]
        .iter()
        .all(|at| matches!(bytes.get(*at), Some(b'2'..=b'9')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::rules::phone::tests::shown;
    use crate::registry::rules::phone::{PhoneContext, read_phones};

    #[test]
    fn a_number_without_country_code_is_of_the_place_where_it_stands() {
        for (home, cell, expected) in [
            ("HK", "2345 6780", "+85223456780"),
            ("810000", "9123-4567", "+85291234567"),
            ("HK", "2345-6780 ext 12", "+85223456780;ext=12"),
            ("HK", "2345 6780 / 9123 4567", "+85223456780 +85291234567"),
            ("HK", "13812345679", "+8613812345679"),
            ("HK", "0755-26801234", "+8675526801234"),
            ("HK", "+44 20 7946 0958", "+442079460958"),
            ("HK", "1234 5670", "Invalid"),
            ("MO", "2871 5432", "+85328715432"),
            ("820000", "66123456", "+85366123456"),
            ("MO", "9123 4567", "NoArea"),
            ("TW", "021-234-5679", "+886212345679"),
            ("", "021-23456780", "+862123456780"),
            ("GB", "020 7946 0958", "+442079460958"),
            ("GB-LND", "07700 900123", "+447700900123"),
            ("GB", "13812345679", "+8613812345679"),
            ("US", "(415) 555-2671", "+14155552671"),
            ("US", "1-415-555-2671", "+14155552671"),
            ("US", "13812345679", "+13812345679"),
            ("CN", "2345 6780", "NoArea"),
            ("320500", "2345 6780", "NoArea"),
        ] {
            let context = PhoneContext::at(Home::of(home));
            assert_eq!(
                shown(&read_phones(cell, &context)),
                expected,
                "{cell} in {home:?}"
            );
        }
    }
}
