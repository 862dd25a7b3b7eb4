//! What a person typed about a company or a person: read, checked, and told apart from what was there.

use serde_json::Value;

use crate::platform::form::Pairs;
use crate::platform::page::PageContext;
use crate::registry::model::{Company, Field, Said};
use crate::registry::rules::credit_code::valid_company_code;
use crate::registry::rules::phone::{Home, PhoneContext};
use crate::registry::rules::read_value::{Unreadable, read_value};
use crate::registry::rules::region;

use super::facts::label;

/// Of one unit of money, as records keep it.
const MINOR_UNITS: i64 = 100;

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

/// One field with what was typed.
pub(super) fn input(
    ctx: &PageContext,
    field: Field,
    kind: &'static str,
    typed: Option<&Pairs>,
    errors: &[(Field, String)],
) -> Input {
    let value = typed.and_then(|pairs| pairs.get(field.code()));
    Input {
        name: field.code(),
        label: label(ctx, field),
        value: value.unwrap_or_default().to_owned(),
        hint: String::new(),
        kind,
        error: errors
            .iter()
            .find(|(wrong, _)| *wrong == field)
            .map(|(_, text)| text.clone()),
    }
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
        .map(|field| {
            let kind = match field {
                Field::Headcount | Field::PresentSystemYear | Field::PcCount => "number",
                _ => "text",
            };
            let mut shown = input(ctx, *field, kind, typed, errors);
            shown.hint = hint(ctx, *field);
            if let (None, Some(company)) = (typed, known) {
                shown.value = current(ctx, company, *field);
            }
            shown
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

/// Reads a form. With a company only what differs is said, and an emptied field says *wrong, leave blank*. A
/// number without country code is one of the place that was typed, else of `home`.
pub(super) fn company(
    ctx: &PageContext,
    home: Home,
    pairs: &Pairs,
    known: Option<&Company>,
) -> Read {
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
        read.bad_code |= field == Field::CreditCode && valid_company_code(typed).is_none();
        match value(field, typed) {
            Ok(value) => read.said.put(field, value),
            Err(why) => read.errors.push((field, wrong(ctx, why))),
        }
    }
    points(
        ctx,
        home,
        pairs,
        &[Field::Phone, Field::CompanyEmail],
        &mut read,
    );
    read
}

/// Money is typed in whole units of the office's currency.
fn value(field: Field, typed: &str) -> Result<Value, Unreadable> {
    let value = match (field, typed.replace([',', '，'], "").parse::<i64>()) {
        (Field::Revenue, Ok(units)) => Value::from(units.saturating_mul(MINOR_UNITS)),
        _ => Value::from(typed),
    };
    read_value(field, value, &PhoneContext::default())
}

fn wrong(ctx: &PageContext, why: Unreadable) -> String {
    ctx.t(&format!("company-wrong-{}", why.code()))
}

/// Reads a person.
pub(super) fn person(ctx: &PageContext, home: Home, pairs: &Pairs) -> Read {
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
    if let Some(typed) = pairs.get(Field::Birthday.code()) {
        match read_value(
            Field::Birthday,
            Value::from(typed),
            &PhoneContext::default(),
        ) {
            Ok(day) => read.said.put(Field::Birthday, day),
            Err(why) => read.errors.push((Field::Birthday, wrong(ctx, why))),
        }
    }
    if pairs.get("is_key").is_some() {
        read.said.put(Field::IsKey, true);
    }
    points(
        ctx,
        home,
        pairs,
        &[Field::Mobile, Field::DeskPhone, Field::Email],
        &mut read,
    );
    read
}

/// Numbers and addresses become what is stored.
fn points(ctx: &PageContext, home: Home, pairs: &Pairs, fields: &[Field], read: &mut Read) {
    let place = pairs.get(Field::Region.code()).and_then(region::by_name);
    let area = place.and_then(|place| place.area);
    let near = PhoneContext {
        area,
        ..PhoneContext::at(place.map_or(home, |place| Home::of(place.code)))
    };
    for field in fields {
        let Some(typed) = pairs.get(field.code()) else {
            continue;
        };
        match read_value(*field, Value::from(typed), &near) {
            Ok(value) => read.said.put(*field, value),
            Err(why) => read.errors.push((*field, wrong(ctx, why))),
        }
    }
}
