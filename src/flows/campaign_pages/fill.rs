//! Filling a campaign from a filter: choose, count, fill. The count is a fill that is taken back chunk by chunk.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::list::callers;
use crate::accounts::{Actor, SignedIn, Verb, redirect_with};
use crate::calling::model::{Campaign, FillProgress, FillRequest};
use crate::calling::{actions, day};
use crate::flows::call_screen::view::Choice;
use crate::flows::fill_campaign::fill_campaign;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::idempotency::Once;
use crate::platform::page::{self, Flash, PageContext};
use crate::registry::model::CHANNELS;
use crate::registry::pages::filters::{Asked, Pick, picks};
use crate::registry::rules::{industry, region};

/// Longest count; beyond it the count says "at least".
const LONGEST_COUNT: Duration = Duration::from_secs(4);
const SIZES: [&str; 5] = ["<20", "20-99", "100-299", "300-999", ">=1000"];
/// Criteria that are asked for less often.
const MORE: [&str; 5] = ["urgency", "need", "missing", "owner", "tag"];
const GRADES: [&str; 5] = ["none", "A", "B", "C", "D"];

#[derive(Template)]
#[template(path = "calling/fill.html")]
struct FillPage {
    ctx: PageContext,
    id: i64,
    name: String,
    channels: Vec<Choice>,
    sources: Vec<Choice>,
    regions: Vec<Choice>,
    industries: Vec<Choice>,
    sizes: Vec<Choice>,
    grades: Vec<Choice>,
    more: Vec<Pick>,
    agents: Vec<Choice>,
    never_called: bool,
    include_pool: bool,
    preview: Option<Preview>,
    chosen: Vec<(String, String)>,
}

impl FillPage {
    /// Whether a criterion was chosen.
    fn has(&self, name: &str, value: &str) -> bool {
        self.chosen.iter().any(|(n, v)| n == name && v == value)
    }

    /// What was typed for a criterion.
    fn typed(&self, name: &str) -> &str {
        let typed = self.chosen.iter().find(|(n, _)| n == name);
        typed.map_or("", |(_, value)| value)
    }

    /// Whether any of the rarer criteria is in force.
    fn asks_more(&self) -> bool {
        let rare = |name: &str| {
            MORE.contains(&name) || matches!(name, "completeness" | "last_touch_before")
        };
        self.chosen.iter().any(|(name, _)| rare(name))
    }
}

struct Preview {
    n: String,
    none: bool,
    left_out: Vec<Reason>,
}

/// A reason with how many it holds for.
pub struct Reason {
    /// In words.
    pub text: String,
    /// How many.
    pub n: String,
}

impl Reason {
    /// A reason.
    pub fn new(text: String, n: String) -> Self {
        Self { text, n }
    }
}

/// Why companies stay out, the most frequent first.
pub fn reasons(ctx: &PageContext, left_out: &BTreeMap<String, i64>) -> Vec<Reason> {
    let mut sorted: Vec<(&String, &i64)> = left_out.iter().filter(|(_, n)| **n > 0).collect();
    sorted.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    sorted
        .into_iter()
        .map(|(code, n)| Reason::new(ctx.code("leftout", code), ctx.number(*n)))
        .collect()
}

/// The criteria of the form, from an address or a body: those of the list of companies, and whether the pool is asked.
fn request_of(pairs: &[(String, String)]) -> FillRequest {
    let asked = Asked::read(pairs.to_vec());
    let mut filter = asked.filter();
    if asked.get("include_pool").is_some() {
        filter.state = vec!["new".to_owned(), "pool".to_owned()];
    }
    let given = pairs.iter().filter(|(name, _)| name == "give_to");
    FillRequest {
        filter,
        give_to: given.filter_map(|(_, id)| id.parse().ok()).collect(),
        ..FillRequest::default()
    }
}

/// `GET /campaigns/{id}/fill`: the form; with a query, how many would come.
pub async fn page(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    query: web::Query<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let (id, pairs) = (id.into_inner(), query.into_inner());
    let is_counted = pairs.iter().any(|(name, _)| name == "count");
    let is_criterion = |(name, value): &(String, String)| {
        !["lang", "count"].contains(&name.as_str()) && !value.is_empty()
    };
    let asked: Vec<(String, String)> = pairs.into_iter().filter(is_criterion).collect();
    let request = request_of(&asked);
    let preview = if is_counted {
        Some(count(&db, &me.actor, id, &request).await?)
    } else {
        None
    };
    let (actor, ctx) = (me.actor.clone(), me.context());
    let page = db
        .read(move |conn| {
            let campaign = actions::run_campaign(conn, &actor, id)?;
            let mut page = drawn(conn, ctx, campaign, asked, preview)?;
            page.agents = agents(conn, &actor, &page.chosen)?;
            Ok::<_, AppError>(page)
        })
        .await?;
    page::html(&page)
}

/// Who may be given the list, and who is.
fn agents(conn: &mut Conn, actor: &Actor, asked: &[(String, String)]) -> AppResult<Vec<Choice>> {
    let given = |id: &str| asked.iter().any(|(n, v)| n == "give_to" && v == id);
    let choice = |(id, name): (i64, String)| {
        let id = id.to_string();
        Choice::new(id.as_str(), name, given(&id))
    };
    Ok(callers(conn, actor)?.into_iter().map(choice).collect())
}

fn drawn(
    conn: &mut Conn,
    ctx: PageContext,
    campaign: Campaign,
    asked: Vec<(String, String)>,
    preview: Option<(FillProgress, bool)>,
) -> AppResult<FillPage> {
    let has = |name: &str, value: &str| asked.iter().any(|(n, v)| n == name && v == value);
    let zh = ctx.lang() == "zh-CN";
    let choose =
        |name: &'static str, code: &str, text: String| Choice::new(code, text, has(name, code));
    let sources = day::sources(conn)?;
    Ok(FillPage {
        id: campaign.id,
        name: campaign.name,
        channels: CHANNELS
            .iter()
            .map(|c| choose("channel", c, ctx.t(&format!("channel-{c}"))))
            .collect(),
        sources: sources
            .into_iter()
            .map(|(id, channel, name)| {
                choose(
                    "source",
                    &id.to_string(),
                    format!("{} · {name}", ctx.t(&format!("channel-{channel}"))),
                )
            })
            .collect(),
        regions: region::all()
            .iter()
            .filter(|place| {
                place.code.len() == 6 && place.code.ends_with("0000")
                    || place.code == "TW"
                    || place.code == "HK"
            })
            .map(|place| {
                choose(
                    "region",
                    place.code,
                    if zh { place.zh } else { place.en }.to_owned(),
                )
            })
            .collect(),
        industries: industry::all()
            .iter()
            .map(|i| {
                choose(
                    "industry",
                    i.code,
                    format!("{} {}", i.code, if zh { i.zh } else { i.en }),
                )
            })
            .collect(),
        sizes: SIZES
            .iter()
            .map(|s| choose("size", s, size_name(s)))
            .collect(),
        grades: GRADES
            .iter()
            .map(|g| {
                choose(
                    "grade",
                    g,
                    if *g == "none" {
                        ctx.t("grade-none")
                    } else {
                        (*g).to_owned()
                    },
                )
            })
            .collect(),
        more: picks(conn, &ctx)?
            .into_iter()
            .filter(|pick| MORE.contains(&pick.name))
            .collect(),
        agents: Vec::new(),
        never_called: has("never_called", "yes"),
        include_pool: has("include_pool", "yes"),
        preview: preview.map(|(progress, is_whole)| Preview {
            none: progress.added == 0,
            n: match is_whole {
                true => ctx.number(progress.added),
                false => format!("{}+", ctx.number(progress.added)),
            },
            left_out: reasons(&ctx, &progress.left_out),
        }),
        chosen: asked,
        ctx,
    })
}

fn size_name(code: &str) -> String {
    code.replace(">=", "≥").replace('-', "–")
}

/// Counts by filling and taking back; each chunk is a short write of its own. False where the time was up.
async fn count(
    db: &Db,
    actor: &Actor,
    id: i64,
    request: &FillRequest,
) -> AppResult<(FillProgress, bool)> {
    let began = Instant::now();
    let mut progress = FillProgress::default();
    while !progress.is_done {
        if began.elapsed() > LONGEST_COUNT {
            return Ok((progress, false));
        }
        let seen: Arc<Mutex<Option<FillProgress>>> = Arc::default();
        let (kept, actor, request, before) = (
            seen.clone(),
            actor.clone(),
            request.clone(),
            progress.clone(),
        );
        let outcome = db
            .write(move |conn| {
                let now = clock::now(conn)?;
                let rules = actions::rulebook(conn)?;
                actions::check_fill(conn, now, &actor, id, &request)?;
                let mut progress = before;
                actions::fill_chunk(conn, now, &rules, id, &request, &mut progress)?;
                if let Ok(mut place) = kept.lock() {
                    *place = Some(progress);
                }
                Err::<(), _>(AppError::conflict("counted"))
            })
            .await;
        let counted = seen.lock().ok().and_then(|mut place| place.take());
        match (counted, outcome) {
            (Some(counted), _) => progress = counted,
            (None, Err(error)) => return Err(error),
            (None, Ok(())) => return Ok((progress, false)),
        }
    }
    Ok((progress, true))
}

/// `POST /campaigns/{id}/fill`.
pub async fn start(
    me: SignedIn,
    db: web::Data<Db>,
    http: HttpRequest,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let (id, request) = (id.into_inner(), request_of(&pairs.0));
    let asked = Once::of(&http, serde_json::to_string(&request)?.as_bytes())?;
    let progress = fill_campaign(&db, &me.actor, id, request, asked)
        .await?
        .progress;
    let ctx = me.context();
    let flash = match (progress.is_done, progress.added) {
        (true, 0) => Flash::new("warn", ctx.t("campaign-filled-none")),
        (true, added) => Flash::new(
            "good",
            ctx.t1("campaign-filled", "added", ctx.number(added)),
        ),
        (false, _) => Flash::new("info", ctx.t("campaign-fill-started")),
    };
    Ok(redirect_with(&format!("/campaigns/{id}"), &flash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_becomes_a_filter() {
        let pairs = [
            ("channel", "EXPO"),
            ("channel", "DM"),
            ("source", ""),
            ("include_pool", "yes"),
            ("never_called", "yes"),
            ("urgency", "M3"),
            ("need", "4"),
            ("completeness", "50"),
            ("missing", "key_mobile"),
            ("last_touch_before", "2026-01-01"),
            ("owner", "7"),
            ("tag", "2"),
            ("give_to", "7"),
        ];
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let request = request_of(&pairs);
        assert_eq!(request.give_to, [7]);
        let filter = request.filter;
        assert_eq!(filter.channel, ["EXPO", "DM"]);
        assert!(filter.source.is_empty() && filter.never_called);
        assert_eq!(filter.state, ["new", "pool"]);
        assert_eq!(
            (filter.urgency, filter.need),
            (vec!["M3".to_owned()], vec![4])
        );
        assert_eq!((filter.owner, filter.tag), (vec![7], vec![2]));
        assert_eq!(filter.missing, ["key_mobile"]);
        assert_eq!(filter.completeness_below, Some(50));
        assert!(filter.last_touch_before.is_some());
        assert!(request_of(&[]).filter.is_empty());
    }
}
