//! Which companies: one type for fills, work lists, audiences and exports.
//!
//! Every criterion is a cached column or bit of the root that stands in the covering indexes, or is found by an
//! index of its own, so that a filter never reads a table from end to end. What stands in the row only is asked for by a
//! subquery of its own, after the bits: otherwise PostgreSQL would read every row that it walks over.
//!
//! Numbers stand in the text, never as a bound list: PostgreSQL would read the list again for every row.

use chrono::{Months, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::model::{CompanyState, channel_bit};
use super::rules::completeness::RecordPart;
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

const SIZES: [&str; 5] = ["<20", "20-99", "100-299", "300-999", ">=1000"];
const URGENCIES: [&str; 7] = ["M1", "M3", "M4_6", "M7_12", "GT12", "NOPLAN", "UNKNOWN"];
/// The months that bound the dated urgencies.
const MONTHS: [u32; 5] = [0, 1, 3, 6, 12];

impl Filter {
    /// It asks for nothing: everybody.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// An index leads to those who fit; without one a list has to be walked to find them.
    pub fn has_index(&self) -> bool {
        !self.region.is_empty() || !self.owner.is_empty() || !self.tag.is_empty()
    }

    /// It looks at what stands in no index, so that every company that is walked over costs a look at its row.
    pub fn reads_rows(&self) -> bool {
        !self.need.is_empty()
            || !self.source.is_empty()
            || !self.urgency.is_empty()
            || self.last_touch_before.is_some()
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
        all.one_of("(c.facets & 7)", &self.grade, "grade", |code| {
            ["none", "A", "B", "C", "D", "E"]
                .iter()
                .position(|g| *g == code)
        })?;
        all.one_of("((c.facets >> 3) & 7)", &self.state, "state", |code| {
            CompanyState::ALL.iter().position(|s| s.code() == code)
        })?;
        all.one_of("((c.facets >> 6) & 7)", &self.size, "size", |code| {
            SIZES.iter().position(|s| *s == code).map(|at| at + 1)
        })?;
        if let Some(below) = self.completeness_below {
            all.add(
                "((c.facets >> 12) & 127) < ?",
                [Value::from(i64::from(below))],
            );
        }
        if self.never_called {
            all.add("((c.facets >> 19) & 1) = 1", []);
        }
        if !self.missing.is_empty() {
            let bits = bits_of(&self.missing, "missing", |code| {
                RecordPart::from_code(code).map(RecordPart::bit)
            })?;
            all.add(
                "((c.facets >> 20) & ?) = ?",
                [Value::from(bits), Value::from(bits)],
            );
        }
        if !self.channel.is_empty() {
            let bits = bits_of(&self.channel, "channel", |code| {
                Some(channel_bit(code)).filter(|bit| *bit != 0)
            })?;
            all.add("((c.facets >> 36) & ?) <> 0", [Value::from(bits)]);
        }
        Ok(())
    }

    fn placed(&self, all: &mut Collector) {
        all.prefixes("c.region", self.region.iter().map(|code| place(code)));
        all.prefixes("c.industry", self.industry.iter().map(String::as_str));
        if !self.owner.is_empty() {
            all.add(&format!("c.owner_id IN ({})", listed(&self.owner)), []);
        }
        if !self.need.is_empty() {
            let bits = self
                .need
                .iter()
                .filter(|bit| **bit < 63)
                .fold(0_i64, |sum, bit| sum | 1 << bit);
            all.add(&in_row("(f.needs & ?) <> 0"), [Value::from(bits)]);
        }
    }

    /// Time moves the urgency: whoever said a date is in the bucket that the date is in today.
    fn timed(&self, all: &mut Collector, today: NaiveDate, zone: Tz) -> AppResult<()> {
        if let Some(day) = self.last_touch_before {
            all.add(
                &in_row("f.last_touch_at IS NULL OR f.last_touch_at < ?"),
                [Value::from(zone::day_start(zone, day))],
            );
        }
        if self.urgency.is_empty() {
            return Ok(());
        }
        let (mut parts, mut values) = (Vec::<String>::new(), Vec::new());
        let day = |months: u32| {
            today
                .checked_add_months(Months::new(months))
                .unwrap_or(NaiveDate::MAX)
        };
        for code in &self.urgency {
            let at = URGENCIES.iter().position(|u| u == code);
            let at = at.ok_or_else(|| unknown("urgency", code))?;
            if at > 3 {
                parts.push(format!("((c.facets >> 9) & 7) = {}", at + 1));
            } else if at == 0 {
                parts.push(dated("f.sign_by <= ?"));
                values.push(Value::from(day(1)));
            } else {
                parts.push(dated("f.sign_by > ? AND f.sign_by <= ?"));
                values.push(Value::from(day(MONTHS[at])));
                values.push(Value::from(day(MONTHS[at + 1])));
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
        if !self.tag.is_empty() {
            let text = "EXISTS (SELECT 1 FROM tag_link g WHERE g.company_id = c.id AND g.tag_id IN";
            all.add(&format!("{text} ({}))", listed(&self.tag)), []);
        }
    }
}

/// A condition on what stands in the row `f` of `c` only.
fn in_row(condition: &str) -> String {
    format!("(SELECT {condition} FROM company f WHERE f.id = c.id)")
}

/// An urgency with a day, and what is asked of that day.
fn dated(condition: &str) -> String {
    format!(
        "(((c.facets >> 9) & 7) BETWEEN 1 AND 4 AND {})",
        in_row(condition)
    )
}

/// Numbers by comma.
fn listed(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    numbers.join(", ")
}

#[derive(Default)]
struct Collector {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Collector {
    fn add(&mut self, part: &str, values: impl IntoIterator<Item = Value>) {
        self.parts.push(part.to_owned());
        self.values.extend(values);
    }

    fn one_of(
        &mut self,
        packed: &str,
        codes: &[String],
        field: &'static str,
        number: impl Fn(&str) -> Option<usize>,
    ) -> AppResult<()> {
        if codes.is_empty() {
            return Ok(());
        }
        let numbers = codes.iter().map(|code| {
            number(code)
                .map(|n| n as i64)
                .ok_or_else(|| unknown(field, code))
        });
        let numbers = numbers.collect::<AppResult<Vec<i64>>>()?;
        self.add(&format!("{packed} IN ({})", listed(&numbers)), []);
        Ok(())
    }

    fn prefixes<'a>(&mut self, column: &str, prefixes: impl Iterator<Item = &'a str>) {
        let (mut parts, mut values) = (Vec::new(), Vec::new());
        for prefix in prefixes {
            parts.push(format!("({column} >= ? AND {column} < ?)"));
            values.push(Value::from(prefix));
            values.push(Value::from(after(prefix)));
        }
        if !parts.is_empty() {
            self.add(&format!("({})", parts.join(" OR ")), values);
        }
    }

    fn done(self) -> Criteria {
        if self.parts.is_empty() {
            return Criteria::everybody();
        }
        Criteria {
            text: self.parts.join(" AND "),
            values: self.values,
        }
    }
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

/// The first text behind all that begin with `prefix`; codes are ASCII.
fn after(prefix: &str) -> String {
    let mut bytes = prefix.as_bytes().to_vec();
    match bytes.last_mut() {
        Some(last) if last.is_ascii() => *last += 1,
        _ => bytes.push(b'~'),
    }
    String::from_utf8(bytes).unwrap_or_else(|_| format!("{prefix}~"))
}

#[cfg(test)]
mod tests {
    use chrono_tz::UTC;

    use super::*;

    fn at() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 9, 24)
            .and_then(|d| d.and_hms_opt(2, 0, 0))
            .expect("a date")
    }

    #[test]
    fn an_empty_filter_asks_nothing() {
        let filter: Filter = serde_json::from_str("{}").expect("JSON");
        assert!(filter.is_empty() && filter.speaks_to_persons());
        assert_eq!(filter.criteria(at(), UTC).expect("fine").text, "1 = 1");
    }

    #[test]
    fn every_question_mark_has_its_value() {
        let filter: Filter = serde_json::from_str(
            r#"{"grade":["B","none"],"region":["320500","US-CA"],"industry":["C"],"size":["20-99"],"channel":["EXPO"],"source":[3],
                "owner":[7],"state":["new","pool"],"urgency":["M1","M3","NOPLAN"],"need":[0,2],"completeness<":50,"missing":["key_mobile"],
                "last_touch_before":"2026-01-01","never_called":true,"tag":[1]}"#,
        )
        .expect("JSON");
        let criteria = filter.criteria(at(), UTC).expect("fine");
        assert_eq!(criteria.text.matches('?').count(), criteria.values.len());
        assert!(
            criteria.values.contains(&Value::from("3205"))
                && criteria.values.contains(&Value::from("3206"))
        );
        assert!(!filter.speaks_to_persons());
    }

    #[test]
    fn an_unknown_code_names_its_criterion() {
        let filter = Filter {
            grade: vec!["F".into()],
            ..Filter::default()
        };
        let error = filter.criteria(at(), UTC).expect_err("no such grade");
        let refusal = error.refusal().expect("a refusal");
        assert_eq!(refusal.code, "filter_unknown_code");
        assert!(refusal.args.contains(&("field", "grade".into())));
        assert!(serde_json::from_str::<Filter>(r#"{"colour":["red"]}"#).is_err());
    }
}
