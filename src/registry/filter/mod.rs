//! Which companies: one type for fills, work lists, audiences and exports.
//!
//! Every criterion is a cached column or bit of the root that stands in the covering indexes, or is found by an
//! index of its own, so that a filter never reads a table from end to end.
//!
//! Numbers stand in the text, never as a bound list: PostgreSQL would read the list again for every row.

mod collector;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use collector::Collector;

use super::model::{CompanyState, channel_bit};
use super::rules::completeness::RecordPart;
use super::rules::urgency;
use crate::platform::calendar::zone;
use crate::platform::db::Value;
use crate::platform::error::{AppError, AppResult};

/// What a company must be to be in; an empty list asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// `A` … `E`; `none` = never graded.
    pub grade: Vec<String>,
    /// Places by code; a province takes its cities in.
    pub region: Vec<String>,
    /// Sections or divisions of GB/T 4754; a section takes its divisions in.
    pub industry: Vec<String>,
    /// `<20` `20-99` `100-299` `300-999` `>=1000`.
    pub size: Vec<String>,
    /// Channels by code.
    pub channel: Vec<String>,
    /// Sources by id.
    pub source: Vec<i64>,
    /// Reps by id.
    pub owner: Vec<i64>,
    /// `new` `pool` `owned` `customer` `excluded`.
    pub state: Vec<String>,
    /// Urgency as it is today.
    pub urgency: Vec<String>,
    /// Needs by their bit.
    pub need: Vec<u32>,
    /// Less complete than this.
    #[serde(rename = "completeness<", alias = "completeness_below")]
    pub completeness_below: Option<i32>,
    /// Parts of the record that are all missing.
    pub missing: Vec<String>,
    /// No contact since before this day.
    pub last_touch_before: Option<NaiveDate>,
    /// Nobody ever dialled it.
    pub never_called: bool,
    /// Labels by id, any of them.
    pub tag: Vec<i64>,
}

/// A condition on the company row `c`, with the values of its `?`s.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    /// SQL that can stand behind `AND`.
    pub text: String,
    /// Values in the order of the text.
    pub values: Vec<Value>,
}

impl Criteria {
    /// Asks nothing.
    pub fn everybody() -> Self {
        Self {
            text: "1 = 1".to_owned(),
            values: Vec::new(),
        }
    }
}

/// A criterion to which an index leads.
#[derive(Debug, Clone)]
pub struct Lead {
    /// The criterion, as that index answers it.
    pub who: Criteria,
    /// What to count to know how many it leads to, as SQL behind `FROM`, and its values.
    pub entries: String,
    /// See `entries`.
    pub values: Vec<Value>,
    /// As many are found and sorted within the time of a walk through the list.
    pub few: i64,
}

/// What [`Lead::few`] is where an index answers everything, and where each company is looked up.
const FEW_IN_INDEX: i64 = 20_000;
const FEW_BY_ROW: i64 = 10_000;

const GRADES: [&str; 5] = ["A", "B", "C", "D", "E"];
const SIZES: [&str; 5] = ["<20", "20-99", "100-299", "300-999", ">=1000"];

impl Filter {
    /// It asks for nothing: everybody.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The criteria to which an index leads, so that the list need not be walked where few fit one of them.
    pub fn leads(&self) -> Vec<Lead> {
        let mut leads = Vec::new();
        let mut lead = |few: i64, fill: &dyn Fn(&mut Collector)| {
            let mut who = Collector::default();
            fill(&mut who);
            if who.is_empty() {
                return;
            }
            let who = who.done();
            leads.push(Lead {
                entries: format!("company c WHERE c.merged_into IS NULL AND {}", who.text),
                values: who.values.clone(),
                who,
                few,
            });
        };
        // The list that is walked does not know owners.
        lead(i64::from(i32::MAX), &|all| self.owned(all));
        lead(FEW_BY_ROW, &|all| self.tagged(all));
        let few = match self.looks_elsewhere() {
            true => FEW_BY_ROW,
            false => FEW_IN_INDEX,
        };
        lead(few, &|all| self.graded(all));
        lead(few, &|all| self.located(all));
        if self.looks_elsewhere() {
            leads.push(self.listed());
        }
        leads
    }

    /// It asks what stands beside the company, so that every one that is walked over costs a look elsewhere.
    pub fn looks_elsewhere(&self) -> bool {
        !self.source.is_empty()
    }

    /// It asks for nothing that only a company has, so persons without one can be in.
    pub fn speaks_to_persons(&self) -> bool {
        let plain = Self {
            source: Vec::new(),
            never_called: false,
            ..self.clone()
        };
        plain.is_empty()
    }

    /// The condition at an instant, by the days of a zone. 422 names the criterion that holds an unknown code.
    pub fn criteria(&self, now: NaiveDateTime, zone: Tz) -> AppResult<Criteria> {
        let mut all = Collector::default();
        self.packed(&mut all)?;
        self.placed(&mut all);
        self.timed(&mut all, zone::local_date(zone, now), zone)?;
        self.linked(&mut all);
        Ok(all.done())
    }

    /// What stands in `facets`.
    fn packed(&self, all: &mut Collector) -> AppResult<()> {
        all.one_of(0, &self.grade, "grade", |code| {
            ["none", "A", "B", "C", "D", "E"]
                .iter()
                .position(|g| *g == code)
        })?;
        all.one_of(3, &self.state, "state", |code| {
            CompanyState::ALL.iter().position(|s| s.code() == code)
        })?;
        all.one_of(6, &self.size, "size", |code| {
            SIZES.iter().position(|s| *s == code).map(|at| at + 1)
        })?;
        if let Some(below) = self.completeness_below {
            all.add(
                "((c.facets >> 12) & 127) < ?",
                [Value::from(i64::from(below))],
            );
        }
        if self.never_called {
            all.is(1 << 19, 1 << 19);
        }
        if !self.missing.is_empty() {
            let bits = bits_of(&self.missing, "missing", |code| {
                RecordPart::from_code(code).map(RecordPart::bit)
            })?;
            all.is(bits << 20, bits << 20);
        }
        if !self.channel.is_empty() {
            let bits = bits_of(&self.channel, "channel", |code| {
                Some(channel_bit(code)).filter(|bit| *bit != 0)
            })?;
            all.add("((c.facets >> 36) & ?) <> 0", [Value::from(bits)]);
        }
        Ok(())
    }

    fn located(&self, all: &mut Collector) {
        all.prefixes("c.region", self.region.iter().map(|code| place(code)));
    }

    fn owned(&self, all: &mut Collector) {
        if !self.owner.is_empty() {
            all.add(&format!("c.owner_id IN ({})", listed(&self.owner)), []);
        }
    }

    fn tagged(&self, all: &mut Collector) {
        if !self.tag.is_empty() {
            let text = "c.id IN (SELECT g.company_id FROM tag_link g WHERE g.tag_id IN";
            all.add(&format!("{text} ({}))", listed(&self.tag)), []);
        }
    }

    /// Grades by name, as the index of graded companies has them; whoever has none is in no index.
    fn graded(&self, all: &mut Collector) {
        if !self.grade.is_empty()
            && self
                .grade
                .iter()
                .all(|code| GRADES.contains(&code.as_str()))
        {
            let quoted: Vec<String> = self.grade.iter().map(|code| format!("'{code}'")).collect();
            all.add(&format!("c.grade IN ({})", quoted.join(", ")), []);
        }
    }

    /// Whoever a live record of these sources names.
    fn listed(&self) -> Lead {
        let of = format!("record r WHERE r.source_id IN ({})", listed(&self.source));
        let text = format!(
            "c.id IN (SELECT m.root_id FROM company m WHERE m.id IN (SELECT r.company_id FROM {of} AND r.company_id IS NOT NULL AND r.voided_at IS NULL))"
        );
        Lead {
            who: Criteria {
                text,
                values: Vec::new(),
            },
            entries: of,
            values: Vec::new(),
            few: FEW_BY_ROW,
        }
    }

    fn placed(&self, all: &mut Collector) {
        self.located(all);
        all.prefixes("c.industry", self.industry.iter().map(String::as_str));
        self.owned(all);
        if !self.need.is_empty() {
            let bits = self
                .need
                .iter()
                .filter(|bit| **bit < 63)
                .fold(0_i64, |sum, bit| sum | 1 << bit);
            all.add("(c.needs & ?) <> 0", [Value::from(bits)]);
        }
    }

    /// Time moves the urgency: whoever said a date is in the bucket that the date is in today.
    fn timed(&self, all: &mut Collector, today: NaiveDate, zone: Tz) -> AppResult<()> {
        if let Some(day) = self.last_touch_before {
            all.add(
                "(c.last_touch_at IS NULL OR c.last_touch_at < ?)",
                [Value::from(zone::day_start(zone, day))],
            );
        }
        if self.urgency.is_empty() {
            return Ok(());
        }
        let (mut parts, mut values) = (Vec::<String>::new(), Vec::new());
        let last_day = |at: usize| urgency::MONTHS.get(at).map(|m| urgency::limit(today, *m));
        for code in &self.urgency {
            let at = urgency::CODES.iter().position(|u| u == code);
            let at = at.ok_or_else(|| unknown("urgency", code))?;
            match (at.checked_sub(1).and_then(last_day), last_day(at)) {
                (_, None) => parts.push(format!("((c.facets >> 9) & 7) = {}", at + 1)),
                (None, Some(last)) => {
                    parts.push(dated("c.sign_by <= ?"));
                    values.push(Value::from(last));
                }
                (Some(nearer), Some(last)) => {
                    parts.push(dated("c.sign_by > ? AND c.sign_by <= ?"));
                    values.extend([Value::from(nearer), Value::from(last)]);
                }
            }
        }
        all.add(&format!("({})", parts.join(" OR ")), values);
        Ok(())
    }

    fn linked(&self, all: &mut Collector) {
        if !self.source.is_empty() {
            // A subquery for one row, not EXISTS: PostgreSQL would first read everything the list ever brought.
            let named = |of: &str| {
                format!(
                    "(SELECT r.id FROM {of} AND r.source_id IN ({}) AND r.voided_at IS NULL LIMIT 1) IS NOT NULL",
                    listed(&self.source)
                )
            };
            let own = named("record r WHERE r.company_id = c.id");
            let members = named(
                "company m JOIN record r ON r.company_id = m.id WHERE m.root_id = c.id AND m.merged_into IS NOT NULL",
            );
            all.add(
                &format!("({own} OR (((c.facets >> 47) & 1) = 1 AND {members}))"),
                [],
            );
        }
        self.tagged(all);
    }
}

/// An urgency with a day, and what is asked of that day.
fn dated(condition: &str) -> String {
    format!("(((c.facets >> 9) & 7) BETWEEN 1 AND 4 AND {condition})")
}

/// Numbers by comma.
fn listed(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    numbers.join(", ")
}

fn bits_of(
    codes: &[String],
    field: &'static str,
    bit: impl Fn(&str) -> Option<i32>,
) -> AppResult<i64> {
    codes.iter().try_fold(0, |sum, code| {
        bit(code)
            .map(|b| sum | i64::from(b))
            .ok_or_else(|| unknown(field, code))
    })
}

fn unknown(field: &'static str, code: &str) -> AppError {
    AppError::invalid("filter_unknown_code", field).with("value", code)
}

/// A GB/T 2260 code without the zeros that say "all of it".
fn place(code: &str) -> &str {
    let digits = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
    if digits && code.ends_with("0000") {
        &code[..2]
    } else if digits && code.ends_with("00") {
        &code[..4]
    } else {
        code
    }
}

#[cfg(test)]
mod tests;
