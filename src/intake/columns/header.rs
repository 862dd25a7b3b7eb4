//! Where the header of a sheet is.

use serde::{Deserialize, Serialize};

use super::content::{Look, look};
use super::words::{LONGEST_HEADING, is_heading_word, recognise};
use crate::intake::decode::row::RawRow;
use crate::registry::rules::script::normalise;

/// A header is looked for in this many rows that say something.
const SEARCHED: usize = 30;

/// Where the header stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "HeaderText")]
pub enum HeaderRow {
    /// To be found out.
    #[default]
    Auto,
    /// The list has none.
    None,
    /// In this row (physical line in texts), from 1.
    At(u64),
}

/// In JSON a header row is `"auto"`, `"none"`, `"4"` or 4.
#[derive(Deserialize)]
#[serde(untagged)]
enum HeaderText {
    Text(String),
    Number(u64),
}

impl From<HeaderRow> for String {
    fn from(row: HeaderRow) -> Self {
        match row {
            HeaderRow::Auto => "auto".to_owned(),
            HeaderRow::None => "none".to_owned(),
            HeaderRow::At(row) => row.to_string(),
        }
    }
}

impl TryFrom<HeaderText> for HeaderRow {
    type Error = String;

    fn try_from(text: HeaderText) -> Result<Self, String> {
        match text {
            HeaderText::Text(text) => text.parse(),
            HeaderText::Number(0) => Ok(Self::None),
            HeaderText::Number(row) => Ok(Self::At(row)),
        }
    }
}

impl std::str::FromStr for HeaderRow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" | "auto" => Ok(Self::Auto),
            "none" | "0" => Ok(Self::None),
            number => number
                .parse()
                .map(Self::At)
                .map_err(|_| format!("no header row: {number}")),
        }
    }
}

/// A header that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub row_no: u64,
    /// One text for each column, empty where the column has none.
    pub headings: Vec<String>,
}

/// Finds the header among the first rows.
pub(crate) fn find(rows: &[RawRow], wanted: HeaderRow) -> Option<Header> {
    match wanted {
        HeaderRow::None => None,
        HeaderRow::At(row_no) => {
            let at = rows.iter().position(|row| row.row_no == row_no)?;
            Some(header_at(rows, at))
        }
        HeaderRow::Auto => {
            let filled = rows
                .iter()
                .enumerate()
                .filter(|(_, row)| !row.is_blank())
                .take(SEARCHED);
            let scored = filled.filter_map(|(at, row)| Some((score(row)?, at)));
            // The first of the best: a repeated header further down is no better.
            let (_, at) = scored.max_by_key(|(known, at)| (*known, std::cmp::Reverse(*at)))?;
            Some(header_at(rows, at))
        }
    }
}

fn header_at(rows: &[RawRow], at: usize) -> Header {
    let mut headings: Vec<String> = rows[at]
        .cells
        .iter()
        .map(|cell| heading_text(&cell.text))
        .collect();
    if let Some(below) = rows[at + 1..]
        .iter()
        .find(|row| !row.is_blank())
        .filter(|row| is_sub_header(row))
    {
        for (index, cell) in below.filled() {
            if headings.len() <= index {
                headings.resize(index + 1, String::new());
            }
            headings[index] = heading_text(&cell.text);
        }
    }
    Header {
        row_no: rows[at].row_no,
        headings,
    }
}

/// One line of text without doubled spaces.
fn heading_text(cell: &str) -> String {
    normalise(cell)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// How many cells of a row are known headings; `None` if it is no header.
fn score(row: &RawRow) -> Option<usize> {
    let (mut filled, mut known, mut exact) = (0, 0, 0);
    for (_, cell) in row.filled() {
        filled += 1;
        if is_value(&cell.text) {
            return None;
        }
        if let Some(found) = recognise(&cell.text) {
            known += 1;
            exact += usize::from(found.exact);
        }
    }
    let enough = match filled {
        0 => false,
        1 => exact == 1 && row.cells.len() == 1,
        _ => known >= 2 && known * 2 >= filled && (exact >= 1 || known >= 3),
    };
    enough.then_some(known)
}

/// A cell that can only be data.
fn is_value(cell: &str) -> bool {
    let long = cell.chars().count() > LONGEST_HEADING * 2;
    long || matches!(
        look(cell),
        Some(
            Look::Email
                | Look::Website
                | Look::CreditCode
                | Look::Mobile
                | Look::Phone
                | Look::Date
                | Look::Address
        )
    )
}

/// Every cell that says anything is exactly a known heading: the second line of a header.
fn is_sub_header(row: &RawRow) -> bool {
    let mut filled = 0;
    for (_, cell) in row.filled() {
        filled += 1;
        if !is_heading_word(&cell.text) {
            return false;
        }
    }
    filled >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::decode::row::Cell;

    fn rows(text: &str) -> Vec<RawRow> {
        let row = |(line, row_no): (&str, u64)| RawRow {
            row_no,
            cells: line.split(',').map(Cell::text).collect(),
            ..RawRow::default()
        };
        text.lines().zip(1..).map(row).collect()
    }

    #[test]
    fn the_header_stands_below_titles() {
        let found = find(&rows("展会名录,,\n制表：服务部,,2024-05-20\n\n序号,单位名称,电话\n1,甲公司,0512-65801234"), HeaderRow::Auto).unwrap();
        assert_eq!(found.row_no, 4);
    }

    #[test]
    fn two_lines_of_a_header_become_one() {
        let found = find(
            &rows("序号,公司,联系方式,,备注\n,,手机,电话,\n1,甲公司,13912345678,,"),
            HeaderRow::Auto,
        )
        .unwrap();
        assert_eq!(found.headings, ["序号", "公司", "手机", "电话", "备注"]);
    }

    #[test]
    fn a_list_without_header_has_none() {
        assert_eq!(
            find(
                &rows(
                    "南通市莱贝莱印刷有限公司,0513-49530761,南通\n广东思格艾服饰,0760-61205123,中山"
                ),
                HeaderRow::Auto
            ),
            None
        );
        assert_eq!(
            find(&rows("号码\n13912345678"), HeaderRow::Auto).map(|h| h.row_no),
            Some(1)
        );
    }

    #[test]
    fn a_header_row_is_written_as_word_or_number() {
        for (row, text) in [
            (HeaderRow::Auto, "\"auto\""),
            (HeaderRow::None, "\"none\""),
            (HeaderRow::At(4), "\"4\""),
        ] {
            assert_eq!(serde_json::to_string(&row).unwrap(), text);
            assert_eq!(serde_json::from_str::<HeaderRow>(text).unwrap(), row);
        }
        assert_eq!(
            serde_json::from_str::<HeaderRow>("4").unwrap(),
            HeaderRow::At(4)
        );
    }
}
