//! Workbooks: sheets and their rows, as the file gives them.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, Dimensions, ExcelDateTime, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx,
};

use super::package::{Package, PackageFault, examine};
use super::row::{Cell, CellKind, RawRow};
use super::source::ByteSource;
use super::unreadable::{Unreadable, UnreadableCode};

/// A packed workbook may have this many bytes.
pub const MAX_WORKBOOK: u64 = 64 << 20;
/// A sheet may have this many cells, empty ones before the last of a row included.
pub const MAX_CELLS: usize = 5_000_000;
/// Cells further right are not read: they are notes beside the list, or a slip of the hand.
pub const MAX_COLUMNS: usize = 512;

type Bytes = Cursor<Vec<u8>>;

enum Book {
    Xlsx(Box<Xlsx<Bytes>>),
    Xlsb(Box<Xlsb<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Bytes>>),
}

/// A sheet, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetName {
    /// From 1, in the order of the workbook.
    pub no: u32,
    pub name: String,
    pub hidden: bool,
}

/// An opened workbook.
pub(crate) struct Workbook {
    book: Book,
    pub sheets: Vec<SheetName>,
}

impl Workbook {
    /// Loads a workbook whole.
    pub fn open(source: &dyn ByteSource) -> Result<Self, Unreadable> {
        if source.len() > MAX_WORKBOOK {
            return Err(UnreadableCode::WorkbookTooLarge.because(format!("{} bytes", source.len())));
        }
        let mut bytes = Vec::with_capacity(source.len() as usize);
        source
            .open()?
            .take(MAX_WORKBOOK + 1)
            .read_to_end(&mut bytes)?;
        let book = guarded(|| open_book(bytes))?;
        let sheets = book.sheet_names();
        Ok(Self { book, sheets })
    }

    /// The rows of a sheet that hold something, up to `limit` of them, merged ranges filled downwards.
    pub fn rows(&mut self, sheet: &SheetName, limit: usize) -> Result<Vec<RawRow>, Unreadable> {
        let book = &mut self.book;
        guarded(AssertUnwindSafe(|| {
            let merged = book.merged(&sheet.name)?;
            let mut rows = Rows {
                sheet_no: sheet.no,
                rows: Vec::new(),
                cells: 0,
                limit,
            };
            book.read_into(&sheet.name, &mut rows)?;
            rows.fill_down(&merged);
            Ok(rows.finish())
        }))
    }
}

/// The reader of workbooks answers some broken files with a panic; to the person it is a damaged file like any other.
fn guarded<T>(read: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged("the workbook's structure contradicts itself")))
}

fn damaged(detail: impl std::fmt::Display) -> Unreadable {
    UnreadableCode::TruncatedWorkbook.because(detail)
}

fn open_book(bytes: Vec<u8>) -> Result<Book, Unreadable> {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return open_old_book(bytes);
    }
    let package = examine(&bytes).map_err(|fault| match fault {
        PackageFault::Truncated => damaged("the package ends too early"),
        PackageFault::TooLarge => {
            UnreadableCode::WorkbookTooLarge.because("a part unpacks to more than can be read")
        }
    })?;
    let bytes = Cursor::new(bytes);
    match package {
        Package::Xlsx => Ok(Book::Xlsx(Box::new(Xlsx::new(bytes).map_err(damaged)?))),
        Package::Xlsb => Ok(Book::Xlsb(Box::new(Xlsb::new(bytes).map_err(damaged)?))),
        Package::Ods => Ok(Book::Ods(Box::new(Ods::new(bytes).map_err(damaged)?))),
        Package::Other => Err(UnreadableCode::NotAWorkbook.because("a package without a workbook")),
    }
}

fn open_old_book(bytes: Vec<u8>) -> Result<Book, Unreadable> {
    let encrypted: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if bytes
        .windows(encrypted.len())
        .any(|window| window == encrypted)
    {
        return Err(UnreadableCode::ProtectedWorkbook.because("encrypted"));
    }
    match Xls::new(Cursor::new(bytes)) {
        Ok(book) => Ok(Book::Xls(Box::new(book))),
        Err(calamine::XlsError::Password) => {
            Err(UnreadableCode::ProtectedWorkbook.because("encrypted"))
        }
        Err(calamine::XlsError::NoVba) => {
            Err(UnreadableCode::NotAWorkbook.because("no workbook inside"))
        }
        Err(error) => Err(damaged(error)),
    }
}

impl Book {
    fn sheet_names(&self) -> Vec<SheetName> {
        let sheets = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        let numbered = sheets
            .iter()
            .zip(1..)
            .filter(|(sheet, _)| sheet.typ == SheetType::WorkSheet);
        let name = |(sheet, no): (&calamine::Sheet, u32)| SheetName {
            no,
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
        };
        numbered.map(name).collect()
    }

    fn merged(&mut self, sheet: &str) -> Result<Vec<Dimensions>, Unreadable> {
        match self {
            Self::Xlsx(book) => book.merge_cells_by_sheet_name(sheet).map_err(damaged),
            Self::Xls(book) => book.merge_cells_by_sheet_name(sheet).map_err(damaged),
            Self::Xlsb(_) | Self::Ods(_) => Ok(Vec::new()),
        }
    }

    fn read_into(&mut self, sheet: &str, rows: &mut Rows) -> Result<(), Unreadable> {
        let range = match self {
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(damaged)?;
                while let Some(cell) = cells.next_cell().map_err(damaged)? {
                    if !rows.push(cell.get_position(), &Data::from(cell.get_value().clone()))? {
                        break;
                    }
                }
                return Ok(());
            }
            Self::Xlsb(book) => book.worksheet_range(sheet).map_err(damaged)?,
            Self::Xls(book) => book.worksheet_range(sheet).map_err(damaged)?,
            Self::Ods(book) => book.worksheet_range(sheet).map_err(damaged)?,
        };
        rows.take_range(&range)
    }
}

/// Rows under construction.
struct Rows {
    sheet_no: u32,
    rows: Vec<RawRow>,
    cells: usize,
    limit: usize,
}

impl Rows {
    /// Puts a cell in its place; `false` once there are rows enough.
    fn push(&mut self, (row, column): (u32, u32), value: &Data) -> Result<bool, Unreadable> {
        let cell = cell_of(value);
        let column = column as usize;
        if cell.text.is_empty() {
            return Ok(true);
        }
        let row_no = u64::from(row) + 1;
        if column >= MAX_COLUMNS {
            if let Some(last) = self.rows.last_mut().filter(|last| last.row_no == row_no) {
                last.is_cut |= !cell.is_blank();
            }
            return Ok(true);
        }
        if self.rows.last().is_none_or(|last| last.row_no < row_no) {
            if self.rows.len() == self.limit {
                return Ok(false);
            }
            self.rows.push(RawRow {
                sheet_no: self.sheet_no,
                row_no,
                lines: 1,
                ..RawRow::default()
            });
        }
        // Rows stand in order in every file that a program wrote; a cell of an earlier row goes where it belongs.
        let Ok(at) = self.rows.binary_search_by_key(&row_no, |row| row.row_no) else {
            return Ok(true);
        };
        self.rows[at].had_nul |= has_nul(value);
        let cells = &mut self.rows[at].cells;
        if cells.len() <= column {
            self.cells += column + 1 - cells.len();
            cells.resize(column + 1, Cell::default());
        }
        cells[column] = cell;
        if self.cells > MAX_CELLS {
            return Err(
                UnreadableCode::WorkbookTooLarge.because(format!("more than {MAX_CELLS} cells"))
            );
        }
        Ok(true)
    }

    fn take_range(&mut self, range: &Range<Data>) -> Result<(), Unreadable> {
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            if !self.push((top + row as u32, left + column as u32), value)? {
                break;
            }
        }
        Ok(())
    }

    /// A merged cell counts for every row of its range that says anything at all; titles are not spread sideways.
    fn fill_down(&mut self, merged: &[Dimensions]) {
        let mut budget = MAX_CELLS;
        for range in merged.iter().filter(|range| range.end.0 > range.start.0) {
            let column = range.start.1 as usize;
            let first = self
                .rows
                .partition_point(|row| row.row_no <= u64::from(range.start.0));
            let last = self
                .rows
                .partition_point(|row| row.row_no <= u64::from(range.end.0) + 1);
            if column >= MAX_COLUMNS
                || first >= last
                || self.rows[first].row_no != u64::from(range.start.0) + 1
            {
                continue;
            }
            let Some(value) = self.rows[first]
                .cells
                .get(column)
                .filter(|cell| !cell.is_blank())
                .cloned()
            else {
                continue;
            };
            for row in self.rows[first + 1..last].iter_mut().take(budget) {
                budget = budget.saturating_sub(1);
                if row.cells.len() <= column {
                    row.cells.resize(column + 1, Cell::default());
                }
                if row.cells[column].is_blank() {
                    row.cells[column] = value.clone();
                }
            }
        }
    }

    fn finish(mut self) -> Vec<RawRow> {
        for row in &mut self.rows {
            let texts: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
            row.raw = serde_json::to_string(&texts).unwrap_or_default();
        }
        self.rows
    }
}

fn cell_of(value: &Data) -> Cell {
    let (text, kind) = match value {
        Data::Empty | Data::Error(_) => (String::new(), CellKind::Text),
        Data::String(text) | Data::DurationIso(text) => (without_nul(text), CellKind::Text),
        Data::DateTimeIso(text) => (text.replace('T', " "), CellKind::Date),
        Data::Int(number) => (number.to_string(), CellKind::Number),
        Data::Float(number) => (number_text(*number), CellKind::Number),
        Data::Bool(truth) => (
            if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            CellKind::Truth,
        ),
        Data::DateTime(date) if date.is_datetime() => (date_text(date), CellKind::Date),
        Data::DateTime(date) => (number_text(date.as_f64()), CellKind::Number),
    };
    Cell { text, kind }
}

fn has_nul(value: &Data) -> bool {
    matches!(value, Data::String(text) | Data::DurationIso(text) if text.contains('\0'))
}

fn without_nul(text: &str) -> String {
    if text.contains('\0') {
        text.replace('\0', "")
    } else {
        text.to_owned()
    }
}

/// Digits as a person would see them, never `1.38E10`.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{}", number as i64)
    } else {
        format!("{number}")
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        (_, _, 0) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}
