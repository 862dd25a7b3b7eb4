//! `/letters/{code}/missing`: who would not get a letter because something that it names is not known of them.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::letter::language;
use super::shown::{mailbox, sees_mailboxes};
use crate::accounts::{SignedIn, Verb};
use crate::outreach::actions::letter_fields::{Candidate, Gap, gaps};
use crate::outreach::actions::letters::{self as actions, LetterText};
use crate::outreach::actions::readers;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::page::{PageContext, html};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    r#in: String,
}

#[derive(Template)]
#[template(path = "outreach/letter_missing.html")]
struct MissingPage {
    ctx: PageContext,
    letter: LetterText,
    gaps: Vec<Gap>,
    most: i64,
    in_full: bool,
}

impl MissingPage {
    fn count(&self, gap: &Gap) -> String {
        let n = self.ctx.number(gap.count);
        if gap.count > self.most {
            format!("{}+", self.ctx.number(self.most))
        } else {
            n
        }
    }
    fn who(&self, person: &Candidate) -> String {
        let name = person.name.clone().filter(|name| !name.is_empty());
        name.unwrap_or_else(|| self.ctx.t("letter-missing-nameless"))
    }
    /// Their mailbox, whole or masked.
    fn mailbox(&self, address: &str) -> String {
        mailbox(address, self.in_full)
    }
}

/// People counted at most.
const MOST: i64 = 1_000;

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    code: web::Path<String>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditLetters)?;
    let page = db
        .read(move |conn| {
            let letter = actions::newest(conn, &code, language(&query.r#in, &me))?;
            let compiled = actions::ready(&letter)?;
            let mut gaps = gaps(conn, compiled.needs(), MOST)?;
            for gap in &mut gaps {
                gap.people = readers::known(conn, &me.actor, std::mem::take(&mut gap.people))?;
            }
            Ok::<_, crate::platform::error::AppError>(MissingPage {
                gaps,
                most: MOST,
                in_full: sees_mailboxes(&me.actor),
                letter,
                ctx: me.context(),
            })
        })
        .await?;
    html(&page)
}
