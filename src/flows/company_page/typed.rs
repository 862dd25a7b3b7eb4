//! What a person typed about a company or a person: read, checked, and told apart from what was there.

use serde_json::Value;

use crate::platform::form::Pairs;
use crate::platform::page::PageContext;
use crate::registry::model::{Company, Field, Said};
use crate::registry::rules::credit_code::valid_company_code;
use crate::registry::rules::email::read_email;
use crate::registry::rules::phone::{PhoneContext, parse_one};
use crate::registry::rules::{industry, region};

use super::facts::label;

/// Fields of the form, in its order.
pub(super) const TYPED: [Field; 15] = [
    Field::Name,
    Field::NameEn,
    Field::FormerName,
    Field::CreditCode,
    Field::Region,
    Field::Industry,
    Field::Headcount,
    Field::Revenue,
    Field::Address,
    Field::Postcode,
    Field::Website,
    Field::PresentSystem,
    Field::PresentSystemYear,
    Field::PcCount,
    Field::Parent,
];

/// A field of a form with its complaint.
pub(super) struct Input {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub hint: String,
    pub kind: &'static str,
    pub error: Option<String>,
}

/// The fields with what was typed, or with what is known.
pub(super) fn inputs(
    ctx: &PageContext,
    known: Option<&Company>,
    typed: Option<&Pairs>,
    errors: &[(Field, String)],
) -> Vec<Input> {
    TYPED
        .iter()
        .map(|field| Input {
            name: field.code(),
            label: label(ctx, *field),
            value: match typed {
                Some(pairs) => pairs.get(field.code()).unwrap_or_default().to_owned(),
                None => known
                    .map(|company| current(ctx, company, *field))
                    .unwrap_or_default(),
            },
            hint: hint(ctx, *field),
            kind: match field {
                Field::Headcount | Field::PresentSystemYear | Field::PcCount => "number",
                _ => "text",
            },
            error: errors
                .iter()
                .find(|(wrong, _)| wrong == field)
                .map(|(_, text)| text.clone()),
        })
        .collect()
}

fn hint(ctx: &PageContext, field: Field) -> String {
    match field {
        Field::Region => ctx.t("company-hint-region"),
        Field::Revenue => ctx.t("company-hint-revenue"),
        Field::CreditCode => ctx.t("company-hint-credit-code"),
        _ => String::new(),
    }
}

/// A shown value as one would type it.
pub(super) fn current(ctx: &PageContext, company: &Company, field: Field) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let whole = |value: Option<i64>| value.map_or_else(String::new, |n| n.to_string());
    match field {
        Field::Name => company.name.clone(),
        Field::NameEn => text(&company.name_en),
        Field::FormerName => text(&company.former_name),
        Field::CreditCode => text(&company.credit_code),
        Field::Region => company.region.as_deref().map_or_else(String::new, |code| {
            region::by_code(code).map_or_else(|| code.to_owned(), |place| place.full.to_owned())
        }),
        Field::Industry => company
            .industry
            .as_deref()
            .map_or_else(String::new, |code| {
                crate::registry::pages::shown::industry_name(ctx.language, code)
            }),
        Field::Headcount => whole(company.headcount.map(i64::from)),
        Field::Revenue => whole(company.revenue_minor.map(|minor| minor / 100)),
        Field::Address => text(&company.address),
        Field::Postcode => text(&company.postcode),
        Field::Website => text(&company.website),
        Field::PresentSystem => text(&company.present_system),
        Field::PresentSystemYear => whole(company.present_system_year.map(i64::from)),
        Field::PcCount => whole(company.pc_count.map(i64::from)),
        Field::Parent => text(&company.parent),
        _ => String::new(),
    }
}

/// What was said, what is wrong, and whether a credit code failed its check.
#[derive(Default)]
pub(super) struct Read {
    pub said: Said,
    pub errors: Vec<(Field, String)>,
    pub bad_code: bool,
}

/// Reads a form. With a company only what differs is said, and an emptied field says *wrong, leave blank*.
pub(super) fn company(ctx: &PageContext, pairs: &Pairs, known: Option<&Company>) -> Read {
    let mut read = Read::default();
    for field in TYPED {
        let Some((_, typed)) = pairs.0.iter().find(|(name, _)| name == field.code()) else {
            continue;
        };
        let typed = typed.trim();
        let before = known
            .map(|company| current(ctx, company, field))
            .unwrap_or_default();
        if typed == before {
            continue;
        }
        if typed.is_empty() {
            if field == Field::Name {
                read.errors.push((field, ctx.t("company-wrong-name")));
            } else {
                read.said.put(field, Value::Null);
            }
            continue;
        }
        match value(field, typed) {
            Ok(value) => read.said.put(field, value),
            Err("company-wrong-code") => read.bad_code = true,
            Err(key) => read.errors.push((field, ctx.t(key))),
        }
    }
    points(
        ctx,
        pairs,
        &[(Field::Phone, true), (Field::CompanyEmail, false)],
        &mut read,
    );
    read
}

fn value(field: Field, typed: &str) -> Result<Value, &'static str> {
    let whole = |range: std::ops::RangeInclusive<i64>, key| {
        typed
            .replace([',', '，'], "")
            .parse::<i64>()
            .ok()
            .filter(|n| range.contains(n))
            .ok_or(key)
    };
    match field {
        Field::CreditCode => valid_company_code(typed)
            .map(Value::from)
            .ok_or("company-wrong-code"),
        Field::Region => region::by_name(typed)
            .or_else(|| region::by_code(typed))
            .map(|place| Value::from(place.code))
            .ok_or("company-wrong-region"),
        Field::Industry => industry::all()
            .iter()
            .find(|one| [one.code, one.zh, one.en].contains(&typed))
            .map(|one| one.code)
            .or_else(|| industry::derive(typed).map(|derived| derived.code))
            .map(Value::from)
            .ok_or("company-wrong-industry"),
        Field::Headcount | Field::PcCount => {
            whole(0..=10_000_000, "company-wrong-number").map(Value::from)
        }
        Field::PresentSystemYear => whole(1950..=2100, "company-wrong-year").map(Value::from),
        Field::Revenue => {
            whole(0..=100_000_000_000_000, "company-wrong-number").map(|n| Value::from(n * 100))
        }
        _ => Ok(Value::from(typed)),
    }
}

/// Reads a person.
pub(super) fn person(ctx: &PageContext, pairs: &Pairs) -> Read {
    let mut read = Read::default();
    for field in [
        Field::PersonName,
        Field::Title,
        Field::Department,
        Field::Role,
        Field::Wechat,
    ] {
        if let Some(typed) = pairs.get(field.code()) {
            read.said.put(field, typed);
        }
    }
    if pairs.get("is_key").is_some() {
        read.said.put(Field::IsKey, true);
    }
    points(
        ctx,
        pairs,
        &[
            (Field::Mobile, true),
            (Field::DeskPhone, true),
            (Field::Email, false),
        ],
        &mut read,
    );
    read
}

/// Numbers and addresses become what is stored.
fn points(ctx: &PageContext, pairs: &Pairs, fields: &[(Field, bool)], read: &mut Read) {
    let area = pairs
        .get(Field::Region.code())
        .and_then(region::by_name)
        .and_then(|place| place.area);
    let context = PhoneContext {
        area,
        ..PhoneContext::default()
    };
    for (field, is_number) in fields {
        let Some(typed) = pairs.get(field.code()) else {
            continue;
        };
        let found = if *is_number {
            parse_one(typed, &context)
                .ok()
                .map(|phone| match &phone.ext {
                    Some(ext) => format!("{};ext={ext}", phone.e164),
                    None => phone.e164.clone(),
                })
        } else {
            read_email(typed).map(|email| email.address)
        };
        match found {
            Some(value) => read.said.put(*field, vec![value]),
            None => {
                let key = if *is_number {
                    "company-wrong-phone"
                } else {
                    "company-wrong-email"
                };
                read.errors.push((*field, ctx.t(key)));
            }
        }
    }
}
