//! Notices by mail: a letter each in the outbox folder, named after its notice, so that it is written once.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDateTime;

use super::Outbox;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::{Arg, Lang};
use crate::platform::office::Office;
use crate::platform::settings;
use crate::selling::model::{Notice, NoticeKind};
use crate::selling::queries;
use crate::selling::rules::notice::{address, sentence};

/// Letters of one look.
const MOST: i64 = 100;
/// Bytes of an encoded word of a header.
const WORD: usize = 45;
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
pub(super) fn write_letters(db: &Db, outbox: &Outbox) -> AppResult<usize> {
    let letters = db.read_blocking(|conn| read(conn, outbox.public_url.as_deref()))?;
    let outbox = &outbox.folder;
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

fn read(conn: &mut Conn, public_url: Option<&str>) -> AppResult<Vec<Letter>> {
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
        let said = text(&notice, lang, &office, now);
        letters.push(Letter {
            id,
            to,
            subject: lang.text_with("notice-mail-subject", &[("text", Arg::from(&said))]),
            text: match public_url {
                Some(url) => format!(
                    "{said}\r\n\r\n{}{}",
                    url.trim_end_matches('/'),
                    link(&notice)
                ),
                None => said,
            },
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

/// The page on which the reader goes on.
fn link(notice: &Notice) -> String {
    let kind = NoticeKind::from_code(&notice.kind);
    kind.map_or_else(String::new, |kind| address(kind, notice.company_id))
}

/// A header that says anything: words of 75 characters at most, each of whole characters.
fn words(text: &str) -> String {
    let mut words = vec![String::new()];
    for character in text.chars() {
        if words.last().map_or(0, String::len) + character.len_utf8() > WORD {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let words = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    words.collect::<Vec<_>>().join("\r\n ")
}

fn eml(letter: &Letter) -> String {
    let encoded = STANDARD.encode(format!("{}\r\n", letter.text));
    let lines: Vec<&str> = (0..encoded.len())
        .step_by(LINE)
        .map(|from| &encoded[from..(from + LINE).min(encoded.len())])
        .collect();
    format!(
        "From: Canvass <canvass@localhost>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <notice-{}@canvass>\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        letter.to.replace(['\r', '\n', '<', '>'], ""),
        words(&letter.subject),
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
            subject: "苏州砚川精密机械有限公司移交给您，请在9月22日16:00前接收。".into(),
            at: at.expect("an instant"),
        };
        let eml = eml(&letter);
        assert!(eml.contains("\r\nTo: <xu@example.testBcc: a@b.example>\r\n"));
        assert!(eml.contains("Date: Tue, 22 Sep 2026 02:00:00 +0000\r\n"));
        let (head, _) = eml.split_once("\r\nDate:").expect("a subject");
        let (_, subject) = head.split_once("Subject: ").expect("a subject");
        let words: Vec<&str> = subject.split("\r\n ").collect();
        assert!(
            words.len() > 1 && words.iter().all(|word| word.len() <= 75),
            "{words:?}"
        );
        let read: String = words
            .iter()
            .map(|word| {
                let inner = word.trim_start_matches("=?UTF-8?B?").trim_end_matches("?=");
                let bytes = STANDARD.decode(inner).expect("base64");
                String::from_utf8(bytes).expect("whole characters")
            })
            .collect();
        assert_eq!(read, letter.subject);
        let (_, body) = eml.split_once("\r\n\r\n").expect("a body");
        assert!(body.lines().all(|line| line.len() <= LINE));
        let plain = STANDARD.decode(body.replace("\r\n", "")).expect("base64");
        assert_eq!(String::from_utf8(plain).expect("UTF-8").trim(), letter.text);
    }
}
