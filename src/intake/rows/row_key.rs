//! What makes a row the same row when the list comes again.

use std::collections::{HashMap, HashSet};

use crate::intake::decode::row::RawRow;
use crate::registry::rules::hash::{hash64, hash128};

/// The identity of a row within its source: its cells as they were read, by heading or position, never by what somebody
/// takes them for; and which of several equal rows it is.
pub fn row_key(source_id: i64, raw: &RawRow, headings: &[String], ordinal: u32) -> (i64, i64) {
    let mut parts = content(raw, headings);
    parts.push(format!("source {source_id}"));
    parts.push(format!("ordinal {ordinal}"));
    hash128(&parts)
}

/// Sorted, so that the order of the columns does not matter.
fn content(raw: &RawRow, headings: &[String]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::with_capacity(raw.cells.len() + 2);
    for (index, cell) in raw.filled() {
        let text = cell.text.trim();
        match headings.get(index).filter(|heading| !heading.is_empty()) {
            Some(heading) => parts.push(format!("h {heading}\u{1F}{text}")),
            None => parts.push(format!("p {index}\u{1F}{text}")),
        }
    }
    parts.sort_unstable();
    parts
}

/// Counts equal rows of a file; 8 bytes for each different row, since hardly any comes twice.
#[derive(Debug, Clone, Default)]
pub struct Ordinals {
    seen: HashSet<i64>,
    /// How many came after the first, of those that came again.
    again: HashMap<i64, u32>,
}

impl Ordinals {
    /// How many equal rows came before this one. Call it once for every row that is data.
    pub fn next(&mut self, raw: &RawRow, headings: &[String]) -> u32 {
        let row = hash64(&content(raw, headings).join("\u{1E}"));
        if self.seen.insert(row) {
            return 0;
        }
        let count = self.again.entry(row).or_default();
        *count += 1;
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::decode::row::Cell;

    fn row(cells: &[&str]) -> RawRow {
        RawRow {
            cells: cells.iter().map(|cell| Cell::text(*cell)).collect(),
            ..RawRow::default()
        }
    }

    fn headings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn columns_may_move_and_spaces_may_change() {
        let one = row_key(
            7,
            &row(&["甲公司", " 0512-65801234 ", ""]),
            &headings(&["公司", "电话", "备注"]),
            0,
        );
        let two = row_key(
            7,
            &row(&["0512-65801234", "甲公司"]),
            &headings(&["电话", "公司"]),
            0,
        );
        assert_eq!(one, two);
        assert_ne!(
            one,
            row_key(
                8,
                &row(&["甲公司", "0512-65801234"]),
                &headings(&["公司", "电话"]),
                0
            )
        );
        assert_ne!(
            one,
            row_key(
                7,
                &row(&["0512-65801234", "甲公司"]),
                &headings(&["公司", "电话"]),
                0
            )
        );
        assert_ne!(
            one,
            row_key(
                7,
                &row(&["甲公司", "0512-65801234"]),
                &headings(&["公司", "电话"]),
                1
            )
        );
    }

    #[test]
    fn equal_rows_are_numbered() {
        let mut ordinals = Ordinals::default();
        let counted: Vec<u32> = ["a", "b", "a", "a"]
            .iter()
            .map(|text| ordinals.next(&row(&[text]), &[]))
            .collect();
        assert_eq!(counted, [0, 0, 1, 2]);
    }
}
