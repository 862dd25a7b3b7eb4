//! Notices by mail: a letter each in the outbox folder, named after its notice, so that it is written once.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDateTime;

use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::office::Office;
use crate::platform::settings;
use crate::selling::model::{Notice, NoticeKind};
use crate::selling::queries;
use crate::selling::rules::notice::sentence;

/// Letters of one look.
const MOST: i64 = 100;
/// Characters of a line of base64.
const LINE: usize = 76;

struct Letter {
    id: i64,
    to: String,
    text: String,
    subject: String,
    at: NaiveDateTime,
}

/// Writes what is not written yet; how many letters.
pub(super) fn write_letters(db: &Db, outbox: &Path) -> AppResult<usize> {
    let letters = db.read_blocking(read)?;
    if letters.is_empty() {
        return Ok(0);
    }
    fs::create_dir_all(outbox).map_err(anyhow::Error::from)?;
    let n = letters.len();
    for letter in letters {
        let path = outbox.join(format!("notice-{}.eml", letter.id));
        // A letter is there whole or not at all.
        let half = outbox.join(format!(".notice-{}.eml.part", letter.id));
        fs::write(&half, eml(&letter)).map_err(anyhow::Error::from)?;
        fs::rename(&half, &path).map_err(anyhow::Error::from)?;
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            queries::set_mailed(conn, letter.id, now).map_err(AppError::from)
        })?;
    }
    Ok(n)
}

fn read(conn: &mut crate::platform::db::Conn) -> AppResult<Vec<Letter>> {
    let rows = queries::unmailed(conn, MOST)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let office = settings::load::<Office>(conn)?.value;
    let now = clock::now(conn)?;
    let mut letters = Vec::new();
    for (id, to, language) in rows {
        let lang = language
            .as_deref()
            .and_then(Lang::parse)
            .unwrap_or_else(|| office.lang());
        let notice = queries::notice(conn, id)?;
        letters.push(Letter {
            id,
            to,
            text: text(&notice, lang, &office, now),
            subject: lang.text("notice-mail-subject"),
            at: notice.at,
        });
    }
    Ok(letters)
}

/// The sentence of a notice for a reader.
pub(super) fn text(notice: &Notice, lang: Lang, office: &Office, now: NaiveDateTime) -> String {
    let data = serde_json::from_str(&notice.data).unwrap_or_default();
    match NoticeKind::from_code(&notice.kind) {
        Some(kind) => sentence(kind, &data).write(lang, office.tz(), now),
        None => String::new(),
    }
}

fn eml(letter: &Letter) -> String {
    let encoded = STANDARD.encode(format!("{}\r\n", letter.text));
    let lines: Vec<&str> = (0..encoded.len())
        .step_by(LINE)
        .map(|from| &encoded[from..(from + LINE).min(encoded.len())])
        .collect();
    format!(
        "From: Canvass <canvass@localhost>\r\nTo: <{}>\r\nSubject: =?UTF-8?B?{}?=\r\nDate: {}\r\nMessage-ID: <notice-{}@canvass>\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        letter.to.replace(['\r', '\n', '<', '>'], ""),
        STANDARD.encode(&letter.subject),
        letter.at.format("%a, %d %b %Y %H:%M:%S +0000"),
        letter.id,
        lines.join("\r\n"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_one_that_mail_programs_read() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 9, 22).and_then(|d| d.and_hms_opt(2, 0, 0));
        let letter = Letter {
            id: 7,
            to: "xu@example.test\r\nBcc: a@b.example".into(),
            text: "苏州砚川精密机械有限公司等您接收。".repeat(3),
            subject: "移交".into(),
            at: at.expect("an instant"),
        };
        let eml = eml(&letter);
        assert!(eml.contains("\r\nTo: <xu@example.testBcc: a@b.example>\r\n"));
        assert!(eml.contains("Date: Tue, 22 Sep 2026 02:00:00 +0000\r\n"));
        let (_, body) = eml.split_once("\r\n\r\n").expect("a body");
        assert!(body.lines().all(|line| line.len() <= LINE));
        let plain = STANDARD.decode(body.replace("\r\n", "")).expect("base64");
        assert_eq!(String::from_utf8(plain).expect("UTF-8").trim(), letter.text);
    }
}
