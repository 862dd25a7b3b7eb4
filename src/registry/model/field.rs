//! What a record may say something about: one stable code each.

use serde::{Deserialize, Serialize};

use crate::registry::rules::urgency;

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The company; the six key items of a project count as its values too.
    Company,
    /// The human being.
    Person,
    /// The person at this one company.
    Contact,
    /// Kept as said, never shown as a value of its own.
    Note,
}

/// How the values of a field live together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldShape {
    /// One value is shown, the others lost.
    Single,
    /// One value; what a contact said with more certainty, less one step for every 180 days, wins.
    KeyItem,
    /// A set: contact points, each with a state of its own.
    Set,
    /// Not folded.
    Kept,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $part:ident, $shape:ident;)+) => {
        /// One thing a record may say something about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Field {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)+
        }

        /// Every field, in the order in which pages show them.
        pub const FIELDS: &[Field] = &[$(Field::$variant),+];

        impl Field {
            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// The field with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
            /// Whose value it is.
            pub fn part(self) -> Part {
                match self { $(Self::$variant => Part::$part),+ }
            }
            /// How its values live together.
            pub fn shape(self) -> FieldShape {
                match self { $(Self::$variant => FieldShape::$shape),+ }
            }
        }
    };
}

fields! {
    /// Name of the company.
    Name = "name", Company, Single;
    /// English name.
    NameEn = "name_en", Company, Single;
    /// Former name.
    FormerName = "former_name", Company, Single;
    /// Unified social credit code, or 統一編號.
    CreditCode = "credit_code", Company, Single;
    /// GB/T 4754 section or division.
    Industry = "industry", Company, Single;
    /// Size class 1–5.
    SizeClass = "size_class", Company, Single;
    /// Heads.
    Headcount = "headcount", Company, Single;
    /// Yearly revenue, minor units.
    Revenue = "revenue", Company, Single;
    /// Currency of the revenue.
    Currency = "currency", Company, Single;
    /// GB/T 2260 or ISO 3166 code.
    Region = "region", Company, Single;
    /// Postal address.
    Address = "address", Company, Single;
    /// Post code.
    Postcode = "postcode", Company, Single;
    /// Web site.
    Website = "website", Company, Single;
    /// Numbers of the company.
    Phone = "phone", Company, Set;
    /// Mail boxes of the company.
    CompanyEmail = "company_email", Company, Set;
    /// The system in use.
    PresentSystem = "present_system", Company, Single;
    /// Since when.
    PresentSystemYear = "present_system_year", Company, Single;
    /// How content they are with it, 1–5.
    Satisfaction = "satisfaction", Company, Single;
    /// Number of PCs.
    PcCount = "pc_count", Company, Single;
    /// The group it belongs to.
    Parent = "parent", Company, Single;
    /// Bucket as said.
    Urgency = "urgency", Company, KeyItem;
    /// Day by which they sign.
    SignBy = "sign_by", Company, KeyItem;
    /// Day on which it is to run.
    GoLive = "go_live", Company, KeyItem;
    /// `approved`, `applying`, `none`, `unknown`.
    BudgetState = "budget_state", Company, KeyItem;
    /// Lower bound, minor units.
    BudgetMin = "budget_min", Company, KeyItem;
    /// Upper bound, minor units.
    BudgetMax = "budget_max", Company, KeyItem;
    /// Currency of the budget.
    BudgetCurrency = "budget_currency", Company, KeyItem;
    /// Year of the budget.
    BudgetYear = "budget_year", Company, KeyItem;
    /// Needs of the office's list; entries that are numbers are bits of `company.needs`.
    Needs = "needs", Company, KeyItem;
    /// The need in words.
    NeedText = "need_text", Company, KeyItem;
    /// Users wanted.
    NeedUsers = "need_users", Company, KeyItem;
    /// Who decides: a contact's id, or a name.
    Decider = "decider", Company, KeyItem;
    /// `single`, `committee`, `tender`, `group_hq`.
    DecisionProcess = "decision_process", Company, KeyItem;
    /// `yes`, `no`, `unknown`.
    SelectionStarted = "selection_started", Company, KeyItem;
    /// Competitors with their state.
    Vendors = "vendors", Company, KeyItem;
    /// What they judge by.
    KeyEvaluation = "key_evaluation", Company, KeyItem;
    /// Name of the person.
    PersonName = "person_name", Person, Single;
    /// The name in Latin letters.
    PersonNameEn = "person_name_en", Person, Single;
    /// Mobile numbers.
    Mobile = "mobile", Person, Set;
    /// Mail addresses.
    Email = "email", Person, Set;
    /// WeChat ids.
    Wechat = "wechat", Person, Set;
    /// QQ numbers.
    Qq = "qq", Person, Set;
    /// `1980-05-20` or `05-20`.
    Birthday = "birthday", Person, Single;
    /// Language the person speaks with us.
    Language = "language", Person, Single;
    /// Job title.
    Title = "title", Contact, Single;
    /// Department.
    Department = "department", Contact, Single;
    /// `decider`, `it_head`, `finance_head`, `purchasing`, `user`, `gatekeeper`, `other`.
    Role = "role", Contact, Single;
    /// The contact that is asked first.
    IsKey = "is_key", Contact, Single;
    /// Numbers on the desk: with an extension.
    DeskPhone = "desk_phone", Contact, Set;
    /// A remark.
    Remark = "remark", Note, Kept;
    /// When something is to start, in the words of the list.
    Timeline = "timeline", Note, Kept;
    /// The budget in the words of the list.
    BudgetText = "budget_text", Note, Kept;
    /// Who decides in the words of the list.
    DeciderText = "decider_text", Note, Kept;
    /// Gender or form of address.
    Gender = "gender", Note, Kept;
    /// Booth at a fair.
    Booth = "booth", Note, Kept;
    /// The list's own number of the row.
    ListNumber = "list_number", Note, Kept;
    /// A date that belongs to the row.
    Date = "date", Note, Kept;
    /// Numbers whose area code was inferred.
    AreaInferred = "area_inferred", Note, Kept;
    /// What this record found out about numbers: `{"+8613…": "not_theirs"}`.
    PointStates = "point_states", Note, Kept;
}

impl Field {
    /// The codes it may have; empty where anything goes.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Urgency => &urgency::CODES,
            Self::BudgetState => &["approved", "applying", "none", "unknown"],
            Self::DecisionProcess => &["single", "committee", "tender", "group_hq"],
            Self::SelectionStarted => &["yes", "no", "unknown"],
            Self::Role => &[
                "decider",
                "it_head",
                "finance_head",
                "purchasing",
                "user",
                "gatekeeper",
                "other",
            ],
            _ => &[],
        }
    }
    /// One value of it is shown.
    pub fn is_folded(self) -> bool {
        matches!(self.shape(), FieldShape::Single | FieldShape::KeyItem)
    }
}
