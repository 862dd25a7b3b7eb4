//! `/letters`: every letter in both languages, and making one of the office's own.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::Deserialize;

use crate::accounts::{Object, SignedIn, Verb, may, redirect_with};
use crate::outreach::actions::letters::{self as actions, LetterText};
use crate::outreach::rules::letter::{CODES, Fields, gaps, write};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::form::Form;
use crate::platform::i18n::Lang;
use crate::platform::office;
use crate::platform::page::{Flash, PageContext, html};
use crate::selling::pages::shown::back;

struct Row {
    code: String,
    name: String,
    subject: String,
    kind: String,
    is_own: bool,
    /// Language, its name in itself, version, when it was saved.
    versions: Vec<(&'static str, &'static str, i32, Option<NaiveDateTime>)>,
}

#[derive(Template)]
#[template(path = "outreach/letters.html")]
struct LettersPage {
    ctx: PageContext,
    rows: Vec<Row>,
    may_edit: bool,
    may_office: bool,
    gaps: Vec<&'static str>,
}

impl LettersPage {
    fn gap(&self, code: &str) -> String {
        self.ctx.code("letter-gap", code)
    }
}

/// The name of a language in itself.
pub(super) fn own_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "settings-language-zh",
        Lang::En => "settings-language-en",
    }
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let page = db.read(move |conn| build(conn, &me)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn) -> AppResult<LettersPage> {
    let ctx = me.context();
    let mut rows: Vec<Row> = Vec::new();
    // The reader's language first: its name and subject are shown.
    let mut langs = Lang::ALL;
    langs.sort_by_key(|lang| *lang != ctx.language);
    for lang in langs {
        for (letter, at) in actions::letters(conn, lang)? {
            let version = (lang.code(), own_name(lang), letter.version, at);
            match rows.iter_mut().find(|row| row.code == letter.code) {
                Some(row) => row.versions.push(version),
                None => rows.push(row_of(&ctx, letter, version)),
            }
        }
    }
    Ok(LettersPage {
        rows,
        may_edit: may(&me.actor, Verb::EditLetters, Object::Any),
        may_office: may(&me.actor, Verb::EditOffice, Object::Any),
        gaps: gaps(&office::load(conn)?),
        ctx,
    })
}

fn row_of(
    ctx: &PageContext,
    letter: LetterText,
    version: (&'static str, &'static str, i32, Option<NaiveDateTime>),
) -> Row {
    Row {
        subject: subject(&letter),
        kind: ctx.t(letter.kind.key()),
        is_own: !CODES.contains(&letter.code.as_str()),
        code: letter.code,
        name: letter.name,
        versions: vec![version],
    }
}

/// The subject as somebody made up would read it.
fn subject(letter: &LetterText) -> String {
    let fields = Fields {
        also: None,
        ..Fields::sample(letter.language)
    };
    let written = actions::ready(letter)
        .ok()
        .and_then(|compiled| write(&compiled, &fields).ok());
    written.map_or_else(|| letter.subject.clone(), |written| written.subject)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewLetter {
    of: String,
    name: String,
}

/// `POST /letters`: a letter of the office's own, begun as another one.
pub(super) async fn copy(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<NewLetter>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditLetters)?;
    let actor = me.actor.clone();
    let made = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::copy(conn, now, &actor, &form.of, &form.name)
        })
        .await;
    match made {
        Ok(code) => {
            let flash = Flash::new("good", me.lang().text("letter-copied"));
            Ok(redirect_with(&format!("/letters/{code}"), &flash))
        }
        Err(error) => back(&me.context(), "/letters", Err(error)),
    }
}
