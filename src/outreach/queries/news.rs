//! SQL of issues of news.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::outreach::model::{NewNewsItem, NewsIssue, NewsItem};
use crate::platform::db::Conn;
use crate::schema::{mailing, news_issue, news_item};

pub(in crate::outreach) fn insert_issue(
    conn: &mut Conn,
    title: &str,
    team_id: Option<i64>,
    created_by: Option<i64>,
    now: NaiveDateTime,
) -> QueryResult<i64> {
    diesel::insert_into(news_issue::table)
        .values((
            news_issue::title.eq(title),
            news_issue::team_id.eq(team_id),
            news_issue::created_by.eq(created_by),
            news_issue::created_at.eq(now),
            news_issue::changed_at.eq(now),
        ))
        .returning(news_issue::id)
        .get_result(conn)
}

pub(in crate::outreach) fn issue(conn: &mut Conn, id: i64) -> QueryResult<Option<NewsIssue>> {
    news_issue::table
        .find(id)
        .select(NewsIssue::as_select())
        .get_result(conn)
        .optional()
}

/// The pieces of an issue in their order.
pub(in crate::outreach) fn issue_items(conn: &mut Conn, id: i64) -> QueryResult<Vec<NewsItem>> {
    news_item::table
        .filter(news_item::issue_id.eq(id))
        .order((news_item::position, news_item::id))
        .select(NewsItem::as_select())
        .load(conn)
}

/// Replaces the title and every piece.
pub(in crate::outreach) fn write_issue(
    conn: &mut Conn,
    id: i64,
    title: &str,
    items: &[NewNewsItem<'_>],
    now: NaiveDateTime,
) -> QueryResult<()> {
    diesel::update(news_issue::table.find(id))
        .set((news_issue::title.eq(title), news_issue::changed_at.eq(now)))
        .execute(conn)?;
    diesel::delete(news_item::table.filter(news_item::issue_id.eq(id))).execute(conn)?;
    for item in items {
        diesel::insert_into(news_item::table)
            .values(item)
            .execute(conn)?;
    }
    Ok(())
}

/// The mailings that send an issue, those that were called off left aside.
pub(in crate::outreach) fn mailings_of_issue(conn: &mut Conn, id: i64) -> QueryResult<Vec<i64>> {
    mailing::table
        .filter(mailing::issue_id.eq(id))
        .filter(mailing::state.ne("cancelled"))
        .order(mailing::id)
        .select(mailing::id)
        .load(conn)
}
