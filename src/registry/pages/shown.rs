//! How values of companies are shown to a person: codes become words.

use serde_json::Value;

use crate::platform::i18n::Lang;
use crate::platform::page::PageContext;
use crate::registry::model::{ContactPoint, Field};
use crate::registry::rules::email::masked;
use crate::registry::rules::phone::Phone;
use crate::registry::rules::{industry, region};

/// The size classes as filters and pages name them.
pub const SIZES: [&str; 5] = ["<20", "20-99", "100-299", "300-999", ">=1000"];

/// `100–299`.
pub fn size(class: Option<i32>) -> Option<String> {
    let at = usize::try_from(class?.checked_sub(1)?).ok()?;
    SIZES.get(at).map(|code| size_label(code))
}

/// A size class as people write it.
pub fn size_label(code: &str) -> String {
    code.replace(">=", "≥").replace('-', "–")
}

/// A place by its code; county and prefecture together.
pub fn place(lang: Lang, code: &str) -> String {
    let Some(found) = region::by_code(code) else {
        return code.to_owned();
    };
    let name = |place: &'static region::Place| if lang == Lang::Zh { place.zh } else { place.en };
    let above = region::prefecture_of(code).filter(|city| city.code != found.code);
    match (above, lang) {
        (Some(city), Lang::Zh) => format!("{}{}", name(city), name(found)),
        (Some(city), Lang::En) => format!("{}, {}", name(found), name(city)),
        (None, _) => name(found).to_owned(),
    }
}

/// An industry by its code.
pub fn industry_name(lang: Lang, code: &str) -> String {
    industry::by_code(code).map_or_else(
        || code.to_owned(),
        |found| if lang == Lang::Zh { found.zh } else { found.en }.to_owned(),
    )
}

/// A number, whole or masked; mail boxes likewise.
pub fn point(point: &ContactPoint, in_full: bool) -> String {
    if point.is_number() {
        let phone = Phone::stored(&point.value, point.ext.as_deref());
        return if in_full {
            phone.pretty()
        } else {
            phone.masked()
        };
    }
    if in_full {
        return point.value.clone();
    }
    masked(&point.value)
        .unwrap_or_else(|| format!("{}***", point.value.chars().next().unwrap_or('*')))
}

/// A stored value of a field in words.
pub fn value(ctx: &PageContext, field: Field, value: &Value, currency: &str) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => return ctx.t("company-blank"),
        other => other.to_string(),
    };
    let whole = value.as_i64().or_else(|| text.parse().ok());
    match field {
        Field::Region => place(ctx.language, &text),
        Field::Industry => industry_name(ctx.language, &text),
        Field::SizeClass => size(whole.and_then(|n| i32::try_from(n).ok())).unwrap_or(text),
        Field::Revenue | Field::BudgetMin | Field::BudgetMax => {
            whole.map_or(text, |minor| ctx.money(&minor, currency))
        }
        Field::Headcount | Field::PcCount | Field::NeedUsers => {
            whole.map_or(text, |n| ctx.number(n))
        }
        Field::Urgency => ctx.code("urgency", &text),
        Field::BudgetState => ctx.code("company-budget", &text),
        Field::DecisionProcess => ctx.code("company-process", &text),
        Field::SelectionStarted => ctx.code("company-selection", &text),
        Field::Role => ctx.code("company-role", &text),
        Field::IsKey => ctx.t(if value == &Value::Bool(true) {
            "company-yes"
        } else {
            "company-no"
        }),
        _ => listed(value, text),
    }
}

/// Lists by comma; competitors by their names.
fn listed(value: &Value, text: String) -> String {
    match value {
        Value::Array(items) => {
            let words = items.iter().map(|item| match item {
                Value::String(word) => word.clone(),
                Value::Object(map) => map
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                other => other.to_string(),
            });
            words.collect::<Vec<_>>().join("、")
        }
        _ => text,
    }
}
