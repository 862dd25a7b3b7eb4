//! What a recorded call answers.

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use crate::calling::actions::Rulebook;
use crate::calling::rules::NextStep;
use crate::flows::hand_over::Handing;
use crate::platform::i18n::Lang;
use crate::qualifying::Grade;
use crate::qualifying::actions::GradeOutcome;

/// What a recorded call answers.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The call.
    pub call_id: i64,
    /// Grade before, proposed and after, with reasons.
    pub grade: GradeOutcome,
    /// Everything that follows, each with its reasons.
    pub step: NextStep,
    /// When the entry is called next.
    pub next_attempt_at: Option<NaiveDateTime>,
    /// To whom the lead went, or what it still lacks.
    pub handing: Handing,
}

impl Recorded {
    /// As programs see it.
    pub fn to_json(&self, lang: Lang, rules: &Rulebook, now: NaiveDateTime) -> Value {
        let zone = rules.calendars.office().zone();
        let reasons: Vec<Value> = self
            .grade
            .reasons
            .iter()
            .map(|reason| {
                let mut value = serde_json::to_value(reason).unwrap_or_default();
                value["text"] = json!(reason.sentence().write(lang, zone, now));
                value
            })
            .collect();
        let code = |grade: Option<Grade>| grade.map(Grade::code);
        let lacking = self.handing.lacking.iter();
        let lacks: Vec<Value> = lacking
            .map(|what| json!({ "code": what, "text": lang.text(what.key()) }))
            .collect();
        json!({
            "call_id": self.call_id,
            "grade": { "before": code(self.grade.before), "proposed": code(self.grade.proposed), "after": code(self.grade.after), "reasons": reasons,
                "headline": self.grade.headline.as_ref().map(|line| line.write(lang, zone, now)) },
            "contradictions": [],
            "next_attempt_at": self.next_attempt_at.map(|at| at.and_utc()),
            "steps": self.step.steps,
            "handover": null,
            "handover_lacks": lacks,
        })
    }
}
