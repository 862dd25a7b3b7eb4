//! `/settings/lists`: rough needs and reasons, each in both languages, in the office's own order.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::history::History;
use super::{Tab, after_save, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::log::{Change, changed};
use crate::platform::page::{PageContext, html_with};
use crate::platform::{problem, settings};
use crate::qualifying::rules::lists::new_code;
use crate::qualifying::{Need, Needs, Reason, ReasonList, Reasons};

/// Empty lines at the end of each list.
const EMPTY_LINES: usize = 2;

/// One line of a list as stored or as typed.
#[derive(Debug, Clone, Default)]
struct Line {
    code: String,
    name_zh: String,
    name_en: String,
    active: bool,
}

struct ListView {
    code: &'static str,
    title: String,
    about: String,
    version: i32,
    lines: Vec<Line>,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "settings/lists.html")]
struct ListsPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    lists: Vec<ListView>,
    error: Option<String>,
    history: History,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db.read(move |conn| build(conn, &me, None)).await?;
    html_with(StatusCode::OK, &page)
}

pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let code = sent.get("list").unwrap_or_default().to_owned();
    let version = seen(&sent);
    let lines = read(&sent);
    let (typed, actor_id, which) = (lines.clone(), me.actor.user_id, code.clone());
    let kept = db
        .write(move |conn| keep(conn, &which, version, &typed, actor_id))
        .await;
    after_save(
        me.lang(),
        &db,
        &format!("/settings/lists#list-{code}"),
        kept,
        move |conn, refusal| build(conn, &me, Some((&code, lines, refusal))),
    )
    .await
}

/// Lines in the order of their numbers; one without a name and code is an empty line.
fn read(sent: &Pairs) -> Vec<Line> {
    let active: Vec<&str> = sent.all("active").collect();
    let mut lines: Vec<(i64, Line)> = sent
        .all("code")
        .zip(sent.all("name_zh"))
        .zip(sent.all("name_en"))
        .zip(sent.all("place"))
        .enumerate()
        .map(|(n, (((code, zh), en), place))| {
            let line = Line {
                code: code.trim().to_owned(),
                name_zh: zh.trim().to_owned(),
                name_en: en.trim().to_owned(),
                active: active.contains(&n.to_string().as_str()),
            };
            (place.trim().parse().unwrap_or(i64::MAX), line)
        })
        .filter(|(_, l)| !(l.code.is_empty() && l.name_zh.is_empty() && l.name_en.is_empty()))
        .collect();
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn keep(
    conn: &mut Conn,
    list: &str,
    version: i32,
    lines: &[Line],
    actor_id: Option<i64>,
) -> AppResult<()> {
    let now = clock::now(conn)?;
    if list == "needs" {
        let needs = to_needs(settings::load::<Needs>(conn)?.value, lines)?;
        needs.validate()?;
        settings::save(conn, &needs, version, actor_id, now)?;
    } else {
        let unknown = || AppError::invalid("choice_unknown", "list");
        let which = ReasonList::parse(list).ok_or_else(unknown)?;
        let mut reasons = settings::load::<Reasons>(conn)?.value;
        *reasons.list_mut(which) = to_reasons(reasons.list(which), lines);
        reasons.validate()?;
        settings::save(conn, &reasons, version, actor_id, now)?;
    }
    let change = Change {
        fields: Some(list.to_owned()),
        ..Change::setting(now, actor_id, "list")
    };
    Ok(changed(conn, &change)?)
}

/// Needs in the order typed. What is not among the lines stays, switched off: its bit is in use.
fn to_needs(before: Needs, lines: &[Line]) -> AppResult<Needs> {
    let mut after = Needs(Vec::new());
    let mut all = before;
    for line in lines {
        let known = all.0.iter().find(|need| need.code == line.code);
        let (code, bit) = match known {
            Some(need) => (need.code.clone(), need.bit),
            None => {
                let taken = |code: &str| all.0.iter().any(|need| need.code == code);
                let bit = all.free_bit();
                let bit = bit.ok_or_else(|| AppError::invalid("list_too_long", "list"))?;
                (new_code(&line.name_en, &taken), bit)
            }
        };
        let need = Need {
            code,
            bit,
            name_zh: line.name_zh.clone(),
            name_en: line.name_en.clone(),
            active: line.active,
        };
        if known.is_none() {
            all.0.push(need.clone());
        }
        after.0.push(need);
    }
    for mut need in all.0 {
        if !after.0.iter().any(|kept| kept.code == need.code) {
            need.active = false;
            after.0.push(need);
        }
    }
    Ok(after)
}

/// Reasons in the order typed; one that is gone from the page stays, switched off.
fn to_reasons(before: &[Reason], lines: &[Line]) -> Vec<Reason> {
    let mut after: Vec<Reason> = Vec::new();
    for line in lines {
        let is_known = before.iter().any(|reason| reason.code == line.code);
        let taken = |code: &str| before.iter().chain(&after).any(|r| r.code == code);
        let code = if is_known {
            line.code.clone()
        } else {
            new_code(&line.name_en, &taken)
        };
        after.push(Reason {
            code,
            name_zh: line.name_zh.clone(),
            name_en: line.name_en.clone(),
            active: line.active,
        });
    }
    for reason in before {
        if !after.iter().any(|kept| kept.code == reason.code) {
            after.push(Reason {
                active: false,
                ..reason.clone()
            });
        }
    }
    after
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    wrong: Option<(&str, Vec<Line>, &Refusal)>,
) -> AppResult<ListsPage> {
    let lang = me.lang();
    let needs = settings::load::<Needs>(conn)?;
    let reasons = settings::load::<Reasons>(conn)?;
    let need_lines = needs.value.0.iter().map(|need| Line {
        code: need.code.clone(),
        name_zh: need.name_zh.clone(),
        name_en: need.name_en.clone(),
        active: need.active,
    });
    let mut lists = vec![("needs", needs.version, need_lines.collect::<Vec<_>>())];
    for list in ReasonList::ALL {
        let lines = reasons.value.list(list).iter().map(|reason| Line {
            code: reason.code.clone(),
            name_zh: reason.name_zh.clone(),
            name_en: reason.name_en.clone(),
            active: reason.active,
        });
        lists.push((list.code(), reasons.version, lines.collect()));
    }
    let told = |refusal: &Refusal| problem::in_words(lang, refusal);
    // A list that there is not has no place of its own on the page.
    let stray = wrong
        .as_ref()
        .filter(|(which, ..)| !lists.iter().any(|(code, ..)| code == which));
    let error = stray.map(|(.., refusal)| told(refusal));
    let view = |(code, version, lines): (&'static str, i32, Vec<Line>)| {
        let mine = wrong.as_ref().filter(|(which, ..)| *which == code);
        let mut lines = mine.map_or(lines, |(_, typed, _)| typed.clone());
        let fresh = Line {
            active: true,
            ..Line::default()
        };
        lines.extend(std::iter::repeat_n(fresh, EMPTY_LINES));
        let key = code.replace('_', "-");
        ListView {
            code,
            title: lang.text(&format!("settings-list-{key}")),
            about: lang.text(&format!("settings-list-{key}-about")),
            version,
            lines,
            error: mine.map(|(.., refusal)| told(refusal)),
        }
    };
    Ok(ListsPage {
        tabs: tabs(me, "/settings/lists"),
        lists: lists.into_iter().map(view).collect(),
        error,
        history: History::of_both::<Needs, Reasons>(conn)?,
        ctx: me.context(),
    })
}
