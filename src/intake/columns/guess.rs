//! Which column holds what: a proposal with its reason, for a person to correct.

use serde::{Deserialize, Serialize};

use super::content::{ColumnLook, Look};
use super::field::Field;
use super::header::Header;
use super::words::recognise;
use crate::intake::decode::row::RawRow;

/// How many samples of a column are kept.
const SAMPLES: usize = 5;

/// Why a column is taken for what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum GuessReason {
    /// Its heading is or holds a known word.
    Heading {
        /// As it stands in the list.
        heading: String,
        /// The known word.
        word: String,
    },
    /// Its cells look like it.
    Content {
        /// Percent of the filled cells.
        share: u8,
        /// What they look like.
        kind: Look,
    },
    /// Nothing but its place among the others.
    Position,
    /// A person or a mapping file said so.
    Chosen,
}

/// What a column is taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    /// The field.
    pub field: Field,
    /// Why.
    pub reason: GuessReason,
    /// 0–100.
    pub confidence: u8,
}

/// A column with what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFound {
    /// From 0.
    pub index: usize,
    /// Empty where the list has none.
    pub heading: String,
    /// The proposal.
    pub guess: Guess,
    /// Up to five different values.
    pub samples: Vec<String>,
}

/// Proposes a field for every column of a sheet.
pub(crate) fn guess_columns(
    header: Option<&Header>,
    data: &[&RawRow],
    width: usize,
) -> Vec<ColumnFound> {
    let width = header.map_or(0, |header| header.headings.len()).max(width);
    let mut columns: Vec<ColumnFound> = (0..width)
        .map(|index| one_column(header, data, index))
        .collect();
    settle_names(&mut columns, header.is_some(), data);
    columns
}

fn cells<'a>(data: &'a [&RawRow], index: usize) -> impl Iterator<Item = &'a str> {
    data.iter()
        .filter_map(move |row| row.cells.get(index))
        .map(|cell| cell.text.as_str())
}

fn one_column(header: Option<&Header>, data: &[&RawRow], index: usize) -> ColumnFound {
    let heading = header
        .and_then(|header| header.headings.get(index))
        .cloned()
        .unwrap_or_default();
    let content = ColumnLook::of(cells(data, index));
    let guess = by_heading(&heading, &content).unwrap_or_else(|| by_content(&content));
    let mut samples: Vec<String> = Vec::new();
    for cell in cells(data, index)
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
    {
        let short: String = cell.chars().take(80).collect();
        if samples.len() < SAMPLES && !samples.contains(&short) {
            samples.push(short);
        }
    }
    ColumnFound {
        index,
        heading,
        guess,
        samples,
    }
}

fn by_heading(heading: &str, content: &ColumnLook) -> Option<Guess> {
    let found = recognise(heading)?;
    let field = corrected(found.field, found.word, content);
    if field != found.field {
        return Some(by_content(content)).filter(|guess| guess.field != Field::Ignore);
    }
    let confidence = if found.exact { 97 } else { 80 };
    let reason = GuessReason::Heading {
        heading: heading.to_owned(),
        word: found.word.to_owned(),
    };
    Some(Guess {
        field,
        reason,
        confidence,
    })
}

/// What cannot be what the heading says is taken for what it looks like.
fn corrected(field: Field, word: &str, content: &ColumnLook) -> Field {
    if content.filled < 3 {
        return field;
    }
    let phones = content.share(&[Look::Mobile, Look::Phone]);
    let mails = content.share(&[Look::Email]);
    match field {
        Field::Email if mails < 10 && phones >= 80 => Field::Phone,
        Field::Phone | Field::Mobile if phones < 10 && mails >= 80 => Field::Email,
        Field::Company if word == "名称" || word == "客户" || word == "name" => {
            if content.share(&[Look::Person]) >= 70 {
                Field::Person
            } else {
                field
            }
        }
        Field::Person if word == "name" || word == "account" => {
            if content.share(&[Look::Company]) >= 50 {
                Field::CompanyAndPerson
            } else {
                field
            }
        }
        Field::Postcode if phones >= 60 => Field::Phone,
        Field::Wechat if phones >= 90 => field,
        _ => field,
    }
}

fn by_content(content: &ColumnLook) -> Guess {
    match content.field() {
        Some((field, kind, share)) => Guess {
            field,
            reason: GuessReason::Content { share, kind },
            confidence: (share / 2 + 40).min(90),
        },
        None => Guess {
            field: Field::Ignore,
            reason: GuessReason::Position,
            confidence: 20,
        },
    }
}

/// Lists without a header: the best column of names is the one, and where none looks like names, the first text is.
fn settle_names(columns: &mut [ColumnFound], has_header: bool, data: &[&RawRow]) {
    let guessed =
        |column: &ColumnFound| !matches!(column.guess.reason, GuessReason::Heading { .. });
    let named = columns
        .iter()
        .any(|column| column.guess.field.names_company());
    let person = columns
        .iter()
        .any(|column| column.guess.field.names_person());
    let headed = columns
        .iter()
        .any(|column| column.guess.field.names_company() && !guessed(column));
    let mut kept = headed;
    for column in columns
        .iter_mut()
        .filter(|column| column.guess.field == Field::CompanyAndPerson)
    {
        if !guessed(column) {
            continue;
        }
        match (kept, person) {
            (true, _) => column.guess.field = Field::Ignore,
            (false, true) if has_header => column.guess.field = Field::Company,
            // Without a heading a cell may be a company here and a person there.
            (false, _) => {}
        }
        kept = true;
    }
    if named || has_header {
        return;
    }
    let text = columns.iter_mut().find(|column| {
        matches!(
            column.guess.field,
            Field::Remark | Field::Ignore | Field::Person
        ) && is_mostly_text(data, column.index)
    });
    if let Some(column) = text {
        column.guess = Guess {
            field: Field::CompanyAndPerson,
            reason: GuessReason::Position,
            confidence: 40,
        };
    }
}

fn is_mostly_text(data: &[&RawRow], index: usize) -> bool {
    let content = ColumnLook::of(cells(data, index));
    content.share(&[Look::Text, Look::Person, Look::Company]) >= 50
}
