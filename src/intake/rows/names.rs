//! Who a row is about: company and person, wherever the list puts them.

use super::plan::SheetPlan;
use super::reason::{DropCode, Dropped, Note, shortened};
use super::said::{CompanySaid, PersonSaid};
use crate::intake::columns::Field;
use crate::intake::decode::row::Cell;
use crate::registry::rules::company_name::{CompanyName, looks_like_company, looks_like_person};
use crate::registry::rules::credit_code::valid_company_code;
use crate::registry::rules::person_name::PersonName;
use crate::registry::rules::script::{is_empty_company, is_empty_value, is_han};

/// Company and person of a row.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub company: Option<CompanySaid>,
    pub person: Option<PersonSaid>,
    pub dropped: Vec<Dropped>,
    pub notes: Vec<Note>,
}

impl Names {
    /// Reads them from cells that are already in normal width.
    pub fn read(cells: &[Cell], sheet: &SheetPlan) -> Self {
        let mut names = Self::default();
        let (mut person, mut behind_company) = (None, None);
        let (mut given, mut surname) = ("", "");
        for (column, cell) in cells.iter().enumerate() {
            let text = cell.text.trim();
            match sheet.field(column) {
                _ if text.is_empty() => {}
                Field::Company => {
                    names.company_cell(column, Field::Company, text, &mut behind_company)
                }
                Field::CompanyAndPerson if is_person(text) => {
                    person = person.or_else(|| read_person(text))
                }
                Field::CompanyAndPerson => {
                    names.company_cell(column, Field::CompanyAndPerson, text, &mut behind_company)
                }
                Field::Person => person = person.or_else(|| read_person(text)),
                Field::GivenName if given.is_empty() && !is_empty_value(text) => given = text,
                Field::Surname if surname.is_empty() && !is_empty_value(text) => surname = text,
                Field::CreditCode if !is_empty_value(text) => names.code_cell(column, text),
                Field::NameEn if !is_empty_company(text) => {
                    put(&mut names.company_mut().name_en, text)
                }
                Field::FormerName if !is_empty_company(text) => {
                    put(&mut names.company_mut().former_name, text)
                }
                _ => {}
            }
        }
        if let Some(company) = names
            .company
            .as_mut()
            .filter(|company| company.name.shown.is_empty())
            && let Some(name_en) = &company.name_en
        {
            company.name = CompanyName::read(name_en);
        }
        person = person.or_else(|| read_person(&whole_name(given, surname)));
        if person.is_none() && behind_company.is_some() {
            names.notes.push(Note::PersonInCompanyCell);
        }
        names.person = person.or_else(|| behind_company.as_deref().and_then(read_person));
        names
    }

    fn company_cell(
        &mut self,
        column: usize,
        field: Field,
        text: &str,
        behind: &mut Option<String>,
    ) {
        if is_empty_company(text)
            || self
                .company
                .as_ref()
                .is_some_and(|company| !company.name.shown.is_empty())
        {
            return;
        }
        if is_formula(text) {
            self.dropped.push(Dropped {
                field,
                column,
                value: shortened(text),
                why: DropCode::FormulaInName,
            });
            return;
        }
        let mut name = CompanyName::read(text);
        *behind = name.person.take();
        if name.shown.is_empty() || is_empty_company(&name.shown) {
            return;
        }
        let company = self.company_mut();
        if let Some(former) = &name.former {
            put(&mut company.former_name, former);
        }
        company.name = name;
    }

    fn code_cell(&mut self, column: usize, text: &str) {
        match valid_company_code(text) {
            Some(code) => put(&mut self.company_mut().credit_code, &code),
            None => {
                let value = shortened(text);
                self.dropped.push(Dropped {
                    field: Field::CreditCode,
                    column,
                    value,
                    why: DropCode::CreditCodeInvalid,
                });
            }
        }
    }

    fn company_mut(&mut self) -> &mut CompanySaid {
        self.company.get_or_insert_default()
    }

    /// The company has a name, be it an English one only.
    pub fn has_company_name(&self) -> bool {
        self.company
            .as_ref()
            .is_some_and(|company| !company.name.shown.is_empty())
    }

    /// The company has a checked code.
    pub fn has_code(&self) -> bool {
        self.company
            .as_ref()
            .is_some_and(|company| company.credit_code.is_some())
    }
}

fn put(value: &mut Option<String>, text: &str) {
    if value.is_none() {
        *value = Some(text.trim().to_owned());
    }
}

/// Text that a spreadsheet would evaluate. Here it is never evaluated, and it is no company.
pub(crate) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '@', '+', '-'])
}

/// `Grace` and `Liu` are `Grace Liu`, `小明` and `王` are `王小明`.
fn whole_name(given: &str, surname: &str) -> String {
    if surname.chars().next().is_some_and(is_han) {
        format!("{surname}{given}")
    } else {
        format!("{given} {surname}").trim().to_owned()
    }
}

fn is_person(text: &str) -> bool {
    !looks_like_company(text) && looks_like_person(text)
}

fn read_person(text: &str) -> Option<PersonSaid> {
    if is_empty_value(text) || is_formula(text) {
        return None;
    }
    let name = PersonName::read(text);
    (!name.shown.is_empty()).then(|| PersonSaid {
        name,
        ..PersonSaid::default()
    })
}
