//! What a valid row says, in normal forms.

use crate::intake::columns::Field;
use crate::registry::rules::company_name::CompanyName;
use crate::registry::rules::email::Email;
use crate::registry::rules::person_name::PersonName;
use crate::registry::rules::phone::Phone;

/// Everything a row says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowSaid {
    /// The company, if it has a name, a code or an English name.
    pub company: Option<CompanySaid>,
    /// The person.
    pub person: Option<PersonSaid>,
    /// The person at the company.
    pub contact: ContactSaid,
    /// Usable numbers in reading order, each number once.
    pub phones: Vec<SaidPhone>,
    /// Valid mail addresses in reading order, each once.
    pub emails: Vec<Email>,
    /// A postal address with street and number.
    pub has_postal_address: bool,
    /// Where the row says the company is: its own columns, else the place in the name. A code of GB/T 2260, or of a country.
    pub region: Option<&'static str>,
    /// As the list writes it.
    pub place: Option<String>,
    /// Mail domain or site alone (suppressions).
    pub domain: Option<String>,
    /// Other values by field, in reading order: address, website, need, remark … as they stand, normalised.
    pub values: Vec<(Field, String)>,
}

/// A company as a row names it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompanySaid {
    /// Name, taken apart: the English one where no other is said; empty where only a code is.
    pub name: CompanyName,
    /// English name.
    pub name_en: Option<String>,
    /// Former name, from its own column or `A(原B)`.
    pub former_name: Option<String>,
    /// Checked code.
    pub credit_code: Option<String>,
}

/// A person as a row names them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PersonSaid {
    /// Name, taken apart.
    pub name: PersonName,
    /// WeChat id.
    pub wechat: Option<String>,
    /// QQ number.
    pub qq: Option<String>,
}

/// What the row says about the person's place in the company.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContactSaid {
    /// Job title.
    pub title: Option<String>,
    /// Department.
    pub department: Option<String>,
}

/// Whom a number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneOwner {
    /// Switchboard, landline or service number.
    Company,
    /// A mobile of the person.
    Person,
    /// The person's extension at the company.
    Contact,
}

/// A number with where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidPhone {
    /// The number.
    pub phone: Phone,
    /// Whom it belongs to.
    pub owner: PhoneOwner,
    /// Column it stood in, from 0.
    pub column: usize,
    /// What that column is read as.
    pub field: Field,
}

impl RowSaid {
    /// The first value of a field.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values
            .iter()
            .find(|(of, _)| *of == field)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a field, one a line.
    pub fn joined(&self, field: Field) -> Option<String> {
        let values: Vec<&str> = self
            .values
            .iter()
            .filter(|(of, _)| *of == field)
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join("\n"))
    }
}
