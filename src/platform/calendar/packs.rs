//! Country packs as data: hours, limits, public holidays, moved working days, and how a country writes things.
//!
//! Only years that were officially announced are listed; a year that is not here is reported, never guessed.
//! Sources: notices of the State Council (CN 2025, 2026) · gov.uk bank holidays, England and Wales · 5 U.S.C. 6103 with
//! its observed days · calendars of the DGPA (TW 2025, 2026) · general holidays in the HKSAR Gazette (HK 2025, 2026).

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::announced;
use super::holidays::CalendarYear;
use super::hours::{HardLimits, Hours, Span};
use crate::platform::office::Office;

/// A country or region with holidays and hours of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Country {
    /// Mainland China.
    Cn,
    /// Great Britain (holidays of England and Wales).
    Gb,
    /// United States.
    Us,
    /// Taiwan.
    Tw,
    /// Hong Kong.
    Hk,
    /// Macau: its own zone, no holidays shipped.
    Mo,
    /// Any other country: no holidays shipped.
    #[serde(rename = "ZZ")]
    Other,
}

/// In which order an address is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressForm {
    /// 江苏省苏州市吴中区… : province first, street last.
    LargestFirst,
    /// Street first, then town, then postcode.
    SmallestFirst,
}

/// In which order a person's name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameOrder {
    /// 陈立群.
    FamilyFirst,
    /// Anna Smith.
    GivenFirst,
}

/// Everything that differs by country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryPack {
    /// Of which country.
    pub country: Country,
    /// The zone of its capital or largest city.
    pub zone: Tz,
    /// ISO 4217.
    pub currency: &'static str,
    /// The region in which a number without country code is read, ISO 3166.
    pub phone_region: &'static str,
    /// The country code of its numbers.
    pub phone_prefix: u16,
    /// What commercial mail must carry in the subject.
    pub legal_mark: &'static str,
    /// Order of an address.
    pub address_form: AddressForm,
    /// Whether an address is expected to carry a postcode.
    pub has_postcode: bool,
    /// Order of a name.
    pub name_order: NameOrder,
    /// Default hours.
    pub hours: Hours,
    /// Limits that no setting overrides.
    pub limits: HardLimits,
}

impl Country {
    /// All that ship, the default first.
    pub const ALL: [Self; 7] = [
        Self::Cn,
        Self::Gb,
        Self::Us,
        Self::Tw,
        Self::Hk,
        Self::Mo,
        Self::Other,
    ];

    /// ISO 3166-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cn => "CN",
            Self::Gb => "GB",
            Self::Us => "US",
            Self::Tw => "TW",
            Self::Hk => "HK",
            Self::Mo => "MO",
            Self::Other => "ZZ",
        }
    }

    /// From ISO 3166-1.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|country| country.code() == code)
    }

    /// Of an office; a country without a pack is any other one.
    pub fn of_office(office: &Office) -> Self {
        Self::from_code(office.country.trim()).unwrap_or(Self::Other)
    }

    /// The key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cn => "calendar-country-CN",
            Self::Gb => "calendar-country-GB",
            Self::Us => "calendar-country-US",
            Self::Tw => "calendar-country-TW",
            Self::Hk => "calendar-country-HK",
            Self::Mo => "calendar-country-MO",
            Self::Other => "calendar-country-ZZ",
        }
    }

    /// Its pack.
    #[rustfmt::skip]
    pub fn pack(self) -> CountryPack {
        use AddressForm::{LargestFirst, SmallestFirst};
        use NameOrder::{FamilyFirst, GivenFirst};
        use chrono_tz::{America, Asia, Europe, UTC};
        let (zone, currency, phone_prefix, legal_mark, address_form, has_postcode, name_order) = match self {
            Self::Cn => (Asia::Shanghai, "CNY", 86, "广告", LargestFirst, true, FamilyFirst),
            Self::Gb => (Europe::London, "GBP", 44, "AD", SmallestFirst, true, GivenFirst),
            Self::Us => (America::New_York, "USD", 1, "AD", SmallestFirst, true, GivenFirst),
            Self::Tw => (Asia::Taipei, "TWD", 886, "廣告", LargestFirst, true, FamilyFirst),
            Self::Hk => (Asia::Hong_Kong, "HKD", 852, "AD", SmallestFirst, false, FamilyFirst),
            Self::Mo => (Asia::Macau, "MOP", 853, "AD", SmallestFirst, false, FamilyFirst),
            Self::Other => (UTC, "XXX", 0, "AD", SmallestFirst, true, GivenFirst),
        };
        CountryPack {
            country: self, zone, currency, phone_region: self.code(), phone_prefix, legal_mark, address_form, has_postcode,
            name_order, hours: self.hours(), limits: self.limits(),
        }
    }

    fn hours(self) -> Hours {
        let (morning, afternoon) = match self {
            Self::Cn => (Span::of((9, 0), (12, 0)), Span::of((14, 0), (18, 0))),
            Self::Gb | Self::Us | Self::Other => {
                (Span::of((9, 0), (12, 0)), Span::of((13, 0), (17, 0)))
            }
            Self::Tw => (Span::of((9, 0), (12, 0)), Span::of((13, 30), (18, 0))),
            Self::Hk | Self::Mo => (Span::of((9, 0), (13, 0)), Span::of((14, 0), (18, 0))),
        };
        Hours {
            working: vec![morning, afternoon],
            calling: vec![morning, afternoon],
        }
    }

    fn limits(self) -> HardLimits {
        let day = Span::of((9, 0), (21, 0));
        let pause = match self {
            Self::Cn => Some(Span::of((12, 0), (14, 0))),
            Self::Tw => Some(Span::of((12, 0), (13, 30))),
            Self::Hk | Self::Mo => Some(Span::of((13, 0), (14, 0))),
            Self::Gb | Self::Us | Self::Other => None,
        };
        HardLimits {
            earliest: day.from,
            latest: day.to,
            pause,
        }
    }

    /// The years that were officially announced when this version was made.
    pub fn announced_years(self) -> Vec<(i32, CalendarYear)> {
        announced::years(self)
            .iter()
            .map(|year| (year.year, year.read()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_and_every_announced_year_is_sound() {
        for country in Country::ALL {
            let pack = country.pack();
            assert_eq!(pack.hours.validate(&pack.limits), Ok(()), "{country:?}");
            assert_eq!(Country::from_code(country.code()), Some(country));
            for (year, data) in country.announced_years() {
                assert_eq!(data.validate(year), Ok(()), "{country:?} {year}");
            }
        }
    }

    #[test]
    fn years_that_nobody_announced_are_missing() {
        let known = |country: Country| {
            country
                .announced_years()
                .into_iter()
                .map(|(year, _)| year)
                .collect::<Vec<_>>()
        };
        assert_eq!(known(Country::Cn), [2025, 2026]);
        assert_eq!(known(Country::Gb), [2025, 2026, 2027]);
        assert_eq!(known(Country::Us), [2025, 2026, 2027]);
        assert_eq!(known(Country::Tw), [2025, 2026]);
        assert_eq!(known(Country::Hk), [2025, 2026]);
        assert!(known(Country::Mo).is_empty() && known(Country::Other).is_empty());
    }

    #[test]
    fn chinese_holidays_have_the_length_that_was_announced() {
        for (year, name, days) in [
            (2025, "春节", 8),
            (2025, "劳动节", 5),
            (2025, "国庆节、中秋节", 8),
            (2026, "元旦", 3),
            (2026, "春节", 9),
            (2026, "清明节", 3),
            (2026, "端午节", 3),
            (2026, "中秋节", 3),
            (2026, "国庆节", 7),
        ] {
            let years = Country::Cn.announced_years();
            let (_, data) = years.iter().find(|(known, _)| *known == year).unwrap();
            let holiday = data
                .holidays
                .iter()
                .find(|holiday| holiday.name_zh == name)
                .unwrap();
            assert_eq!(holiday.days().count(), days, "{year} {name}");
        }
    }

    #[test]
    fn every_country_has_a_name_in_both_languages() {
        use crate::platform::i18n::Lang;
        for country in Country::ALL {
            assert!(
                Lang::ALL.iter().all(|lang| lang.knows(country.key())),
                "{country:?}"
            );
        }
    }
}
