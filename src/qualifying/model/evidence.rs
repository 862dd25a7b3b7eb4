//! All that is known of a company when it is graded, each value with who said it when.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::{
    BudgetState, Cited, DecisionProcess, Fact, FactValue, Grade, SelectionStarted, Urgency, Vendor,
};

/// Days after which a certainty is worth one step less.
const STEP_DAYS: i64 = 180;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The record that says it; none for what happened or was typed a moment ago.
    pub record: Option<i64>,
    /// When.
    pub at: NaiveDateTime,
    /// How sure a key item was when it was said.
    pub certainty: Option<u8>,
}

impl Origin {
    /// What happened, without a record.
    pub fn event(at: NaiveDateTime) -> Self {
        Self {
            record: None,
            at,
            certainty: None,
        }
    }

    /// How sure it still is on a day.
    pub fn certainty_on(&self, day: NaiveDate) -> Option<u8> {
        let steps = (day - self.at.date()).num_days().max(0) / STEP_DAYS;
        self.certainty
            .map(|said| said.saturating_sub(u8::try_from(steps).unwrap_or(u8::MAX)))
    }
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// Who said it, and when.
    pub from: Origin,
}

impl<T> Known<T> {
    /// The value as a fact that can be cited.
    fn cite(&self, fact: Fact, value: impl FnOnce(&T) -> FactValue) -> Cited {
        Cited {
            fact,
            value: value(&self.value),
            certainty: self.from.certainty,
            record: self.from.record,
            at: self.from.at,
        }
    }
}

/// Who decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decider {
    /// Their name.
    pub name: String,
    /// Their title, if it is known.
    pub title: Option<String>,
    /// Somebody has spoken with them.
    pub is_contacted: bool,
}

/// What one contact says about one key item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The contact.
    pub contact_id: i64,
    /// Their name.
    pub name: String,
    /// About what.
    pub fact: Fact,
    /// The key of the word they said.
    pub word: &'static str,
    /// Where it was said.
    pub from: Origin,
}

/// The last time the grade became better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeRise {
    /// From this grade.
    pub from: Grade,
    /// To this one.
    pub to: Grade,
    /// Somebody spoke with them in between.
    pub had_contact: bool,
}

/// The evidence of one company. What is `None`, nobody has said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // each is the fact of its name
pub struct Evidence {
    /// The office's day on which it is looked at.
    pub today: NaiveDate,
    pub urgency: Option<Known<Urgency>>,
    pub sign_by: Option<Known<NaiveDate>>,
    pub go_live: Option<Known<NaiveDate>>,
    pub budget: Option<Known<BudgetState>>,
    /// From, up to, currency.
    pub budget_amount: Option<Known<(Option<i64>, Option<i64>, String)>>,
    pub budget_year: Option<Known<i64>>,
    /// Codes of the office's list.
    pub needs: Option<Known<Vec<String>>>,
    pub need_text: Option<Known<String>>,
    pub need_users: Option<Known<i64>>,
    pub decider: Option<Known<Decider>>,
    pub process: Option<Known<DecisionProcess>>,
    pub selection: Option<Known<SelectionStarted>>,
    pub vendors: Option<Known<Vec<Vendor>>>,
    pub key_evaluation: Option<Known<String>>,
    pub grade: Option<Known<Grade>>,
    pub grade_rise: Option<Known<GradeRise>>,
    /// Without a target market everybody is inside.
    pub inside_target: bool,
    pub headcount: Option<Known<i64>>,
    /// As somebody gave it, not as it follows from the heads.
    pub size_class: Option<Known<i64>>,
    pub industry: Option<Known<String>>,
    pub credit_code: Option<Known<String>>,
    pub parent: Option<Known<String>>,
    pub present_system: Option<Known<String>>,
    /// A system named by somebody else than the one that is shown.
    pub other_system: Option<Known<String>>,
    pub present_system_year: Option<Known<i64>>,
    pub satisfaction: Option<Known<i64>>,
    pub first_contact: Option<NaiveDateTime>,
    pub last_contact: Option<NaiveDateTime>,
    /// The nearest call, visit or task that is still to come.
    pub next_date: Option<NaiveDateTime>,
    /// The code of how the last call ended.
    pub last_result: Option<Known<String>>,
    pub refusal: Option<NaiveDateTime>,
    pub quotation: Option<NaiveDateTime>,
    pub opinions: Vec<Opinion>,
    pub talk_seconds: Option<Known<i64>>,
    /// The name of the company whose note is the same.
    pub note_twin: Option<Known<String>>,
}

impl Evidence {
    /// The present grade.
    pub fn present(&self) -> Option<Grade> {
        self.grade.as_ref().map(|known| known.value)
    }

    /// The same, as it would be under another grade.
    pub fn graded(&self, grade: Option<Grade>, at: NaiveDateTime) -> Self {
        let known = |value| Known {
            value,
            from: Origin::event(at),
        };
        Self {
            grade: grade.map(known),
            ..self.clone()
        }
    }

    /// Somebody spoke with them after the present grade was given; true if there is none yet.
    pub fn has_spoken_since_grade(&self) -> bool {
        match (&self.grade, self.last_contact) {
            (None, _) => true,
            (Some(grade), Some(spoke)) => spoke > grade.from.at,
            (Some(_), None) => false,
        }
    }

    /// The need, from the list and in words.
    pub fn need(&self) -> (&[String], &str) {
        let codes = self.needs.as_ref().map_or(&[][..], |known| &known.value);
        let text = self
            .need_text
            .as_ref()
            .map_or("", |known| known.value.as_str());
        (codes, text)
    }

    /// A fact as it can be cited; `None` if nobody knows it.
    pub fn cite(&self, fact: Fact) -> Option<Cited> {
        self.cite_item(fact)
            .or_else(|| self.cite_company(fact))
            .or_else(|| self.cite_event(fact))
    }

    fn cite_item(&self, fact: Fact) -> Option<Cited> {
        let word = |key: &str| FactValue::Word(key.to_owned());
        match fact {
            Fact::Urgency => Some(self.urgency.as_ref()?.cite(fact, |v| word(v.key()))),
            Fact::SignBy => Some(self.sign_by.as_ref()?.cite(fact, |v| FactValue::Day(*v))),
            Fact::GoLive => Some(self.go_live.as_ref()?.cite(fact, |v| FactValue::Day(*v))),
            Fact::Budget => Some(self.budget.as_ref()?.cite(fact, |v| word(v.key()))),
            Fact::BudgetAmount => Some(
                self.budget_amount
                    .as_ref()?
                    .cite(fact, |(a, b, c)| FactValue::Money(*a, *b, c.clone())),
            ),
            Fact::BudgetYear => Some(
                self.budget_year
                    .as_ref()?
                    .cite(fact, |v| FactValue::Year(*v)),
            ),
            Fact::Need => self.cite_need(),
            Fact::NeedUsers => Some(
                self.need_users
                    .as_ref()?
                    .cite(fact, |v| FactValue::Number(*v)),
            ),
            Fact::Decider => {
                let name = |v: &Decider| FactValue::Text(v.name.clone());
                Some(self.decider.as_ref()?.cite(fact, name))
            }
            Fact::DeciderTitle => {
                let decider = self.decider.as_ref()?;
                let title = decider.value.title.clone()?;
                Some(decider.cite(fact, |_| FactValue::Text(title)))
            }
            Fact::Process => Some(self.process.as_ref()?.cite(fact, |v| word(v.key()))),
            Fact::Selection => Some(self.selection.as_ref()?.cite(fact, |v| word(v.key()))),
            Fact::Vendors => {
                let all = |v: &Vec<Vendor>| FactValue::Vendors(v.clone());
                Some(self.vendors.as_ref()?.cite(fact, all))
            }
            Fact::KeyEvaluation => {
                let text = |v: &String| FactValue::Text(v.clone());
                Some(self.key_evaluation.as_ref()?.cite(fact, text))
            }
            _ => None,
        }
    }

    fn cite_need(&self) -> Option<Cited> {
        let (codes, text) = self.need();
        if codes.is_empty() && text.is_empty() {
            return None;
        }
        let value = FactValue::Needs(codes.to_vec(), text.to_owned());
        let by_list = self.needs.as_ref().filter(|_| !codes.is_empty());
        match by_list {
            Some(needs) => Some(needs.cite(Fact::Need, |_| value)),
            None => Some(self.need_text.as_ref()?.cite(Fact::Need, |_| value)),
        }
    }

    fn cite_company(&self, fact: Fact) -> Option<Cited> {
        let text = |v: &String| FactValue::Text(v.clone());
        let number = |v: &i64| FactValue::Number(*v);
        match fact {
            Fact::Headcount => Some(self.headcount.as_ref()?.cite(fact, number)),
            Fact::SizeClass => Some(
                self.size_class
                    .as_ref()?
                    .cite(fact, |v| FactValue::Size(*v)),
            ),
            Fact::Industry => {
                let code = |v: &String| FactValue::Industry(v.clone());
                Some(self.industry.as_ref()?.cite(fact, code))
            }
            Fact::CreditCode => Some(self.credit_code.as_ref()?.cite(fact, text)),
            Fact::Parent => Some(self.parent.as_ref()?.cite(fact, text)),
            Fact::PresentSystem => Some(self.present_system.as_ref()?.cite(fact, text)),
            Fact::OtherSystem => Some(self.other_system.as_ref()?.cite(fact, text)),
            Fact::PresentSystemYear => {
                let year = |v: &i64| FactValue::Year(*v);
                Some(self.present_system_year.as_ref()?.cite(fact, year))
            }
            Fact::Satisfaction => Some(self.satisfaction.as_ref()?.cite(fact, number)),
            _ => None,
        }
    }

    fn cite_event(&self, fact: Fact) -> Option<Cited> {
        let happened = |at: Option<NaiveDateTime>| {
            let known = Known {
                value: at?.date(),
                from: Origin::event(at?),
            };
            Some(known.cite(fact, |day| FactValue::Day(*day)))
        };
        match fact {
            Fact::Grade => {
                let word = |v: &Grade| FactValue::Word(v.key().to_owned());
                Some(self.grade.as_ref()?.cite(fact, word))
            }
            Fact::GradeRise => {
                let rise = |v: &GradeRise| FactValue::Rise(v.from, v.to);
                Some(self.grade_rise.as_ref()?.cite(fact, rise))
            }
            Fact::FirstContact => happened(self.first_contact),
            Fact::LastContact => happened(self.last_contact),
            Fact::NextDate => happened(self.next_date),
            Fact::Refusal => happened(self.refusal),
            Fact::Quotation => happened(self.quotation),
            Fact::LastResult => {
                let key =
                    |v: &String| FactValue::Word(format!("disposition-{}", v.replace('_', "-")));
                Some(self.last_result.as_ref()?.cite(fact, key))
            }
            Fact::TalkSeconds => {
                let number = |v: &i64| FactValue::Number(*v);
                Some(self.talk_seconds.as_ref()?.cite(fact, number))
            }
            Fact::NoteTwin => {
                let text = |v: &String| FactValue::Text(v.clone());
                Some(self.note_twin.as_ref()?.cite(fact, text))
            }
            _ => None,
        }
    }
}

impl Opinion {
    /// The word as a fact that can be cited.
    pub fn cite(&self, fact: Fact) -> Cited {
        Cited {
            fact,
            value: FactValue::Says(self.name.clone(), self.word.to_owned()),
            certainty: self.from.certainty,
            record: self.from.record,
            at: self.from.at,
        }
    }
}
