//! The access log: who looked at numbers or took them along, for administrators.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::accounts::identify::SignedIn;
use crate::accounts::model::User;
use crate::accounts::queries::{self, AccessRow};
use crate::accounts::rules::Verb;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{PageContext, html};

/// Entries of one page.
const PAGE: usize = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    user: String,
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "accounts/access.html")]
struct AccessPage {
    ctx: PageContext,
    rows: Vec<AccessRow>,
    users: Vec<User>,
    of_user: Option<i64>,
    next: Option<String>,
}

impl AccessPage {
    /// What was done, in words; an area may log verbs that this page has no word for yet.
    fn verb(&self, row: &AccessRow) -> String {
        self.word("accounts-access-verb", &row.verb)
    }
    fn object(&self, row: &AccessRow) -> String {
        self.word("accounts-access-object", &row.object_kind)
    }
    fn word(&self, prefix: &str, code: &str) -> String {
        let key = format!("{prefix}-{}", code.replace('_', "-"));
        if self.ctx.language.knows(&key) {
            self.ctx.t(&key)
        } else {
            self.ctx.t(&format!("{prefix}-other"))
        }
    }
    fn who(&self, row: &AccessRow) -> String {
        let gone = || self.ctx.t1("accounts-access-nobody", "id", row.user_id);
        row.name.clone().unwrap_or_else(gone)
    }
    fn is_of(&self, user: &User) -> bool {
        self.of_user == Some(user.id)
    }
}

/// `GET /users/access`.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeAccessLog)?;
    let (of_user, before) = (query.user.parse::<i64>().ok(), query.before);
    let (mut rows, users) = db
        .read(move |conn| {
            let rows = queries::accesses(conn, of_user, before, PAGE as i64 + 1)?;
            Ok::<_, AppError>((rows, queries::all_users(conn)?))
        })
        .await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| has_more).map(|row| row.id);
    let next = last.map(|id| match of_user {
        Some(user) => format!("/users/access?user={user}&before={id}"),
        None => format!("/users/access?before={id}"),
    });
    html(&AccessPage {
        ctx: me.context(),
        rows,
        users: users.into_iter().map(|(user, _)| user).collect(),
        of_user,
        next,
    })
}
