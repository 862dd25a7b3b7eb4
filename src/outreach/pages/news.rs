//! Writing an issue of news: its pieces, each with the industries and grades it concerns.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::accounts::{Actor, SignedIn, Verb, redirect_with};
use crate::outreach::actions::{mailings, news};
use crate::outreach::model::ItemInput;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::{Flash, PageContext, html_with};
use crate::platform::problem;
use crate::qualifying::Grade;
use crate::registry::pages::shown::industry_name;
use crate::registry::rules::industry::{self, Industry};
use crate::selling::pages::shown::back;

/// Pieces that the form offers at least, and empty ones after the last.
const PIECES: usize = 3;
const SPARE: usize = 1;
/// Pieces that the form has room for: one more than an issue may have, so that too many are told and not dropped.
const ROOM: usize = 31;
/// Grades that news can be meant for.
const GRADES: [Grade; 4] = [Grade::A, Grade::B, Grade::C, Grade::D];

#[derive(Template)]
#[template(path = "outreach/news_edit.html")]
struct EditPage {
    ctx: PageContext,
    id: i64,
    title: String,
    error: Option<String>,
    pieces: Vec<Piece>,
    trades: Vec<String>,
}

/// A piece as it stands in the form.
struct Piece {
    n: usize,
    languages: Vec<(&'static str, String, bool)>,
    title: String,
    text: String,
    link: String,
    industries: String,
    grades: Vec<(&'static str, bool)>,
    is_open: bool,
}

/// `GET /mailings/{id}/edit`.
pub(super) async fn edit(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (ctx, id) = (me.context(), id.into_inner());
    let page = db
        .read(move |conn| {
            let issue_id = editable(conn, &me.actor, id)?;
            let (issue, items) = news::issue(conn, issue_id)?;
            let sent = Sent {
                title: issue.title,
                items: items
                    .iter()
                    .map(ItemInput::from)
                    .map(|item| Typed {
                        industries: names(me.lang(), &item.industries),
                        item,
                    })
                    .collect(),
            };
            Ok::<_, AppError>(drawn(&me, id, &sent, None))
        })
        .await;
    match page {
        Ok(page) => html_with(StatusCode::OK, &page),
        // It went on in another tab: its page shows how it stands.
        Err(error) => back(&ctx, &format!("/mailings/{id}"), Err(error)),
    }
}

/// The issue of a mailing, where it may be written now.
fn editable(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<i64> {
    let mailing = mailings::editable_mailing(conn, actor, id)?;
    mailing.issue_id.ok_or_else(AppError::not_found)
}

/// What was sent.
#[derive(Debug, Clone, Default)]
struct Sent {
    title: String,
    items: Vec<Typed>,
}

/// A piece with its industries as they were typed.
#[derive(Debug, Clone, Default)]
struct Typed {
    item: ItemInput,
    industries: String,
}

impl Sent {
    /// Pieces without title and text are none: emptying one takes it away.
    fn read(pairs: &Pairs) -> Self {
        let column = |name: &'static str| pairs.all(name).map(str::trim).collect::<Vec<_>>();
        let (titles, texts) = (column("item_title"), column("item_text"));
        let (languages, links) = (column("item_language"), column("item_link"));
        let trades = column("item_industries");
        let at = |column: &[&str], n: usize| column.get(n).copied().unwrap_or_default().to_owned();
        let items = (0..texts.len().min(ROOM)).filter_map(|n| {
            let (title, text) = (at(&titles, n), at(&texts, n));
            if title.is_empty() && text.is_empty() {
                return None;
            }
            // Each piece has a field of its own for the ticks: those that are not set are not sent.
            let ticks = format!("g{}", n + 1);
            let grades = pairs.all(&ticks).filter_map(Grade::from_code);
            Some(Typed {
                industries: at(&trades, n),
                item: ItemInput {
                    language: at(&languages, n),
                    title,
                    text,
                    link: Some(at(&links, n)).filter(|link| !link.is_empty()),
                    industries: Vec::new(),
                    grades: grades.collect(),
                },
            })
        });
        Self {
            title: pairs.get("title").unwrap_or_default().to_owned(),
            items: items.collect(),
        }
    }

    /// With the industries as codes.
    fn items(&self) -> AppResult<Vec<ItemInput>> {
        let read = |(typed, n): (&Typed, usize)| {
            let industries = codes(&typed.industries).map_err(|word| {
                AppError::invalid("news_item_industry", "industry")
                    .with("n", n)
                    .with("value", word)
            })?;
            Ok(ItemInput {
                industries,
                ..typed.item.clone()
            })
        };
        self.items.iter().zip(1..).map(read).collect()
    }
}

/// Codes with their names, as the form shows and reads them: `C34 通用设备制造业; I65 …`.
fn names(lang: Lang, codes: &[String]) -> String {
    let named = codes.iter().map(|code| labelled(lang, code));
    named.collect::<Vec<_>>().join("; ")
}

fn labelled(lang: Lang, code: &str) -> String {
    format!("{code} {}", industry_name(lang, code))
}

/// The codes of what was typed: a code with or without its name, a name, or a word that leads to one. The word that
/// leads nowhere otherwise.
fn codes(typed: &str) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    let pieces = typed.split([';', '；', '\n']).map(str::trim);
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        // Names hold commas themselves, so a piece is first tried as a whole.
        let several: Vec<&str> = match exactly(piece) {
            Some(_) => vec![piece],
            None => piece.split([',', '，', '、']).map(str::trim).collect(),
        };
        for word in several.into_iter().filter(|word| !word.is_empty()) {
            let code = exactly(word).or_else(|| industry::derive(word).map(|d| d.code));
            let code = code.ok_or_else(|| word.to_owned())?;
            if !found.iter().any(|known| known == code) {
                found.push(code.to_owned());
            }
        }
    }
    Ok(found)
}

/// The industry of a code, with or without its name behind it, or of a name.
fn exactly(text: &str) -> Option<&'static str> {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let is_named = |found: &&'static Industry| [found.zh, found.en].contains(&rest.trim());
    let by_code = industry::by_code(&first.to_uppercase());
    let by_code = by_code.filter(|found| rest.is_empty() || is_named(found));
    let by_name = || {
        industry::all()
            .iter()
            .find(|i| i.zh == text || i.en == text)
    };
    by_code.or_else(by_name).map(|found| found.code)
}

/// `POST /mailings/{id}/edit`.
pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (id, sent) = (id.into_inner(), Sent::read(&pairs));
    let (actor, typed) = (me.actor.clone(), sent.clone());
    let saved = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let issue = editable(conn, &actor, id)?;
            let items = typed.items()?;
            news::write_issue(conn, now, &actor, issue, &typed.title, &items)
        })
        .await;
    let error = match saved {
        Ok(()) => {
            let said = match sent.items.is_empty() {
                true => "news-saved-empty",
                false => "news-saved",
            };
            let flash = Flash::new("good", me.context().t(said));
            return Ok(redirect_with(&format!("/mailings/{id}"), &flash));
        }
        Err(error) => shown_again(error)?,
    };
    let told = problem::in_words(me.lang(), &error);
    let page = drawn(&me, id, &sent, Some(told));
    html_with(error.status, &page)
}

/// What is written is never lost: also where the mailing went on in another tab the form is shown again, with why it was
/// not kept.
fn shown_again(error: AppError) -> AppResult<Refusal> {
    match error {
        AppError::Refused(refusal) if refusal.status == StatusCode::CONFLICT => Ok(*refusal),
        other => other.of_form(),
    }
}

fn drawn(me: &SignedIn, id: i64, sent: &Sent, error: Option<String>) -> EditPage {
    let ctx = me.context();
    let mut items = sent.items.clone();
    let shown = (items.len() + SPARE).clamp(PIECES, ROOM);
    let written = items.len();
    items.resize_with(shown, || Typed {
        item: ItemInput {
            language: ctx.lang().to_owned(),
            ..ItemInput::default()
        },
        ..Typed::default()
    });
    let pieces = items.into_iter().zip(1..).map(|(typed, n)| {
        let is_open = n <= written + SPARE;
        piece(&ctx, typed, n, is_open)
    });
    EditPage {
        id,
        title: sent.title.clone(),
        error,
        pieces: pieces.collect(),
        trades: industry::all()
            .iter()
            .map(|trade| labelled(ctx.language, trade.code))
            .collect(),
        ctx,
    }
}

fn piece(ctx: &PageContext, typed: Typed, n: usize, is_open: bool) -> Piece {
    let Typed { item, industries } = typed;
    let language = |lang: &Lang| {
        let key = format!("news-language-{}", lang.code().to_lowercase());
        (lang.code(), ctx.t(&key), item.language == lang.code())
    };
    Piece {
        n,
        languages: Lang::ALL.iter().map(language).collect(),
        grades: GRADES
            .iter()
            .map(|grade| (grade.code(), item.grades.contains(grade)))
            .collect(),
        title: item.title,
        text: item.text,
        link: item.link.unwrap_or_default(),
        industries,
        is_open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn industries_come_back_from_what_the_form_shows() {
        let all: Vec<String> = industry::all().iter().map(|i| i.code.to_owned()).collect();
        for lang in Lang::ALL {
            assert_eq!(codes(&names(lang, &all)), Ok(all.clone()), "{lang:?}");
        }
    }

    #[test]
    fn codes_names_and_words_lead_to_industries() {
        for (typed, wanted) in [
            ("c34；I65", vec!["C34", "I65"]),
            ("C34, I65, C34", vec!["C34", "I65"]),
            ("C34 通用设备制造业，I65", vec!["C34", "I65"]),
            ("通用设备制造业", vec!["C34"]),
            ("", vec![]),
        ] {
            assert_eq!(
                codes(typed).as_deref(),
                Ok(&wanted.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>()[..]),
                "{typed}"
            );
        }
        assert_eq!(codes("C34; zzzz"), Err("zzzz".to_owned()));
    }
}
