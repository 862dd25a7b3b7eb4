//! From what is shown to the columns of a company, person or contact.

use chrono::NaiveDate;
use serde_json::Value;

use super::company_name::CompanyName;
use super::fold::{Shown, Winners};
use super::hash::hash64;
use super::person_name::PersonName;
use super::size::class_of;
use crate::registry::model::{Company, Contact, Field, Person};

/// Puts one shown value into its column; key items without a column live in their records only.
pub fn set_company(row: &mut Company, field: Field, value: Option<&Value>) {
    match field {
        Field::Name => set_name(row, &text(value).unwrap_or_default()),
        Field::NameEn => row.name_en = text(value),
        Field::FormerName => row.former_name = text(value),
        Field::CreditCode => row.credit_code = text(value),
        Field::Industry => row.industry = text(value),
        Field::SizeClass => row.size_class = whole(value).filter(|class| (1..=5).contains(class)),
        Field::Headcount => row.headcount = whole(value),
        Field::Revenue => row.revenue_minor = value.and_then(crate::registry::model::whole),
        Field::Currency => row.currency = text(value),
        Field::Region => row.region = text(value),
        Field::Address => row.address = text(value),
        Field::Postcode => row.postcode = text(value),
        Field::Website => row.website = text(value),
        Field::PresentSystem => row.present_system = text(value),
        Field::PresentSystemYear => row.present_system_year = whole(value),
        Field::Satisfaction => row.satisfaction = whole(value),
        Field::PcCount => row.pc_count = whole(value),
        Field::Parent => row.parent = text(value),
        Field::Urgency => row.urgency = text(value),
        Field::SignBy => row.sign_by = date(value),
        Field::GoLive => row.go_live = date(value),
        Field::Needs => row.needs = bits(value),
        _ => {}
    }
}

fn set_name(row: &mut Company, name: &str) {
    let read = CompanyName::read(name);
    row.name_key = read.name_key();
    row.brand_key = (!read.brand.is_empty()).then(|| hash64(&read.brand));
    name.clone_into(&mut row.name);
}

/// Somebody said where the company is. What its numbers tell where nobody did is a country, or Taiwan, Hong Kong or
/// Macau: any finer place was said.
pub fn is_region_said(row: &Company, winners: &Winners) -> bool {
    let is_fine = |code: &str| {
        let is_digits = code.starts_with(|c: char| c.is_ascii_digit());
        is_digits && !["710000", "810000", "820000"].contains(&code)
    };
    winners.record_of(Field::Region).is_some() || row.region.as_deref().is_some_and(is_fine)
}

/// What follows from other values where nobody said it.
pub fn derive_company(row: &mut Company, winners: &Winners) {
    if !winners.shows(Field::SizeClass) {
        row.size_class = row.headcount.map(|heads| i32::from(class_of(heads)));
    }
    row.winners = winners.to_json();
}

/// Writes a full fold: columns nobody speaks of become empty.
pub fn refold_company(row: &mut Company, winners: &Winners, shown: &Shown) {
    for field in crate::registry::model::FIELDS {
        if field.part() == crate::registry::model::Part::Company && field.is_folded() {
            // A company whose records are all gone keeps its last name: nothing may stand nameless in a list.
            if *field == Field::Name
                && !shown.contains_key(field)
                && winners.record_of(*field).is_none()
            {
                continue;
            }
            set_company(row, *field, shown.get(field));
        }
    }
    derive_company(row, winners);
}

/// Puts one shown value into its column.
pub fn set_person(row: &mut Person, field: Field, value: Option<&Value>) {
    match field {
        Field::PersonName => {
            row.name = text(value);
            row.name_key = row
                .name
                .as_deref()
                .map(|name| PersonName::read(name).name_key());
        }
        Field::PersonNameEn => row.name_en = text(value),
        Field::Birthday => row.birthday = text(value),
        Field::Language => row.language = text(value),
        _ => {}
    }
}

/// Puts one shown value into its column.
pub fn set_contact(row: &mut Contact, field: Field, value: Option<&Value>) {
    match field {
        Field::Title => row.title = text(value),
        Field::Department => row.department = text(value),
        Field::Role => row.role = text(value),
        Field::IsKey => {
            row.is_key = matches!(value, Some(Value::Bool(true))) || whole(value) == Some(1)
        }
        _ => {}
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn whole(value: Option<&Value>) -> Option<i32> {
    value
        .and_then(crate::registry::model::whole)
        .and_then(|n| i32::try_from(n).ok())
}

fn date(value: Option<&Value>) -> Option<NaiveDate> {
    value?.as_str()?.parse().ok()
}

fn bits(value: Option<&Value>) -> i64 {
    let Some(Value::Array(needs)) = value else {
        return 0;
    };
    let numbers = needs
        .iter()
        .filter_map(Value::as_u64)
        .filter(|bit| *bit < 63);
    numbers.fold(0, |all, bit| all | 1 << bit)
}
