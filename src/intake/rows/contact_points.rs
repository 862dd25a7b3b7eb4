//! How a row can be reached: numbers and mail addresses in reading order.

use super::plan::SheetPlan;
use super::reason::{DropCode, Dropped, Note, shortened};
use super::said::{PhoneOwner, SaidPhone};
use crate::intake::columns::Field;
use crate::intake::decode::row::{Cell, CellKind};
use crate::registry::rules::company_name::city_at_start_of;
use crate::registry::rules::email::{Email, labelled_emails, read_emails};
use crate::registry::rules::phone::{
    Home, Phone, PhoneContext, PhoneFault, PhoneKind, labelled_phones, read_phones,
};
use crate::registry::rules::region::{self, Place, PlaceLevel};
use crate::registry::rules::script::is_empty_value;

/// What reaches somebody.
#[derive(Debug, Default)]
pub(crate) struct ContactPoints {
    pub phones: Vec<SaidPhone>,
    pub emails: Vec<Email>,
    pub dropped: Vec<Dropped>,
    pub notes: Vec<Note>,
}

impl ContactPoints {
    /// Reads all columns from left to right, remarks last.
    pub fn read(
        cells: &[Cell],
        sheet: &SheetPlan,
        context: &PhoneContext,
        has_person: bool,
    ) -> Self {
        let mut points = Self::default();
        for (column, cell) in cells.iter().enumerate() {
            let field = sheet.field(column);
            match field {
                Field::Mobile | Field::Phone if !is_empty_value(&cell.text) => {
                    points.phone_cell(column, field, cell, context);
                }
                Field::Email if !is_empty_value(&cell.text) => {
                    points.email_cell(column, &cell.text)
                }
                Field::Extension => points.extension_cell(column, &cell.text),
                Field::Person if may_hold_number(&cell.text) => {
                    for phone in read_phones(&cell.text, context).into_iter().flatten() {
                        points.push(phone, column, Field::Phone);
                    }
                }
                _ => {}
            }
        }
        for (column, cell) in cells
            .iter()
            .enumerate()
            .filter(|(column, _)| sheet.field(*column) == Field::Remark)
        {
            points.remark_cell(column, &cell.text, context);
        }
        for said in &mut points.phones {
            said.owner = owner(&said.phone, has_person);
        }
        if points.phones.iter().any(|said| said.phone.area_inferred) {
            points.notes.push(Note::AreaInferred);
        }
        points
    }

    fn phone_cell(&mut self, column: usize, field: Field, cell: &Cell, context: &PhoneContext) {
        let context = PhoneContext {
            numeric_cell: is_numeric(cell),
            ..context.clone()
        };
        let read = read_phones(&cell.text, &context);
        if read.is_empty() {
            self.drop(field, column, &cell.text, DropCode::PhoneInvalid);
        }
        for one in read {
            match one {
                Ok(phone) => self.push(phone, column, field),
                Err(fault) => self.drop_fault(field, column, &cell.text, fault),
            }
        }
    }

    fn drop_fault(&mut self, field: Field, column: usize, text: &str, fault: PhoneFault) {
        if let Some(why) = DropCode::of_phone(fault) {
            self.drop(field, column, text, why);
        }
    }

    fn drop(&mut self, field: Field, column: usize, text: &str, why: DropCode) {
        self.dropped.push(Dropped {
            field,
            column,
            value: shortened(text),
            why,
        });
    }

    fn push(&mut self, phone: Phone, column: usize, field: Field) {
        let known = |said: &SaidPhone| said.phone.e164 == phone.e164 && said.phone.ext == phone.ext;
        if !self.phones.iter().any(known) {
            self.phones.push(SaidPhone {
                phone,
                owner: PhoneOwner::Company,
                column,
                field,
            });
        }
    }

    /// The extension of the last line before it that has none.
    fn extension_cell(&mut self, column: usize, text: &str) {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let line = self.phones.iter_mut().rfind(|said| {
            said.column < column
                && said.phone.ext.is_none()
                && matches!(
                    said.phone.kind,
                    PhoneKind::Landline | PhoneKind::International
                )
        });
        if let Some(line) = line.filter(|_| (1..=6).contains(&digits.len())) {
            line.phone.ext = Some(digits);
        }
    }

    fn email_cell(&mut self, column: usize, text: &str) {
        let read = read_emails(text);
        if read.is_empty() {
            self.drop(Field::Email, column, text, DropCode::EmailInvalid);
        }
        for email in read {
            self.push_email(email);
        }
    }

    fn push_email(&mut self, email: Email) {
        if !self.emails.contains(&email) {
            self.emails.push(email);
        }
    }

    /// Only numbers and addresses with a label count here; anything else is talk.
    fn remark_cell(&mut self, column: usize, text: &str, context: &PhoneContext) {
        // Most remarks have none.
        if !may_hold_number(text) && !text.contains('@') {
            return;
        }
        let before = self.phones.len() + self.emails.len();
        for phone in labelled_phones(text, context).into_iter().flatten() {
            self.push(phone, column, Field::Remark);
        }
        for email in labelled_emails(text) {
            self.push_email(email);
        }
        if self.phones.len() + self.emails.len() > before {
            self.notes.push(Note::ContactPointInRemark);
        }
    }
}

/// The shortest number has seven digits.
fn may_hold_number(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 7
}

/// A number of a workbook, or digits that went through a spreadsheet on their way into a text: zeros may be lost.
fn is_numeric(cell: &Cell) -> bool {
    cell.kind == CellKind::Number
        || (!cell.text.is_empty() && cell.text.bytes().all(|b| b.is_ascii_digit()))
}

fn owner(phone: &Phone, has_person: bool) -> PhoneOwner {
    match phone.kind {
        PhoneKind::Mobile if has_person => PhoneOwner::Person,
        PhoneKind::Landline | PhoneKind::International if has_person && phone.ext.is_some() => {
            PhoneOwner::Contact
        }
        _ => PhoneOwner::Company,
    }
}

/// The place that a row names in its own columns, the deepest one that agrees with the others: many cities have a
/// district of the same name.
pub(crate) fn place_of(cells: &[Cell], sheet: &SheetPlan) -> Option<&'static Place> {
    let mut best: Option<&'static Place> = None;
    for field in PLACES {
        for (column, cell) in cells.iter().enumerate() {
            if sheet.field(column) != field || is_empty_value(&cell.text) {
                continue;
            }
            let country = best.filter(|place| place.level == PlaceLevel::Country);
            let place = country
                .and_then(|country| region::state_of(country.code, &cell.text))
                .or_else(|| region::by_name(&cell.text))
                .or_else(|| region::anywhere_in(&cell.text));
            if let Some(place) = place.filter(|place| refines(place, best, field)) {
                best = Some(place);
            }
        }
    }
    best
}

/// From coarse to fine.
const PLACES: [Field; 5] = [
    Field::Country,
    Field::Province,
    Field::Region,
    Field::City,
    Field::County,
];

fn refines(place: &Place, known: Option<&Place>, field: Field) -> bool {
    let Some(known) = known else { return true };
    if place.level == PlaceLevel::State && !known.contains(place) {
        return false;
    }
    let agrees = known.level < PlaceLevel::Prefecture || known.contains(place);
    place.level > known.level && (agrees || field != Field::County)
}

/// What a local number of this row lacks: area and country of its place, else of a city that begins the company name,
/// else the office's country.
pub(crate) fn phone_context(
    place: Option<&'static Place>,
    company: &str,
    office: Home,
) -> PhoneContext {
    let city = city_at_start_of(company);
    let area = [place, city].into_iter().flatten().find_map(|at| at.area);
    PhoneContext {
        area,
        home: place.or(city).map_or(office, |at| Home::of(at.code)),
        numeric_cell: false,
    }
}
