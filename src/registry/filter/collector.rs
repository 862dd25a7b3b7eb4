//! Puts the parts of a condition together.

use super::{Criteria, listed, unknown};
use crate::platform::db::Value;
use crate::platform::error::AppResult;

#[derive(Default)]
pub(super) struct Collector {
    /// Mask and value: all bits that have to be so are looked at together, since a walk looks at each company.
    facets: (i64, i64),
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Collector {
    /// Nothing is asked.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.facets.0 == 0
    }

    /// A part, with the values of its `?`s.
    pub(super) fn add(&mut self, part: &str, values: impl IntoIterator<Item = Value>) {
        self.parts.push(part.to_owned());
        self.values.extend(values);
    }

    /// These bits of the facets have to be so.
    pub(super) fn is(&mut self, mask: i64, value: i64) {
        self.facets.0 |= mask;
        self.facets.1 |= value;
    }

    /// Three bits of the facets are one of these.
    pub(super) fn one_of(
        &mut self,
        shift: u32,
        codes: &[String],
        field: &'static str,
        number: impl Fn(&str) -> Option<usize>,
    ) -> AppResult<()> {
        let numbers = codes.iter().map(|code| {
            number(code)
                .map(|n| n as i64)
                .ok_or_else(|| unknown(field, code))
        });
        match numbers.collect::<AppResult<Vec<i64>>>()?.as_slice() {
            [] => {}
            [one] => self.is(7 << shift, one << shift),
            many => self.add(
                &format!("((c.facets >> {shift}) & 7) IN ({})", listed(many)),
                [],
            ),
        }
        Ok(())
    }

    /// A column begins with one of these.
    pub(super) fn prefixes<'a>(&mut self, column: &str, prefixes: impl Iterator<Item = &'a str>) {
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

    /// All parts together.
    pub(super) fn done(mut self) -> Criteria {
        let (mask, value) = self.facets;
        if mask != 0 {
            self.parts
                .insert(0, format!("(c.facets & {mask}) = {value}"));
        }
        if self.parts.is_empty() {
            return Criteria::everybody();
        }
        Criteria {
            text: self.parts.join(" AND "),
            values: self.values,
        }
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
