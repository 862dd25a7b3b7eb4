//! A letter as it goes over the wire: head and body, the same bytes each time it is made.

use std::borrow::Cow;
use std::io::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context;
use chrono::NaiveDateTime;
use lettre::Address;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, Date, From, HeaderName, HeaderValue, Headers,
    MIME_VERSION_1_0, ReplyTo, Subject, To,
};
use lettre::message::{Body, Mailbox, Mailboxes};
use sha2::{Digest, Sha256};

use super::quoted::quoted_printable;

/// A name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// How it is shown; none: the address alone.
    pub name: Option<String>,
    /// Address.
    pub address: String,
}

impl Person {
    /// An address without a name.
    pub fn at(address: impl Into<String>) -> Self {
        Self {
            name: None,
            address: address.into(),
        }
    }

    /// With a name.
    pub fn named(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            address: address.into(),
        }
    }

    /// Reads `Name <address>`, or an address alone.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mailbox: Mailbox = text
            .trim()
            .parse()
            .with_context(|| format!("{text:?} is no address like: Name <name@a.example>"))?;
        Ok(Self {
            name: mailbox.name,
            address: mailbox.email.to_string(),
        })
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.address.rsplit('@').next().unwrap_or_default()
    }

    /// The library stops with a fault at a name with control characters in it.
    fn mailbox(&self) -> anyhow::Result<Mailbox> {
        let name = self.name.as_deref().map(one_line);
        let name = name.filter(|name| !name.trim().is_empty());
        Ok(Mailbox::new(
            name.map(Cow::into_owned),
            address(&self.address)?,
        ))
    }
}

/// Reads an address; what is none never reaches a server.
pub(super) fn address(text: &str) -> anyhow::Result<Address> {
    text.parse::<Address>()
        .with_context(|| format!("{text:?} is no mail address"))
}

/// What a letter to many says about itself (RFC 2369, 2919, 8058), so that one click ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Stable name of the list in the form of a domain, e.g. `news.a.example`.
    pub list_id: String,
    /// Where a GET shows a page and a POST ends it.
    pub unsubscribe: String,
    /// What providers sum complaints up by: the narrow first, the sender last.
    pub feedback_id: String,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Stable name of what it was made for; also the name of its file in the outbox.
    pub name: String,
    /// Without angle brackets; made of what the letter is for, so that a second one is the same letter.
    pub message_id: String,
    /// How the sender is shown; none: as the configuration says.
    pub from_name: Option<String>,
    /// Who reads the answer; none: the sender.
    pub reply_to: Option<Person>,
    /// To whom.
    pub to: Person,
    /// Subject.
    pub subject: String,
    /// Plain text; there always is one.
    pub text: String,
    /// The same in HTML.
    pub html: Option<String>,
    /// Its date, UTC.
    pub at: NaiveDateTime,
    /// What a letter to many says besides.
    pub bulk: Option<Bulk>,
    /// Where it comes back to; none: to the sender.
    pub return_to: Option<String>,
}

/// Head and body of a letter.
pub(super) fn write(mail: &Mail, from: &Person) -> anyhow::Result<Vec<u8>> {
    let mut head = head(mail, from)?;
    let mut letter = Vec::new();
    match &mail.html {
        None => {
            let text = body(&mail.text);
            head.set(ContentType::TEXT_PLAIN);
            head.set(text.encoding());
            write!(letter, "{head}\r\n")?;
            letter.extend_from_slice(text.as_ref());
        }
        Some(html) => with_parts(&mut letter, head, mail, html)?,
    }
    Ok(letter)
}

/// What stands above the parts of a letter. The library's builder of letters would read date and addresses out of it again.
fn head(mail: &Mail, from: &Person) -> anyhow::Result<Headers> {
    let sender = Person {
        name: mail.from_name.clone().or_else(|| from.name.clone()),
        address: from.address.clone(),
    };
    let seconds = u64::try_from(mail.at.and_utc().timestamp()).unwrap_or(0);
    let mut head = Headers::with_capacity(16);
    head.set(Date::new(UNIX_EPOCH + Duration::from_secs(seconds)));
    head.set(From::from(Mailboxes::from(sender.mailbox()?)));
    head.set(To::from(Mailboxes::from(mail.to.mailbox()?)));
    head.set(Subject::from(one_line(&mail.subject).into_owned()));
    let message_id = format!("<{}>", mail.message_id);
    head.insert_raw(plain("Message-ID", message_id));
    head.insert_raw(plain("Auto-Submitted", "auto-generated".into()));
    head.set(MIME_VERSION_1_0);
    if let Some(reply_to) = &mail.reply_to {
        head.set(ReplyTo::from(Mailboxes::from(reply_to.mailbox()?)));
    }
    if let Some(bulk) = &mail.bulk {
        let lines = [
            ("List-ID", format!("<{}>", bulk.list_id)),
            ("List-Help", format!("<{}>", bulk.unsubscribe)),
            ("List-Unsubscribe", format!("<{}>", bulk.unsubscribe)),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
            ("Feedback-ID", bulk.feedback_id.clone()),
            ("X-Dedup-Key", mail.message_id.clone()),
        ];
        for (name, value) in lines {
            head.insert_raw(plain(name, value));
        }
    }
    Ok(head)
}

/// A letter in two forms. Its parts are laid behind its head one by one; as parts of the library each would be copied
/// three times more.
fn with_parts(
    letter: &mut Vec<u8>,
    mut head: Headers,
    mail: &Mail,
    html: &str,
) -> anyhow::Result<()> {
    // Made of the letter's name, so that the same letter is the same bytes.
    let boundary = fingerprint(mail.message_id.as_bytes());
    let kind = format!("multipart/alternative; boundary=\"{boundary}\"");
    head.set(ContentType::parse(&kind)?);
    head.set(ContentTransferEncoding::SevenBit);
    letter.reserve(2 * (mail.text.len() + html.len()) + 2_048);
    write!(letter, "{head}\r\n")?;
    for (kind, text) in [("text/plain", mail.text.as_str()), ("text/html", html)] {
        let body = body(text);
        let encoding = body.encoding();
        write!(
            letter,
            "--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        )?;
        letter.extend_from_slice(body.as_ref());
        letter.extend_from_slice(b"\r\n");
    }
    write!(letter, "--{boundary}--\r\n")?;
    Ok(())
}

/// Text in the shorter one of the two codings that every server lets through: where a sixth of its bytes is Chinese,
/// that is base64.
fn body(text: &str) -> Body {
    // Two of the three bytes of a Chinese character.
    let further = text.len() - text.chars().count();
    let base64 = ContentTransferEncoding::Base64;
    if further * 9 > text.len()
        && let Ok(body) = Body::new_with_encoding(text.to_owned(), base64)
    {
        return body;
    }
    Body::dangerous_pre_encoded(
        quoted_printable(text),
        ContentTransferEncoding::QuotedPrintable,
    )
}

/// A header of our own making: nothing in it is encoded, and nothing in it breaks a line.
fn plain(name: &'static str, mut value: String) -> HeaderValue {
    value.retain(|sign| sign.is_ascii_graphic() || sign == ' ');
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        value.clone(),
        value,
    )
}

fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        return Cow::Owned(text.replace(char::is_control, " "));
    }
    Cow::Borrowed(text)
}

/// A short name that only these bytes have.
pub fn fingerprint(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let half = hash
        .first_chunk()
        .map_or(0, |half| u128::from_be_bytes(*half));
    format!("{half:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::{HeaderValue as Read, MessageParser};

    fn letter() -> Mail {
        Mail {
            name: "delivery-7".into(),
            message_id: "greeting.3.7.0@yanchuan.example".into(),
            from_name: None,
            reply_to: Some(Person::named("许工", "xu@yanchuan.example")),
            to: Person::named("陈静", "chen@kehu.example"),
            subject: "砚川祝您中秋快乐，花好月圆，阖家团圆，万事如意，身体健康，工作顺利".into(),
            text: "陈总，您好：\n\n中秋快乐。\n".into(),
            html: Some("<p>陈总，您好：</p>".repeat(40)),
            at: chrono::NaiveDate::from_ymd_opt(2026, 9, 24)
                .and_then(|d| d.and_hms_opt(2, 0, 0))
                .expect("an instant"),
            bulk: Some(Bulk {
                list_id: "greetings.yanchuan.example".into(),
                unsubscribe: format!("https://canvass.example/u/{}", "x".repeat(90)),
                feedback_id: "3:greeting:canvass".into(),
            }),
            return_to: None,
        }
    }

    #[test]
    fn a_letter_is_one_that_mail_programs_read() {
        let from = Person::parse("砚川软件 <hello@yanchuan.example>").expect("a sender");
        let bytes = write(&letter(), &from).expect("a letter");
        assert_eq!(bytes, write(&letter(), &from).expect("the same letter"));
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes.clone()).expect("ASCII");
        assert!(text.replace("\r\n", "").find(['\r', '\n']).is_none());
        assert!(text.lines().all(|line| line.len() < 200));
        assert!(
            text.starts_with("Date: Thu, 24 Sep 2026 02:00:00 +0000\r\n"),
            "{text}"
        );
        let read = MessageParser::default().parse(&bytes).expect("a message");
        let mail = letter();
        assert_eq!(read.subject(), Some(mail.subject.as_str()));
        assert_eq!(read.message_id(), Some(mail.message_id.as_str()));
        let to = read.to().and_then(|to| to.first()).expect("to");
        assert_eq!(
            (to.name(), to.address()),
            (Some("陈静"), Some("chen@kehu.example"))
        );
        let from = read.from().and_then(|from| from.first()).expect("from");
        assert_eq!(from.name(), Some("砚川软件"));
        let body =
            |text: Option<std::borrow::Cow<'_, str>>| text.expect("a part").replace("\r\n", "\n");
        assert_eq!(body(read.body_text(0)), mail.text);
        assert_eq!(body(read.body_html(0)), mail.html.expect("a part"));
        let post = read.header("List-Unsubscribe-Post").and_then(Read::as_text);
        assert_eq!(post, Some("List-Unsubscribe=One-Click"));
    }

    #[test]
    fn nothing_that_was_typed_becomes_a_header() {
        let mut mail = letter();
        mail.subject = "Hello\r\nBcc: all@b.example".into();
        mail.to.name = Some("A\r\nBcc: all@b.example".into());
        if let Some(bulk) = &mut mail.bulk {
            bulk.feedback_id = "1\r\nBcc: all@b.example".into();
        }
        let bytes = write(&mail, &Person::at("hello@a.example")).expect("a letter");
        let read = MessageParser::default().parse(&bytes).expect("a message");
        assert!(read.bcc().is_none());
        assert_eq!(read.to().map(|to| to.iter().count()), Some(1));
        mail.to.address = "a@b.example>\r\nRCPT TO:<c@d.example".into();
        assert!(write(&mail, &Person::at("hello@a.example")).is_err());
    }
}
