//! The facts that a grade or a contradiction rests on, and how one is cited: its value and who said it.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::registry::model::Field;

codes! {
    /// A fact that may be cited.
    pub enum Fact {
        /// Within which time they sign, as said.
        Urgency = "urgency" => "company-field-urgency",
        /// The day that follows from it, or that they named.
        SignBy = "sign_by" => "company-field-sign-by",
        /// The day on which it is to run.
        GoLive = "go_live" => "company-field-go-live",
        /// Where the money stands.
        Budget = "budget" => "company-field-budget-state",
        /// How much it is.
        BudgetAmount = "budget_amount" => "fact-budget-amount",
        /// In which year it is planned.
        BudgetYear = "budget_year" => "company-field-budget-year",
        /// What they need.
        Need = "need" => "company-field-needs",
        /// Who is to use it.
        NeedUsers = "need_users" => "company-field-need-users",
        /// Who decides.
        Decider = "decider" => "company-field-decider",
        /// Their title.
        DeciderTitle = "decider_title" => "fact-decider-title",
        /// How they decide.
        Process = "process" => "company-field-decision-process",
        /// Whether they have begun to choose.
        Selection = "selection" => "company-field-selection-started",
        /// Whom else they look at.
        Vendors = "vendors" => "company-field-vendors",
        /// What they judge by.
        KeyEvaluation = "key_evaluation" => "company-field-key-evaluation",
        /// The present grade.
        Grade = "grade" => "fact-grade",
        /// The grade that is about to be given.
        GradeMeant = "grade_meant" => "fact-grade-meant",
        /// How the grade rose last.
        GradeRise = "grade_rise" => "fact-grade-rise",
        /// Heads.
        Headcount = "headcount" => "company-field-headcount",
        /// The size class that somebody gave.
        SizeClass = "size_class" => "company-field-size-class",
        /// The industry.
        Industry = "industry" => "company-field-industry",
        /// The credit code.
        CreditCode = "credit_code" => "company-field-credit-code",
        /// The group it belongs to.
        Parent = "parent" => "company-field-parent",
        /// The system in use.
        PresentSystem = "present_system" => "company-field-present-system",
        /// Another system that was named.
        OtherSystem = "other_system" => "fact-other-system",
        /// Since when.
        PresentSystemYear = "present_system_year" => "company-field-present-system-year",
        /// How content they are with it.
        Satisfaction = "satisfaction" => "company-field-satisfaction",
        /// When somebody first spoke with them.
        FirstContact = "first_contact" => "fact-first-contact",
        /// When somebody last spoke with them.
        LastContact = "last_contact" => "fact-last-contact",
        /// The next call, visit or task that is agreed.
        NextDate = "next_date" => "fact-next-date",
        /// How the last call ended.
        LastResult = "last_result" => "fact-last-result",
        /// They do not want to be called.
        Refusal = "refusal" => "fact-refusal",
        /// When our quotation went out.
        Quotation = "quotation" => "fact-quotation",
        /// One contact's word on a key item.
        OneSays = "one_says" => "fact-one-says",
        /// Another contact's word on the same.
        OtherSays = "other_says" => "fact-other-says",
        /// How long the call took that gave the grade.
        TalkSeconds = "talk_seconds" => "fact-talk-seconds",
        /// The company whose note is the same, word by word.
        NoteTwin = "note_twin" => "fact-note-twin",
    }
}

impl Fact {
    /// The field of a record that says it; none where it comes from what happened.
    pub fn field(self) -> Option<Field> {
        Some(match self {
            Self::Urgency => Field::Urgency,
            Self::SignBy => Field::SignBy,
            Self::GoLive => Field::GoLive,
            Self::Budget => Field::BudgetState,
            Self::BudgetAmount => Field::BudgetMax,
            Self::BudgetYear => Field::BudgetYear,
            Self::Need => Field::NeedText,
            Self::NeedUsers => Field::NeedUsers,
            Self::Decider => Field::Decider,
            Self::Process => Field::DecisionProcess,
            Self::Selection => Field::SelectionStarted,
            Self::Vendors => Field::Vendors,
            Self::KeyEvaluation => Field::KeyEvaluation,
            Self::Headcount => Field::Headcount,
            Self::SizeClass => Field::SizeClass,
            Self::Industry => Field::Industry,
            Self::CreditCode => Field::CreditCode,
            Self::Parent => Field::Parent,
            Self::PresentSystem => Field::PresentSystem,
            Self::PresentSystemYear => Field::PresentSystemYear,
            Self::Satisfaction => Field::Satisfaction,
            _ => return None,
        })
    }
}

/// What a fact says, so that it can be written in any language later.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum FactValue {
    /// The key of a word.
    Word(String),
    /// A text or a name.
    Text(String),
    /// A number.
    Number(i64),
    /// A year.
    Year(i64),
    /// A day.
    Day(NaiveDate),
    /// Amounts in minor units of a currency: from, up to.
    Money(Option<i64>, Option<i64>, String),
    /// Codes of needs, and the need in words.
    Needs(Vec<String>, String),
    /// Competitors with how far each has come.
    Vendors(Vec<super::Vendor>),
    /// A size class.
    Size(i64),
    /// The code of an industry.
    Industry(String),
    /// One person's word: who, and the key of what they said.
    Says(String, String),
    /// From one grade to another.
    Rise(super::Grade, super::Grade),
}

/// A fact with its value and who said it when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// Which.
    pub fact: Fact,
    /// What it says.
    pub value: FactValue,
    /// 0 guess to 3 confirmed, of a key item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<u8>,
    /// The record that says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<i64>,
    /// When it was said or happened.
    pub at: NaiveDateTime,
}
