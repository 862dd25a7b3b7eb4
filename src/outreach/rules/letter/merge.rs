//! A letter for one person.

use std::collections::BTreeMap;

use minijinja::{ErrorKind, Value};

use super::compile::Compiled;
use super::fields::{FIELDS, Fields, ITEMS};
use super::{LARGEST, SUBJECT, text};

/// Most letters fit into so many bytes, and none has to move while it is written.
const ROOM: usize = 8 << 10;

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
    let (subject, html, text) = merged(compiled, values(fields)).map_err(|_| broken)?;
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

/// What is there.
pub(super) fn values(fields: &Fields) -> Values {
    let codes = FIELDS.iter().map(|field| field.code).chain([ITEMS]);
    let there = codes.filter_map(|code| Some((code, fields.get(code)?)));
    there.collect()
}

/// Subject, HTML and text.
pub(super) fn merged(
    compiled: &Compiled,
    values: Values,
) -> Result<(String, String, String), minijinja::Error> {
    let values = Value::from(values);
    let render = |name: &str, room: usize| {
        let template = compiled.templates.get_template(name)?;
        let mut text = Vec::with_capacity(room);
        template.render_to_write(values.clone(), &mut text)?;
        String::from_utf8(text)
            .map_err(|why| minijinja::Error::new(ErrorKind::BadSerialization, why.to_string()))
    };
    let (subject, html) = (render("subject", SUBJECT)?, render("html", ROOM)?);
    Ok((subject, html, render("text", ROOM / 4)?))
}

/// A header has no second line, whatever a name holds.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
