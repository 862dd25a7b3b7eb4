//! One value as somebody typed or sent it, in the form in which records keep it.
//!
//! Places and industries become codes, numbers numbers, telephone numbers E.164, addresses lower case. Whatever gives
//! facts by hand (company page, call, API) reads them here, so that a wrong value is refused at every door.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde_json::Value;

use super::birthday;
use super::credit_code::valid_company_code;
use super::email::read_email;
use super::industry;
use super::phone::{PhoneContext, as_given};
use super::region;
use super::size;
use crate::registry::model::{Field, FieldShape};

/// Longest text of one value, in bytes.
const LONGEST: usize = 4_000;
/// More heads or computers than any company has.
const HEADS: RangeInclusive<i64> = 0..=10_000_000;
/// Minor units: a thousand times a thousand million.
const MONEY: RangeInclusive<i64> = 0..=100_000_000_000_000;
const YEARS: RangeInclusive<i64> = 1950..=2100;

/// Why a value cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// A company needs a name.
    Name,
    /// No such place.
    Region,
    /// No such industry.
    Industry,
    /// A whole number is wanted, inside a sensible range.
    Number,
    /// A year with four digits is wanted.
    Year,
    /// A day is wanted: `2026-09-22`.
    Date,
    /// This cannot be a telephone number.
    Phone,
    /// This is no mail address.
    Email,
    /// One of the codes of [`Field::choices`] is wanted.
    Choice,
    /// A text is wanted, without control characters.
    Text,
    /// Too long.
    Long,
}

impl Unreadable {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Region => "region",
            Self::Industry => "industry",
            Self::Number => "number",
            Self::Year => "year",
            Self::Date => "date",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Choice => "choice",
            Self::Text => "text",
            Self::Long => "long",
        }
    }
}

/// Reads a value of a field. `null` stays: it says *wrong, leave blank*, except of a company's name.
/// A telephone number without area code is read as one of `near`.
pub fn read_value(field: Field, value: Value, near: &PhoneContext) -> Result<Value, Unreadable> {
    if value.to_string().len() > LONGEST {
        return Err(Unreadable::Long);
    }
    if value.is_null() {
        return if field == Field::Name {
            Err(Unreadable::Name)
        } else {
            Ok(value)
        };
    }
    if field.shape() == FieldShape::Set {
        return read_points(field, value, near);
    }
    match field {
        Field::Headcount | Field::PcCount | Field::NeedUsers => {
            whole(&value, HEADS, Unreadable::Number)
        }
        Field::Revenue | Field::BudgetMin | Field::BudgetMax => {
            whole(&value, MONEY, Unreadable::Number)
        }
        Field::Satisfaction => whole(&value, 1..=5, Unreadable::Number),
        Field::PresentSystemYear | Field::BudgetYear => whole(&value, YEARS, Unreadable::Year),
        Field::SizeClass => size_class(&value),
        Field::SignBy | Field::GoLive => day(&value),
        Field::IsKey => value.as_bool().map(Value::from).ok_or(Unreadable::Choice),
        Field::Needs | Field::Vendors => Ok(value),
        Field::Decider if value.is_i64() => Ok(value),
        _ => text(&value).and_then(|text| read_text(field, text)),
    }
}

fn read_text(field: Field, text: &str) -> Result<Value, Unreadable> {
    let choices = field.choices();
    match field {
        Field::Name if text.is_empty() => Err(Unreadable::Name),
        // A failing code warns, it is never refused (rules on completeness): it is kept as it was said.
        Field::CreditCode => Ok(Value::from(
            valid_company_code(text).unwrap_or_else(|| text.to_uppercase()),
        )),
        Field::Region => region::by_code(text)
            .or_else(|| region::by_name(text))
            .map(|place| Value::from(place.code))
            .ok_or(Unreadable::Region),
        Field::Birthday => birthday::read(text)
            .map(Value::from)
            .ok_or(Unreadable::Date),
        Field::Industry => industry_code(text)
            .map(Value::from)
            .ok_or(Unreadable::Industry),
        Field::Currency | Field::BudgetCurrency => {
            let is_code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
            is_code
                .then(|| Value::from(text.to_uppercase()))
                .ok_or(Unreadable::Choice)
        }
        _ if !choices.is_empty() && !choices.contains(&text) => Err(Unreadable::Choice),
        _ => Ok(Value::from(text)),
    }
}

fn industry_code(text: &str) -> Option<&'static str> {
    industry::all()
        .iter()
        .find(|one| [one.code, one.zh, one.en].contains(&text))
        .map(|one| one.code)
        .or_else(|| industry::derive(text).map(|derived| derived.code))
}

/// A text without blanks around it; line breaks and tabs are text, other control characters are not.
fn text(value: &Value) -> Result<&str, Unreadable> {
    let text = value.as_str().ok_or(Unreadable::Text)?.trim();
    let is_text = text
        .chars()
        .all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    is_text.then_some(text).ok_or(Unreadable::Text)
}

fn whole(
    value: &Value,
    range: RangeInclusive<i64>,
    wrong: Unreadable,
) -> Result<Value, Unreadable> {
    let number = match value {
        Value::String(typed) => typed.trim().replace([',', '，'], "").parse().ok(),
        other => other.as_i64(),
    };
    number
        .filter(|number| range.contains(number))
        .map(Value::from)
        .ok_or(wrong)
}

/// A class 1–5, or a text such as `100–299` that speaks of one.
fn size_class(value: &Value) -> Result<Value, Unreadable> {
    let class = match value {
        Value::String(typed) if typed.trim().len() > 1 => {
            size::derive(typed).map(|size| i64::from(size.class))
        }
        Value::String(typed) => typed.trim().parse().ok(),
        other => other.as_i64(),
    };
    class
        .filter(|class| (1..=5).contains(class))
        .map(Value::from)
        .ok_or(Unreadable::Number)
}

fn day(value: &Value) -> Result<Value, Unreadable> {
    let day: Option<NaiveDate> = value.as_str().and_then(|text| text.trim().parse().ok());
    day.map(|day| Value::from(day.to_string()))
        .ok_or(Unreadable::Date)
}

fn read_points(field: Field, value: Value, near: &PhoneContext) -> Result<Value, Unreadable> {
    let points = match value {
        Value::Array(points) => points,
        one => vec![one],
    };
    let read = points
        .iter()
        .map(|point| read_point(field, text(point)?, near));
    Ok(Value::from(read.collect::<Result<Vec<String>, _>>()?))
}

fn read_point(field: Field, typed: &str, near: &PhoneContext) -> Result<String, Unreadable> {
    match field {
        Field::Mobile | Field::Phone | Field::DeskPhone => as_given(typed, near)
            .map(|phone| phone.to_string())
            .map_err(|_| Unreadable::Phone),
        Field::Email | Field::CompanyEmail => read_email(typed)
            .map(|email| email.address)
            .ok_or(Unreadable::Email),
        _ if typed.is_empty() => Err(Unreadable::Text),
        _ => Ok(typed.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(field: Field, value: Value) -> Result<Value, Unreadable> {
        read_value(field, value, &PhoneContext::default())
    }

    #[test]
    fn what_can_be_kept_is_kept_in_one_form() {
        for (field, typed, kept) in [
            (Field::Headcount, json!("1,200"), json!(1200)),
            (Field::Headcount, json!(120), json!(120)),
            (Field::SizeClass, json!("100–299"), json!(3)),
            (Field::Region, json!("苏州市"), json!("320500")),
            (Field::Region, json!("320500"), json!("320500")),
            (Field::GoLive, json!("2027-01-15"), json!("2027-01-15")),
            (Field::Currency, json!("usd"), json!("USD")),
            (Field::Birthday, json!("1980年5月20日"), json!("1980-05-20")),
            (Field::BudgetState, json!("approved"), json!("approved")),
            (Field::Address, json!(" 园区路 1 号 "), json!("园区路 1 号")),
            (Field::Decider, json!(17), json!(17)),
            (Field::Satisfaction, Value::Null, Value::Null),
            (
                Field::Phone,
                json!("+8651265801234;ext=801"),
                json!(["+8651265801234;ext=801"]),
            ),
            (
                Field::Mobile,
                json!(["139 1234 0987"]),
                json!(["+8613912340987"]),
            ),
            (
                Field::Email,
                json!("Li.Si@Example.com"),
                json!(["li.si@example.com"]),
            ),
        ] {
            assert_eq!(
                read(field, typed.clone()),
                Ok(kept),
                "{} {typed}",
                field.code()
            );
        }
    }

    #[test]
    fn what_cannot_be_kept_says_why() {
        for (field, typed, why) in [
            (Field::Name, Value::Null, Unreadable::Name),
            (Field::Name, json!("  "), Unreadable::Name),
            (Field::Name, json!("甲\u{0}乙"), Unreadable::Text),
            (Field::Name, json!(["甲"]), Unreadable::Text),
            (Field::Headcount, json!("abc"), Unreadable::Number),
            (Field::Headcount, json!(-3), Unreadable::Number),
            (Field::Satisfaction, json!(9), Unreadable::Number),
            (Field::PresentSystemYear, json!(20), Unreadable::Year),
            (Field::SignBy, json!("soon"), Unreadable::Date),
            (Field::Birthday, json!("spring"), Unreadable::Date),
            (Field::Region, json!("乌托邦"), Unreadable::Region),
            (Field::Role, json!("boss"), Unreadable::Choice),
            (Field::Urgency, json!("M2"), Unreadable::Choice),
            (Field::Mobile, json!("12"), Unreadable::Phone),
            (Field::Email, json!("nobody"), Unreadable::Email),
            (
                Field::Address,
                json!("长".repeat(LONGEST)),
                Unreadable::Long,
            ),
        ] {
            assert_eq!(
                read(field, typed.clone()),
                Err(why),
                "{} {typed}",
                field.code()
            );
        }
    }
}
