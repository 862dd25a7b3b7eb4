//! Subjects, ways and origins of the do-not-reach list.

mod erasure;
mod ways;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::platform::check_value::is_check_value;
use crate::registry::rules::hash::hash64;
use crate::schema::{suppression, suppression_origin};

pub use erasure::{Erasure, ErasureGround};
pub use ways::{Way, Ways};

/// What a suppression silences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One number, whoever answers; its extensions are silenced with it.
    Number,
    /// One mail address.
    Email,
    /// One person, whatever number or address they have.
    Person,
    /// One company with everybody in it.
    Company,
    /// Every address behind one `@`.
    Domain,
}

impl Scope {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Number,
        Self::Email,
        Self::Person,
        Self::Company,
        Self::Domain,
    ];

    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Email => "email",
            Self::Person => "person",
            Self::Company => "company",
            Self::Domain => "domain",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// Who must not be reached: a scope and a value in its normal form.
///
/// Values: a number in E.164 without extension, an address or domain in lower case, a person or company by the id
/// that was written at the time. Ids stay when records merge, so whoever asks about a person or company asks with
/// every id of its group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// What kind of thing.
    pub scope: Scope,
    /// Which one.
    pub value: String,
}

impl Subject {
    /// A number in E.164; what stands behind `;ext=` is left out.
    pub fn number(e164: &str) -> Self {
        let value = e164.split(';').next().unwrap_or(e164).to_owned();
        Self {
            scope: Scope::Number,
            value,
        }
    }
    /// A mail address.
    pub fn email(address: &str) -> Self {
        Self {
            scope: Scope::Email,
            value: address.trim().to_lowercase(),
        }
    }
    /// A number in E.164 or a mail address: which of them, its sign tells.
    pub fn number_or_email(value: &str) -> Self {
        match value.contains('@') {
            true => Self::email(value),
            false => Self::number(value),
        }
    }
    /// One that is stored, by its code and its value; none where nobody knows the code.
    pub fn stored(scope: &str, value: String) -> Option<Self> {
        let scope = Scope::parse(scope)?;
        Some(Self { scope, value })
    }
    /// The domain of mail addresses.
    pub fn domain(domain: &str) -> Self {
        Self {
            scope: Scope::Domain,
            value: domain.trim().trim_start_matches('@').to_lowercase(),
        }
    }
    /// A person by id.
    pub fn person(id: i64) -> Self {
        Self {
            scope: Scope::Person,
            value: id.to_string(),
        }
    }
    /// A company by id.
    pub fn company(id: i64) -> Self {
        Self {
            scope: Scope::Company,
            value: id.to_string(),
        }
    }
    /// What is stored as `subject_key`: [`hash64`] of `scope:value`, e.g. `number:+8651265801234`.
    /// Look-ups go by it (`suppression_key`, live rows only) and compare scope and value after.
    pub fn key(&self) -> i64 {
        hash64(&format!("{}:{}", self.scope.code(), self.value))
    }
    /// It is a check value, which stands for a number or an address of somebody who was erased.
    pub fn is_erased(&self) -> bool {
        matches!(self.scope, Scope::Number | Scope::Email) && is_check_value(&self.value)
    }
    /// The id of a person or company.
    pub fn id(&self) -> Option<i64> {
        match self.scope {
            Scope::Person | Scope::Company => self.value.parse().ok(),
            _ => None,
        }
    }
}

/// What asked for a suppression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OriginKind {
    /// The person said so in a call.
    Call,
    /// A do-not-call register or list that was imported.
    List,
    /// Somebody of ours entered it.
    Hand,
    /// The opt-out link of a mail.
    OptOut,
    /// A complaint that came by mail or by the provider.
    Complaint,
    /// The person asked for their data to be erased.
    Erasure,
}

impl OriginKind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Call,
        Self::List,
        Self::Hand,
        Self::OptOut,
        Self::Complaint,
        Self::Erasure,
    ];

    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::List => "list",
            Self::Hand => "hand",
            Self::OptOut => "opt_out",
            Self::Complaint => "complaint",
            Self::Erasure => "erasure",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }
}

/// How an origin ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Withdrawal {
    /// The result of the call was undone.
    CallUndone,
    /// The imported list was taken back.
    BatchUndone,
    /// Entered by mistake; a manager said so.
    Slip,
    /// The person agreed again, later and of their own accord.
    Consent,
}

impl Withdrawal {
    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::CallUndone => "call_undone",
            Self::BatchUndone => "batch_undone",
            Self::Slip => "slip",
            Self::Consent => "consent",
        }
    }
}

/// A suppression as stored.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = suppression)]
pub struct Suppression {
    /// Id.
    pub id: i64,
    /// Code of [`Scope`].
    pub scope: String,
    /// Value in its normal form, or its HMAC where the person was erased.
    pub subject: String,
    /// [`Subject::key`].
    pub subject_key: i64,
    /// Union of the live origins' ways; 0 = ended.
    pub ways: i32,
    /// Whether `subject` is an HMAC.
    pub hmac: bool,
    /// When the first origin came.
    pub created_at: NaiveDateTime,
}

impl Suppression {
    /// Whom it silences; none once the person was erased.
    pub fn subject(&self) -> Option<Subject> {
        Subject::stored(&self.scope, self.subject.clone()).filter(|_| !self.hmac)
    }
    /// The ways it closes.
    pub fn ways(&self) -> Ways {
        Ways(self.ways)
    }
}

/// One thing that asked for a suppression.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = suppression_origin)]
pub struct Origin {
    /// Id.
    pub id: i64,
    /// Of which suppression.
    pub suppression_id: i64,
    /// Code of [`OriginKind`].
    pub kind: String,
    /// What it asked for.
    pub ways: i32,
    /// The call in which it was said.
    pub call_id: Option<i64>,
    /// The list it stands on.
    pub batch_id: Option<i64>,
    /// The mail it answers.
    pub delivery_id: Option<i64>,
    /// Who wrote it down.
    pub actor_id: Option<i64>,
    /// When it was said.
    pub said_at: NaiveDateTime,
    /// When it ended.
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Who ended it.
    pub withdrawn_by: Option<i64>,
    /// What was written down with it.
    pub note: Option<String>,
    /// Code of [`Withdrawal`].
    pub withdrawal: Option<String>,
    /// Why it ended; for a consent, its words.
    pub reason: Option<String>,
}

/// An origin to insert.
#[derive(Debug, Insertable)]
#[diesel(table_name = suppression_origin, treat_none_as_default_value = false)]
pub(in crate::consent) struct NewOriginRow<'a> {
    pub suppression_id: i64,
    pub kind: &'a str,
    pub ways: i32,
    pub call_id: Option<i64>,
    pub batch_id: Option<i64>,
    pub delivery_id: Option<i64>,
    pub actor_id: Option<i64>,
    pub said_at: NaiveDateTime,
    pub note: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_read_and_write_their_codes() {
        for (text, codes) in [
            ("call", vec!["call"]),
            ("mail, call", vec!["call", "mail"]),
            ("all", vec!["all"]),
            ("call,all", vec!["all"]),
            ("news", vec!["news"]),
            ("greetings,news", vec!["news", "greetings"]),
            ("news,mail", vec!["mail"]),
        ] {
            assert_eq!(Ways::parse(text).unwrap().codes(), codes, "{text}");
        }
        assert_eq!(Ways::parse("fax"), None);
        assert_eq!(Ways::parse(""), None);
        assert!(Ways::ALL.has(Way::Other) && !Ways::CALL.union(Ways::MAIL).has(Way::Other));
        assert!(Ways::MAIL.has(Way::News) && Ways::NEWS.has(Way::News));
        assert!(!Ways::NEWS.has(Way::Mail) && !Ways::NEWS.has(Way::Greeting));
    }

    #[test]
    fn an_extension_is_no_part_of_a_number() {
        assert_eq!(
            Subject::number("+8651265801234;ext=801"),
            Subject::number("+8651265801234")
        );
    }

    #[test]
    fn the_same_value_in_two_scopes_has_two_keys() {
        assert_ne!(Subject::person(7).key(), Subject::company(7).key());
        assert_eq!(
            Subject::email(" A@B.cn ").key(),
            Subject::email("a@b.cn").key()
        );
    }
}
