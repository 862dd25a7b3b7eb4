//! What a column of a list may say.

use serde::{Deserialize, Serialize};

/// What the cells of a column are taken for. The codes are stored in plans and mapping files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Name of the company; a person may stand behind it.
    Company,
    /// Name of the person.
    Person,
    /// Given name, where the list keeps the two apart.
    GivenName,
    /// Surname, where the list keeps the two apart.
    Surname,
    /// Either a company or a person, as in lists without a header.
    CompanyAndPerson,
    /// Job title.
    Title,
    /// Department.
    Department,
    /// Mobile number.
    Mobile,
    /// Any number.
    Phone,
    /// Extension of the number before it.
    Extension,
    /// Fax number: no contact point.
    Fax,
    /// Mail address.
    Email,
    /// WeChat id.
    Wechat,
    /// QQ number.
    Qq,
    /// Web site.
    Website,
    /// Postal address.
    Address,
    /// Post code.
    Postcode,
    /// Country.
    Country,
    /// A place of any depth: `江苏省苏州市`.
    Region,
    /// Province only.
    Province,
    /// City, perhaps with its province.
    City,
    /// District or county.
    County,
    /// Industry.
    Industry,
    /// Number of employees.
    Headcount,
    /// Revenue.
    Revenue,
    /// Unified social credit code, 統一編號.
    CreditCode,
    /// English name of the company.
    NameEn,
    /// Former name of the company.
    FormerName,
    /// The system in use.
    PresentSystem,
    /// Since when it is in use.
    PresentSystemYear,
    /// What is wanted.
    Need,
    /// When something is to start.
    Timeline,
    /// Budget.
    Budget,
    /// Who decides.
    Decider,
    /// Anything else worth keeping.
    Remark,
    /// Booth at a fair.
    Booth,
    /// The list's own number of the row.
    ListNumber,
    /// A date that belongs to the row.
    Date,
    /// Birthday of the person.
    Birthday,
    /// Gender or form of address.
    Gender,
    /// Language.
    Language,
    /// Not read; still kept in the raw row.
    Ignore,
}

/// Every field with its code, in the order of a selection list.
pub const FIELDS: [(Field, &str); 42] = [
    (Field::Company, "company"),
    (Field::Person, "person"),
    (Field::GivenName, "given_name"),
    (Field::Surname, "surname"),
    (Field::CompanyAndPerson, "company_and_person"),
    (Field::Title, "title"),
    (Field::Department, "department"),
    (Field::Mobile, "mobile"),
    (Field::Phone, "phone"),
    (Field::Extension, "extension"),
    (Field::Fax, "fax"),
    (Field::Email, "email"),
    (Field::Wechat, "wechat"),
    (Field::Qq, "qq"),
    (Field::Website, "website"),
    (Field::Address, "address"),
    (Field::Postcode, "postcode"),
    (Field::Country, "country"),
    (Field::Region, "region"),
    (Field::Province, "province"),
    (Field::City, "city"),
    (Field::County, "county"),
    (Field::Industry, "industry"),
    (Field::Headcount, "headcount"),
    (Field::Revenue, "revenue"),
    (Field::CreditCode, "credit_code"),
    (Field::NameEn, "name_en"),
    (Field::FormerName, "former_name"),
    (Field::PresentSystem, "present_system"),
    (Field::PresentSystemYear, "present_system_year"),
    (Field::Need, "need"),
    (Field::Timeline, "timeline"),
    (Field::Budget, "budget"),
    (Field::Decider, "decider"),
    (Field::Remark, "remark"),
    (Field::Booth, "booth"),
    (Field::ListNumber, "list_number"),
    (Field::Date, "date"),
    (Field::Birthday, "birthday"),
    (Field::Gender, "gender"),
    (Field::Language, "language"),
    (Field::Ignore, "ignore"),
];

impl Field {
    /// The stable code.
    pub fn code(self) -> &'static str {
        FIELDS
            .iter()
            .find(|(field, _)| *field == self)
            .map_or("ignore", |(_, code)| code)
    }

    /// The field with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        FIELDS
            .iter()
            .find(|(_, known)| *known == code)
            .map(|(field, _)| *field)
    }

    /// Holds the name of a company.
    pub fn names_company(self) -> bool {
        matches!(self, Self::Company | Self::CompanyAndPerson)
    }

    /// Holds the name of a person, or a part of it.
    pub fn names_person(self) -> bool {
        matches!(self, Self::Person | Self::GivenName | Self::Surname)
    }

    /// Holds numbers by which somebody is reached.
    pub fn is_phone(self) -> bool {
        matches!(self, Self::Mobile | Self::Phone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_stored_form() {
        for (field, code) in FIELDS {
            assert_eq!(
                serde_json::to_string(&field).unwrap(),
                format!("\"{code}\"")
            );
            assert_eq!(Field::from_code(code), Some(field));
            assert_eq!(field.code(), code);
        }
    }
}
