//! Whom a mailing is for: grades and the one filter of lists, with who would get it and who not before anything is kept.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::mailing::filter_pairs;
use super::shown::{mailbox, reason, sees_mailboxes};
use super::sieve::{Sieve, sieve};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::outreach::actions::mailings;
use crate::outreach::actions::plan::{self, Decided, Preview};
use crate::outreach::model::{Audience, Mailing, MailingEdit};
use crate::outreach::queries;
use crate::outreach::rules::audience::Verdict;
use crate::outreach::rules::occasions::name_in;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{Flash, PageContext, html};
use crate::qualifying::Grade;
use crate::registry::pages::filters::{Asked, Pick, picks};
use crate::registry::rules::region;
use crate::selling::pages::shown::back;

/// Parameters of the page that are no criteria.
const OWN: [&str; 5] = ["to", "set", "count", "csrf", "off"];

#[derive(Template)]
#[template(path = "outreach/audience.html")]
struct AudiencePage {
    ctx: PageContext,
    id: i64,
    name: String,
    grades: Vec<(&'static str, bool)>,
    picks: Vec<Pick>,
    regions: Vec<(&'static str, String)>,
    /// Criteria in force: name, value, in words.
    chosen: Vec<(String, String, String)>,
    companies: usize,
    /// Asked without a grade.
    is_for_nobody: bool,
    found: Option<Found>,
}

/// Somebody of the dry run, and why they are in or out.
struct SampleRow {
    person_id: i64,
    person: String,
    company: String,
    is_in: bool,
    why: String,
}

/// What the dry run found.
struct Found {
    sieve: Sieve,
    is_nobody: bool,
    domains: String,
    sample: Vec<SampleRow>,
}

/// `GET /mailings/{id}/audience`: as it is kept, or as it was just chosen; with `count`, who that would be.
pub(super) async fn page(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    query: web::Query<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (id, pairs) = (id.into_inner(), query.into_inner());
    let ctx = me.context();
    match db.read(move |conn| drawn(conn, &me, id, pairs)).await {
        Ok(page) => html(&page),
        // It went on in another tab: its page shows how it stands.
        Err(error) => back(&ctx, &format!("/mailings/{id}"), Err(error)),
    }
}

fn drawn(
    conn: &mut Conn,
    me: &SignedIn,
    id: i64,
    pairs: Vec<(String, String)>,
) -> AppResult<AudiencePage> {
    let ctx = me.context();
    let mut mailing = mailings::editable_mailing(conn, &me.actor, id)?;
    let is_counted = pairs.iter().any(|(name, _)| name == "count");
    let audience = match pairs.iter().any(|(name, _)| name == "set") {
        true => chosen(mailing.audience(), pairs)?,
        false => mailing.audience(),
    };
    mailing.audience = serde_json::to_string(&audience)?;
    let found = match is_counted && !audience.grades.is_empty() {
        true => Some(found(conn, &ctx, &mailing, sees_mailboxes(&me.actor))?),
        false => None,
    };
    let asked = Asked::read(filter_pairs(&audience.filter));
    let mut picks = picks(conn, &ctx)?;
    let chips = asked.chips(&ctx, &picks);
    picks.retain(|pick| pick.name != "grade");
    Ok(AudiencePage {
        id,
        name: name_in(ctx.language, &mailing),
        // Nobody writes to E.
        grades: Grade::ALL
            .iter()
            .filter(|grade| **grade != Grade::E)
            .map(|grade| (grade.code(), audience.grades.contains(grade)))
            .collect(),
        picks,
        regions: regions(&ctx),
        chosen: chips
            .into_iter()
            .map(|c| (c.name, c.value, c.label))
            .collect(),
        companies: audience.companies.len(),
        is_for_nobody: is_counted && audience.grades.is_empty(),
        found,
        ctx,
    })
}

/// Provinces and countries are offered; any other place is understood by its name.
fn regions(ctx: &PageContext) -> Vec<(&'static str, String)> {
    let is_wide = |code: &str| code.len() == 6 && code.ends_with("0000") || code.len() == 2;
    let name = |place: &'static region::Place| match ctx.lang() {
        "zh-CN" => place.zh.to_owned(),
        _ => place.en.to_owned(),
    };
    let wide = region::all().iter().filter(|place| is_wide(place.code));
    wide.map(|place| (place.code, name(place))).collect()
}

/// What was chosen, with what no form shows left as it was.
fn chosen(kept: Audience, pairs: Vec<(String, String)>) -> AppResult<Audience> {
    let grades = pairs.iter().filter(|(name, _)| name == "to");
    let mut grades: Vec<Grade> = grades
        .filter_map(|(_, code)| Grade::from_code(code))
        .collect();
    grades.sort();
    grades.dedup();
    let off: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| name == "off")
        .map(|(_, pair)| pair.clone())
        .collect();
    let is_kept = |(name, value): &(String, String)| {
        !OWN.contains(&name.as_str()) && !off.contains(&format!("{name}={value}"))
    };
    let criteria = pairs.into_iter().filter(is_kept).collect();
    Ok(Audience {
        grades,
        filter: Asked::read(criteria).filter_read_whole()?,
        ..kept
    })
}

fn found(conn: &mut Conn, ctx: &PageContext, mailing: &Mailing, in_full: bool) -> AppResult<Found> {
    let preview: Preview = plan::preview(conn, ctx.now, mailing)?;
    let domains = preview
        .domains
        .iter()
        .map(|(domain, n)| format!("{domain} {}", ctx.number(*n)));
    Ok(Found {
        is_nobody: preview.figures.included == 0,
        sieve: sieve(ctx, &preview.figures, None),
        domains: domains.collect::<Vec<_>>().join(" · "),
        sample: sample(conn, ctx, preview.sample, in_full)?,
    })
}

/// Some of those who are in, and of each reason, with their names.
fn sample(
    conn: &mut Conn,
    ctx: &PageContext,
    decided: Vec<Decided>,
    in_full: bool,
) -> AppResult<Vec<SampleRow>> {
    let persons: Vec<i64> = decided.iter().map(|one| one.person_id).collect();
    let companies: Vec<i64> = decided.iter().filter_map(|one| one.company_id).collect();
    let persons = queries::person_names(conn, &persons)?;
    let companies = queries::company_names(conn, &companies)?;
    let name = |names: &queries::Names, id: i64| names.get(&id).and_then(|(_, name)| name.clone());
    let row = |one: Decided| SampleRow {
        person_id: one.person_id,
        person: name(&persons, one.person_id).unwrap_or_else(|| ctx.t("mail-person-unnamed")),
        company: one
            .company_id
            .and_then(|id| name(&companies, id))
            .unwrap_or_default(),
        is_in: one.verdict.is_in(),
        why: match &one.verdict {
            Verdict::In(included) => mailbox(&included.address, in_full),
            Verdict::Out(why) => reason(ctx, Some(&why.to_json()), in_full),
        },
    };
    Ok(decided.into_iter().map(row).collect())
}

/// `POST /mailings/{id}/audience`: keeps it, and asks at once who is in.
pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let id = id.into_inner();
    let actor = me.actor.clone();
    let saved = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let mailing = mailings::editable_mailing(conn, &actor, id)?;
            let edit = MailingEdit {
                audience: Some(chosen(mailing.audience(), pairs.0)?),
                ..MailingEdit::default()
            };
            mailings::edit(conn, now, &actor, id, &edit)?;
            mailings::ask_plan(conn, now, &actor, id).map(|_| ())
        })
        .await;
    let ctx = me.context();
    match saved {
        Ok(()) => {
            let flash = Flash::new("good", ctx.t("mailing-done-plan"));
            Ok(redirect_with(&format!("/mailings/{id}"), &flash))
        }
        Err(error) => back(&ctx, &after_refusal(id, &error), Err(error)),
    }
}

/// Where a refusal is told: where something else can be chosen, as long as the mailing can be changed at all.
fn after_refusal(id: i64, error: &AppError) -> String {
    match error
        .refusal()
        .is_some_and(|told| told.status == StatusCode::CONFLICT)
    {
        true => format!("/mailings/{id}"),
        false => format!("/mailings/{id}/audience"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_criterion_is_added_and_taken_off() {
        let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            let own = |(n, v): &(&str, &str)| ((*n).to_owned(), (*v).to_owned());
            all.iter().map(own).collect()
        };
        let sent = pairs(&[
            ("set", "yes"),
            ("to", "C"),
            ("to", "B"),
            ("industry", "C"),
            ("industry", "I"),
            ("off", "industry=I"),
            ("owner", ""),
            ("region", "320000"),
        ]);
        let kept = Audience {
            companies: vec![7],
            ..Audience::default()
        };
        let audience = chosen(kept, sent).expect("readable");
        assert_eq!(audience.companies, [7], "what no form shows stays");
        assert_eq!(audience.grades, [Grade::B, Grade::C]);
        assert_eq!(audience.filter.industry, ["C"]);
        assert_eq!(audience.filter.region, ["320000"]);
        assert!(audience.filter.owner.is_empty());
    }

    #[test]
    fn a_criterion_that_cannot_be_read_is_refused_and_not_lost() {
        let refused = |name: &str, value: &str| {
            let sent = vec![(name.to_owned(), value.to_owned())];
            let refused = chosen(Audience::default(), sent).expect_err("unreadable");
            refused.refusal().map(|refusal| refusal.code)
        };
        let date = refused("last_touch_before", "2026-13-40");
        assert_eq!(date, Some("date_unreadable"));
        assert_eq!(refused("tag", "vip"), Some("filter_unknown_code"));
        assert_eq!(refused("completeness", "much"), Some("filter_unknown_code"));
    }
}
