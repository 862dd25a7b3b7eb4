//! Decoded lines → records of cells.
//!
//! A broken quote must never swallow the rows behind it: a quoted cell may go on over the next lines only if its end is
//! found there before anything speaks against it. Otherwise the physical line is a row of its own, marked
//! [`RawFault::UnclosedQuote`], and reading goes on with the next physical line.

use std::collections::VecDeque;
use std::io;

use super::lines::{Line, TextLines};
use super::row::{Cell, RawFault, RawRow};

/// A quoted cell is followed over no more lines than this …
const LOOK_AHEAD_LINES: usize = 1_000;
/// … and no more bytes.
const LOOK_AHEAD_BYTES: usize = 1 << 20;

/// Records of a delimited text, in order, with bounded memory.
pub(crate) struct Records {
    lines: TextLines,
    ahead: VecDeque<Line>,
    delimiter: char,
    /// Cells of most lines: an inner line of a quoted cell with as many is a row, not text.
    width: usize,
}

/// How the cells of one line come out.
enum Split {
    Whole(Vec<Cell>),
    /// The last cell is quoted and still open; its text so far.
    Open(Vec<Cell>, String),
}

impl Records {
    pub fn new(lines: TextLines, delimiter: char, width: usize) -> Self {
        Self {
            lines,
            ahead: VecDeque::new(),
            delimiter,
            width,
        }
    }

    /// The next record, `None` at the end of the text.
    pub fn next_record(&mut self) -> io::Result<Option<RawRow>> {
        let Some(line) = self.take_line()? else {
            return Ok(None);
        };
        let fault = if line.too_long {
            Some(RawFault::LineTooLong)
        } else {
            line.bad.then_some(RawFault::BadEncoding)
        };
        let row = RawRow {
            sheet_no: 1,
            row_no: line.no,
            lines: 1,
            fault,
            had_nul: line.had_nul,
            ..RawRow::default()
        };
        match split(&line.text, self.delimiter) {
            Split::Whole(cells) => Ok(Some(RawRow {
                cells,
                raw: line.text,
                ..row
            })),
            Split::Open(cells, open) => self.continue_record(line, row, cells, open).map(Some),
        }
    }

    fn take_line(&mut self) -> io::Result<Option<Line>> {
        match self.ahead.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// The quoted cell `open` goes on over the next lines, or never ends.
    fn continue_record(
        &mut self,
        line: Line,
        mut row: RawRow,
        cells: Vec<Cell>,
        mut open: String,
    ) -> io::Result<RawRow> {
        row.cells = cells;
        row.raw = line.text;
        loop {
            let close = if row.lines as usize > LOOK_AHEAD_LINES {
                None
            } else {
                self.find_close(row.raw.len())?
            };
            let Some((index, close)) = close else {
                if row.lines == 1 {
                    row.cells = row.raw.split(self.delimiter).map(Cell::text).collect();
                } else {
                    row.cells.push(Cell::text(open));
                }
                row.fault = row.fault.or(Some(RawFault::UnclosedQuote));
                return Ok(row);
            };
            let Some(rest) = self.take_quoted(&mut row, open, index, close) else {
                return Ok(row);
            };
            match split(&rest, self.delimiter) {
                Split::Whole(more) => {
                    row.cells.extend(more);
                    return Ok(row);
                }
                Split::Open(more, next) => {
                    row.cells.extend(more);
                    open = next;
                }
            }
        }
    }

    /// Takes the lines up to the closing quote into the record; answers what stands behind the next delimiter.
    fn take_quoted(
        &mut self,
        row: &mut RawRow,
        mut open: String,
        last: usize,
        close: usize,
    ) -> Option<String> {
        let mut rest = None;
        for (index, line) in self.ahead.drain(..=last).enumerate() {
            row.lines += 1;
            row.raw.push('\n');
            row.raw.push_str(&line.text);
            row.had_nul |= line.had_nul;
            if line.bad {
                row.fault = Some(RawFault::BadEncoding);
            }
            let inside = if index == last {
                &line.text[..close]
            } else {
                &line.text
            };
            open.push('\n');
            open.push_str(&inside.replace("\"\"", "\""));
            if index == last {
                let behind = &line.text[close + 1..];
                rest = behind
                    .find(self.delimiter)
                    .map(|at| behind[at + self.delimiter.len_utf8()..].to_owned());
            }
        }
        row.cells.push(Cell::text(open));
        rest
    }

    /// Which of the lines ahead closes the cell, and at which byte; `None` if nothing does.
    fn find_close(&mut self, mut bytes: usize) -> io::Result<Option<(usize, usize)>> {
        for index in 0..LOOK_AHEAD_LINES {
            if index == self.ahead.len() {
                match self.lines.next_line()? {
                    Some(line) => self.ahead.push_back(line),
                    None => return Ok(None),
                }
            }
            let line = &self.ahead[index];
            bytes += line.text.len();
            if bytes > LOOK_AHEAD_BYTES || line.too_long {
                return Ok(None);
            }
            match closing_quote(&line.text, self.delimiter) {
                Closing::At(close) => return Ok(Some((index, close))),
                Closing::Stray => return Ok(None),
                Closing::Missing if self.is_row(&line.text) => return Ok(None),
                Closing::Missing => {}
            }
        }
        Ok(None)
    }

    fn is_row(&self, line: &str) -> bool {
        self.width >= 3 && line.matches(self.delimiter).count() + 1 == self.width
    }
}

enum Closing {
    At(usize),
    /// A quote in the middle of text: most likely the opening quote of another row.
    Stray,
    Missing,
}

/// The first quote that is not doubled, if it stands where a cell ends.
fn closing_quote(text: &str, delimiter: char) -> Closing {
    let mut from = 0;
    while let Some(at) = text[from..].find('"').map(|at| at + from) {
        let rest = &text[at + 1..];
        if rest.starts_with('"') {
            from = at + 2;
            continue;
        }
        return if ends_cell(rest, delimiter) {
            Closing::At(at)
        } else {
            Closing::Stray
        };
    }
    Closing::Missing
}

fn ends_cell(rest: &str, delimiter: char) -> bool {
    let rest = rest.trim_start_matches(' ');
    rest.is_empty() || rest.starts_with(delimiter)
}

/// The cells of one line, wherever its quotes close.
pub(crate) fn split_line(line: &str, delimiter: char) -> Vec<Cell> {
    match split(line, delimiter) {
        Split::Whole(cells) => cells,
        Split::Open(mut cells, open) => {
            cells.push(Cell::text(open));
            cells
        }
    }
}

fn split(line: &str, delimiter: char) -> Split {
    let mut cells = Vec::with_capacity(12);
    let mut rest = line;
    loop {
        let (text, behind) = match quoted(rest, delimiter) {
            Quoted::No => match rest.find(delimiter) {
                Some(at) => (rest[..at].to_owned(), Some(&rest[at..])),
                None => (rest.to_owned(), None),
            },
            Quoted::Closed(text, end) => (
                text,
                rest[end..].find(delimiter).map(|at| &rest[end + at..]),
            ),
            Quoted::Open(text) => return Split::Open(cells, text),
        };
        cells.push(Cell::text(text));
        match behind {
            Some(behind) => rest = &behind[delimiter.len_utf8()..],
            None => return Split::Whole(cells),
        }
    }
}

enum Quoted {
    No,
    /// The text and where the cell ends.
    Closed(String, usize),
    Open(String),
}

/// A cell that begins with a quote. Quotes inside that nobody doubled are kept as text if the cell closes on this line.
fn quoted(rest: &str, delimiter: char) -> Quoted {
    let Some(inner) = rest.strip_prefix('"') else {
        return Quoted::No;
    };
    let mut text = String::new();
    let (mut from, mut stray) = (0, false);
    while let Some(at) = inner[from..].find('"').map(|at| at + from) {
        text.push_str(&inner[from..at]);
        let behind = &inner[at + 1..];
        if behind.starts_with('"') {
            text.push('"');
            from = at + 2;
        } else if ends_cell(behind, delimiter) {
            return Quoted::Closed(text, at + 2);
        } else {
            stray = true;
            text.push('"');
            from = at + 1;
        }
    }
    if stray {
        return Quoted::No;
    }
    text.push_str(&inner[from..]);
    Quoted::Open(text)
}

#[cfg(test)]
mod tests {
    use super::super::encoding::TextEncoding;
    use super::*;
    use encoding_rs::UTF_8;
    use proptest::prelude::*;

    fn records(text: &[u8], width: usize) -> Vec<RawRow> {
        let text_encoding = TextEncoding {
            encoding: UTF_8,
            mark: 0,
            line_end: b'\n',
        };
        let mut records = Records::new(TextLines::open(&text, &text_encoding).unwrap(), ',', width);
        std::iter::from_fn(|| records.next_record().unwrap()).collect()
    }

    fn texts(row: &RawRow) -> Vec<&str> {
        row.cells.iter().map(|cell| cell.text.as_str()).collect()
    }

    #[test]
    fn quoted_cells_hold_delimiters_quotes_and_line_breaks() {
        let rows = records(
            b"a,\"b,c\",\"d \"\"e\"\"\"\r\n\"1\r\n\r\n2\",x,\"y\nz\"\nlast",
            3,
        );
        assert_eq!(texts(&rows[0]), ["a", "b,c", "d \"e\""]);
        assert_eq!(texts(&rows[1]), ["1\n\n2", "x", "y\nz"]);
        assert_eq!((rows[1].row_no, rows[1].lines, rows[2].row_no), (2, 4, 6));
        assert_eq!(rows[1].raw, "\"1\n\n2\",x,\"y\nz\"");
    }

    #[test]
    fn an_unclosed_quote_takes_its_own_line_only() {
        let rows = records(b"\"a,b,c\nd,e,f\n\"g\",h,\"i\nj\"\n", 3);
        assert_eq!(rows[0].fault, Some(RawFault::UnclosedQuote));
        assert_eq!(rows[0].raw, "\"a,b,c");
        assert_eq!(texts(&rows[1]), ["d", "e", "f"]);
        assert_eq!(texts(&rows[2]), ["g", "h", "i\nj"]);
        let rows = records(b"x,\"a\nnote \"b\",c\n", 2);
        assert_eq!(
            rows.iter()
                .map(|row| row.fault.is_some())
                .collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(
            records(b"\"a,b,c", 3)[0].fault,
            Some(RawFault::UnclosedQuote)
        );
    }

    #[test]
    fn undoubled_quotes_inside_one_line_are_text() {
        assert_eq!(
            texts(&records(b"\"say \"hi\" now\",b", 2)[0]),
            ["say \"hi\" now", "b"]
        );
        assert_eq!(
            texts(&records(b"12\" screen,b", 2)[0]),
            ["12\" screen", "b"]
        );
        assert_eq!(texts(&records(b"\"a\"b,c", 2)[0]), ["\"a\"b", "c"]);
    }

    proptest! {
        #[test]
        fn every_physical_line_is_in_exactly_one_row(text in "[a,\"\n\r ;]{0,200}") {
            let rows = records(text.as_bytes(), 2);
            let raw: Vec<String> = rows.iter().map(|row| row.raw.clone()).collect();
            let strip = |line: &str| line.strip_suffix('\r').unwrap_or(line).to_owned();
            let mut expected: Vec<String> = text.split('\n').map(strip).collect();
            if text.ends_with('\n') || text.is_empty() {
                expected.pop();
            }
            prop_assert_eq!(raw.join("\n"), expected.join("\n"));
            let mut next = 1;
            for row in rows {
                prop_assert_eq!(row.row_no, next);
                next += u64::from(row.lines);
            }
        }

        #[test]
        fn any_bytes_are_read_to_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let rows = records(&bytes, 3);
            let lines: u64 = rows.iter().map(|row| u64::from(row.lines)).sum();
            let ends = bytes.iter().filter(|b| **b == b'\n').count() as u64;
            prop_assert_eq!(lines, ends + u64::from(!bytes.is_empty() && bytes.last() != Some(&b'\n')));
        }
    }
}
