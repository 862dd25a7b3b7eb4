//! Workbooks made by hand, part by part.

use super::row::CellKind;
use super::unreadable::UnreadableCode;
use super::workbook::Workbook;
use crate::intake::{Field, HeaderRow, Options, SheetChoice, SheetContent, inspect};

/// A package of parts that are stored as they are.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut contents) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let mut crc = flate2::Crc::new();
        crc.update(text.as_bytes());
        let mut entry = Vec::new();
        entry.extend_from_slice(&[0; 8]);
        entry.extend_from_slice(&crc.sum().to_le_bytes());
        entry.extend_from_slice(&(text.len() as u32).to_le_bytes());
        entry.extend_from_slice(&(text.len() as u32).to_le_bytes());
        entry.extend_from_slice(&(name.len() as u16).to_le_bytes());
        entry.extend_from_slice(&[0; 2]);
        contents.extend_from_slice(b"PK\x01\x02\x14\0\x14\0");
        contents.extend_from_slice(&entry);
        contents.extend_from_slice(&[0; 10]);
        contents.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        contents.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b"PK\x03\x04\x14\0");
        bytes.extend_from_slice(&entry);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    let at = bytes.len() as u32;
    bytes.extend_from_slice(&contents);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend_from_slice(&[parts.len() as u8, 0, parts.len() as u8, 0]);
    bytes.extend_from_slice(&(contents.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&at.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    bytes
}

fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut names, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for ((name, state, data), no) in sheets.iter().zip(1..) {
        names +=
            &format!("<sheet name=\"{name}\" sheetId=\"{no}\" state=\"{state}\" r:id=\"r{no}\"/>");
        relations += &format!(
            "<Relationship Id=\"r{no}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{no}.xml\"/>"
        );
        parts.push((
            format!("xl/worksheets/sheet{no}.xml"),
            format!("<worksheet xmlns=\"{MAIN}\">{data}</worksheet>"),
        ));
    }
    relations +=
        &format!("<Relationship Id=\"s\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>");
    let styles = "<cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs>";
    parts.push((
        "xl/workbook.xml".into(),
        format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{names}</sheets></workbook>"
        ),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!("<Relationships xmlns=\"{PACKAGE}\">{relations}</Relationships>"),
    ));
    parts.push((
        "xl/styles.xml".into(),
        format!("<styleSheet xmlns=\"{MAIN}\">{styles}</styleSheet>"),
    ));
    let root = format!(
        "<Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>"
    );
    parts.push((
        "_rels/.rels".into(),
        format!("<Relationships xmlns=\"{PACKAGE}\">{root}</Relationships>"),
    ));
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    package(&parts)
}

/// `A1=text`, `B2#number`, `C3@date`.
fn sheet(cells: &str, merged: &str) -> String {
    let mut rows: Vec<(u32, String)> = Vec::new();
    for cell in cells.split_whitespace() {
        let at = cell.find(['=', '#', '@']).expect("a value");
        let (place, value) = (&cell[..at], &cell[at + 1..]);
        let row = place
            .trim_start_matches(|c: char| c.is_ascii_uppercase())
            .parse()
            .expect("a row");
        let xml = match &cell[at..=at] {
            "=" => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
            "#" => format!("<c r=\"{place}\"><v>{value}</v></c>"),
            _ => format!("<c r=\"{place}\" s=\"1\"><v>{value}</v></c>"),
        };
        match rows.last_mut().filter(|(last, _)| *last == row) {
            Some((_, cells)) => cells.push_str(&xml),
            None => rows.push((row, xml)),
        }
    }
    let rows: String = rows
        .iter()
        .map(|(no, cells)| format!("<row r=\"{no}\">{cells}</row>"))
        .collect();
    let merged: String = merged
        .split_whitespace()
        .map(|range| format!("<mergeCell ref=\"{range}\"/>"))
        .collect();
    format!("<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>")
}

fn rows(book: &[u8]) -> Vec<(u64, Vec<(String, CellKind)>)> {
    let mut book = Workbook::open(&book).expect("a workbook");
    let name = book.sheets[0].clone();
    let rows = book.rows(&name, usize::MAX).expect("rows");
    rows.into_iter()
        .map(|row| {
            (
                row.row_no,
                row.cells
                    .into_iter()
                    .map(|cell| (cell.text, cell.kind))
                    .collect(),
            )
        })
        .collect()
}

#[test]
fn numbers_keep_their_digits_and_merged_cells_count_below() {
    let data = sheet(
        "A1=名单 A3=公司 B3=手机 C3=日期 A4=甲公司 B4#1.3999427093E10 C4@45400 B5#51265801235 B6#0.5 D6=x",
        "A1:D1 A4:A6",
    );
    let found = rows(&workbook(&[("名单", "visible", &data)]));
    let numbers: Vec<u64> = found.iter().map(|(no, _)| *no).collect();
    assert_eq!(numbers, [1, 3, 4, 5, 6]);
    let text = |row: usize, column: usize| found[row].1.get(column).map(|(text, _)| text.as_str());
    assert_eq!(found[0].1.len(), 1, "a title is not spread sideways");
    assert_eq!(
        (text(2, 1), text(2, 2)),
        (Some("13999427093"), Some("2024-04-18"))
    );
    assert_eq!(found[3].1[1], ("51265801235".to_owned(), CellKind::Number));
    assert_eq!(
        (text(3, 0), text(4, 0), text(4, 1)),
        (Some("甲公司"), Some("甲公司"), Some("0.5"))
    );
}

#[test]
fn a_row_that_reaches_too_far_to_the_right_is_marked() {
    let data = sheet("A1=公司 B1=手机 A2=甲公司 SR2=x A3=乙公司 SS3=x", "");
    let bytes = workbook(&[("名单", "visible", &data)]);
    let source: &[u8] = &bytes;
    let mut book = Workbook::open(&source).expect("a workbook");
    let name = book.sheets[0].clone();
    let rows = book.rows(&name, usize::MAX).expect("rows");
    let marks: Vec<bool> = rows.iter().map(|row| row.is_cut).collect();
    assert_eq!(marks, [false, false, true]);
    assert_eq!(rows[2].cells.len(), 1);
}

#[test]
fn the_first_sheet_with_a_list_is_taken() {
    let notes = sheet("A1=说明 A2=本表仅供参考", "");
    let list = sheet(
        "A2=单位名称 B2=电话 A3=苏州宏远机械有限公司 B3=0512-65801235",
        "",
    );
    let other = sheet(
        "A1=公司 B1=邮箱 A2=南京宏远机械有限公司 B2=a@example.com",
        "",
    );
    let book = workbook(&[
        ("说明", "visible", &notes),
        ("名单", "visible", &list),
        ("旧名单", "hidden", &other),
        ("空", "visible", &sheet("", "")),
    ]);
    let with = |sheet: Option<SheetChoice>| {
        inspect(
            &book,
            "a.xlsx",
            &Options {
                sheet,
                ..Options::default()
            },
        )
    };
    let found = with(None).expect("readable");
    let holds: Vec<SheetContent> = found.sheets.iter().map(|sheet| sheet.holds).collect();
    assert_eq!(
        holds,
        [
            SheetContent::Notes,
            SheetContent::List(1),
            SheetContent::List(1),
            SheetContent::Empty
        ]
    );
    assert!(found.sheets[1].chosen && found.sheets[2].hidden && !found.sheets[2].chosen);
    assert_eq!(
        (found.header_row, found.plan.sheets[0].sheet_no),
        (Some(2), 2)
    );
    assert_eq!(
        with(Some(SheetChoice::All))
            .expect("readable")
            .plan
            .reading
            .sheets,
        [2, 3]
    );
    let third = with(Some(SheetChoice::Name("旧名单".into()))).expect("readable");
    assert_eq!(third.plan.sheets[0].columns, [Field::Company, Field::Email]);
    assert_eq!(
        with(Some(SheetChoice::Number(9)))
            .expect_err("no ninth")
            .code,
        UnreadableCode::NoSuchSheet
    );
    let options = Options {
        header_row: Some(HeaderRow::None),
        ..Options::default()
    };
    assert_eq!(
        inspect(&book, "a.xlsx", &options)
            .expect("readable")
            .header_row,
        None
    );
}

#[test]
fn a_workbook_without_end_or_without_sheets_is_refused() {
    let book = workbook(&[("名单", "visible", &sheet("A1=公司", ""))]);
    let code = |bytes: &[u8]| {
        inspect(&bytes, "a.xlsx", &Options::default())
            .map(|found| found.format)
            .map_err(|error| error.code)
    };
    assert_eq!(
        code(&book[..book.len() / 2]),
        Err(UnreadableCode::TruncatedWorkbook)
    );
    assert_eq!(
        code(&package(&[("word/document.xml", "<w/>")])),
        Err(UnreadableCode::NotAWorkbook)
    );
    let half = workbook(&[(
        "名单",
        "visible",
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v>",
    )]);
    assert_eq!(code(&half), Err(UnreadableCode::TruncatedWorkbook));
    assert_eq!(
        code(&workbook(&[("空", "visible", &sheet("", ""))])),
        Err(UnreadableCode::NoList)
    );
}

#[test]
fn a_cell_far_away_costs_nothing() {
    let found = rows(&workbook(&[(
        "名单",
        "visible",
        &sheet("A1=公司 XFD1=x A2=甲 A1048576=乙", ""),
    )]));
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].1.len(), 1);
}
