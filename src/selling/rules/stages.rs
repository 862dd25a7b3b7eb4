//! The stages of a sale, what is asked at the door of each, and which may be entered again.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::stage_list::StageRule;
use crate::codes;

codes! {
    /// A stage. 交流, Demo and 疑虑排除 are repeated as often as it takes.
    pub enum Stage {
        /// The rep has the company, nothing happened yet.
        Listed = "listed" => "stage-listed",
        /// 初访.
        FirstVisit = "first_visit" => "stage-first-visit",
        /// 交流.
        Exchange = "exchange" => "stage-exchange",
        /// Demo.
        Demo = "demo" => "stage-demo",
        /// 书面报价.
        Quotation = "quotation" => "stage-quotation",
        /// 疑虑排除.
        Objections = "objections" => "stage-objections",
        /// 商务谈判.
        Negotiation = "negotiation" => "stage-negotiation",
        /// 签约, the customer seals first.
        Signing = "signing" => "stage-signing",
    }
}

codes! {
    /// What is asked before a stage is entered.
    pub enum Evidence {
        /// With whom.
        With = "with" => "evidence-with",
        /// On which day.
        On = "on" => "evidence-on",
        /// What they need, in their words.
        Need = "need" => "evidence-need",
        /// What pleased them.
        Pleased = "pleased" => "evidence-pleased",
        /// The amount, in whole units of the office's currency.
        Amount = "amount" => "evidence-amount",
        /// What they doubt.
        Doubt = "doubt" => "evidence-doubt",
        /// What was answered.
        Answer = "answer" => "evidence-answer",
        /// What is still open.
        Open = "open" => "evidence-open",
        /// Whether the customer sealed first: yes or no.
        SealedFirst = "sealed_first" => "evidence-sealed-first",
    }
}

/// Longest answer.
const LONGEST: usize = 2_000;

impl Stage {
    /// May be entered more than once, as it ships.
    pub fn is_repeated(self) -> bool {
        matches!(self, Self::Exchange | Self::Demo | Self::Objections)
    }

    /// What is asked at its door, as it ships.
    pub fn asks(self) -> &'static [Evidence] {
        use Evidence::{Amount, Answer, Doubt, Need, On, Open, Pleased, SealedFirst, With};
        match self {
            Self::Listed => &[],
            Self::FirstVisit => &[With, On],
            Self::Exchange => &[With, On, Need],
            Self::Demo => &[With, On, Pleased],
            Self::Quotation => &[On, Amount],
            Self::Objections => &[Doubt, Answer],
            Self::Negotiation => &[With, Open],
            Self::Signing => &[On, Amount, SealedFirst],
        }
    }
}

codes! {
    /// Why a stage cannot be entered; the sentence is `error-<code>`.
    pub enum StageFault {
        /// It was entered before and is not repeated.
        Done = "stage_done" => "error-stage-done",
        /// It is not offered, or a company is in it from the beginning.
        NoDoor = "stage_no_door" => "error-stage-no-door",
        /// An answer is missing.
        EvidenceMissing = "stage_evidence_missing" => "error-stage-evidence-missing",
        /// An answer cannot be read.
        EvidenceUnreadable = "stage_evidence_unreadable" => "error-stage-evidence-unreadable",
        /// Signed without a quotation that they could have signed.
        NoQuotation = "stage_no_quotation" => "error-stage-no-quotation",
    }
}

/// A stage that may be entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// How manieth time.
    pub nth: i32,
    /// The answers, read.
    pub evidence: Map<String, Value>,
    /// Minor units, where an amount was asked.
    pub amount_minor: Option<i64>,
}

/// Whether an opportunity that went through `past` may enter a stage, as the office set it, with these answers. The
/// fault names what it is about.
pub fn enter(
    rule: Option<&StageRule>,
    past: &[Stage],
    answers: &BTreeMap<String, String>,
) -> Result<Entered, (StageFault, &'static str)> {
    let Some(rule) = rule.filter(|rule| rule.active) else {
        return Err((StageFault::NoDoor, "stage"));
    };
    let stage = rule.stage;
    let before = past.iter().filter(|s| **s == stage).count();
    if before > 0 && !rule.repeated {
        return Err((StageFault::Done, "stage"));
    }
    if stage == Stage::Signing && !past.contains(&Stage::Quotation) {
        return Err((StageFault::NoQuotation, "stage"));
    }
    let mut entered = Entered {
        nth: before as i32 + 1,
        evidence: Map::new(),
        amount_minor: None,
    };
    for asked in &rule.asks {
        let given = answers.get(asked.code()).map_or("", |text| text.trim());
        if given.is_empty() {
            return Err((StageFault::EvidenceMissing, asked.code()));
        }
        let read = read(*asked, given).ok_or((StageFault::EvidenceUnreadable, asked.code()))?;
        if *asked == Evidence::Amount {
            entered.amount_minor = read.as_i64();
        }
        entered.evidence.insert(asked.code().to_owned(), read);
    }
    Ok(entered)
}

fn read(asked: Evidence, given: &str) -> Option<Value> {
    match asked {
        Evidence::On => given
            .parse::<NaiveDate>()
            .ok()
            .map(|day| Value::from(day.to_string())),
        Evidence::Amount => amount(given).map(Value::from),
        Evidence::SealedFirst => match given {
            "yes" | "true" => Some(Value::from(true)),
            "no" | "false" => Some(Value::from(false)),
            _ => None,
        },
        _ => (given.len() <= LONGEST).then(|| Value::from(given)),
    }
}

/// `680,000.50` in minor units.
fn amount(text: &str) -> Option<i64> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '¥'))
        .collect();
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let is_plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 13
        || cents.len() > 2
        || !is_plain(whole)
        || !is_plain(cents)
    {
        return None;
    }
    let minor = whole.parse::<i64>().ok()? * 100 + format!("{cents:0<2}").parse::<i64>().ok()?;
    (minor > 0).then_some(minor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selling::rules::stage_list::StageList;

    fn enter(
        stage: Stage,
        past: &[Stage],
        answers: &BTreeMap<String, String>,
    ) -> Result<Entered, (StageFault, &'static str)> {
        super::enter(StageList::default().rule(stage), past, answers)
    }

    fn answers(given: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
        given.iter().map(own).collect()
    }

    #[test]
    fn each_stage_asks_for_its_evidence() {
        let visit = answers(&[("with", "周工"), ("on", "2026-09-29")]);
        let entered = enter(Stage::FirstVisit, &[], &visit).expect("enough");
        assert_eq!(
            (entered.nth, entered.evidence["with"].as_str()),
            (1, Some("周工"))
        );
        let bare = enter(Stage::FirstVisit, &[], &answers(&[("with", "周工")]));
        assert_eq!(bare, Err((StageFault::EvidenceMissing, "on")));
        let odd = answers(&[("with", "周工"), ("on", "next week")]);
        assert_eq!(
            enter(Stage::FirstVisit, &[], &odd),
            Err((StageFault::EvidenceUnreadable, "on"))
        );
        for stage in Stage::ALL {
            let asks = stage.asks();
            assert_eq!(asks.is_empty(), *stage == Stage::Listed);
        }
    }

    #[test]
    fn some_stages_are_repeated_and_counted_others_are_not() {
        let demo = answers(&[
            ("with", "周工"),
            ("on", "2026-10-12"),
            ("pleased", "报价快"),
        ]);
        let past = [
            Stage::FirstVisit,
            Stage::Demo,
            Stage::Quotation,
            Stage::Demo,
        ];
        assert_eq!(enter(Stage::Demo, &past, &demo).expect("again").nth, 3);
        let visit = answers(&[("with", "周工"), ("on", "2026-10-12")]);
        assert_eq!(
            enter(Stage::FirstVisit, &past, &visit),
            Err((StageFault::Done, "stage"))
        );
        assert_eq!(
            enter(Stage::Listed, &[], &answers(&[])),
            Err((StageFault::NoDoor, "stage"))
        );
    }

    #[test]
    fn a_signature_needs_a_quotation_and_says_who_sealed_first() {
        let signed = answers(&[
            ("on", "2026-11-02"),
            ("amount", "680,000.5"),
            ("sealed_first", "yes"),
        ]);
        assert_eq!(
            enter(Stage::Signing, &[Stage::Demo], &signed),
            Err((StageFault::NoQuotation, "stage"))
        );
        let entered = enter(Stage::Signing, &[Stage::Quotation], &signed).expect("signed");
        assert_eq!(entered.amount_minor, Some(68_000_050));
        assert_eq!(entered.evidence["sealed_first"], Value::from(true));
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, minor) in [
            ("680000", Some(68_000_000)),
            ("¥1，200.05", Some(120_005)),
            ("0", None),
            ("-5", None),
            ("1.234", None),
            ("六十万", None),
        ] {
            assert_eq!(amount(text), minor, "{text}");
        }
    }
}
