//! `/letters/{code}`: a letter is written, looked at while it is written, tried on people, and sent to oneself.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::letters::own_name;
use crate::accounts::{Object, SignedIn, Verb, may, redirect_with};
use crate::outreach::actions::letter_fields::{Candidate, candidates};
use crate::outreach::actions::letters::{self as actions, LetterText};
use crate::outreach::actions::readers;
use crate::outreach::rules::letter::{About, CODES, FIELDS, Field, ITEM_PARTS};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::platform::{clock, problem};

/// People whom a letter can be tried on without looking for them.
const PEOPLE: i64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    /// Language of the letter.
    r#in: String,
    /// An earlier version to start from.
    from: Option<i32>,
    /// Somebody to try it on.
    person: Option<i64>,
}

#[derive(Template)]
#[template(path = "outreach/letter.html")]
struct LetterPage {
    ctx: PageContext,
    letter: LetterText,
    /// The version that is edited; `letter` may show the text of an earlier one.
    newest: i32,
    languages: Vec<(&'static str, &'static str, bool)>,
    people: Vec<Candidate>,
    person: i64,
    fields: Vec<(String, Vec<&'static Field>)>,
    parts: [&'static str; 3],
    versions: Vec<(i32, Option<String>, NaiveDateTime)>,
    has_shipped: bool,
    may_edit: bool,
    /// The form came back with what was typed, which no version says yet.
    is_typed: bool,
    error: Option<(String, String)>,
    told: Option<(&'static str, String)>,
}

impl LetterPage {
    fn wrong(&self, field: &str) -> Option<String> {
        let (wrong, text) = self.error.as_ref()?;
        (wrong == field).then(|| text.clone())
    }
    fn sample(&self, field: &&Field) -> &'static str {
        field.sample(self.letter.language)
    }
    fn braces(&self, code: &str) -> String {
        format!("{{{{ {code} }}}}")
    }
}

pub(super) fn language(code: &str, me: &SignedIn) -> Lang {
    Lang::parse(code).unwrap_or(me.lang())
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    code: web::Path<String>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let page = db
        .read(move |conn| {
            let lang = language(&query.r#in, &me);
            let newest = actions::newest(conn, &code, lang)?;
            let version = newest.version;
            let letter = match query.from {
                Some(from) => actions::letter(conn, &code, lang, from)?,
                None => newest,
            };
            build(conn, &me, letter, version, query.person.unwrap_or(0))
        })
        .await?;
    html(&page)
}

/// The letter as it stands in the form, and the version that it was made from.
pub(super) fn typed(code: &str, sent: &Pairs) -> AppResult<LetterText> {
    let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
    let language =
        Lang::parse(&text("in")).ok_or_else(|| AppError::bad_request("form_unreadable"))?;
    Ok(LetterText {
        code: code.to_owned(),
        language,
        version: text("version").parse().unwrap_or(-1),
        kind: crate::outreach::rules::letter::kind_of(code),
        name: text("name"),
        subject: text("subject"),
        source: text("source"),
    })
}

/// Of the office's own letters the kind is that of the letter they were begun as.
pub(super) fn with_kind(conn: &mut Conn, mut letter: LetterText) -> AppResult<LetterText> {
    letter.kind = actions::newest(conn, &letter.code, letter.language)?.kind;
    Ok(letter)
}

pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    code: web::Path<String>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditLetters)?;
    let letter = typed(&code, &sent)?;
    let (written, actor) = (letter.clone(), me.actor.clone());
    let saved = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let written = with_kind(conn, written)?;
            actions::save(conn, now, &actor, &written)
        })
        .await;
    match saved {
        Ok(version) => {
            let text = me
                .lang()
                .text_with("letter-saved", &[("n", version.into())]);
            let to = format!("/letters/{code}?in={}", letter.language.code());
            Ok(redirect_with(&to, &Flash::new("good", text)))
        }
        Err(error) => again(me, &db, letter, error).await,
    }
}

/// The form once more with what was typed, beside what is wrong with it.
pub(super) async fn again(
    me: SignedIn,
    db: &Db,
    letter: LetterText,
    error: AppError,
) -> AppResult<HttpResponse> {
    let AppError::Refused(refusal) = error else {
        return Err(error);
    };
    if !matches!(
        refusal.status,
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
    ) {
        return Err(AppError::Refused(refusal));
    }
    let field = refusal.args.iter().find(|(name, _)| *name == "field");
    let field = field.map_or_else(|| "source".to_owned(), |(_, value)| value.clone());
    let error = Some((field, problem::in_words(me.lang(), &refusal)));
    shown(me, db, letter, refusal.status, |page| page.error = error).await
}

/// The form once more with a word about what was done.
pub(super) async fn with_word(
    me: SignedIn,
    db: &Db,
    letter: LetterText,
    kind: &'static str,
    text: String,
) -> AppResult<HttpResponse> {
    shown(me, db, letter, StatusCode::OK, |page| {
        page.told = Some((kind, text))
    })
    .await
}

async fn shown(
    me: SignedIn,
    db: &Db,
    letter: LetterText,
    status: StatusCode,
    change: impl FnOnce(&mut LetterPage),
) -> AppResult<HttpResponse> {
    let version = letter.version;
    let mut page = db
        .read(move |conn| build(conn, &me, letter, version, 0))
        .await?;
    page.is_typed = true;
    change(&mut page);
    html_with(status, &page)
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    letter: LetterText,
    newest: i32,
    person: i64,
) -> AppResult<LetterPage> {
    let ctx = me.context();
    let is_here = |lang: Lang| lang == letter.language;
    let groups = [
        (About::Person, "letter-about-person"),
        (About::Company, "letter-about-company"),
        (About::Rep, "letter-about-rep"),
        (About::Occasion, "letter-about-occasion"),
        (About::Office, "letter-about-office"),
    ];
    let of = |about: About| FIELDS.iter().filter(move |field| field.about == about);
    let people = candidates(conn, PEOPLE, person)?;
    let people = readers::known(conn, &me.actor, people)?;
    Ok(LetterPage {
        languages: Lang::ALL
            .map(|lang| (lang.code(), own_name(lang), is_here(lang)))
            .to_vec(),
        people,
        person,
        fields: groups
            .into_iter()
            .map(|(about, key)| (ctx.t(key), of(about).collect()))
            .collect(),
        parts: ITEM_PARTS,
        versions: actions::versions(conn, &letter.code, letter.language)?,
        has_shipped: CODES.contains(&letter.code.as_str()),
        may_edit: may(&me.actor, Verb::EditLetters, Object::Any),
        is_typed: false,
        error: None,
        told: None,
        newest,
        letter,
        ctx,
    })
}
