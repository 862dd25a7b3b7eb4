//! What a notice says, and in which form the webhook says it.

use chrono::{DateTime, NaiveDate};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::platform::sentence::{Arg, Sentence};
use crate::selling::model::NoticeKind;

/// The sentence of a notice.
pub fn sentence(kind: NoticeKind, data: &Value) -> Sentence {
    let text = |name: &str| Arg::Text(data[name].as_str().unwrap_or_default().to_owned());
    let mut sentence = Sentence::of(kind.key()).with("company", text("company"));
    for name in ["who", "reason", "mailing"] {
        sentence = sentence.with(name, text(name));
    }
    if let Some(n) = data["n"].as_i64() {
        sentence = sentence.with("n", n);
    }
    let due = data["due_at"]
        .as_str()
        .and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    if let Some(due) = due {
        sentence = sentence.with("due", Arg::At(due.naive_utc()));
    }
    let day = data["day"]
        .as_str()
        .and_then(|day| day.parse::<NaiveDate>().ok());
    match day {
        Some(day) => sentence.with("day", Arg::Date(day)),
        None => sentence,
    }
}

/// The page on which whoever is told goes on.
pub fn address(kind: NoticeKind, company_id: Option<i64>) -> String {
    match (kind, company_id) {
        (NoticeKind::CardsAsked | NoticeKind::CardsByHand, _) => "/cards".into(),
        (NoticeKind::WithManager, _) => "/handovers?state=with_manager".into(),
        (NoticeKind::Offered | NoticeKind::Warned, _) | (_, None) => "/handovers".into(),
        (_, Some(id)) => format!("/companies/{id}"),
    }
}

/// Tries of a message; the pause before each, in minutes.
pub const PAUSES: [i64; 6] = [0, 1, 5, 15, 60, 240];

/// A message as the receiver of this address reads it: robots of WeCom, DingTalk, Feishu and Slack each have a form of
/// their own; everybody else gets the notice with its parts.
pub fn message(url: &str, kind: NoticeKind, id: i64, text: &str) -> Value {
    let host = host(url);
    let is_of = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
    if is_of("qyapi.weixin.qq.com") || is_of("dingtalk.com") {
        json!({ "msgtype": "text", "text": { "content": text } })
    } else if is_of("feishu.cn") || is_of("larksuite.com") {
        json!({ "msg_type": "text", "content": { "text": text } })
    } else if is_of("slack.com") {
        json!({ "text": text })
    } else {
        json!({ "text": text, "event": kind.code(), "id": id })
    }
}

/// The host of an address.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// An address that a message may be posted to; on a rehearsal clock nothing leaves the machine.
pub fn may_post(url: &str, is_rehearsal: bool) -> bool {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let is_home = matches!(host(url), "127.0.0.1" | "localhost" | "::1");
    is_web && !host(url).is_empty() && (!is_rehearsal || is_home)
}

/// `sha256=…`, the HMAC of a body, so that the receiver knows that it is ours.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::Lang;

    #[test]
    fn every_notice_has_a_sentence_in_both_languages() {
        for kind in NoticeKind::ALL {
            assert!(
                Lang::ALL.iter().all(|lang| lang.knows(kind.key())),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn robots_get_the_form_that_they_read() {
        for (url, pointer) in [
            (
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
                "/text/content",
            ),
            (
                "https://oapi.dingtalk.com/robot/send?access_token=x",
                "/text/content",
            ),
            (
                "https://open.feishu.cn/open-apis/bot/v2/hook/x",
                "/content/text",
            ),
            ("https://hooks.slack.com/services/x", "/text"),
            ("http://127.0.0.1:9000/hook", "/text"),
        ] {
            let body = message(url, NoticeKind::Offered, 7, "您好");
            assert_eq!(body.pointer(pointer), Some(&Value::from("您好")), "{url}");
        }
        assert_eq!(
            message("http://a.example/", NoticeKind::Fell, 7, "x")["event"],
            "fell"
        );
    }

    #[test]
    fn nothing_leaves_the_machine_on_a_rehearsal_clock() {
        for (url, live, rehearsal) in [
            ("https://hooks.example/x", true, false),
            ("http://127.0.0.1:9000/", true, true),
            ("http://[::1]:9000/", true, true),
            ("http://127.0.0.1@evil.example/", true, false),
            ("ftp://127.0.0.1/", false, false),
            ("https://", false, false),
        ] {
            assert_eq!(
                (may_post(url, false), may_post(url, true)),
                (live, rehearsal),
                "{url}"
            );
        }
    }

    #[test]
    fn a_signature_is_that_of_the_standard() {
        // RFC 4231, case 2.
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
