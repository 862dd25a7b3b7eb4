//! A look at a file before anything is taken from it: what it is, how it will be read, and what that gives.

use crate::intake::columns::{
    ColumnFound, Field, Guess, GuessReason, Header, HeaderRow, Mapping, SheetChoice, find_header,
    guess_columns,
};
use crate::intake::decode::encoding::{EncodingTry, encoding_called, encoding_name};
use crate::intake::decode::format::Format;
use crate::intake::decode::row::RawRow;
use crate::intake::decode::source::ByteSource;
use crate::intake::decode::unreadable::{Unreadable, UnreadableCode};
use crate::intake::decode::{Forced, Look, Reading, SheetLook, look};
use crate::intake::rows::{Carry, Options, Plan, RowResult, SheetPlan, evaluate, is_title};

/// How many rows of the list are shown with their outcome.
pub const PREVIEW_ROWS: usize = 50;

/// What a sheet holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFound {
    /// From 1.
    pub no: u32,
    /// Its name; empty in texts.
    pub name: String,
    /// Hidden in the workbook.
    pub hidden: bool,
    /// What it holds.
    pub holds: SheetContent,
    /// It will be read.
    pub chosen: bool,
}

/// What a sheet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetContent {
    /// About so many rows of a list.
    List(u64),
    /// Text that is no list.
    Notes,
    /// Nothing.
    Empty,
}

/// How the text of a file is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingShown {
    /// `gb18030`.
    pub name: String,
    /// It has a byte order mark.
    pub marked: bool,
    /// Somebody said so.
    pub forced: bool,
    /// The same lines read in this and other encodings; empty if the file is plain ASCII.
    pub tried: Vec<EncodingTry>,
}

/// Everything a person sees before saying yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// As it was sent.
    pub file_name: String,
    /// By the first bytes, whatever the name says.
    pub format: Format,
    /// Texts only.
    pub encoding: Option<EncodingShown>,
    /// Texts only.
    pub delimiter: Option<char>,
    /// All sheets, read or not.
    pub sheets: Vec<SheetFound>,
    /// Of the first sheet that is read.
    pub header_row: Option<u64>,
    /// Columns of the first sheet that is read.
    pub columns: Vec<ColumnFound>,
    /// The first rows with what would become of them.
    pub rows: Vec<(RawRow, RowResult)>,
    /// About so many rows will be read.
    pub approximate_rows: u64,
    /// The beginning of the file as text.
    pub decoded_preview: Vec<String>,
    /// How the file will be read.
    pub plan: Plan,
}

/// Looks at a file. What `options` do not say is found out.
pub fn inspect(
    source: &dyn ByteSource,
    file_name: &str,
    options: &Options,
) -> Result<Inspection, Unreadable> {
    let mapping = options.mapping.clone().unwrap_or_default();
    let encoding = options
        .encoding
        .as_deref()
        .or(mapping.encoding.as_deref())
        .filter(|name| *name != "auto");
    let delimiter = options.delimiter.or(mapping.delimiter);
    let found = look(
        source,
        Forced {
            encoding: encoding.and_then(encoding_called),
            delimiter,
        },
    )?;
    let header = options.header_row.unwrap_or(mapping.header_row);
    let choice = options
        .sheet
        .clone()
        .unwrap_or_else(|| mapping.sheet.clone());
    let read: Vec<SheetReading> = found
        .sheets
        .iter()
        .map(|sheet| SheetReading::of(sheet, &found, header, &mapping))
        .collect();
    let chosen = choose(&read, &choice)?;
    if let HeaderRow::At(row) = header
        && chosen
            .iter()
            .any(|at| read[*at].plan.header_row != Some(row))
    {
        return Err(UnreadableCode::NoSuchHeaderRow.because(row));
    }
    let plan = Plan {
        kind: options.kind,
        reading: reading(
            &found,
            chosen.iter().map(|at| read[*at].plan.sheet_no).collect(),
        ),
        sheets: chosen.iter().map(|at| read[*at].plan.clone()).collect(),
        home: options.home,
    };
    Ok(report(file_name, found, &read, &chosen, plan))
}

fn report(
    file_name: &str,
    found: Look,
    read: &[SheetReading],
    chosen: &[usize],
    plan: Plan,
) -> Inspection {
    let sheets = read
        .iter()
        .zip(&found.sheets)
        .enumerate()
        .map(|(at, (sheet, look))| SheetFound {
            no: look.name.no,
            name: look.name.name.clone(),
            hidden: look.name.hidden,
            holds: sheet.holds,
            chosen: chosen.contains(&at),
        });
    let encoding = found.text.as_ref().map(|text| EncodingShown {
        name: encoding_name(text.text.encoding),
        marked: text.text.mark > 0,
        forced: text.forced,
        tried: text.tried.clone(),
    });
    let first = chosen.first().copied().unwrap_or(0);
    Inspection {
        file_name: file_name.to_owned(),
        format: found.format,
        encoding,
        delimiter: found.delimiter.map(|delimiter| delimiter.delimiter),
        sheets: sheets.collect(),
        header_row: read[first].plan.header_row,
        columns: read[first].columns.clone(),
        rows: preview(&found.sheets[first], &plan),
        approximate_rows: chosen
            .iter()
            .map(|at| read[*at].about(&found.sheets[*at]))
            .sum(),
        decoded_preview: found.preview.clone(),
        plan,
    }
}

fn preview(sheet: &SheetLook, plan: &Plan) -> Vec<(RawRow, RowResult)> {
    let mut carry = Carry::default();
    sheet
        .rows
        .iter()
        .take(PREVIEW_ROWS)
        .map(|raw| (raw.clone(), evaluate(raw, plan, &mut carry)))
        .collect()
}

fn reading(found: &Look, sheets: Vec<u32>) -> Reading {
    let text = found.text.as_ref().map(|text| text.text);
    Reading {
        format: found.format,
        encoding: text
            .map(|text| encoding_name(text.encoding))
            .unwrap_or_default(),
        mark: text.map_or(0, |text| text.mark),
        carriage_returns: text.is_some_and(|text| text.line_end == b'\r'),
        delimiter: found.delimiter.map_or(',', |found| found.delimiter),
        declared: found.delimiter.is_some_and(|found| found.declared),
        width: found.delimiter.map_or(1, |found| found.width),
        sheets,
    }
}

/// What was made of one sheet.
struct SheetReading {
    plan: SheetPlan,
    columns: Vec<ColumnFound>,
    holds: SheetContent,
}

impl SheetReading {
    fn of(sheet: &SheetLook, found: &Look, wanted: HeaderRow, mapping: &Mapping) -> Self {
        let header = match &sheet.headings {
            Some(headings) => Some(Header {
                row_no: 0,
                headings: headings.clone(),
            }),
            None => find_header(&sheet.rows, wanted),
        };
        let first_row = match &header {
            Some(header) => header.row_no + 1,
            None => sheet
                .rows
                .iter()
                .find(|row| !row.is_blank() && !is_title(row))
                .map_or(1, |row| row.row_no),
        };
        let data: Vec<&RawRow> = sheet
            .rows
            .iter()
            .filter(|row| row.row_no >= first_row && !row.is_blank())
            .collect();
        let named = header.as_ref().map_or(0, |header| header.headings.len());
        let width = width_of(&data, named, found.delimiter.map(|found| found.width));
        let mut columns = guess_columns(header.as_ref(), &data, width);
        for column in &mut columns {
            if let Some(field) = mapping.field_of(column.index, &column.heading) {
                column.guess = Guess {
                    field,
                    reason: GuessReason::Chosen,
                    confidence: 100,
                };
            }
        }
        let holds = content(&columns, header.is_some(), data.len(), sheet);
        let plan = SheetPlan {
            sheet_no: sheet.name.no,
            name: sheet.name.name.clone(),
            header_row: header
                .as_ref()
                .map(|header| header.row_no)
                .filter(|row| *row > 0),
            first_row,
            headings: header.map(|header| header.headings).unwrap_or_default(),
            columns: columns.iter().map(|column| column.guess.field).collect(),
        };
        Self {
            plan,
            columns,
            holds,
        }
    }

    fn about(&self, sheet: &SheetLook) -> u64 {
        match self.holds {
            SheetContent::List(rows) => rows,
            _ => sheet.total,
        }
    }
}

/// How many columns there are. One row that is longer than the header is a broken row; if most are, a heading is missing.
/// Without header a tenth of the rows is enough to believe in a column.
fn width_of(data: &[&RawRow], named: usize, usual: Option<usize>) -> usize {
    let reach = |row: &&RawRow| row.filled().last().map_or(0, |(index, _)| index + 1);
    let mut reaches: Vec<usize> = data.iter().map(reach).collect();
    reaches.sort_unstable_by(|one, other| other.cmp(one));
    let enough = if named > 0 {
        data.len() / 2
    } else {
        data.len() / 10
    };
    match usual {
        Some(_) if named > 0 && data.len() < 4 => named,
        Some(_) if named > 0 => named.max(reaches.get(enough).copied().unwrap_or(0)),
        Some(usual) => usual.max(reaches.get(enough).copied().unwrap_or(0)),
        None if named > 0 => named,
        None => reaches.first().copied().unwrap_or(0),
    }
}

/// A list names somebody, or at least has columns of which most are understood.
fn content(
    columns: &[ColumnFound],
    has_header: bool,
    data: usize,
    sheet: &SheetLook,
) -> SheetContent {
    if sheet.rows.iter().all(RawRow::is_blank) {
        return SheetContent::Empty;
    }
    let sure = |column: &&ColumnFound| !matches!(column.guess.reason, GuessReason::Position);
    let names = columns.iter().filter(sure).any(|column| {
        let field = column.guess.field;
        field.names_company()
            || field.is_phone()
            || matches!(
                field,
                Field::Person | Field::Email | Field::CreditCode | Field::Website
            )
    });
    let list = names && (data > 0 || has_header);
    let before = (sheet.rows.len() - data.min(sheet.rows.len())) as u64;
    if list {
        SheetContent::List(sheet.total.saturating_sub(before))
    } else {
        SheetContent::Notes
    }
}

fn choose(read: &[SheetReading], choice: &SheetChoice) -> Result<Vec<usize>, Unreadable> {
    let lists = || (0..read.len()).filter(|at| matches!(read[*at].holds, SheetContent::List(_)));
    let filled = || (0..read.len()).filter(|at| read[*at].holds != SheetContent::Empty);
    let chosen: Vec<usize> = match choice {
        // A single sheet that names nobody is read all the same: every row of it gets its reason.
        SheetChoice::First => lists()
            .next()
            .or_else(|| filled().next())
            .into_iter()
            .collect(),
        SheetChoice::All => lists().collect(),
        SheetChoice::Number(number) => (0..read.len())
            .filter(|at| read[*at].plan.sheet_no == *number)
            .collect(),
        SheetChoice::Name(name) => (0..read.len())
            .filter(|at| read[*at].plan.name.trim() == name.trim())
            .collect(),
    };
    match (chosen.is_empty(), choice) {
        (false, _) => Ok(chosen),
        (true, SheetChoice::First | SheetChoice::All) => {
            Err(UnreadableCode::NoList.because("no sheet holds a list"))
        }
        (true, other) => Err(UnreadableCode::NoSuchSheet.because(String::from(other.clone()))),
    }
}
