//! `/companies/{id}`: the page itself.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::facts::{Book, Section};
use super::grade::{GradeView, Typed, grade_view};
use super::key_items::{Clashes, KeyItems, cards};
use super::mail::{MailLine, mail};
use super::people::{People, PersonView, PointView, people};
use super::rhythm::{Rhythm, rhythm};
use super::story::{Happened, story};
use crate::accounts::{CompanyAccess, Object, SignedIn, Verb, may, user_names};
use crate::consent::{Subject, Ways, erased};
use crate::flows::{company_access, hand_over};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::log::{Access, accessed};
use crate::platform::page::{PageContext, html, see_other};
use crate::registry::actions::{group_of, root_of};
use crate::registry::model::Company;
use crate::registry::pages::shown;
use crate::registry::queries::{load, page as queries};
use crate::registry::rules::completeness::{colour, missing_by_value};
use crate::registry::rules::fold::Winners;

#[derive(Template)]
#[template(path = "registry/company.html")]
struct CompanyPage {
    ctx: PageContext,
    company: Company,
    lead: String,
    grade: String,
    graded: GradeView,
    /// Where a call of this company is made or recorded; none for whoever may not.
    call_href: Option<String>,
    may_edit: bool,
    may_merge: bool,
    may_sell: bool,
    can_reveal: bool,
    key: KeyItems,
    clashes: Clashes,
    sections: Vec<Section>,
    points: Vec<PointView>,
    persons: Vec<PersonView>,
    ring: &'static str,
    missing: Vec<(String, u32)>,
    points_needed: i32,
    story: Vec<Happened>,
    sources: Vec<(String, String, i64)>,
    campaigns: Vec<CampaignView>,
    suppressions: Vec<SuppressionView>,
    may_see_suppressions: bool,
    tasks: Vec<TaskView>,
    merges: Vec<MergeView>,
    rhythm: Option<Rhythm>,
    mail: Vec<MailLine>,
    may_see_mail: bool,
    may_erase: bool,
}

struct CampaignView {
    name: String,
    state: String,
    bar: String,
}

struct SuppressionView {
    id: i64,
    what: String,
    ways: String,
}

struct TaskView {
    what: String,
    due: Option<NaiveDateTime>,
    who: String,
}

struct MergeView {
    id: i64,
    name: String,
    at: NaiveDateTime,
    by: String,
}

/// The page; an id that was merged sends to its root.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let answer = db
        .read(move |conn| {
            let root = root_of(conn, id)?;
            if root != id {
                return Ok::<_, AppError>(Err(root));
            }
            page_with(conn, &me, id, None).map(Ok)
        })
        .await?;
    match answer {
        Ok(page) => html(&page),
        Err(root) => Ok(see_other(&format!("/companies/{root}"))),
    }
}

/// The page, with what was typed into the form of the grade and not taken.
pub(super) fn page_with(
    conn: &mut Conn,
    me: &SignedIn,
    id: i64,
    typed: Option<&Typed>,
) -> AppResult<impl Template + use<>> {
    let (root, access) = company_access::open(conn, &me.actor, id, Verb::SeeCompany, me.now)?;
    let mut page = build(conn, me, root, access, false)?;
    if typed.is_some() {
        let group = group_of(conn, root)?;
        let present = page.company.grade.as_deref();
        page.graded = grade_view(conn, &page.ctx, &group, present, typed)?;
    }
    Ok(page)
}

/// The page with numbers in full; who looked is kept.
pub(super) async fn reveal(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _checked: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let page = db
        .write(move |conn| {
            let (root, access) =
                company_access::open(conn, &me.actor, id, Verb::SeeNumbers, me.now)?;
            let page = build(conn, &me, root, access, true)?;
            let n = page.points.len()
                + page
                    .persons
                    .iter()
                    .map(|person| person.points.len())
                    .sum::<usize>();
            let access = Access {
                at: me.now,
                user_id: me.actor.id(),
                verb: "unmask",
                object_kind: "company",
                object_id: Some(root),
                n: i32::try_from(n).unwrap_or(i32::MAX),
                detail: None,
            };
            accessed(conn, &access)?;
            Ok::<_, AppError>(page)
        })
        .await?;
    html(&page)
}

/// Own companies show their numbers at once; others on request.
fn shows_numbers(me: &SignedIn, access: CompanyAccess) -> bool {
    let is_own = access.owner_id.is_some() && access.owner_id == me.actor.user_id
        || access.is_leased_to_user
        || access.was_called_by_user
        || access.has_appointment
        || access.was_added_by_user;
    is_own && may(&me.actor, Verb::SeeNumbers, Object::Company(access))
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    root: i64,
    access: CompanyAccess,
    asked_numbers: bool,
) -> AppResult<CompanyPage> {
    let ctx = me.context();
    let group = group_of(conn, root)?;
    let company = load::company(conn, root)?;
    let in_full = asked_numbers || shows_numbers(me, access);
    let records = queries::records(
        conn,
        &group,
        &Winners::from_json(&company.winners).records(),
    )?;
    let ids: Vec<i64> = records.iter().map(|one| one.record.id).collect();
    let origins: HashMap<i64, _> = queries::origins(conn, &ids)?
        .into_iter()
        .map(|one| (one.0, one))
        .collect();
    let book = Book {
        records: &records,
        origins: &origins,
    };
    let people = people(conn, &ctx, &group, in_full)?;
    let object = Object::Company(access);
    let (key, clashes) = cards(conn, &ctx, &book, &company)?;
    Ok(CompanyPage {
        key,
        clashes,
        lead: lead(conn, &ctx, &company)?,
        grade: company.grade.clone().unwrap_or_default(),
        graded: grade_view(conn, &ctx, &group, company.grade.as_deref(), None)?,
        call_href: call_href(me, root, access),
        may_edit: may(&me.actor, Verb::EditCompany, object),
        may_merge: may(&me.actor, Verb::MergeCompanies, object),
        may_sell: access.owner_id.is_some() && may(&me.actor, Verb::Sell, object),
        can_reveal: !in_full && may(&me.actor, Verb::SeeNumbers, object),
        sections: book.sections(&ctx, &company),
        ring: colour(company.completeness),
        missing: missing(&ctx, company.missing),
        points_needed: hand_over::points_needed(conn)?,
        story: story(conn, &ctx, &group, &book)?,
        sources: queries::sources(conn, &group)?
            .into_iter()
            .map(|(_, name, channel, n)| (name, ctx.code("channel", &channel), n))
            .collect(),
        campaigns: campaigns(conn, &ctx, &group)?,
        suppressions: suppressions(conn, &ctx, &group, &people)?,
        may_see_suppressions: may(&me.actor, Verb::SeeSuppressions, Object::Any),
        tasks: tasks(conn, &ctx, &group)?,
        merges: merges(conn, &group)?,
        rhythm: rhythm(conn, &ctx, &company, &group)?,
        mail: mail(conn, &ctx, &me.actor, &group, in_full)?,
        may_see_mail: may(&me.actor, Verb::SeeMailings, Object::Any),
        may_erase: may(&me.actor, Verb::ErasePerson, Object::Any),
        points: people.company,
        persons: people.persons,
        company,
        ctx,
    })
}

/// The lease on the call screen, else a call outside the queue.
fn call_href(me: &SignedIn, root: i64, access: CompanyAccess) -> Option<String> {
    if access.is_leased_to_user && may(&me.actor, Verb::Call, Object::Any) {
        return Some("/call".to_owned());
    }
    let may_record = may(&me.actor, Verb::RecordCall, Object::Any)
        && may(&me.actor, Verb::RecordCall, Object::Company(access));
    may_record.then(|| format!("/call/incoming?company={root}&direction=out"))
}

/// Place, industry, heads and rep in one line.
fn lead(conn: &mut Conn, ctx: &PageContext, company: &Company) -> AppResult<String> {
    let mut parts = Vec::new();
    parts.extend(
        company
            .region
            .as_deref()
            .map(|code| shown::place(ctx.language, code)),
    );
    parts.extend(
        company
            .industry
            .as_deref()
            .map(|code| shown::industry_name(ctx.language, code)),
    );
    parts.extend(
        shown::size(company.size_class).map(|size| ctx.t1("company-filter-heads", "size", size)),
    );
    if let Some(owner) = company.owner_id {
        let name = user_names(conn, &[owner])?
            .remove(&owner)
            .unwrap_or_default();
        parts.push(ctx.t1("company-owned-by", "name", name));
    }
    Ok(parts.join(" · "))
}

/// What is missing, what adds most points first.
fn missing(ctx: &PageContext, bits: i32) -> Vec<(String, u32)> {
    missing_by_value(bits)
        .into_iter()
        .map(|part| (ctx.t(part.key()), part.points()))
        .collect()
}

fn campaigns(conn: &mut Conn, ctx: &PageContext, group: &[i64]) -> AppResult<Vec<CampaignView>> {
    let rows = queries::campaigns(conn, group)?;
    Ok(rows
        .into_iter()
        .map(|(_, name, state, bar)| CampaignView {
            name,
            state: ctx.code("company-entry", &state),
            bar: bar.map_or_else(String::new, |code| {
                let key = format!("company-bar-{}", code.replace('_', "-"));
                ctx.t(if ctx.language.knows(&key) {
                    &key
                } else {
                    "company-bar-other"
                })
            }),
        })
        .collect())
}

fn suppressions(
    conn: &mut Conn,
    ctx: &PageContext,
    group: &[i64],
    people: &People,
) -> AppResult<Vec<SuppressionView>> {
    let mut subjects: Vec<Subject> = group.iter().copied().map(Subject::company).collect();
    subjects.extend(people.ids.iter().copied().map(Subject::person));
    let values = people.values.iter();
    subjects.extend(values.map(|value| Subject::number_or_email(value)));
    let rows = queries::suppressions(conn, &erased::keys_of(&subjects)?)?;
    Ok(rows
        .into_iter()
        .map(|(id, scope, _, ways)| SuppressionView {
            id,
            what: ctx.code("scope", &scope),
            ways: Ways(ways)
                .codes()
                .iter()
                .map(|code| ctx.code("ways", code))
                .collect::<Vec<_>>()
                .join(" · "),
        })
        .collect())
}

fn tasks(conn: &mut Conn, ctx: &PageContext, group: &[i64]) -> AppResult<Vec<TaskView>> {
    let rows = queries::tasks(conn, group)?;
    Ok(rows
        .into_iter()
        .map(|(kind, due, who)| {
            let key = format!("company-task-{}", kind.replace('_', "-"));
            TaskView {
                what: ctx.t(if ctx.language.knows(&key) {
                    &key
                } else {
                    "company-task-other"
                }),
                due,
                who: who.unwrap_or_else(|| ctx.t("company-task-team")),
            }
        })
        .collect())
}

fn merges(conn: &mut Conn, group: &[i64]) -> AppResult<Vec<MergeView>> {
    let rows = queries::merges(conn, group)?;
    let from: Vec<i64> = rows.iter().map(|merge| merge.from_id).collect();
    let names: HashMap<i64, String> = load::companies(conn, &from)?
        .into_iter()
        .map(|company| (company.id, company.name))
        .collect();
    let actors: Vec<i64> = rows.iter().filter_map(|merge| merge.actor_id).collect();
    let users = user_names(conn, &actors)?;
    Ok(rows
        .into_iter()
        .map(|merge| MergeView {
            id: merge.id,
            name: names.get(&merge.from_id).cloned().unwrap_or_default(),
            at: merge.at,
            by: merge
                .actor_id
                .and_then(|id| users.get(&id).cloned())
                .unwrap_or_default(),
        })
        .collect())
}
