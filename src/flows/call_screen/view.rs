//! What the templates of the call screen draw: plain texts, already in the language of the person.

use super::items::MoreItems;
use crate::qualifying::pages::ContradictionView;

/// One option of a choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Stable code, sent back by the form.
    pub code: String,
    /// What the person reads.
    pub text: String,
    /// Chosen now.
    pub checked: bool,
}

impl Choice {
    /// An option.
    pub fn new(code: impl Into<String>, text: impl Into<String>, checked: bool) -> Self {
        Self {
            code: code.into(),
            text: text.into(),
            checked,
        }
    }
}

/// A target of the day and how far it is.
#[derive(Debug, Clone)]
pub struct Goal {
    /// Key of its name.
    pub key: &'static str,
    /// Reached so far.
    pub done: i64,
    /// Wanted.
    pub target: i64,
    /// Below this the day is thin.
    pub floor: i64,
}

impl Goal {
    /// The colour of its bar.
    pub fn kind(&self) -> &'static str {
        if self.done >= self.target {
            "good"
        } else if self.done < self.floor {
            "warn"
        } else {
            ""
        }
    }
}

/// A call-back of today.
#[derive(Debug, Clone)]
pub struct Due {
    /// The agreed minute.
    pub time: String,
    /// Company or person.
    pub name: String,
    /// How soon or how late; may be empty.
    pub note: String,
    /// `late`, `soon` or empty.
    pub kind: &'static str,
}

/// A number as it is shown and dialled.
#[derive(Debug, Clone, Default)]
pub struct Number {
    /// `0512-4700 0417`.
    pub shown: String,
    /// Extension in words, or empty.
    pub ext: String,
    /// `tel:` link, or empty.
    pub tel: String,
    /// Mobile, direct line, switchboard.
    pub kind: String,
    /// How often it was dialled.
    pub dials: String,
}

/// A person with one of the numbers, or a number of the company.
#[derive(Debug, Clone)]
pub struct Line {
    /// `<contact id or empty>:<point id or empty>`.
    pub value: String,
    /// Symbol.
    pub icon: &'static str,
    /// Who.
    pub name: String,
    /// How the script calls them.
    pub call_name: String,
    /// Title.
    pub title: String,
    /// What is known about person and number.
    pub about: String,
    /// The number.
    pub number: Number,
    /// Why it cannot be dialled.
    pub barred: Option<String>,
    /// Chosen now.
    pub checked: bool,
}

/// Something that happened with the company.
#[derive(Debug, Clone)]
pub struct Happened {
    /// Day.
    pub day: String,
    /// The same for machines.
    pub iso: String,
    /// What.
    pub title: String,
    /// What was noted.
    pub text: String,
    /// A call that reached somebody.
    pub is_key: bool,
}

/// A step of the script.
#[derive(Debug, Clone)]
pub struct StepView {
    /// Id in the script.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What to say, as safe HTML.
    pub say: String,
    /// Fields it asks for, by blanks.
    pub questions: String,
    /// Its branches as JSON.
    pub next: String,
}

/// What is asked in a call.
#[derive(Debug, Clone, Default)]
pub struct Questions {
    /// Urgency.
    pub urgency: Vec<Choice>,
    /// What was said before.
    pub urgency_before: String,
    /// Rough needs of the office.
    pub needs: Vec<Choice>,
    /// In words.
    pub need_text: String,
    /// What was said before.
    pub needs_before: String,
    /// Whether they have begun to choose.
    pub selection: Vec<Choice>,
    /// What was said before.
    pub selection_before: String,
    /// Where the money stands.
    pub budget: Vec<Choice>,
    /// What was said before.
    pub budget_before: String,
    /// Who decides.
    pub decider: String,
    /// What was said before.
    pub decider_before: String,
    /// The other key items.
    pub more: MoreItems,
    /// Note.
    pub note: String,
}

/// A result that can be chosen.
#[derive(Debug, Clone)]
pub struct OutcomeView {
    /// Code.
    pub code: &'static str,
    /// Name.
    pub text: String,
    /// What finds it: pinyin initials and English.
    pub find: String,
    /// Chosen now.
    pub checked: bool,
}

/// A part that is missing in the record.
#[derive(Debug, Clone)]
pub struct Gap {
    /// Field code.
    pub field: &'static str,
    /// Name.
    pub label: String,
    /// Points it adds; 0 = beside another one.
    pub points: u32,
    /// Typed so far.
    pub value: String,
    /// `inputmode`, or empty.
    pub mode: &'static str,
    /// Placeholder.
    pub placeholder: String,
    /// Where only codes are taken.
    pub options: Vec<Choice>,
}

/// What would follow if the call were saved as it stands.
#[derive(Debug, Clone, Default)]
pub struct Foretold {
    /// Grade now.
    pub before: String,
    /// Proposed grade, empty where none.
    pub proposed: String,
    /// In one line.
    pub why: String,
    /// Why, one reason a line, with the class of its line.
    pub reasons: Vec<(&'static str, String)>,
    /// What contradicts itself, the heaviest first.
    pub clashes: Vec<ContradictionView>,
    /// Next steps.
    pub next: Vec<String>,
    /// How complete the record is; none where there is no company.
    pub record: Option<RecordView>,
}

/// How complete a record is, and what a hand-over waits for.
#[derive(Debug, Clone, Default)]
pub struct RecordView {
    /// Points.
    pub points: i32,
    /// Colour of the ring.
    pub kind: &'static str,
    /// Points in words.
    pub label: String,
    /// What they mean.
    pub say: String,
    /// What a hand-over still lacks, in words; empty when it lacks nothing, or the next steps tell it.
    pub lacking: String,
}

/// A refusal in words.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What.
    pub text: String,
    /// And now.
    pub remedy: String,
}

/// The result form.
#[derive(Debug, Clone, Default)]
pub struct ResultForm {
    /// Why it was not saved.
    pub error: Option<Refused>,
    /// The nine by digit.
    pub first: Vec<OutcomeView>,
    /// The others.
    pub rest: Vec<OutcomeView>,
    /// One of the others is chosen.
    pub rest_open: bool,
    /// Suggested moments.
    pub slots: Vec<Choice>,
    /// Date by hand.
    pub date: String,
    /// Time by hand.
    pub time: String,
    /// What the hours mean.
    pub hours: String,
    /// Reasons of the office.
    pub reasons: Vec<Choice>,
    /// Reason in words.
    pub reason: String,
    /// Ways that were refused.
    pub ways: Vec<Choice>,
    /// Asked twice.
    pub sure: bool,
    /// Mail address for material.
    pub email: String,
    /// WeChat number.
    pub wechat: String,
    /// Satisfaction with the present system.
    pub satisfaction: Vec<Choice>,
    /// Who does the work now.
    pub successor: String,
    /// New address.
    pub moved_to: String,
    /// What was searched.
    pub duplicate_find: String,
    /// What was found or chosen.
    pub duplicates: Vec<Choice>,
    /// The agent's own grade.
    pub grades: Vec<Choice>,
    /// Why another than proposed: reasons of the office.
    pub grade_reasons: Vec<Choice>,
    /// Whether there is a company whose record has gaps.
    pub has_gaps: bool,
    /// Missing parts, what adds most first.
    pub gaps: Vec<Gap>,
    /// The rest in a line.
    pub more_gaps: String,
    /// What follows.
    pub foretold: Foretold,
}
