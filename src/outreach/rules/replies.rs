//! What the answer of a server means: taken, slower, later, or never.
//!
//! Some receivers say "never" (5xx) where they mean "slower": QQ blocks by frequency with 550, NetEase by codes of its
//! own. Whoever takes them at their word loses good addresses.

/// What an answer means for the delivery and for everything else to that domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It was taken.
    Taken,
    /// Not now, because too much comes at once: the whole domain goes slower.
    SlowDown,
    /// Not now, because of this mailbox or this first meeting; others are not concerned.
    Later,
    /// Never.
    Refused,
}

/// Words of receivers that mean "too much at once", whatever the code before them. Lower case.
const RATE: [&str; 19] = [
    "frequency limit",
    "frequency is limited",
    "rate limit",
    "rate exceeded",
    "ratelimit",
    "too many messages",
    "too many connections",
    "too many emails",
    "too many mails",
    "throttl",
    "mailbox unavailable or access denied",
    "try again later, too",
    "unusual rate",
    "hl:rep",
    "hl:icc",
    "hl:ifc",
    "mi:",
    "rp:drc",
    "dt:",
];
/// Words that mean this mailbox, or a first meeting.
const SINGLE: [&str; 5] = [
    "greylist",
    "graylist",
    "grey-list",
    "mailbox full",
    "over quota",
];
/// A server that counts messages a connection says so like this.
const CONNECTION: [&str; 4] = [
    "messages per connection",
    "messages in this connection",
    "messages on this connection",
    "mi:dmc",
];

/// Reads an answer.
pub fn read(code: u16, text: &str) -> Answer {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match code {
        200..=399 => Answer::Taken,
        _ if says(&RATE) || says(&CONNECTION) => Answer::SlowDown,
        400..=499 if code != 421 && (says(&SINGLE) || is_of_one_mailbox(&text)) => Answer::Later,
        400..=499 => Answer::SlowDown,
        _ => Answer::Refused,
    }
}

/// Whether the server takes no more over this connection.
pub fn is_connection_full(text: &str) -> bool {
    let text = text.to_lowercase();
    CONNECTION.iter().any(|word| text.contains(word))
}

/// Enhanced codes 4.1.x (address) and 4.2.x (mailbox).
fn is_of_one_mailbox(text: &str) -> bool {
    text.starts_with("4.1.") || text.starts_with("4.2.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_receivers_mean_by_them() {
        for (code, text, want) in [
            (250, "2.0.0 Ok: queued as 4T", Answer::Taken),
            (421, "4.7.0 closing", Answer::SlowDown),
            (451, "4.7.1 Greylisting in action", Answer::Later),
            (450, "4.2.1 mailbox busy", Answer::Later),
            (452, "4.2.2 Mailbox full", Answer::Later),
            (451, "4.3.0 local error", Answer::SlowDown),
            (550, "Ip frequency limited [x]", Answer::SlowDown),
            (550, "Domain frequency limited", Answer::SlowDown),
            (550, "Connection frequency limited", Answer::SlowDown),
            (
                550,
                "Mailbox unavailable or access denied",
                Answer::SlowDown,
            ),
            (554, "DT:SPM 163 smtp8", Answer::SlowDown),
            (421, "HL:ICC 163", Answer::SlowDown),
            (451, "MI:SFQ 163", Answer::SlowDown),
            (550, "5.1.1 user unknown", Answer::Refused),
            (550, "5.7.1 not wanted here", Answer::Refused),
            (552, "5.2.2 mailbox is full", Answer::Refused),
        ] {
            assert_eq!(read(code, text), want, "{code} {text}");
        }
    }

    #[test]
    fn a_connection_that_is_full_is_known() {
        assert!(is_connection_full("451 MI:DMC 163 smtp"));
        assert!(is_connection_full("Too many messages in this connection"));
        assert!(!is_connection_full("too many connections"));
    }
}
