//! A letter: the text of greetings and news, in MJML, a version each time it is saved.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::codes;
use crate::schema::letter;

codes! {
    /// What a letter is for.
    pub enum LetterKind {
        /// One occasion.
        Greeting = "greeting" => "letter-kind-greeting",
        /// Issues of news.
        News = "news" => "letter-kind-news",
    }
}

/// A version of a letter in one language; version 0 is the one that ships with the product.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = letter)]
pub struct Letter {
    /// Code: that of its occasion, `news`, or one of the office's own.
    pub code: String,
    /// `zh-CN` or `en`.
    pub language: String,
    /// Version.
    pub version: i32,
    /// [`LetterKind`].
    pub kind: String,
    /// Its name in this language.
    pub name: String,
    /// Subject with merge fields.
    pub subject: String,
    /// Body in MJML with merge fields.
    pub mjml: String,
    /// Who saved it.
    pub actor_id: Option<i64>,
    /// When.
    pub at: NaiveDateTime,
}
