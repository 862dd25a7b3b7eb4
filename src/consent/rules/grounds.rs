//! On what ground somebody may be contacted, and for what. The table is data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::consent::model::Way;
use crate::platform::sentence::Sentence;
use crate::platform::settings::Setting;
use crate::registry::rules::phone::PhoneKind;

codes! {
    /// On what ground somebody is contacted; the strongest first.
    pub enum Ground {
        /// They agreed, to a text that is kept.
        Consent = "consent" => "ground-consent",
        /// There is a contract.
        Contract = "contract" => "ground-contract",
        /// They asked us.
        Inquiry = "inquiry" => "ground-inquiry",
        /// They gave their card or had their badge scanned.
        CardExchange = "card_exchange" => "ground-card-exchange",
        /// Somebody referred them.
        Referral = "referral" => "ground-referral",
        /// A public directory or a bought list.
        PublicSource = "public_source" => "ground-public-source",
    }
}

codes! {
    /// For what they are contacted.
    pub enum Purpose {
        /// A call.
        Call = "call" => "purpose-call",
        /// A holiday greeting.
        Greeting = "greeting" => "purpose-greeting",
        /// News and promotion.
        News = "news" => "purpose-news",
    }
}

impl Purpose {
    /// By which way it reaches them: what a suppression has to leave open.
    pub fn way(self) -> Way {
        match self {
            Self::Call => Way::Call,
            Self::Greeting => Way::Greeting,
            Self::News => Way::News,
        }
    }
}

codes! {
    /// What a ground permits.
    pub enum Permission {
        /// Yes.
        Yes = "yes" => "permission-yes",
        /// Only numbers of a business.
        BusinessNumbers = "business_numbers" => "permission-business-numbers",
        /// Not before they were asked.
        AskFirst = "ask_first" => "permission-ask-first",
        /// No.
        No = "no" => "permission-no",
    }
}

impl Purpose {
    /// What a ground can say about it: only a number tells a business from a person, and to call is to ask.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Call => &[Permission::Yes, Permission::BusinessNumbers, Permission::No],
            Self::Greeting | Self::News => &[Permission::Yes, Permission::AskFirst, Permission::No],
        }
    }
}

/// What one ground permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroundRow {
    /// A call.
    pub call: Permission,
    /// A greeting.
    pub greeting: Permission,
    /// News and promotion.
    pub news: Permission,
}

/// The whole table; what is not in it is not permitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroundTable(pub BTreeMap<Ground, GroundRow>);

impl Default for GroundTable {
    fn default() -> Self {
        use Permission::{AskFirst, BusinessNumbers, No, Yes};
        let row = |call, greeting, news| GroundRow {
            call,
            greeting,
            news,
        };
        Self(BTreeMap::from([
            (Ground::Consent, row(Yes, Yes, Yes)),
            (Ground::Contract, row(Yes, Yes, Yes)),
            (Ground::Inquiry, row(Yes, Yes, Yes)),
            (Ground::CardExchange, row(Yes, Yes, AskFirst)),
            (Ground::Referral, row(BusinessNumbers, No, No)),
            (Ground::PublicSource, row(BusinessNumbers, No, No)),
        ]))
    }
}

impl Setting for GroundTable {
    const KIND: &'static str = "grounds";
}

/// Whether a ground carries a contact, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Allowed,
    /// No ground is recorded.
    NoGround,
    /// The ground carries business numbers only, and this is a private one.
    PrivateNumber {
        /// The ground.
        ground: Ground,
    },
    /// They have to be asked first.
    AskFirst {
        /// The ground.
        ground: Ground,
    },
    /// The ground does not carry it.
    NotCarried {
        /// The ground.
        ground: Ground,
    },
}

impl Verdict {
    /// Whether we may.
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }

    /// The sentence that says it.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Allowed => Sentence::of("consent-allowed"),
            Self::NoGround => Sentence::of("consent-no-ground"),
            Self::PrivateNumber { ground } => {
                Sentence::of("consent-private-number").with("ground", ground.key())
            }
            Self::AskFirst { ground } => {
                Sentence::of("consent-ask-first").with("ground", ground.key())
            }
            Self::NotCarried { ground } => {
                Sentence::of("consent-not-carried").with("ground", ground.key())
            }
        }
    }
}

impl GroundTable {
    /// What a ground permits for a purpose; what is not in the table is not permitted.
    pub fn permission(&self, ground: Ground, purpose: Purpose) -> Permission {
        self.0
            .get(&ground)
            .map_or(Permission::No, |row| match purpose {
                Purpose::Call => row.call,
                Purpose::Greeting => row.greeting,
                Purpose::News => row.news,
            })
    }

    /// The grounds that permit a call in this way.
    pub fn grounds_for_calls(&self, permission: Permission) -> Vec<&'static str> {
        Ground::ALL
            .iter()
            .filter(|ground| self.permission(**ground, Purpose::Call) == permission)
            .map(|ground| ground.code())
            .collect()
    }

    /// Whether somebody with this ground may be contacted for this.
    pub fn may(&self, ground: Option<Ground>, purpose: Purpose, business_number: bool) -> Verdict {
        let Some(ground) = ground else {
            return Verdict::NoGround;
        };
        match self.permission(ground, purpose) {
            Permission::Yes => Verdict::Allowed,
            Permission::BusinessNumbers if purpose == Purpose::Call && business_number => {
                Verdict::Allowed
            }
            Permission::BusinessNumbers => Verdict::PrivateNumber { ground },
            Permission::AskFirst => Verdict::AskFirst { ground },
            Permission::No => Verdict::NotCarried { ground },
        }
    }

    /// Whether a number may be called.
    pub fn may_call(&self, ground: Option<Ground>, business_number: bool) -> Verdict {
        self.may(ground, Purpose::Call, business_number)
    }
}

/// The best of the grounds of somebody's live records and own consents.
pub fn best_ground(grounds: impl IntoIterator<Item = Ground>) -> Option<Ground> {
    grounds.into_iter().min()
}

/// A landline, a service number, or any number in a row that names a company.
pub fn is_business_number(kind: PhoneKind, row_names_company: bool) -> bool {
    row_names_company || matches!(kind, PhoneKind::Landline | PhoneKind::Service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grounds_permit_what_the_table_says() {
        let table = GroundTable::default();
        use Verdict::{Allowed, AskFirst, NoGround, NotCarried, PrivateNumber};
        for (ground, business, call, greeting, news) in [
            (Some(Ground::Consent), false, Allowed, Allowed, Allowed),
            (Some(Ground::Contract), false, Allowed, Allowed, Allowed),
            (Some(Ground::Inquiry), false, Allowed, Allowed, Allowed),
            (
                Some(Ground::CardExchange),
                false,
                Allowed,
                Allowed,
                AskFirst {
                    ground: Ground::CardExchange,
                },
            ),
            (
                Some(Ground::PublicSource),
                false,
                PrivateNumber {
                    ground: Ground::PublicSource,
                },
                NotCarried {
                    ground: Ground::PublicSource,
                },
                NotCarried {
                    ground: Ground::PublicSource,
                },
            ),
            (
                Some(Ground::Referral),
                true,
                Allowed,
                NotCarried {
                    ground: Ground::Referral,
                },
                NotCarried {
                    ground: Ground::Referral,
                },
            ),
            (None, true, NoGround, NoGround, NoGround),
        ] {
            assert_eq!(
                table.may(ground, Purpose::Call, business),
                call,
                "{ground:?}"
            );
            assert_eq!(
                table.may(ground, Purpose::Greeting, business),
                greeting,
                "{ground:?}"
            );
            assert_eq!(
                table.may(ground, Purpose::News, business),
                news,
                "{ground:?}"
            );
        }
        assert_eq!(
            GroundTable(BTreeMap::new()).may_call(Some(Ground::Consent), true),
            NotCarried {
                ground: Ground::Consent
            }
        );
    }

    #[test]
    fn the_best_ground_counts() {
        for (grounds, best) in [
            (vec![], None),
            (vec![Ground::PublicSource], Some(Ground::PublicSource)),
            (
                vec![Ground::PublicSource, Ground::CardExchange],
                Some(Ground::CardExchange),
            ),
            (
                vec![Ground::Inquiry, Ground::Consent, Ground::Referral],
                Some(Ground::Consent),
            ),
        ] {
            assert_eq!(best_ground(grounds), best);
        }
    }

    #[test]
    fn business_numbers_are_lines_or_stand_beside_a_company() {
        for (kind, names_company, business) in [
            (PhoneKind::Landline, false, true),
            (PhoneKind::Service, false, true),
            (PhoneKind::Mobile, false, false),
            (PhoneKind::Mobile, true, true),
            (PhoneKind::International, false, false),
        ] {
            assert_eq!(
                is_business_number(kind, names_company),
                business,
                "{kind:?}"
            );
        }
    }

    #[test]
    fn the_table_is_kept_by_code() {
        let json = serde_json::to_string(&GroundTable::default()).unwrap();
        assert!(
            json.contains("\"public_source\":{\"call\":\"business_numbers\""),
            "{json}"
        );
        assert_eq!(
            serde_json::from_str::<GroundTable>(&json).unwrap(),
            GroundTable::default()
        );
    }

    #[test]
    fn every_code_has_a_name_in_both_languages() {
        use crate::platform::i18n::Lang;
        let keys = Ground::ALL
            .iter()
            .map(|code| code.key())
            .chain(Purpose::ALL.iter().map(|code| code.key()));
        let ground = Ground::Consent;
        let verdicts = [
            Verdict::Allowed,
            Verdict::NoGround,
            Verdict::PrivateNumber { ground },
            Verdict::AskFirst { ground },
            Verdict::NotCarried { ground },
        ];
        let keys = keys.chain(verdicts.iter().map(|verdict| verdict.sentence().key));
        for key in keys.chain(Permission::ALL.iter().map(|code| code.key())) {
            assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
        }
    }
}
