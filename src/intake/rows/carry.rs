//! What a row takes from the rows above it.

use serde::{Deserialize, Serialize};

use super::plan::SheetPlan;
use super::reason::Note;
use crate::intake::columns::Field;
use crate::intake::decode::row::{Cell, CellKind, RawRow};
use crate::registry::rules::script::{is_ditto, is_empty_value, normalise};

/// The data row above, as it was read. It can be stored, so that an import goes on where it stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    sheet_no: u32,
    above: Vec<Cell>,
}

impl Carry {
    /// The cells of a row with 同上 resolved and the company filled down; notes what was done.
    ///
    /// Filling down is for rows of one booth: booth *and* company are empty, but somebody is named. A row with a booth of
    /// its own takes nothing.
    pub(crate) fn resolve(
        &mut self,
        raw: &RawRow,
        sheet: &SheetPlan,
        notes: &mut Vec<Note>,
    ) -> Vec<Cell> {
        if self.sheet_no != raw.sheet_no {
            *self = Self {
                sheet_no: raw.sheet_no,
                above: Vec::new(),
            };
        }
        let mut cells: Vec<Cell> = raw.cells.iter().map(normal_cell).collect();
        let mut ditto = false;
        for (index, cell) in cells.iter_mut().enumerate() {
            // Cheap before exact: the marks are two characters at most.
            if cell.text.len() <= 12 && sheet.field(index) != Field::Ignore && is_ditto(&cell.text)
            {
                *cell = self.above.get(index).cloned().unwrap_or_default();
                ditto = true;
            }
        }
        if ditto {
            notes.push(Note::Ditto);
        }
        if self.fills(&cells, sheet) {
            self.fill(&mut cells, sheet);
            notes.push(Note::FilledDown);
        }
        self.above.clone_from(&cells);
        cells
    }

    fn fills(&self, cells: &[Cell], sheet: &SheetPlan) -> bool {
        if !sheet.has(Field::Booth) || self.above.is_empty() {
            return false;
        }
        let empty = |field: Field| {
            let mut of = sheet
                .columns
                .iter()
                .enumerate()
                .filter(|(_, column)| **column == field);
            of.all(|(index, _)| {
                cells
                    .get(index)
                    .is_none_or(|cell| is_empty_value(&cell.text))
            })
        };
        empty(Field::Booth)
            && empty(Field::Company)
            && empty(Field::CompanyAndPerson)
            && !(empty(Field::Person) && empty(Field::GivenName) && empty(Field::Surname))
    }

    fn fill(&self, cells: &mut Vec<Cell>, sheet: &SheetPlan) {
        for (index, field) in sheet.columns.iter().enumerate() {
            if *field == Field::Booth || field.names_company() {
                if cells.len() <= index {
                    cells.resize(index + 1, Cell::default());
                }
                cells[index] = self.above.get(index).cloned().unwrap_or_default();
            }
        }
    }
}

fn normal_cell(cell: &Cell) -> Cell {
    let text = if cell.kind == CellKind::Text {
        normalise(&cell.text).into_owned()
    } else {
        cell.text.clone()
    };
    Cell {
        text,
        kind: cell.kind,
    }
}
