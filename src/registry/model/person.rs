//! A human being, and that human being at one company.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::{contact, person};

/// A human being: mobile, mail, WeChat; refusal, greeting and caps count persons.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = person)]
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

/// A person to insert; ids are drawn beforehand.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
pub struct NewPerson {
    /// Drawn id.
    pub id: i64,
    /// Itself.
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
    /// WeChat id.
    pub wechat: Option<String>,
    /// QQ number.
    pub qq: Option<String>,
    /// Birthday.
    pub birthday: Option<String>,
    /// Language.
    pub language: Option<String>,
    /// Best ground of lists and own consents.
    pub ground: Option<String>,
    /// The record that gave it.
    pub ground_record_id: Option<i64>,
    /// Which record each shown value comes from.
    pub winners: String,
    /// Now.
    pub created_at: NaiveDateTime,
}

/// A person at one company, or at none yet.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = contact)]
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

/// A contact to insert; ids are drawn beforehand.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = contact, treat_none_as_default_value = false)]
pub struct NewContact {
    /// Drawn id.
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
    /// Which record each shown value comes from.
    pub winners: String,
    /// Now.
    pub created_at: NaiveDateTime,
}
