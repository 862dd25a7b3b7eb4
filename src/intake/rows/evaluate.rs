//! A row and a plan → what became of the row, and what it says.

use super::address::is_postal_address;
use super::carry::Carry;
use super::contact_points::{ContactPoints, phone_context, place_of};
use super::names::Names;
use super::plan::{Kind, Plan, SheetPlan};
use super::reason::{DropCode, Dropped, Note, Outcome, Reason, ReasonCode, SkipKind};
use super::said::RowSaid;
use super::skip;
use crate::intake::columns::Field;
use crate::intake::decode::row::{Cell, RawFault, RawRow};
use crate::intake::decode::unreadable::Unreadable;
use crate::registry::rules::region;
use crate::registry::rules::script::is_empty_value;

/// A name, phone or mail cell may have this many characters.
pub const MAX_CELL: usize = 10_000;

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowResult {
    /// Sheet, from 1.
    pub sheet_no: u32,
    /// Row or physical line, from 1; 0 for a file that is refused as a whole.
    pub row_no: u64,
    /// Taken, rejected, or no data.
    pub outcome: Outcome,
    /// Why it is rejected.
    pub reason: Option<Reason>,
    /// What it says. Rejected rows say as much as could be read.
    pub said: RowSaid,
    /// Values that were left out, in valid rows too.
    pub dropped: Vec<Dropped>,
    /// How some of it was read.
    pub notes: Vec<Note>,
}

impl RowResult {
    fn new(raw: &RawRow, outcome: Outcome) -> Self {
        let (sheet_no, row_no) = (raw.sheet_no, raw.row_no);
        Self {
            sheet_no,
            row_no,
            outcome,
            reason: None,
            said: RowSaid::default(),
            dropped: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn rejected(raw: &RawRow, reason: Reason) -> Self {
        Self {
            reason: Some(reason),
            ..Self::new(raw, Outcome::Rejected)
        }
    }

    /// The one outcome of a file that is refused as a whole.
    pub fn refused(unreadable: &Unreadable) -> Self {
        let reason = Reason {
            value: Some(unreadable.code.code().to_owned()),
            ..Reason::of_row(ReasonCode::UnreadableFile)
        };
        Self::rejected(&RawRow::default(), reason)
    }
}

/// Judges a row. `carry` must have seen the rows before it, in order. What was lost of data on its way is noted.
pub fn evaluate(raw: &RawRow, plan: &Plan, carry: &mut Carry) -> RowResult {
    let mut result = of_row(raw, plan, carry);
    if !matches!(result.outcome, Outcome::Skipped(_)) {
        let lost = [
            (raw.had_nul, Note::NulDropped),
            (raw.is_cut, Note::CellsCut),
        ];
        let lost = lost.into_iter().filter(|(is_so, _)| *is_so);
        result.notes.extend(lost.map(|(_, note)| note));
    }
    result
}

fn of_row(raw: &RawRow, plan: &Plan, carry: &mut Carry) -> RowResult {
    let Some(sheet) = plan.sheet(raw.sheet_no) else {
        return RowResult::new(raw, Outcome::Skipped(SkipKind::OtherSheet));
    };
    if let Some(kind) = skip::by_place(raw, sheet, plan) {
        return RowResult::new(raw, Outcome::Skipped(kind));
    }
    if let Some(reason) = fault(raw) {
        return RowResult::rejected(raw, reason);
    }
    if let Some(kind) = skip::by_content(raw, sheet) {
        return RowResult::new(raw, Outcome::Skipped(kind));
    }
    if let Some(reason) = ragged(raw, sheet, plan) {
        return RowResult::rejected(raw, reason);
    }
    let mut notes = Vec::new();
    let cells = carry.resolve(raw, sheet, &mut notes);
    match too_long(&cells, sheet) {
        Some(reason) => RowResult::rejected(raw, reason),
        None => judge(raw, &cells, sheet, plan, notes),
    }
}

fn fault(raw: &RawRow) -> Option<Reason> {
    let code = match raw.fault? {
        RawFault::BadEncoding => ReasonCode::BadEncoding,
        RawFault::UnclosedQuote => ReasonCode::UnclosedQuote,
        RawFault::LineTooLong => ReasonCode::CellTooLong,
        RawFault::CardTruncated => ReasonCode::CardTruncated,
    };
    Some(Reason::of_row(code))
}

fn ragged(raw: &RawRow, sheet: &SheetPlan, plan: &Plan) -> Option<Reason> {
    if !plan.can_be_ragged() {
        return None;
    }
    let (column, cell) = raw
        .filled()
        .find(|(index, _)| *index >= sheet.columns.len())?;
    Some(Reason::at(
        ReasonCode::RaggedRow,
        column,
        Field::Ignore,
        &cell.text,
    ))
}

fn too_long(cells: &[Cell], sheet: &SheetPlan) -> Option<Reason> {
    let (column, cell) = cells.iter().enumerate().find(|(column, cell)| {
        let field = sheet.field(*column);
        let counts = field.names_company()
            || field.is_phone()
            || field.names_person()
            || field == Field::Email;
        counts && cell.text.len() > MAX_CELL && cell.text.chars().count() > MAX_CELL
    })?;
    Some(Reason::at(
        ReasonCode::CellTooLong,
        column,
        sheet.field(column),
        &cell.text,
    ))
}

fn judge(
    raw: &RawRow,
    cells: &[Cell],
    sheet: &SheetPlan,
    plan: &Plan,
    mut notes: Vec<Note>,
) -> RowResult {
    let mut names = Names::read(cells, sheet);
    let place = place_of(cells, sheet);
    let company = names
        .company
        .as_ref()
        .map_or("", |company| company.name.shown.as_str());
    let mut points = ContactPoints::read(
        cells,
        sheet,
        &phone_context(place, company, plan.home),
        names.person.is_some(),
    );
    let mut dropped = std::mem::take(&mut names.dropped);
    dropped.append(&mut points.dropped);
    notes.append(&mut names.notes);
    notes.append(&mut points.notes);
    let mut said = values(cells, sheet);
    let place_in_name = || {
        names
            .company
            .as_ref()
            .and_then(|company| company.name.place)
    };
    let in_address = || {
        said.value(Field::Address)
            .and_then(region::anywhere_in)
            .map(|place| place.code)
    };
    said.region = place
        .map(|place| place.code)
        .or_else(place_in_name)
        .or_else(in_address);
    said.phones = points.phones;
    said.emails = points.emails;
    let code = verdict(plan.kind, &names, &said, &dropped);
    said.company = names.company;
    said.person = match names.person {
        Some(mut person) => {
            person.wechat = said.value(Field::Wechat).map(str::to_owned);
            person.qq = said.value(Field::Qq).map(str::to_owned);
            Some(person)
        }
        None => None,
    };
    let reason = code.map(|code| explain(code, &dropped));
    let outcome = if reason.is_some() {
        Outcome::Rejected
    } else {
        Outcome::Valid
    };
    RowResult {
        reason,
        said,
        dropped,
        notes,
        ..RowResult::new(raw, outcome)
    }
}

/// Everything that is neither name nor contact point.
fn values(cells: &[Cell], sheet: &SheetPlan) -> RowSaid {
    let mut said = RowSaid::default();
    for (column, cell) in cells.iter().enumerate() {
        let (field, text) = (sheet.field(column), cell.text.trim());
        let answer = matches!(
            field,
            Field::Need | Field::Timeline | Field::Budget | Field::Decider | Field::PresentSystem
        );
        if text.is_empty() || (!answer && is_empty_value(text)) {
            continue;
        }
        match field {
            Field::Company
            | Field::CompanyAndPerson
            | Field::Person
            | Field::GivenName
            | Field::Surname
            | Field::Extension
            | Field::CreditCode
            | Field::NameEn => continue,
            Field::FormerName | Field::Mobile | Field::Phone | Field::Fax | Field::Ignore => {
                continue;
            }
            Field::Email => said.domain = said.domain.take().or_else(|| domain(text)),
            Field::Title => {
                said.contact.title = said.contact.title.take().or_else(|| Some(text.to_owned()))
            }
            Field::Department => {
                said.contact.department = said
                    .contact
                    .department
                    .take()
                    .or_else(|| Some(text.to_owned()))
            }
            _ => {
                if field == Field::Address {
                    said.has_postal_address |= is_postal_address(text);
                }
                if field == Field::Website {
                    said.domain = said.domain.take().or_else(|| domain(text));
                }
                said.values.push((field, text.to_owned()));
            }
        }
    }
    let places = [Field::Region, Field::Province, Field::City, Field::County];
    let place: Vec<&str> = places
        .iter()
        .filter_map(|field| said.value(*field))
        .collect();
    said.place = (!place.is_empty()).then(|| place.join(" "));
    said
}

/// `@example.com`, `www.example.com/about`: a domain that stands for everybody in it.
fn domain(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let bare = ["https://", "http://"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme))
        .unwrap_or(&lower);
    let bare = bare
        .strip_prefix('@')
        .or_else(|| bare.strip_prefix("*@"))
        .unwrap_or(bare);
    let bare = bare
        .strip_prefix("www.")
        .unwrap_or(bare)
        .split(['/', '?'])
        .next()?;
    let fits = bare.contains('.')
        && !bare.contains('@')
        && !bare.contains(char::is_whitespace)
        && !bare.starts_with('.')
        && !bare.ends_with('.');
    fits.then(|| bare.to_owned())
}

/// The first code that applies; `None` if the row is valid.
fn verdict(kind: Kind, names: &Names, said: &RowSaid, dropped: &[Dropped]) -> Option<ReasonCode> {
    let company = names.has_company_name();
    let formula = dropped.iter().any(|one| one.why == DropCode::FormulaInName);
    let reached = !said.phones.is_empty() || !said.emails.is_empty();
    match kind {
        Kind::Customers if company || names.has_code() => None,
        Kind::Customers => Some(if formula {
            ReasonCode::FormulaInName
        } else {
            ReasonCode::NoName
        }),
        Kind::Suppressions => {
            let named = company || names.has_code() || names.person.is_some();
            let whole = said.domain.is_some() || said.value(Field::Address).is_some();
            (!reached && !named && !whole).then(|| unreached(dropped))
        }
        Kind::Leads { .. } if !company && names.person.is_none() => Some(if formula {
            ReasonCode::FormulaInName
        } else {
            ReasonCode::NoName
        }),
        Kind::Leads {
            postal_address_is_enough,
        } => {
            let reached = reached || (postal_address_is_enough && said.has_postal_address);
            (!reached).then(|| unreached(dropped))
        }
    }
}

fn unreached(dropped: &[Dropped]) -> ReasonCode {
    let faults = dropped.iter().filter(|one| {
        !matches!(
            one.why,
            DropCode::CreditCodeInvalid | DropCode::FormulaInName
        )
    });
    faults
        .map(|one| one.why.as_reason())
        .min()
        .unwrap_or(ReasonCode::NoContactPoint)
}

/// The reason with the value that is to blame.
fn explain(code: ReasonCode, dropped: &[Dropped]) -> Reason {
    match dropped
        .iter()
        .find(|one| one.why.as_reason() == code && one.why != DropCode::CreditCodeInvalid)
    {
        Some(one) => Reason {
            code,
            column: Some(one.column),
            field: Some(one.field),
            value: Some(one.value.clone()),
        },
        None => Reason::of_row(code),
    }
}
