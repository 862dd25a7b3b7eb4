//! Tables of web pages, as old programs save them under the name `.xls`.

use std::borrow::Cow;

use super::row::{Cell, RawRow};
use super::workbook::{MAX_CELLS, MAX_COLUMNS};

/// The rows of all tables of a page; the row number is the n-th `<tr>`.
pub(crate) fn rows(page: &str) -> Vec<RawRow> {
    let mut table = Table {
        rows: Vec::new(),
        spans: Vec::new(),
        cells: 0,
    };
    let mut rest = page;
    let (mut row_from, mut row_no) = (None, 0);
    let mut cell: Option<OpenCell> = None;
    while let Some(start) = rest.find('<') {
        if let Some(cell) = &mut cell {
            cell.text.push_str(&rest[..start]);
        }
        let at = page.len() - rest.len() + start;
        let (tag, behind) = read_tag(&rest[start..]);
        rest = behind;
        match tag.name.as_str() {
            "tr" | "/tr" | "/table" | "table" => {
                table.close(&mut cell);
                if let Some(from) = row_from.take() {
                    table.finish(&page[from..at]);
                }
                if tag.name == "tr" {
                    row_no += 1;
                    row_from = Some(at);
                    table.begin(row_no);
                }
            }
            "td" | "th" if row_from.is_some() => {
                table.close(&mut cell);
                cell = Some(OpenCell::new(tag.attributes));
            }
            "/td" | "/th" => table.close(&mut cell),
            "br" | "br/" | "/p" | "/div" => {
                if let Some(cell) = &mut cell {
                    cell.text.push('\u{1}');
                }
            }
            "script" | "style" => rest = behind_element(rest, &tag.name),
            _ => {}
        }
        if table.cells > MAX_CELLS {
            break;
        }
    }
    table.close(&mut cell);
    if let Some(from) = row_from {
        table.finish(&page[from..]);
    }
    table.rows
}

struct Tag<'a> {
    name: String,
    attributes: &'a str,
}

/// A tag or comment at the beginning of `text`, and what stands behind it.
fn read_tag(text: &str) -> (Tag<'_>, &str) {
    if text.starts_with("<!--") {
        let behind = text.find("-->").map_or("", |end| &text[end + 3..]);
        return (
            Tag {
                name: String::new(),
                attributes: "",
            },
            behind,
        );
    }
    let mut quote = None;
    let end = text.char_indices().find(|(_, c)| match (quote, *c) {
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (Some(open), c) if open == c => {
            quote = None;
            false
        }
        (quote, c) => quote.is_none() && c == '>',
    });
    // A quote that never closes must not swallow the page.
    let end = end
        .map(|(end, _)| end)
        .or_else(|| text.find('>'))
        .unwrap_or(text.len());
    let inside = text.get(1..end).unwrap_or("");
    let name = inside
        .split(|c: char| c.is_whitespace())
        .next()
        .unwrap_or("");
    let attributes = &inside[name.len()..];
    (
        Tag {
            name: name.to_ascii_lowercase(),
            attributes,
        },
        text.get(end + 1..).unwrap_or(""),
    )
}

fn behind_element<'a>(text: &'a str, name: &str) -> &'a str {
    let close = format!("</{name}");
    let lower = text.to_ascii_lowercase();
    lower.find(&close).map_or("", |at| &text[at..])
}

struct OpenCell {
    text: String,
    columns: usize,
    rows: usize,
}

impl OpenCell {
    fn new(attributes: &str) -> Self {
        let span = |name: &str| number(attributes, name).unwrap_or(1);
        Self {
            text: String::new(),
            columns: span("colspan").clamp(1, MAX_COLUMNS),
            rows: span("rowspan").clamp(1, 65_534),
        }
    }
}

fn number(attributes: &str, name: &str) -> Option<usize> {
    let lower = attributes.to_ascii_lowercase();
    let value = lower[lower.find(name)? + name.len()..]
        .trim_start()
        .strip_prefix('=')?;
    let value = value.trim_start_matches(['"', '\'', ' ']);
    value[..value
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(value.len())]
        .parse()
        .ok()
}

/// Rows under construction, with the cells that reach down into them.
struct Table {
    rows: Vec<RawRow>,
    /// For each column: rows still to fill, and with what.
    spans: Vec<(usize, Cell)>,
    cells: usize,
}

impl Table {
    fn begin(&mut self, row_no: u64) {
        self.rows.push(RawRow {
            sheet_no: 1,
            row_no,
            lines: 1,
            ..RawRow::default()
        });
        self.fill();
    }

    /// Cells from above that stand at the next free place.
    fn fill(&mut self) {
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        while let Some((left, cell)) = self
            .spans
            .get_mut(row.cells.len())
            .filter(|(left, _)| *left > 0)
        {
            *left -= 1;
            row.cells.push(cell.clone());
            self.cells += 1;
        }
    }

    fn close(&mut self, cell: &mut Option<OpenCell>) {
        let (Some(open), Some(row)) = (cell.take(), self.rows.last_mut()) else {
            return;
        };
        let value = Cell::text(plain(&open.text));
        for index in 0..open.columns {
            let at = row.cells.len();
            if at >= MAX_COLUMNS {
                row.is_cut |= index == 0 && !value.is_blank();
                break;
            }
            if self.spans.len() <= at {
                self.spans.resize(at + 1, (0, Cell::default()));
            }
            // A value is not spread sideways: a title stays one cell.
            let value = if index == 0 {
                value.clone()
            } else {
                Cell::default()
            };
            self.spans[at] = (open.rows - 1, value.clone());
            row.cells.push(value);
            self.cells += 1;
        }
        self.fill();
    }

    fn finish(&mut self, source: &str) {
        if let Some(row) = self.rows.last_mut() {
            row.had_nul = source.contains('\0');
            row.raw = source.trim_end().replace('\0', "");
        }
    }
}

/// Text of a cell: white space as a browser shows it, line breaks kept, entities resolved.
fn plain(text: &str) -> String {
    let lines = text
        .split('\u{1}')
        .map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    entities(lines.collect::<Vec<_>>().join("\n").trim())
        .replace(['\u{A0}', '\0'], " ")
        .trim_matches([' ', '\n'])
        .to_owned()
}

fn entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let end = behind
            .char_indices()
            .take(10)
            .find(|(_, c)| *c == ';')
            .map(|(end, _)| end);
        match end.and_then(|end| Some((entity(&behind[..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &behind[end + 1..];
            }
            None => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "middot" => '·',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "copy" => '©',
        "reg" => '®',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "oslash" => 'ø',
        "Oslash" => 'Ø',
        "aring" => 'å',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

/// The encoding a page declares for itself.
pub(crate) fn declared_charset(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = text[text.find("charset")? + 7..]
        .trim_start()
        .strip_prefix('=')?
        .trim_start_matches(['"', '\'', ' ']);
    let end = value
        .find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c))
        .unwrap_or(value.len());
    super::encoding::encoding_called(&value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(page: &str) -> Vec<Vec<String>> {
        rows(page)
            .into_iter()
            .map(|row| row.cells.into_iter().map(|cell| cell.text).collect())
            .collect()
    }

    #[test]
    fn spans_entities_and_breaks_are_understood() {
        let page = "<html><style>td{a:'<tr>'}</style><table><tr><td colspan=3><b>名单</b></td></tr>\n\
            <TR><TH>公司<TH>电话<TH>备注</TR>\
            <tr><td rowspan=\"2\">甲公司</td><td>1<br>2</td><td>A&amp;B &lt;重点&gt;&nbsp;</td></tr>\
            <tr><td>3</td><td><a href=\"mailto:x>y\"> z </a></td></tr></table>";
        assert_eq!(
            texts(page),
            [
                vec!["名单", "", ""],
                vec!["公司", "电话", "备注"],
                vec!["甲公司", "1\n2", "A&B <重点>"],
                vec!["甲公司", "3", "z"],
            ]
        );
    }

    proptest! {
        #[test]
        fn any_page_is_survived(page in "(<tr>|<td|</td>|>|<|rowspan=9|colspan=4|&amp;|&#x41;|&|\"|<!--|-->|<style>|公|a| ){0,60}") {
            let _ = rows(&page);
        }
    }
}
