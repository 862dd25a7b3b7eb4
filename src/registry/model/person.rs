//! A human being, and that human being at one company.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::{contact, person};

/// A human being: mobile, mail, WeChat; refusal, greeting and caps count persons. The id is drawn before they are inserted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
pub struct Person {
    /// Id, for ever.
    pub id: i64,
    /// The person it was joined to.
    pub merged_into: Option<i64>,
    /// The person that answers for it.
    pub root_id: i64,
    /// Shown name.
    pub name: Option<String>,
    /// In Latin letters.
    pub name_en: Option<String>,
    /// Compares names.
    pub name_key: Option<i64>,
    /// First mobile said.
    pub mobile: Option<String>,
    /// First mail said.
    pub email: Option<String>,
    /// State of the mail box.
    pub email_state: Option<String>,
    /// WeChat id.
    pub wechat: Option<String>,
    /// QQ number.
    pub qq: Option<String>,
    /// Birthday.
    pub birthday: Option<String>,
    /// Language.
    pub language: Option<String>,
    /// Best ground of the lists they stand on and of own consents.
    pub ground: Option<String>,
    /// The record that gave it.
    pub ground_record_id: Option<i64>,
    /// Bits of refused ways.
    pub refused: i32,
    /// Which record each shown value comes from.
    pub winners: String,
    /// When they were first heard of.
    pub created_at: NaiveDateTime,
}

impl Person {
    /// A person about whom nothing is known yet.
    pub fn blank(id: i64, now: NaiveDateTime) -> Self {
        Self {
            id,
            merged_into: None,
            root_id: id,
            name: None,
            name_en: None,
            name_key: None,
            mobile: None,
            email: None,
            email_state: None,
            wechat: None,
            qq: None,
            birthday: None,
            language: None,
            ground: None,
            ground_record_id: None,
            refused: 0,
            winners: "[]".into(),
            created_at: now,
        }
    }
}

/// A person at one company, or at none yet.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable)]
#[diesel(table_name = contact, treat_none_as_default_value = false)]
pub struct Contact {
    /// Id.
    pub id: i64,
    /// Who.
    pub person_id: i64,
    /// Where.
    pub company_id: Option<i64>,
    /// Job title.
    pub title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Role in the decision.
    pub role: Option<String>,
    /// Is asked first.
    pub is_key: bool,
    /// Left the company.
    pub left_at: Option<NaiveDateTime>,
    /// Which record each shown value comes from.
    pub winners: String,
    /// When they were first heard of there.
    pub created_at: NaiveDateTime,
}

impl Contact {
    /// A contact about whom nothing is known yet.
    pub fn blank(id: i64, person_id: i64, company_id: Option<i64>, now: NaiveDateTime) -> Self {
        Self {
            id,
            person_id,
            company_id,
            title: None,
            department: None,
            role: None,
            is_key: false,
            left_at: None,
            winners: "[]".into(),
            created_at: now,
        }
    }
}
