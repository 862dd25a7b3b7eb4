//! What the cells of a column look like, whatever its heading says.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::field::Field;
use crate::registry::rules::company_name::{looks_like_company, looks_like_person};
use crate::registry::rules::credit_code::valid_credit_code;
use crate::registry::rules::person_name::name_part;
use crate::registry::rules::region;
use crate::registry::rules::script::{is_empty_value, normalise};

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// `…@…`.
    Email,
    /// `www.…`, `https://…`.
    Website,
    /// 18 characters with the right check character.
    CreditCode,
    /// A mobile number.
    Mobile,
    /// Any other number of seven digits and more.
    Phone,
    /// A date.
    Date,
    /// A short whole number.
    Number,
    /// `50-99人`.
    Headcount,
    /// A company.
    Company,
    /// A person.
    Person,
    /// A place.
    Place,
    /// A street and a number.
    Address,
    /// A job title.
    Title,
    /// Any other text.
    Text,
}

/// What one cell looks like; `None` if it says nothing.
pub(crate) fn look(cell: &str) -> Option<Look> {
    if is_empty_value(cell) {
        return None;
    }
    let text = normalise(cell);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    Some(match () {
        () if text.contains('@') && text.contains('.') => Look::Email,
        () if is_website(&text) => Look::Website,
        () if text.chars().count() == 18 && valid_credit_code(&text).is_some() => Look::CreditCode,
        () if is_date(&text) => Look::Date,
        () if is_headcount(&text, digits) => Look::Headcount,
        () if digits >= 7 && digits * 2 > letters => phone(&text),
        () if letters == 0 && digits > 0 => Look::Number,
        () if is_place(&text) => Look::Place,
        () if is_address(&text, digits) => Look::Address,
        () if is_title(&text) => Look::Title,
        () if looks_like_company(&text) => Look::Company,
        () if looks_like_person(name_part(&text)) => Look::Person,
        () => Look::Text,
    })
}

/// Nothing but a place: a company that begins with one goes on.
fn is_place(text: &str) -> bool {
    if text.is_ascii() {
        return text.len() <= 40 && region::by_name(text).is_some();
    }
    let tight: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '/' | ',' | '·'))
        .collect();
    let rest = region::at_start_of(&tight).and_then(|(_, read)| tight.get(read..));
    rest.is_some_and(|rest| {
        let part = ["镇", "鎮", "乡", "鄉", "区", "區", "县", "縣", "市", "省"];
        rest.is_empty() || (rest.chars().count() <= 4 && part.iter().any(|end| rest.ends_with(end)))
    })
}

fn is_website(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.")
}

fn phone(text: &str) -> Look {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86"))
        .unwrap_or(&digits);
    let mobile = national.len() == 11 && national.starts_with('1') && !national.starts_with("10");
    let taiwanese = digits.len() == 10 && digits.starts_with("09");
    if mobile || taiwanese {
        Look::Mobile
    } else {
        Look::Phone
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text
        .split([' ', 'T'])
        .next()
        .unwrap_or("")
        .split(['-', '/', '.', '年', '月', '日'])
        .collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    match numbers[..] {
        [year, month, day] if parts.len() == 3 => {
            let plausible = |year, month, day| {
                (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
            };
            plausible(year, month, day)
                || plausible(day, month, year)
                || plausible(day, year, month)
        }
        _ => false,
    }
}

fn is_headcount(text: &str, digits: usize) -> bool {
    digits > 0 && digits < 10 && (text.ends_with('人') || text.contains("人以"))
}

fn is_address(text: &str, digits: usize) -> bool {
    let street = [
        "路", "街", "道", "巷", "弄", "村", "园", "區", "区", "Road", "Street", "Rd", "Ave",
    ]
    .iter()
    .any(|word| text.contains(word));
    street
        && digits > 0
        && (text.contains('号') || text.contains('號') || text.is_ascii())
        && text.chars().count() >= 8
}

const TITLES: &[&str] = &[
    "经理",
    "經理",
    "总监",
    "總監",
    "主任",
    "工程师",
    "工程師",
    "厂长",
    "廠長",
    "部长",
    "部長",
    "董事长",
    "董事長",
    "总裁",
    "總裁",
    "采购",
    "採購",
    "主管",
    "科长",
    "科長",
    "助理",
    "专员",
    "專員",
    "manager",
    "director",
    "engineer",
    "chairman",
    "president",
    "officer",
    "ceo",
    "cfo",
    "cto",
    "cio",
];

fn is_title(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.chars().count() <= 24
        && TITLES.iter().any(|title| lower.ends_with(title))
        && !looks_like_person(text)
}

/// What the cells of a column look like, taken together.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnLook {
    counts: Vec<(Look, usize)>,
    /// Cells that say something.
    pub filled: usize,
    /// Whole numbers that never repeat.
    pub numbered: bool,
    characters: usize,
}

impl ColumnLook {
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut column = Self {
            numbered: true,
            ..Self::default()
        };
        let mut seen = HashSet::new();
        for cell in cells {
            let Some(look) = look(cell) else { continue };
            column.filled += 1;
            column.characters += cell.chars().count();
            column.numbered &= look == Look::Number && seen.insert(cell.trim().to_owned());
            match column.counts.iter_mut().find(|(of, _)| *of == look) {
                Some((_, count)) => *count += 1,
                None => column.counts.push((look, 1)),
            }
        }
        column.numbered &= column.filled > 1;
        column
    }

    /// The percentage of filled cells that look like one of these.
    pub fn share(&self, looks: &[Look]) -> u8 {
        let count: usize = self
            .counts
            .iter()
            .filter(|(look, _)| looks.contains(look))
            .map(|(_, count)| count)
            .sum();
        u8::try_from(count * 100 / self.filled.max(1)).unwrap_or(100)
    }

    /// The field that the content alone speaks for, what it looks like, and how sure that is.
    pub fn field(&self) -> Option<(Field, Look, u8)> {
        const RULES: &[(&[Look], u8, Field)] = &[
            (&[Look::Email], 50, Field::Email),
            (&[Look::Website], 50, Field::Website),
            (&[Look::CreditCode], 50, Field::CreditCode),
            (&[Look::Mobile], 80, Field::Mobile),
            (&[Look::Phone, Look::Mobile], 50, Field::Phone),
            (&[Look::Date], 60, Field::Date),
            (&[Look::Headcount], 60, Field::Headcount),
            (&[Look::Place], 60, Field::Region),
            (&[Look::Address], 50, Field::Address),
            (&[Look::Title], 60, Field::Title),
            (&[Look::Company], 40, Field::CompanyAndPerson),
            (&[Look::Person], 60, Field::Person),
        ];
        if self.filled == 0 {
            return None;
        }
        let fits = |(looks, least, _): &&(&[Look], u8, Field)| self.share(looks) >= *least;
        if let Some((looks, _, field)) = RULES.iter().find(fits) {
            return Some((*field, looks[0], self.share(looks)));
        }
        if self.numbered {
            return Some((Field::ListNumber, Look::Number, 100));
        }
        (self.share(&[Look::Text]) >= 50 && self.characters >= self.filled * 5)
            .then(|| (Field::Remark, Look::Text, self.share(&[Look::Text])))
    }
}
