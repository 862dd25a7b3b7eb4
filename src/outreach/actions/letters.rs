//! Letters: read, compiled, saved as new versions.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::NaiveDateTime;

use crate::accounts::{Actor, Object, Verb, require};
use crate::outreach::model::{Letter, LetterKind, Mailing, MailingKind};
use crate::outreach::queries::letter as queries;
use crate::outreach::rules::letter::{CODES, Compiled, base_of, compile, kind_of, shipped};
use crate::outreach::rules::mailing_state::{Move, can};
use crate::outreach::rules::occasions::Greeting;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::log::{Change, changed};

/// The letter of news, unless another one is named.
pub const NEWS: &str = "news";
/// Letters that stay compiled.
const KEPT: usize = 200;
/// Characters of a name.
const NAME: usize = 60;

/// A version of a letter, shipped or saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterText {
    /// Code.
    pub code: String,
    /// Language.
    pub language: Lang,
    /// Version; 0 is the shipped one.
    pub version: i32,
    /// What it is for.
    pub kind: LetterKind,
    /// Its name.
    pub name: String,
    /// Subject with fields.
    pub subject: String,
    /// Text with fields.
    pub source: String,
}

/// One version of a letter. A code without a letter of its own, such as that of two occasions in one, is answered by
/// the letter of the occasion that leads.
pub fn letter(conn: &mut Conn, code: &str, language: Lang, version: i32) -> AppResult<LetterText> {
    if version > 0 {
        let found = queries::letter(conn, code, language.code(), version)?;
        return found
            .map(|row| of_row(row, language))
            .ok_or_else(AppError::not_found);
    }
    let base = base_of(code).ok_or_else(AppError::not_found)?;
    let text = shipped(base, language).ok_or_else(AppError::not_found)?;
    Ok(LetterText {
        code: code.to_owned(),
        language,
        version: 0,
        kind: text.kind,
        name: text.name,
        subject: text.subject,
        source: text.source,
    })
}

fn of_row(row: Letter, language: Lang) -> LetterText {
    LetterText {
        kind: LetterKind::from_code(&row.kind).unwrap_or(kind_of(&row.code)),
        code: row.code,
        language,
        version: row.version,
        name: row.name,
        subject: row.subject,
        source: row.mjml,
    }
}

/// The newest version of a letter.
pub fn newest(conn: &mut Conn, code: &str, language: Lang) -> AppResult<LetterText> {
    let version = queries::newest_version(conn, code, language.code())?;
    letter(conn, code, language, version)
}

/// The letter that a mailing has where nobody chooses another one.
pub fn usual(occasion: Option<&str>) -> String {
    let greeting = occasion.and_then(Greeting::from_code);
    greeting.map_or_else(|| NEWS.to_owned(), |greeting| greeting.letter_code())
}

/// Whether a mailing may go with a letter: the usual one of its occasion, or one of the office's own for what it is. News
/// would go without its mark as a greeting, and a greeting is for its own day.
pub fn fits(letter: &LetterText, kind: MailingKind, occasion: Option<&str>) -> bool {
    let is_own = letter.version > 0 && !CODES.contains(&letter.code.as_str());
    letter.code == usual(occasion) || (is_own && letter.kind == LetterKind::from(kind))
}

/// The letter of a mailing: the version that it was decided under; before that, the one that it would be.
pub fn of_mailing(conn: &mut Conn, mailing: &Mailing, language: Lang) -> AppResult<LetterText> {
    match mailing.letter_version(language.code()) {
        Some(version) => letter(conn, &mailing.letter_code, language, version),
        None => newest(conn, &mailing.letter_code, language),
    }
}

/// Whether its letter was changed after a mailing was decided: the mailing goes with the older one, until somebody has
/// it decided again. Never of one that has begun.
pub fn is_letter_outdated(conn: &mut Conn, mailing: &Mailing) -> AppResult<bool> {
    let decided = match mailing.letters_decided() {
        Some(decided) if can(mailing.state(), Move::AskPlan) => decided,
        _ => return Ok(false),
    };
    Ok(newest_versions(conn, &mailing.letter_code)? != decided)
}

/// The newest version in each language: what a mailing pins when it is planned.
pub fn newest_versions(conn: &mut Conn, code: &str) -> AppResult<BTreeMap<String, i32>> {
    let mut versions = BTreeMap::new();
    for lang in Lang::ALL {
        let version = queries::newest_version(conn, code, lang.code())?;
        versions.insert(lang.code().to_owned(), version);
    }
    Ok(versions)
}

/// Every letter in a language as it is now: the shipped ones in their order, then the office's own.
pub fn letters(
    conn: &mut Conn,
    language: Lang,
) -> AppResult<Vec<(LetterText, Option<NaiveDateTime>)>> {
    let saved = queries::newest(conn)?;
    let saved = saved
        .into_iter()
        .filter(|row| row.language == language.code());
    let mut saved: BTreeMap<String, Letter> = saved.map(|row| (row.code.clone(), row)).collect();
    let mut letters = Vec::new();
    for code in CODES {
        match saved.remove(code) {
            Some(row) => {
                let at = row.at;
                letters.push((of_row(row, language), Some(at)));
            }
            None => letters.push((letter(conn, code, language, 0)?, None)),
        }
    }
    let own = saved.into_values().map(|row| (row.at, row));
    letters.extend(own.map(|(at, row)| (of_row(row, language), Some(at))));
    Ok(letters)
}

type Key = (LetterKind, Lang, String, String);
static COMPILED: LazyLock<Mutex<HashMap<Key, Arc<Compiled>>>> = LazyLock::new(Mutex::default);

/// A version of a letter, ready to be merged. `language` is a code; another one than ours is the first language.
pub fn compiled(
    conn: &mut Conn,
    code: &str,
    language: &str,
    version: i32,
) -> AppResult<Arc<Compiled>> {
    let language = Lang::parse(language).unwrap_or_default();
    ready(&letter(conn, code, language, version)?)
}

/// A text ready to be merged. What was compiled before is kept by what it says, so that no version can stand for another.
pub fn ready(text: &LetterText) -> AppResult<Arc<Compiled>> {
    let key = (
        text.kind,
        text.language,
        text.subject.clone(),
        text.source.clone(),
    );
    let kept = || COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(compiled) = kept().get(&key) {
        return Ok(compiled.clone());
    }
    let compiled = compile(text.kind, text.language, &text.subject, &text.source);
    let compiled = Arc::new(compiled.map_err(|fault| fault.error())?);
    let mut kept = kept();
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(key, compiled.clone());
    Ok(compiled)
}

/// Saves a letter as its next version; `text.version` is the one that was edited, so that nobody overwrites another's
/// work unseen. A letter that cannot be written for everybody in the sample is refused, with the place.
pub fn save(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    text: &LetterText,
) -> AppResult<i32> {
    require(actor, Verb::EditLetters, Object::Any)?;
    let name = text.name.trim();
    if name.is_empty() || name.chars().count() > NAME {
        return Err(AppError::invalid("letter_name_wrong", "name"));
    }
    compile(text.kind, text.language, &text.subject, &text.source)
        .map_err(|fault| fault.error())?;
    let language = text.language.code();
    let newest = queries::newest_version(conn, &text.code, language)?;
    if newest != text.version {
        return Err(AppError::conflict("letter_changed"));
    }
    let row = Letter {
        code: text.code.clone(),
        language: language.to_owned(),
        version: newest + 1,
        kind: text.kind.code().to_owned(),
        name: name.to_owned(),
        subject: text.subject.trim().to_owned(),
        mjml: text.source.replace("\r\n", "\n"),
        actor_id: actor.user_id,
        at: now,
    };
    queries::insert_letter(conn, &row)?;
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: "letter",
            object_kind: "letter",
            fields: Some(format!("{}.{language}.{}", text.code, row.version)),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(row.version)
}

/// Makes a letter of the office's own from another one, in both languages. Answers its code.
pub fn copy(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    of: &str,
    name: &str,
) -> AppResult<String> {
    require(actor, Verb::EditLetters, Object::Any)?;
    let taken = queries::newest(conn)?;
    let number = |row: &Letter| row.code.strip_prefix("own_")?.parse::<u32>().ok();
    let next = taken.iter().filter_map(number).max().unwrap_or(0) + 1;
    let code = format!("own_{next}");
    for lang in Lang::ALL {
        let copied = LetterText {
            code: code.clone(),
            version: 0,
            name: name.to_owned(),
            ..newest(conn, of, lang)?
        };
        save(conn, now, actor, &copied)?;
    }
    Ok(code)
}

/// The versions of a letter, the newest first: number, who, when.
pub fn versions(
    conn: &mut Conn,
    code: &str,
    language: Lang,
) -> AppResult<Vec<(i32, Option<String>, NaiveDateTime)>> {
    Ok(queries::versions(conn, code, language.code(), 10)?)
}
