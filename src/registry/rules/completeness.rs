//! How complete a company's record is, in 100 points, and what to ask for first.

use serde::{Deserialize, Serialize};

use crate::codes;

codes! {
    /// A part of the record. The order is the order of the bits that are stored: parts are only ever added at the end.
    pub enum RecordPart {
        /// The company's name.
        Name = "name" => "missing-name",
        /// A mobile of the key contact.
        KeyMobile = "key_mobile" => "missing-key-mobile",
        /// The credit code.
        CreditCode = "credit_code" => "missing-credit-code",
        /// The industry.
        Industry = "industry" => "missing-industry",
        /// The head-count.
        Headcount = "headcount" => "missing-headcount",
        /// A key contact.
        KeyContact = "key_contact" => "missing-key-contact",
        /// Who decides.
        Decider = "decider" => "missing-decider",
        /// The region.
        Region = "region" => "missing-region",
        /// A switchboard.
        Switchboard = "switchboard" => "missing-switchboard",
        /// The present system and since when, both.
        PresentSystem = "present_system" => "missing-present-system",
        /// The address.
        Address = "address" => "missing-address",
        /// The revenue.
        Revenue = "revenue" => "missing-revenue",
        /// An e-mail of the key contact.
        KeyEmail = "key_email" => "missing-key-email",
        /// The head of IT or of finance.
        ItOrFinance = "it_or_finance_head" => "missing-it-or-finance-head",
        /// The number of PCs.
        PcCount = "pc_count" => "missing-pc-count",
        /// Where it came from.
        Source = "source" => "missing-source",
    }
}

impl RecordPart {
    /// The points it adds.
    pub fn points(self) -> u32 {
        match self {
            Self::Name | Self::KeyMobile => 10,
            Self::CreditCode
            | Self::Industry
            | Self::Headcount
            | Self::KeyContact
            | Self::Decider => 8,
            Self::Region | Self::Switchboard | Self::PresentSystem => 6,
            Self::Address | Self::Revenue | Self::KeyEmail | Self::ItOrFinance => 4,
            Self::PcCount | Self::Source => 3,
        }
    }

    /// Its bit in the stored `missing`.
    pub fn bit(self) -> i32 {
        1 << (self as i32)
    }
}

/// Below this a record is shown red.
const RED_BELOW: i32 = 40;
/// From this on a record is shown green.
pub const GREEN_FROM: i32 = 70;

/// The colour in which so many points are shown everywhere.
pub fn colour(points: i32) -> &'static str {
    match points {
        ..RED_BELOW => "bad",
        GREEN_FROM.. => "good",
        _ => "",
    }
}

/// What of a record is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// The company's name.
    pub name: bool,
    /// A usable mobile of the key contact.
    pub key_mobile: bool,
    /// The credit code.
    pub credit_code: bool,
    /// The industry.
    pub industry: bool,
    /// The head-count or its class.
    pub headcount: bool,
    /// A key contact.
    pub key_contact: bool,
    /// Who decides.
    pub decider: bool,
    /// The region.
    pub region: bool,
    /// A usable switchboard.
    pub switchboard: bool,
    /// The present system, or that there is none.
    pub present_system: bool,
    /// The year of the present system.
    pub present_system_year: bool,
    /// The address.
    pub address: bool,
    /// The revenue.
    pub revenue: bool,
    /// A usable e-mail of the key contact.
    pub key_email: bool,
    /// The head of IT or of finance.
    pub it_or_finance_head: bool,
    /// The number of PCs.
    pub pc_count: bool,
    /// A source.
    pub source: bool,
}

impl Present {
    /// Whether a part is there.
    pub fn has(&self, part: RecordPart) -> bool {
        match part {
            RecordPart::Name => self.name,
            RecordPart::KeyMobile => self.key_mobile,
            RecordPart::CreditCode => self.credit_code,
            RecordPart::Industry => self.industry,
            RecordPart::Headcount => self.headcount,
            RecordPart::KeyContact => self.key_contact,
            RecordPart::Decider => self.decider,
            RecordPart::Region => self.region,
            RecordPart::Switchboard => self.switchboard,
            RecordPart::PresentSystem => self.present_system && self.present_system_year,
            RecordPart::Address => self.address,
            RecordPart::Revenue => self.revenue,
            RecordPart::KeyEmail => self.key_email,
            RecordPart::ItOrFinance => self.it_or_finance_head,
            RecordPart::PcCount => self.pc_count,
            RecordPart::Source => self.source,
        }
    }
}

/// How complete a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// 0 to 100.
    pub points: u32,
    /// One bit a missing part, in the order of [`RecordPart`].
    pub missing: i32,
}

/// Counts the points of what is there.
pub fn completeness(present: &Present) -> Completeness {
    let lacking = RecordPart::ALL.iter().filter(|part| !present.has(**part));
    let (lost, missing) = lacking.fold((0, 0), |(lost, bits), part| {
        (lost + part.points(), bits | part.bit())
    });
    Completeness {
        points: 100 - lost,
        missing,
    }
}

/// The parts of stored bits, what adds most first, else in stored order.
pub fn missing_by_value(bits: i32) -> Vec<RecordPart> {
    let mut parts: Vec<RecordPart> = RecordPart::ALL
        .iter()
        .copied()
        .filter(|part| bits & part.bit() != 0)
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.points()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: Present = Present {
        name: true,
        key_mobile: true,
        credit_code: true,
        industry: true,
        headcount: true,
        key_contact: true,
        decider: true,
        region: true,
        switchboard: true,
        present_system: true,
        present_system_year: true,
        address: true,
        revenue: true,
        key_email: true,
        it_or_finance_head: true,
        pc_count: true,
        source: true,
    };

    #[test]
    fn all_parts_make_a_hundred() {
        assert_eq!(
            RecordPart::ALL
                .iter()
                .map(|part| part.points())
                .sum::<u32>(),
            100
        );
        assert_eq!(
            completeness(&ALL),
            Completeness {
                points: 100,
                missing: 0
            }
        );
        assert_eq!(
            completeness(&Present::default()),
            Completeness {
                points: 0,
                missing: 0xFFFF
            }
        );
    }

    #[test]
    fn records_are_worth_what_they_hold() {
        for (present, points) in [
            (
                Present {
                    name: true,
                    source: true,
                    ..Present::default()
                },
                13,
            ),
            (
                Present {
                    name: true,
                    region: true,
                    switchboard: true,
                    industry: true,
                    key_contact: true,
                    source: true,
                    ..Present::default()
                },
                41,
            ),
            (
                Present {
                    present_system_year: false,
                    ..ALL
                },
                94,
            ),
            (
                Present {
                    present_system: true,
                    ..Present::default()
                },
                0,
            ),
            (
                Present {
                    key_mobile: false,
                    decider: false,
                    credit_code: false,
                    ..ALL
                },
                74,
            ),
        ] {
            assert_eq!(completeness(&present).points, points, "{present:?}");
        }
    }

    #[test]
    fn what_adds_most_is_asked_first() {
        let present = Present {
            key_mobile: false,
            decider: false,
            pc_count: false,
            region: false,
            ..ALL
        };
        let parts = missing_by_value(completeness(&present).missing);
        assert_eq!(
            parts,
            [
                RecordPart::KeyMobile,
                RecordPart::Decider,
                RecordPart::Region,
                RecordPart::PcCount
            ]
        );
    }

    #[test]
    fn bits_keep_their_meaning() {
        let order: Vec<&str> = RecordPart::ALL.iter().map(|part| part.code()).collect();
        assert_eq!(
            order.join(" "),
            "name key_mobile credit_code industry headcount key_contact decider region switchboard present_system address revenue key_email it_or_finance_head pc_count source"
        );
        assert_eq!(RecordPart::Source.bit(), 1 << 15);
    }

    proptest! {
        #[test]
        fn points_and_bits_agree(bits in 0i32..0x1_0000) {
            let lost: u32 = missing_by_value(bits).iter().map(|part| part.points()).sum();
            let again = missing_by_value(bits).iter().fold(0, |bits, part| bits | part.bit());
            prop_assert_eq!(again, bits);
            prop_assert!(lost <= 100);
        }
    }

    #[test]
    fn every_part_has_a_name_in_both_languages() {
        use crate::platform::i18n::Lang;
        for part in RecordPart::ALL {
            assert!(
                Lang::ALL.iter().all(|lang| lang.knows(part.key())),
                "{part:?}"
            );
        }
    }
}
