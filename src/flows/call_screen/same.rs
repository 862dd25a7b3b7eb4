//! `GET /call/same`: companies that may be the one on the phone, as options of the result form.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::find;
use super::view::Choice;
use crate::accounts::{SignedIn, Verb};
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::page::{self, PageContext};
use crate::registry::rules::region;

#[derive(Template)]
#[template(path = "calling/parts/same.html")]
struct SameFragment {
    ctx: PageContext,
    is_asked: bool,
    hits: Vec<Choice>,
}

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    /// The company on the phone: not itself.
    not: Option<i64>,
}

/// The fragment.
pub async fn fragment(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RecordCall)?;
    let (actor, ctx) = (me.actor.clone(), me.context());
    let asked = asked.into_inner();
    let query = asked.q.clone();
    let found = db
        .read(move |conn| find::companies(conn, &actor, &query, 8))
        .await?;
    let hits = found
        .into_iter()
        .filter(|hit| Some(hit.id) != asked.not)
        .map(|hit| {
            let place = hit.region.as_deref().and_then(region::by_code);
            let place = place.map(|p| if ctx.lang() == "en" { p.en } else { p.zh });
            let about = [Some(hit.grade.as_str()).filter(|g| !g.is_empty()), place];
            let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            Choice::new(
                hit.id.to_string(),
                format!("{} {about}", hit.name).trim(),
                false,
            )
        });
    page::html(&SameFragment {
        is_asked: !asked.q.trim().is_empty(),
        hits: hits.collect(),
        ctx,
    })
}
