//! Issues of news and their items.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::qualifying::Grade;
use crate::schema::{news_issue, news_item};

/// An issue of news.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = news_issue)]
pub struct NewsIssue {
    /// Id.
    pub id: i64,
    /// Whose.
    pub team_id: Option<i64>,
    /// Title, also the subject's.
    pub title: String,
    /// Who.
    pub created_by: Option<i64>,
    /// When.
    pub created_at: NaiveDateTime,
    /// Last change.
    pub changed_at: NaiveDateTime,
}

/// One piece of an issue, for those whom it concerns.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = news_item)]
pub struct NewsItem {
    /// Id.
    pub id: i64,
    /// Issue.
    pub issue_id: i64,
    /// Place in it.
    pub position: i32,
    /// `zh-CN` or `en`.
    pub language: String,
    /// Title.
    pub title: String,
    /// Plain text, paragraphs by empty lines.
    pub body: String,
    /// Where it goes on.
    pub url: Option<String>,
    /// JSON list of prefixes of GB/T 4754; empty: every industry.
    pub industries: String,
    /// JSON list of grades; empty: every grade.
    pub grades: String,
}

/// An item to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = news_item)]
pub struct NewNewsItem<'a> {
    /// Issue.
    pub issue_id: i64,
    /// Place.
    pub position: i32,
    /// Language.
    pub language: &'a str,
    /// Title.
    pub title: &'a str,
    /// Text.
    pub body: &'a str,
    /// Link.
    pub url: Option<&'a str>,
    /// JSON.
    pub industries: &'a str,
    /// JSON.
    pub grades: &'a str,
}

/// A piece of an issue as a person writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemInput {
    /// `zh-CN` or `en`.
    pub language: String,
    /// Title.
    pub title: String,
    /// Plain text, paragraphs by empty lines.
    pub text: String,
    /// Where it goes on.
    #[serde(default)]
    pub link: Option<String>,
    /// Prefixes of GB/T 4754; empty: every industry.
    #[serde(default)]
    pub industries: Vec<String>,
    /// Grades; empty: every grade that gets the mailing.
    #[serde(default)]
    pub grades: Vec<Grade>,
}

impl From<&NewsItem> for ItemInput {
    fn from(item: &NewsItem) -> Self {
        Self {
            language: item.language.clone(),
            title: item.title.clone(),
            text: item.body.clone(),
            link: item.url.clone(),
            industries: serde_json::from_str(&item.industries).unwrap_or_default(),
            grades: serde_json::from_str(&item.grades).unwrap_or_default(),
        }
    }
}
