//! Issues of news: written piece by piece, each for those whom it concerns.

use chrono::NaiveDateTime;

use super::mailings;
use crate::accounts::{Actor, Object, Verb, require};
use crate::outreach::model::{ItemInput, MailingEdit, NewNewsItem, NewsIssue, NewsItem};
use crate::outreach::queries;
use crate::outreach::rules::news_choice::ItemTags;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::log::{Change, changed};
use crate::qualifying::Grade;
use crate::registry::rules::industry;

const MOST_ITEMS: usize = 30;
const LONGEST_TITLE: usize = 120;
const LONGEST_TEXT: usize = 6_000;
const LONGEST_LINK: usize = 500;

/// Makes an issue without pieces.
pub fn make_issue(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    team_id: Option<i64>,
    title: &str,
) -> AppResult<i64> {
    require(actor, Verb::RunMailings, Object::Mailing { team_id })?;
    let title = checked_title(title, None)?;
    let id = queries::insert_issue(conn, &title, team_id, actor.user_id, now)?;
    log(conn, now, actor, "create", id, 0)?;
    Ok(id)
}

/// Writes title and pieces of an issue. Who was decided to get it is void then: other pieces concern other people.
/// What has begun to go out is not rewritten.
pub fn write_issue(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    title: &str,
    items: &[ItemInput],
) -> AppResult<()> {
    let found = queries::issue(conn, id)?.ok_or_else(AppError::not_found)?;
    let object = Object::Mailing {
        team_id: found.team_id,
    };
    require(actor, Verb::RunMailings, object)?;
    let title = checked_title(title, None)?;
    if items.len() > MOST_ITEMS {
        return Err(AppError::invalid("news_too_many_items", "items").with("most", MOST_ITEMS));
    }
    let checked: Vec<ItemInput> = items
        .iter()
        .enumerate()
        .map(|(at, item)| checked_item(item, at + 1))
        .collect::<AppResult<_>>()?;
    for mailing in queries::mailings_of_issue(conn, id)? {
        mailings::edit(conn, now, actor, mailing, &MailingEdit::default())?;
    }
    let tags: Vec<(String, String)> = checked
        .iter()
        .map(|item| Ok((json(&item.industries)?, json(&item.grades)?)))
        .collect::<AppResult<_>>()?;
    let rows: Vec<NewNewsItem<'_>> = checked
        .iter()
        .zip(&tags)
        .zip(1..)
        .map(|((item, (industries, grades)), position)| NewNewsItem {
            issue_id: id,
            position,
            language: &item.language,
            title: &item.title,
            body: &item.text,
            url: item.link.as_deref(),
            industries,
            grades,
        })
        .collect();
    queries::write_issue(conn, id, &title, &rows, now)?;
    log(conn, now, actor, "edit", id, rows.len())
}

/// An issue with its pieces in their order.
pub fn issue(conn: &mut Conn, id: i64) -> AppResult<(NewsIssue, Vec<NewsItem>)> {
    let found = queries::issue(conn, id)?.ok_or_else(AppError::not_found)?;
    Ok((found, queries::issue_items(conn, id)?))
}

/// What `rules::news_choice` needs to know of an issue.
pub fn item_tags(conn: &mut Conn, issue_id: i64) -> AppResult<Vec<ItemTags>> {
    let items = queries::issue_items(conn, issue_id)?;
    Ok(items.iter().map(ItemTags::of).collect())
}

/// A piece as it will be stored: trimmed, its link one that a browser opens, its tags ones that exist.
fn checked_item(item: &ItemInput, at: usize) -> AppResult<ItemInput> {
    let wrong = |code, field| AppError::invalid(code, field).with("n", at);
    let text = item.text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(wrong("news_item_needs_text", "text"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(wrong("news_item_too_long", "text").with("most", LONGEST_TEXT));
    }
    if Lang::parse(&item.language).is_none() {
        return Err(wrong("news_item_language", "language"));
    }
    if let Some(code) = item
        .industries
        .iter()
        .find(|code| industry::by_code(code).is_none())
    {
        return Err(wrong("news_item_industry", "industry").with("value", code));
    }
    let link = item.link.as_deref().map(str::trim).unwrap_or_default();
    if !link.is_empty() && !is_link(link) {
        return Err(wrong("news_item_link", "link"));
    }
    let mut grades: Vec<Grade> = item.grades.clone();
    grades.sort();
    grades.dedup();
    Ok(ItemInput {
        language: item.language.clone(),
        title: checked_title(&item.title, Some(at))?,
        text,
        link: (!link.is_empty()).then(|| link.to_owned()),
        industries: item.industries.clone(),
        grades,
    })
}

/// An address of the web: whatever else a mail program might open is no news.
fn is_link(link: &str) -> bool {
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    is_web && link.len() <= LONGEST_LINK && !link.contains(|c: char| c.is_whitespace() || c == '"')
}

fn checked_title(title: &str, item: Option<usize>) -> AppResult<String> {
    let title = title.trim();
    let wrong = |whole, piece| match item {
        None => AppError::invalid(whole, "title"),
        Some(at) => AppError::invalid(piece, "title").with("n", at),
    };
    match title.chars().count() {
        0 => Err(wrong("news_needs_title", "news_item_needs_title")),
        n if n > LONGEST_TITLE => {
            Err(wrong("news_title_too_long", "news_item_title_too_long")
                .with("most", LONGEST_TITLE))
        }
        _ => Ok(title.to_owned()),
    }
}

fn json(list: &impl serde::Serialize) -> AppResult<String> {
    Ok(serde_json::to_string(list)?)
}

fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &'static str,
    id: i64,
    items: usize,
) -> AppResult<()> {
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb,
        object_kind: "news_issue",
        object_id: Some(id),
        n: i32::try_from(items).unwrap_or(i32::MAX),
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
