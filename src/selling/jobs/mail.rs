//! Notices by mail: a letter each, named after its notice.

use chrono::NaiveDateTime;

use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::{Arg, Lang};
use crate::platform::mailer::{Mail, Mailer, Person, Posted};
use crate::platform::office::Office;
use crate::platform::settings;
use crate::selling::model::{Notice, NoticeKind};
use crate::selling::queries;
use crate::selling::rules::notice::{address, sentence};

/// Letters of one look.
const MOST: i64 = 100;

/// What one look brought.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Looked {
    /// Letters that went out, or never will.
    pub done: usize,
    /// The relay would not take one just now.
    pub is_put_off: bool,
}

/// Sends what was not sent yet.
pub(super) fn send_letters(db: &Db, mailer: &Mailer) -> AppResult<Looked> {
    let (letters, is_rehearsal) = db.read_blocking(|conn| {
        let reading = clock::read(conn)?;
        Ok::<_, AppError>((read(conn, mailer, reading.now)?, reading.rehearsal))
    })?;
    let mut looked = Looked::default();
    for (id, letter) in letters {
        let posted = mailer.post(is_rehearsal, &letter)?;
        if let Posted::Failed(failure) = &posted {
            let told = &failure.reply.text;
            tracing::warn!("notice {id} was not taken by the relay: {told}");
        }
        if posted.may_try_again() {
            looked.is_put_off = true;
            return Ok(looked);
        }
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            queries::set_mailed(conn, id, now).map_err(AppError::from)
        })?;
        looked.done += 1;
    }
    Ok(looked)
}

fn read(conn: &mut Conn, mailer: &Mailer, now: NaiveDateTime) -> AppResult<Vec<(i64, Mail)>> {
    let rows = queries::unmailed(conn, MOST)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let office = settings::load::<Office>(conn)?.value;
    let mut letters = Vec::new();
    for (id, to, language) in rows {
        let lang = language
            .as_deref()
            .and_then(Lang::parse)
            .unwrap_or_else(|| office.lang());
        let notice = queries::notice(conn, id)?;
        let said = text(&notice, lang, &office, now);
        letters.push((id, letter(&notice, &to, lang, &said, mailer)));
    }
    Ok(letters)
}

fn letter(notice: &Notice, to: &str, lang: Lang, said: &str, mailer: &Mailer) -> Mail {
    Mail {
        name: format!("notice-{}", notice.id),
        message_id: format!("notice.{}@{}", notice.id, mailer.domain()),
        from_name: None,
        reply_to: None,
        to: Person::at(to),
        subject: lang.text_with("notice-mail-subject", &[("text", Arg::from(&said))]),
        text: match mailer.public_url() {
            Some(url) => format!("{said}\n\n{url}{}\n", link(notice)),
            None => format!("{said}\n"),
        },
        html: None,
        at: notice.at,
        bulk: None,
        return_to: None,
    }
}

/// The sentence of a notice for a reader.
pub(super) fn text(notice: &Notice, lang: Lang, office: &Office, now: NaiveDateTime) -> String {
    let data = serde_json::from_str(&notice.data).unwrap_or_default();
    match NoticeKind::from_code(&notice.kind) {
        Some(kind) => sentence(kind, &data).write(lang, office.tz(), now),
        None => String::new(),
    }
}

/// The page on which the reader goes on.
fn link(notice: &Notice) -> String {
    let kind = NoticeKind::from_code(&notice.kind);
    kind.map_or_else(String::new, |kind| address(kind, notice.company_id))
}
