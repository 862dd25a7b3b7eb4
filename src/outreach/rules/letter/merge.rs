//! A letter for one person.

use std::collections::BTreeMap;

use minijinja::Value;

use super::compile::Compiled;
use super::fields::Fields;
use super::{LARGEST, text};

/// A letter as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The subject, with the legal mark where there is one.
    pub subject: String,
    /// The letter.
    pub html: String,
    /// The letter for those who read plain text.
    pub text: String,
}

/// Why a person does not get a letter: what it names is not known of them, and it has no fall-back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the field {field} is missing")]
pub struct MissingField {
    /// The field; `letter` where the letter itself cannot be written, which saving it refuses.
    pub field: &'static str,
}

/// Writes a letter.
pub fn write(compiled: &Compiled, fields: &Fields) -> Result<Written, MissingField> {
    if let Some(field) = compiled.missing(fields) {
        return Err(MissingField { field });
    }
    let broken = MissingField { field: "letter" };
    let (subject, html, text) = merged(compiled, values(compiled, fields)).map_err(|_| broken)?;
    if html.len() > LARGEST {
        return Err(broken);
    }
    Ok(Written {
        subject: format!("{}{}", fields.mark, one_line(&subject)),
        html,
        text: text::tidy(&text),
    })
}

pub(super) type Values = BTreeMap<&'static str, Value>;

/// What is there of what a letter names.
pub(super) fn values(compiled: &Compiled, fields: &Fields) -> Values {
    let names = compiled.names.iter();
    let there = names.filter_map(|code| Some((*code, fields.get(code)?)));
    there.collect()
}

/// Subject, HTML and text.
pub(super) fn merged(
    compiled: &Compiled,
    values: Values,
) -> Result<(String, String, String), minijinja::Error> {
    let values = Value::from(values);
    let render = |name: &str| {
        compiled
            .templates
            .get_template(name)?
            .render(values.clone())
    };
    Ok((render("subject")?, render("html")?, render("text")?))
}

/// A header has no second line, whatever a name holds.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
