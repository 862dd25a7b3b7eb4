//! `GET /palette?q=`: what Ctrl-K finds beyond the pages of the navigation: companies, and things to do.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::accounts::{Actor, Object, SignedIn, Verb, may};
use crate::flows::call_screen::find;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::page::{self, PageContext};
use crate::registry::rules::region;

/// Companies that are shown.
const MOST: i64 = 8;

#[derive(Template)]
#[template(path = "today/palette.html")]
struct Hits {
    ctx: PageContext,
    companies: Vec<Hit>,
    actions: Vec<Act>,
}

struct Hit {
    href: String,
    before: String,
    found: String,
    after: String,
    about: String,
}

struct Act {
    href: String,
    icon: &'static str,
    text: String,
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// The fragment.
pub async fn hits(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    let (actor, ctx) = (me.actor.clone(), me.context());
    let query = asked.into_inner().q.trim().to_owned();
    let found = {
        let (actor, query) = (actor.clone(), query.clone());
        db.read(move |conn| find::companies(conn, &actor, &query, MOST))
            .await?
    };
    let companies = found.into_iter().map(|hit| {
        let place = hit.region.as_deref().and_then(region::by_code);
        let place = place.map(|p| if ctx.lang() == "en" { p.en } else { p.zh });
        let about = [Some(hit.grade.as_str()).filter(|g| !g.is_empty()), place];
        let (before, found, after) = marked(&hit.name, &query);
        Hit {
            href: format!("/companies/{}", hit.id),
            before,
            found,
            after,
            about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        }
    });
    page::html(&Hits {
        companies: companies.collect(),
        actions: actions(&ctx, &actor, &query),
        ctx,
    })
}

/// The name in three parts: before, what was typed, after.
fn marked(name: &str, query: &str) -> (String, String, String) {
    match name.find(query).filter(|_| !query.is_empty()) {
        Some(at) => {
            let end = at + query.len();
            (
                name[..at].to_owned(),
                name[at..end].to_owned(),
                name[end..].to_owned(),
            )
        }
        None => (name.to_owned(), String::new(), String::new()),
    }
}

fn actions(ctx: &PageContext, actor: &Actor, query: &str) -> Vec<Act> {
    let is = |verb: Verb| may(actor, verb, Object::Any);
    let escaped = percent_encoding::utf8_percent_encode(query, percent_encoding::NON_ALPHANUMERIC);
    let mut acts = Vec::new();
    if find::is_number(query) && is(Verb::RecordCall) {
        let text = ctx.t1("palette-incoming", "q", query);
        acts.push(Act {
            href: format!("/call/incoming?q={escaped}"),
            icon: "phone",
            text,
        });
    }
    let fixed = [
        (Verb::Call, "/call", "phone", "palette-next"),
        (Verb::Import, "/imports/new", "inbox", "palette-import"),
        (
            Verb::RunCampaigns,
            "/campaigns/new",
            "flag",
            "palette-campaign",
        ),
        (
            Verb::AddCompany,
            "/companies/new",
            "plus",
            "palette-company",
        ),
    ];
    let wanted = query.to_lowercase();
    for (verb, href, icon, key) in fixed {
        let text = ctx.t(key);
        if is(verb) && !query.is_empty() && text.to_lowercase().contains(&wanted) {
            acts.push(Act {
                href: href.to_owned(),
                icon,
                text,
            });
        }
    }
    if !query.is_empty() && is(Verb::FindCompanies) {
        let text = ctx.t1("palette-search", "q", query);
        acts.push(Act {
            href: format!("/companies?q={escaped}"),
            icon: "search",
            text,
        });
    }
    acts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_marked() {
        assert_eq!(
            marked("苏州砚川精密", "砚川"),
            ("苏州".into(), "砚川".into(), "精密".into())
        );
        assert_eq!(marked("苏州砚川精密", "ych").1, "");
    }
}
