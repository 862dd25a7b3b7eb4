//! One number, mail box or account, with its owner and its state.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::field::Field;
use super::said::Said;
use crate::registry::rules::hash::hash64;
use crate::schema::contact_point;

/// Whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// A company: switchboard, common mail box.
    Company(i64),
    /// A person: mobile, mail, WeChat.
    Person(i64),
    /// A contact: the number on the desk.
    Contact(i64),
}

impl Owner {
    /// As stored in `owner_kind`.
    pub fn kind(self) -> i32 {
        match self {
            Self::Company(_) => 1,
            Self::Person(_) => 2,
            Self::Contact(_) => 3,
        }
    }
    /// As stored in `owner_id`.
    pub fn id(self) -> i64 {
        match self {
            Self::Company(id) | Self::Person(id) | Self::Contact(id) => id,
        }
    }
    /// As read.
    pub fn of(kind: i32, id: i64) -> Self {
        match kind {
            1 => Self::Company(id),
            2 => Self::Person(id),
            _ => Self::Contact(id),
        }
    }
}

/// What kind of point it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointKind {
    /// A landline or service number.
    Phone,
    /// A mobile.
    Mobile,
    /// A mail box.
    Email,
    /// A WeChat id.
    Wechat,
    /// A QQ number.
    Qq,
}

impl PointKind {
    /// All.
    pub const ALL: [Self; 5] = [
        Self::Phone,
        Self::Mobile,
        Self::Email,
        Self::Wechat,
        Self::Qq,
    ];

    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Mobile => "mobile",
            Self::Email => "email",
            Self::Wechat => "wechat",
            Self::Qq => "qq",
        }
    }
    /// Can be rung.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Phone | Self::Mobile)
    }
    /// The kind of a stored number or address, by how it looks.
    pub fn of_value(value: &str) -> Self {
        match value {
            v if v.contains('@') => Self::Email,
            v if is_mobile(v) => Self::Mobile,
            v if v.starts_with('+') => Self::Phone,
            _ => Self::Wechat,
        }
    }
}

/// A mobile of the mainland, Taiwan or Hong Kong, by its digits.
fn is_mobile(e164: &str) -> bool {
    let digit = |n: usize| e164.as_bytes().get(n).copied().unwrap_or(0);
    (e164.starts_with("+861") && e164.len() == 14 && (b'3'..=b'9').contains(&digit(4)))
        || (e164.starts_with("+8869") && e164.len() == 13)
        || (e164.starts_with("+852") && matches!(digit(4), b'5' | b'6' | b'9') && e164.len() == 12)
}

/// Whether a point may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointState {
    /// As far as anybody knows.
    Good,
    /// Does not exist, is dead, bounces.
    Bad,
    /// Reaches somebody else; no import overturns that.
    NotTheirs,
    /// Must not be used.
    Suppressed,
}

impl PointState {
    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::NotTheirs => "not_theirs",
            Self::Suppressed => "suppressed",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Self {
        match code {
            "bad" => Self::Bad,
            "not_theirs" => Self::NotTheirs,
            "suppressed" => Self::Suppressed,
            _ => Self::Good,
        }
    }
}

/// A contact point as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = contact_point)]
pub struct ContactPoint {
    /// Id.
    pub id: i64,
    /// 1 company, 2 person, 3 contact.
    pub owner_kind: i32,
    /// Whose.
    pub owner_id: i64,
    /// [`PointKind`].
    pub kind: String,
    /// E.164, address or id.
    pub value: String,
    /// Extension.
    pub ext: Option<String>,
    /// Compares values (without extension).
    pub value_key: i64,
    /// [`PointState`].
    pub state: String,
    /// The record that changed its state.
    pub state_record_id: Option<i64>,
    /// The area code was inferred.
    pub inferred: bool,
    /// The record that first named it.
    pub record_id: Option<i64>,
    /// When.
    pub created_at: NaiveDateTime,
}

impl ContactPoint {
    /// Whose it is.
    pub fn owner(&self) -> Owner {
        Owner::of(self.owner_kind, self.owner_id)
    }
    /// Its state.
    pub fn state(&self) -> PointState {
        PointState::parse(&self.state)
    }
    /// Can be rung.
    pub fn is_number(&self) -> bool {
        matches!(self.kind.as_str(), "phone" | "mobile")
    }
    /// May be used as far as its own state goes.
    pub fn is_good(&self) -> bool {
        self.state == "good"
    }
    /// `+8651265801234;ext=801`.
    pub fn full(&self) -> String {
        match &self.ext {
            Some(ext) => format!("{};ext={ext}", self.value),
            None => self.value.clone(),
        }
    }
}

/// A contact point to insert; one that its owner has already is left as it is.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = contact_point, treat_none_as_default_value = false)]
pub struct NewPoint {
    /// 1 company, 2 person, 3 contact.
    pub owner_kind: i32,
    /// Whose.
    pub owner_id: i64,
    /// [`PointKind`].
    pub kind: &'static str,
    /// E.164, address or id.
    pub value: String,
    /// Extension.
    pub ext: Option<String>,
    /// Compares values.
    pub value_key: i64,
    /// The area code was inferred.
    pub inferred: bool,
    /// The record that first named it.
    pub record_id: Option<i64>,
    /// Now.
    pub created_at: NaiveDateTime,
}

/// A contact point as a record says it, before its owner is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidPoint {
    /// The field that said it: tells whose it is.
    pub field: Field,
    /// What it is.
    pub kind: PointKind,
    /// E.164, address or id.
    pub value: String,
    /// Extension.
    pub ext: Option<String>,
    /// The area code was inferred.
    pub inferred: bool,
}

impl SaidPoint {
    /// Compares values.
    pub fn key(&self) -> i64 {
        hash64(&self.value)
    }

    /// Every contact point of a record, in reading order of the fields.
    pub fn of(said: &Said) -> Vec<Self> {
        use Field::{CompanyEmail, DeskPhone, Email, Mobile, Phone, Qq, Wechat};
        let inferred = said.list(Field::AreaInferred);
        let mut points: Vec<Self> = Vec::new();
        for field in [Mobile, Email, Wechat, Qq, DeskPhone, Phone, CompanyEmail] {
            for text in said.list(field) {
                let (value, ext) = match text.split_once(";ext=") {
                    Some((value, ext)) => (value, Some(ext.to_owned())),
                    None => (text, None),
                };
                let kind = match field {
                    Email | CompanyEmail => PointKind::Email,
                    Wechat => PointKind::Wechat,
                    Qq => PointKind::Qq,
                    Mobile => PointKind::Mobile,
                    _ => PointKind::of_value(value),
                };
                let point = Self {
                    field,
                    kind,
                    value: value.to_owned(),
                    ext,
                    inferred: inferred.contains(&value),
                };
                if !points
                    .iter()
                    .any(|p| p.field == field && p.value == point.value)
                {
                    points.push(point);
                }
            }
        }
        points
    }

    /// Whose it is, given the company, person and contact of the record.
    pub fn owner(&self, company: Option<i64>, person: Option<(i64, i64)>) -> Option<Owner> {
        match self.field {
            Field::Phone | Field::CompanyEmail => company
                .map(Owner::Company)
                .or(person.map(|(_, contact)| Owner::Contact(contact))),
            Field::DeskPhone => person
                .map(|(_, contact)| Owner::Contact(contact))
                .or(company.map(Owner::Company)),
            _ => person
                .map(|(person, _)| Owner::Person(person))
                .or(company.map(Owner::Company)),
        }
    }

    /// As a row for `owner`.
    pub fn to_row(&self, owner: Owner, record_id: i64, now: NaiveDateTime) -> NewPoint {
        NewPoint {
            owner_kind: owner.kind(),
            owner_id: owner.id(),
            kind: self.kind.code(),
            value: self.value.clone(),
            ext: self.ext.clone(),
            value_key: self.key(),
            inferred: self.inferred,
            record_id: Some(record_id),
            created_at: now,
        }
    }
}
