//! Which company, and which person, a record speaks of: the exact keys, in order of evidence.

use super::credit_code::valid_company_code;
use serde_json::Value;

use super::company_name::CompanyName;
use super::fold::Winners;
use super::person_name::PersonName;
use super::region;
use super::values::is_region_said;
use crate::registry::model::{Company, Field, Person, PointKind, Said, SaidPoint};

/// The evidence that put a record where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlacedBy {
    /// Said about a company or contact that somebody had open.
    Hand,
    /// The same valid credit code.
    CreditCode,
    /// The same name in the same region.
    NameAndRegion,
    /// The same full legal name, where a region is unknown.
    FullName,
    /// The same person, who is at no company.
    Person,
    /// It corrects a row that stood there.
    Correction,
    /// Nobody was like it: it made a new one.
    New,
}

impl PlacedBy {
    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::New => "new",
            Self::CreditCode => "credit_code",
            Self::NameAndRegion => "name_region",
            Self::FullName => "full_name",
            Self::Person => "person",
            Self::Correction => "correction",
        }
    }
}

/// What a record says about which company it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyKeys {
    /// Compares names.
    pub name_key: i64,
    /// Valid credit code.
    pub credit_code: Option<String>,
    /// Prefecture.
    pub prefecture: Option<&'static str>,
    /// The name is evidence by itself.
    pub is_full_name: bool,
}

impl CompanyKeys {
    /// The keys of a record; `None` if it names no company.
    pub fn of(said: &Said) -> Option<Self> {
        let name = said.text(Field::Name).filter(|name| !name.is_empty());
        let credit_code = said.text(Field::CreditCode).and_then(valid_company_code);
        if name.is_none() && credit_code.is_none() {
            return None;
        }
        let read = CompanyName::read(name.unwrap_or_default());
        let place = said.text(Field::Region).or(read.place);
        Some(Self {
            name_key: read.name_key(),
            credit_code,
            prefecture: place.and_then(prefecture),
            is_full_name: read.is_full_legal_name,
        })
    }

    /// The keys of a company as it is shown. Where it is counts if somebody said so: a foreign telephone is no evidence
    /// that two companies are two.
    pub fn of_company(row: &Company, winners: &Winners) -> Self {
        let read = CompanyName::read(&row.name);
        let region = row.region.as_deref();
        let region = region.filter(|_| is_region_said(row, winners));
        Self {
            name_key: row.name_key,
            credit_code: row.credit_code.as_deref().and_then(valid_company_code),
            prefecture: region.or(read.place).and_then(prefecture),
            is_full_name: read.is_full_legal_name,
        }
    }

    /// Why the two are the same company, if they are. Different valid credit codes never are.
    pub fn same(&self, other: &Self) -> Option<PlacedBy> {
        match (&self.credit_code, &other.credit_code) {
            (Some(a), Some(b)) if a == b => return Some(PlacedBy::CreditCode),
            (Some(_), Some(_)) => return None,
            _ => {}
        }
        if self.name_key != other.name_key {
            return None;
        }
        match (self.prefecture, other.prefecture) {
            (Some(a), Some(b)) => (a == b).then_some(PlacedBy::NameAndRegion),
            _ => (self.is_full_name && other.is_full_name).then_some(PlacedBy::FullName),
        }
    }
}

fn prefecture(code: &str) -> Option<&'static str> {
    region::prefecture_of(code).map(|place| place.code)
}

/// What a record says about which person it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonKeys {
    /// The name, taken apart.
    pub name: PersonName,
    /// Keys of own mobiles and mail boxes.
    pub points: Vec<i64>,
}

impl PersonKeys {
    /// The keys of a record; `None` if it names no person.
    pub fn of(said: &Said) -> Option<Self> {
        let name = said
            .text(Field::PersonName)
            .filter(|name| !name.is_empty())?;
        let own = SaidPoint::of(said);
        let own = own
            .iter()
            .filter(|p| matches!(p.field, Field::Mobile | Field::Email | Field::Wechat));
        let points = own
            .filter(|p| p.kind != PointKind::Phone)
            .map(SaidPoint::key);
        Some(Self {
            name: PersonName::read(name),
            points: points.collect(),
        })
    }

    /// The same name; between a surname and a full name only where number or mail agree too.
    pub fn same_name(&self, row: &Person, points_agree: bool) -> bool {
        if row.name_key == Some(self.name.name_key()) {
            return true;
        }
        points_agree
            && row
                .name
                .as_deref()
                .is_some_and(|name| PersonName::read(name).agrees_with(&self.name))
    }
}

/// Values of a company that were typed by hand, in their stored form; text fields that are left empty say nothing.
pub fn without_blanks(said: &Said) -> Said {
    let mut kept = said.clone();
    kept.0
        .retain(|_, said| !matches!(&said.value, Value::String(text) if text.is_empty()));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(
        name: &str,
        code: Option<&str>,
        prefecture: Option<&'static str>,
        full: bool,
    ) -> CompanyKeys {
        let read = CompanyName::read(name);
        CompanyKeys {
            name_key: read.name_key(),
            credit_code: code.map(str::to_owned),
            prefecture,
            is_full_name: full,
        }
    }

    #[test]
    fn keys_agree_in_the_order_of_evidence() {
        let a = keys("宏远机械", Some("X1"), Some("320500"), true);
        for (other, expected) in [
            (
                keys("别的", Some("X1"), Some("320100"), true),
                Some(PlacedBy::CreditCode),
            ),
            (keys("宏远机械", Some("X2"), Some("320500"), true), None),
            (
                keys("宏远机械", None, Some("320500"), false),
                Some(PlacedBy::NameAndRegion),
            ),
            (keys("宏远机械", None, Some("320100"), true), None),
            (keys("宏远机械", None, None, true), Some(PlacedBy::FullName)),
            (keys("宏远机械", None, None, false), None),
            (keys("别的", None, Some("320500"), true), None),
        ] {
            assert_eq!(a.same(&other), expected, "{other:?}");
            assert_eq!(other.same(&a), expected, "{other:?}");
        }
    }
}
