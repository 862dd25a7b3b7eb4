//! From what a row says to what its record says, and to the keys it is placed by.

use crate::intake::decode::Reading;
use crate::intake::decode::format::Format;
use crate::intake::model::BatchKind;
use crate::intake::rows::{PhoneOwner, RowSaid};
use crate::intake::{
    Carry, Cell, Field as Column, Outcome, Plan, RawRow, RowResult, SheetPlan, evaluate, row_key,
};
use crate::registry::model::{Field, Said};
use crate::registry::rules::hash::hash64;
use crate::registry::rules::phone::Home;
use crate::registry::rules::placing::{CompanyKeys, PersonKeys};
use crate::registry::rules::{birthday, email, industry, region, size};

/// What a valid row said, as a record keeps it.
pub fn record_of(row: &RowSaid) -> Said {
    let mut said = Said::new();
    company(row, &mut said);
    let has_person = row.person.is_some();
    if let Some(person) = &row.person {
        said.put_text(Field::PersonName, &person.name.shown);
        for (field, text) in [(Field::Wechat, &person.wechat), (Field::Qq, &person.qq)] {
            if let Some(text) = text {
                said.put(field, text.as_str());
            }
        }
        said.put_text(
            Field::Title,
            row.contact.title.as_deref().unwrap_or_default(),
        );
        said.put_text(
            Field::Department,
            row.contact.department.as_deref().unwrap_or_default(),
        );
    }
    points(row, has_person, &mut said);
    for (column, text) in &row.values {
        value(*column, text, &mut said);
    }
    said
}

fn company(row: &RowSaid, said: &mut Said) {
    let Some(company) = &row.company else { return };
    let english = company.name_en.as_deref().unwrap_or_default();
    let code = company.credit_code.as_deref().unwrap_or_default();
    // Known by its English name or its code alone: that is what is shown.
    let shown = [company.name.shown.as_str(), english, code]
        .into_iter()
        .find(|name| !name.is_empty());
    said.put_text(Field::Name, shown.unwrap_or_default());
    said.put_text(Field::NameEn, english);
    said.put_text(
        Field::FormerName,
        company.former_name.as_deref().unwrap_or_default(),
    );
    said.put_text(Field::CreditCode, code);
    said.put_text(Field::Region, row.region.unwrap_or_default());
}

fn points(row: &RowSaid, has_person: bool, said: &mut Said) {
    let (mut phone, mut mobile, mut desk, mut inferred) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in &row.phones {
        match number.owner {
            PhoneOwner::Person if has_person => mobile.push(number.phone.to_string()),
            PhoneOwner::Contact if has_person => {
                desk.push(number.phone.to_string());
                phone.push(number.phone.e164.clone());
            }
            _ => phone.push(number.phone.to_string()),
        }
        if number.phone.area_inferred {
            inferred.push(number.phone.e164.clone());
        }
    }
    let emails: Vec<String> = row
        .emails
        .iter()
        .map(|email| email.address.clone())
        .collect();
    let mail = if has_person {
        Field::Email
    } else {
        Field::CompanyEmail
    };
    for (field, mut list) in [
        (Field::Phone, phone),
        (Field::Mobile, mobile),
        (Field::DeskPhone, desk),
        (Field::AreaInferred, inferred),
        (mail, emails),
    ] {
        list.dedup();
        if !list.is_empty() {
            said.put(field, list);
        }
    }
}

fn value(column: Column, text: &str, said: &mut Said) {
    let field = match column {
        Column::Address => Field::Address,
        Column::Postcode => Field::Postcode,
        Column::Website => Field::Website,
        Column::PresentSystem => Field::PresentSystem,
        Column::Need => Field::NeedText,
        Column::Timeline => Field::Timeline,
        Column::Budget => Field::BudgetText,
        Column::Decider => Field::DeciderText,
        Column::Remark => Field::Remark,
        Column::Booth => Field::Booth,
        Column::ListNumber => Field::ListNumber,
        Column::Date => Field::Date,
        Column::Gender => Field::Gender,
        Column::Language => Field::Language,
        Column::Industry => {
            if let Some(found) = industry::derive(text) {
                said.put(Field::Industry, found.code);
            }
            return;
        }
        Column::Birthday => {
            if let Some(day) =
                birthday::read(text).filter(|_| said.text(Field::PersonName).is_some())
            {
                said.put(Field::Birthday, day);
            }
            return;
        }
        Column::Headcount => return heads(text, said),
        Column::PresentSystemYear => return year(text, said),
        Column::Revenue => {
            if let Some(minor) = amount(text) {
                said.put(Field::Revenue, minor);
                said.put(Field::Currency, "CNY");
            }
            return;
        }
        _ => return,
    };
    match said.text(field).map(str::to_owned) {
        // Two remark columns are one remark; of two addresses the first is the address.
        Some(before) if field == Field::Remark => said.put(field, format!("{before}\n{text}")),
        Some(_) => {}
        None => said.put(field, text),
    }
}

fn heads(text: &str, said: &mut Said) {
    let Some(found) = size::derive(text) else {
        return;
    };
    if let Some(count) = found.headcount {
        said.put(Field::Headcount, count);
    }
    said.put(Field::SizeClass, found.class);
}

fn year(text: &str, said: &mut Said) {
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    if let Some(year) = digits
        .parse::<i32>()
        .ok()
        .filter(|year| (1980..=2100).contains(year))
    {
        said.put(Field::PresentSystemYear, year);
    }
}

/// `1.2亿`, `5000万元`, `3,000,000`: minor units. Currencies other than the yuan are left alone.
pub fn amount(text: &str) -> Option<i64> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '¥' | '￥'))
        .collect();
    let split = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let number: f64 = text[..split].parse().ok()?;
    let unit = match &text[split..] {
        "" | "元" => 1.0,
        "万" | "万元" | "萬" => 1e4,
        "百万" | "百万元" => 1e6,
        "千万" | "千万元" => 1e7,
        "亿" | "亿元" | "億" => 1e8,
        _ => return None,
    };
    let minor = number * unit * 100.0;
    (minor < 9e17).then_some(minor.round() as i64)
}

/// What a row is placed by: its company keys and its person keys.
pub fn keys_of(row: &RowSaid) -> (Option<CompanyKeys>, Option<PersonKeys>) {
    let company = row.company.as_ref().map(|company| {
        let name_key = match (&company.name.key_text, &company.name_en) {
            (text, Some(english)) if text.is_empty() => {
                crate::registry::rules::company_name::CompanyName::read(english).name_key()
            }
            _ => company.name.name_key(),
        };
        CompanyKeys {
            name_key,
            credit_code: company.credit_code.clone(),
            prefecture: row
                .region
                .and_then(region::prefecture_of)
                .map(|place| place.code),
            is_full_name: company.name.is_full_legal_name,
        }
    });
    let person = row
        .person
        .as_ref()
        .filter(|person| !person.name.shown.is_empty())
        .map(|person| {
            let mobiles = row
                .phones
                .iter()
                .filter(|phone| phone.owner == PhoneOwner::Person)
                .map(|phone| phone.phone.key());
            let mails = row.emails.iter().map(email::Email::key);
            let wechat = person.wechat.as_deref().map(hash64);
            PersonKeys {
                name: person.name.clone(),
                points: mobiles.chain(mails).chain(wechat).collect(),
            }
        });
    (company, person)
}

/// One lead as a row of a list of its own: judged by the same rules, known again by the same key.
pub fn lead_row(
    source_id: i64,
    channel: &str,
    fields: &[(Column, String)],
    home: Home,
) -> (RowResult, Option<(i64, i64)>) {
    let headings: Vec<String> = fields
        .iter()
        .map(|(column, _)| column.code().to_owned())
        .collect();
    let cells: Vec<Cell> = fields
        .iter()
        .map(|(_, text)| Cell::text(text.as_str()))
        .collect();
    let raw = RawRow {
        sheet_no: 1,
        row_no: 2,
        lines: 1,
        cells,
        ..RawRow::default()
    };
    let sheet = SheetPlan {
        sheet_no: 1,
        name: String::new(),
        header_row: Some(1),
        first_row: 2,
        headings: headings.clone(),
        columns: fields.iter().map(|(column, _)| *column).collect(),
    };
    let reading = Reading {
        format: Format::Workbook,
        encoding: "utf-8".into(),
        mark: 0,
        carriage_returns: false,
        delimiter: ',',
        declared: false,
        width: fields.len(),
        sheets: vec![1],
    };
    let plan = Plan {
        kind: BatchKind::Leads.rows(channel),
        reading,
        sheets: vec![sheet],
        home,
    };
    let result = evaluate(&raw, &plan, &mut Carry::default());
    let key = (result.outcome == Outcome::Valid).then(|| row_key(source_id, &raw, &headings, 0));
    (result, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_yuan() {
        for (text, minor) in [
            ("1.2亿", Some(12_000_000_000)),
            ("5000万元", Some(5_000_000_000)),
            ("3,000,000", Some(300_000_000)),
            ("80", Some(8_000)),
            ("5000 USD", None),
            ("约五千万", None),
        ] {
            assert_eq!(amount(text), minor, "{text}");
        }
    }
}
