//! Why a letter went, waits or did not go, as a sentence with the parameters that were stored.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::audience::Reason;
use crate::consent::rules::Ground;
use crate::platform::i18n::{Arg, Lang};
use crate::platform::sentence::Sentence;

/// How times are written for whoever reads.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Language.
    pub lang: Lang,
    /// Zone in which instants are shown.
    pub zone: Tz,
    /// Now; its year is left out of dates.
    pub now: NaiveDateTime,
}

/// The sentence of a stored reason: those of the audience have their own, all others are `mail-reason-<code>`. What nobody wrote a sentence for is named by its code rather than left out.
pub fn told(reader: Reader, stored: &str) -> String {
    if let Ok(reason) = serde_json::from_str::<Reason>(stored) {
        return reason
            .sentence()
            .write(reader.lang, reader.zone, reader.now);
    }
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(stored) else {
        return String::new();
    };
    let code = fields
        .get("code")
        .and_then(Value::as_str)
        .unwrap_or("other");
    let key = format!("mail-reason-{}", code.replace('_', "-"));
    if !reader.lang.knows(&key) {
        return reader
            .lang
            .text_with("mail-reason-other", &[("code", Arg::from(code))]);
    }
    reader.lang.text_with(&key, &arguments(reader, &fields))
}

/// The code of a stored reason.
pub fn code(stored: &str) -> Option<String> {
    let fields: Map<String, Value> = serde_json::from_str(stored).ok()?;
    Some(fields.get("code")?.as_str()?.to_owned())
}

/// Whether a text can be the code of a reason: nothing else goes into a pattern.
pub fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

fn arguments(reader: Reader, fields: &Map<String, Value>) -> Vec<(&str, Arg)> {
    fields
        .iter()
        .filter(|(name, _)| *name != "code")
        .filter_map(|(name, value)| Some((name.as_str(), argument(reader, name, value)?)))
        .collect()
}

fn argument(reader: Reader, name: &str, value: &Value) -> Option<Arg> {
    Some(match value {
        Value::String(code) if name == "ground" => {
            let ground = Ground::from_code(code);
            Arg::from(ground.map_or_else(|| code.clone(), |known| reader.lang.text(known.key())))
        }
        Value::Number(number) => Arg::from(number.as_f64()?),
        Value::String(text) => Arg::from(shown(reader, text)),
        Value::Array(items) => {
            let all = items.iter().filter_map(Value::as_str);
            Arg::from(all.collect::<Vec<_>>().join(" · "))
        }
        Value::Null => Arg::from("–"),
        Value::Bool(_) | Value::Object(_) => return None,
    })
}

/// Days and instants as the reader writes them, everything else as it is.
fn shown(reader: Reader, text: &str) -> String {
    let write = |sentence: Sentence| sentence.write(reader.lang, reader.zone, reader.now);
    if let Ok(day) = text.parse::<NaiveDate>() {
        return write(Sentence::of("mail-on").with("day", day));
    }
    match text.trim_end_matches('Z').parse::<NaiveDateTime>() {
        Ok(at) => write(Sentence::of("mail-at").with("at", at)),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(lang: Lang) -> Reader {
        Reader {
            lang,
            zone: chrono_tz::Asia::Shanghai,
            now: "2026-09-22T02:00:00".parse().expect("an instant"),
        }
    }

    #[test]
    fn times_are_those_of_the_reader() {
        let of = |text: &str| shown(reader(Lang::Zh), text);
        assert_eq!(of("2026-09-24T02:00:00"), "9月24日 10:00");
        assert_eq!(of("2026-09-24T02:00:00Z"), "9月24日 10:00");
        assert_eq!(of("2026-09-25"), "9月25日");
        assert_eq!(of("550 mailbox unavailable"), "550 mailbox unavailable");
    }

    #[test]
    fn only_codes_go_into_a_pattern() {
        assert!(is_code("no_company"));
        assert!(!is_code("") && !is_code("a%") && !is_code("A\"") && !is_code("x}"));
    }

    #[test]
    fn an_unknown_reason_is_named() {
        let told = told(reader(Lang::En), r#"{"code":"struck_by_lightning"}"#);
        assert!(told.contains("struck_by_lightning"), "{told}");
    }
}
