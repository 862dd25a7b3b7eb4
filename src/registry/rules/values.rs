//! From what is shown to the columns of a company, person or contact.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::company_name::CompanyName;
use super::fold::{Shown, Winners};
use super::hash::hash64;
use super::person_name::PersonName;
use super::size::class_of;
use crate::registry::model::{Company, Contact, Field, NewCompany, NewContact, NewPerson, Person};

/// A row of a company about which nothing is known yet.
pub fn blank_company(id: i64, now: NaiveDateTime) -> NewCompany {
    NewCompany {
        id,
        root_id: id,
        name: String::new(),
        name_en: None,
        former_name: None,
        name_key: 0,
        brand_key: None,
        credit_code: None,
        industry: None,
        size_class: None,
        headcount: None,
        revenue_minor: None,
        currency: None,
        region: None,
        address: None,
        postcode: None,
        website: None,
        present_system: None,
        present_system_year: None,
        satisfaction: None,
        pc_count: None,
        parent: None,
        urgency: None,
        sign_by: None,
        go_live: None,
        needs: 0,
        state: "new".into(),
        score: 0,
        completeness: 0,
        missing: 0,
        channels: 0,
        flags: 0,
        first_source_id: None,
        rescore_on: None,
        winners: "[]".into(),
        created_at: now,
    }
}

/// The same company as a row that can be written again.
pub fn row_of_company(company: Company) -> NewCompany {
    NewCompany {
        id: company.id,
        root_id: company.root_id,
        name: company.name,
        name_en: company.name_en,
        former_name: company.former_name,
        name_key: company.name_key,
        brand_key: company.brand_key,
        credit_code: company.credit_code,
        industry: company.industry,
        size_class: company.size_class,
        headcount: company.headcount,
        revenue_minor: company.revenue_minor,
        currency: company.currency,
        region: company.region,
        address: company.address,
        postcode: company.postcode,
        website: company.website,
        present_system: company.present_system,
        present_system_year: company.present_system_year,
        satisfaction: company.satisfaction,
        pc_count: company.pc_count,
        parent: company.parent,
        urgency: company.urgency,
        sign_by: company.sign_by,
        go_live: company.go_live,
        needs: company.needs,
        state: company.state,
        score: company.score,
        completeness: company.completeness,
        missing: company.missing,
        channels: company.channels,
        flags: company.flags,
        first_source_id: company.first_source_id,
        rescore_on: company.rescore_on,
        winners: company.winners,
        created_at: company.created_at,
    }
}

/// Puts one shown value into its column; key items without a column live in their records only.
pub fn set_company(row: &mut NewCompany, field: Field, value: Option<&Value>) {
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

fn set_name(row: &mut NewCompany, name: &str) {
    let read = CompanyName::read(name);
    row.name_key = read.name_key();
    row.brand_key = (!read.brand.is_empty()).then(|| hash64(&read.brand));
    name.clone_into(&mut row.name);
}

/// What follows from other values where nobody said it.
pub fn derive_company(row: &mut NewCompany, winners: &Winners) {
    if !winners.shows(Field::SizeClass) {
        row.size_class = row.headcount.map(|heads| i32::from(class_of(heads)));
    }
    row.winners = winners.to_json();
}

/// Writes a full fold: columns nobody speaks of become empty.
pub fn refold_company(row: &mut NewCompany, winners: &Winners, shown: &Shown) {
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

/// A person about whom nothing is known yet.
pub fn blank_person(id: i64, now: NaiveDateTime) -> NewPerson {
    NewPerson {
        id,
        root_id: id,
        name: None,
        name_en: None,
        name_key: None,
        mobile: None,
        email: None,
        wechat: None,
        qq: None,
        birthday: None,
        language: None,
        ground: None,
        ground_record_id: None,
        winners: "[]".into(),
        created_at: now,
    }
}

/// The same person as a row that can be written again.
pub fn row_of_person(person: Person) -> NewPerson {
    NewPerson {
        id: person.id,
        root_id: person.root_id,
        name: person.name,
        name_en: person.name_en,
        name_key: person.name_key,
        mobile: person.mobile,
        email: person.email,
        wechat: person.wechat,
        qq: person.qq,
        birthday: person.birthday,
        language: person.language,
        ground: person.ground,
        ground_record_id: person.ground_record_id,
        winners: person.winners,
        created_at: person.created_at,
    }
}

/// Puts one shown value into its column.
pub fn set_person(row: &mut NewPerson, field: Field, value: Option<&Value>) {
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

/// A contact about whom nothing is known yet.
pub fn blank_contact(
    id: i64,
    person_id: i64,
    company_id: Option<i64>,
    now: NaiveDateTime,
) -> NewContact {
    NewContact {
        id,
        person_id,
        company_id,
        title: None,
        department: None,
        role: None,
        is_key: false,
        winners: "[]".into(),
        created_at: now,
    }
}

/// The same contact as a row that can be written again.
pub fn row_of_contact(contact: &Contact) -> NewContact {
    NewContact {
        id: contact.id,
        person_id: contact.person_id,
        company_id: contact.company_id,
        title: contact.title.clone(),
        department: contact.department.clone(),
        role: contact.role.clone(),
        is_key: contact.is_key,
        winners: contact.winners.clone(),
        created_at: contact.created_at,
    }
}

/// Puts one shown value into its column.
pub fn set_contact(row: &mut NewContact, field: Field, value: Option<&Value>) {
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
