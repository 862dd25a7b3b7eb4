//! One connection to the relay, and one letter over it, command by command: where it stopped decides whether it may be
//! tried again.
//!
//! The library's own `send` cannot tell a connection that was lost at the recipient (nothing happened) from one that was
//! lost after the final dot (it may have arrived). It also leaves Nagle's algorithm on, which costs 40 ms a letter, and
//! writes the final dot by itself, which is a packet more.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use memchr::memmem;
use tokio::net::TcpStream;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::config::{Encryption, Relay};
use super::tls::Encrypted;

/// Longest waits, as RFC 5321 asks for.
const CONNECT: Duration = Duration::from_secs(30);
const COMMAND: Duration = Duration::from_secs(5 * 60);
const FINAL_DOT: Duration = Duration::from_secs(10 * 60);
/// What is kept of an answer.
const KEPT: usize = 300;

/// How far a letter came before something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// No connection, or no log-in: nothing about the letter.
    Connect,
    /// The sender was named.
    Sender,
    /// The recipient was named.
    Recipient,
    /// The body was announced.
    Data,
    /// The body may be on the wire.
    Body,
}

/// An answer of the server, or what stood in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its code; none: the connection broke or time ran out.
    pub code: Option<u16>,
    /// Its text, or what went wrong, shortened.
    pub text: String,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code} {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// A letter that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How far it came.
    pub stage: Stage,
    /// What was said.
    pub reply: Reply,
}

impl Failure {
    fn of(stage: Stage, error: &Error) -> Self {
        let text = match (error.status(), std::error::Error::source(error)) {
            (Some(_), Some(said)) => said.to_string(),
            _ => error.to_string(),
        };
        Self {
            stage,
            reply: Reply {
                code: error.status().map(u16::from),
                text: shortened(&text),
            },
        }
    }

    fn lost(stage: Stage, text: impl ToString) -> Self {
        let text = shortened(&text.to_string());
        Self {
            stage,
            reply: Reply { code: None, text },
        }
    }

    /// There is no such address, whichever server is asked.
    pub(super) fn bad_address(why: &anyhow::Error) -> Self {
        Self {
            stage: Stage::Recipient,
            reply: Reply {
                code: Some(553),
                text: shortened(&format!("{why:#}")),
            },
        }
    }

    /// Whether nobody knows what became of the letter.
    pub fn is_unknown(&self) -> bool {
        self.stage == Stage::Body && self.reply.code.is_none()
    }
}

fn shortened(text: &str) -> String {
    let line = text.replace(['\r', '\n'], " ");
    line.trim().chars().take(KEPT).collect()
}

/// A connection that is open.
pub struct Session {
    conn: AsyncSmtpConnection,
    since: Instant,
    letters: u32,
    is_broken: bool,
    /// The server takes several commands at once (PIPELINING, RFC 2920): two round trips a letter instead of four.
    takes_several: bool,
}

impl Session {
    /// Connects, encrypts as configured, and logs in.
    pub async fn open(relay: &Relay, hello: &str) -> Result<Self, Failure> {
        match timeout(CONNECT, open(relay, hello)).await {
            Ok(opened) => opened,
            Err(_) => Err(Failure::lost(Stage::Connect, "no connection in time")),
        }
    }

    /// How many letters went over it.
    pub fn letters(&self) -> u32 {
        self.letters
    }

    /// How long it has been open.
    pub fn age(&self) -> Duration {
        self.since.elapsed()
    }

    /// Whether nothing more can go over it.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Sends one letter. `on_wire` is called right before the body leaves; where it fails, nothing leaves.
    pub async fn send(
        &mut self,
        from: &Address,
        to: &Address,
        letter: &[u8],
        on_wire: impl FnOnce() -> io::Result<()>,
    ) -> Result<Reply, Failure> {
        let _share = tracing::trace_span!(target: "share", "letter");
        let sent = self.stages(from, to, letter, on_wire).await;
        self.letters += 1;
        match &sent {
            Ok(_) => {}
            Err(_) if self.is_broken => {}
            // The server is about to hang up, or has.
            Err(failure) if matches!(failure.reply.code, None | Some(421)) => self.is_broken = true,
            Err(_) => self.reset().await,
        }
        sent
    }

    async fn stages(
        &mut self,
        from: &Address,
        to: &Address,
        letter: &[u8],
        on_wire: impl FnOnce() -> io::Result<()>,
    ) -> Result<Reply, Failure> {
        let mut options = Vec::new();
        if !AsRef::<str>::as_ref(from).is_ascii() || !AsRef::<str>::as_ref(to).is_ascii() {
            if !self
                .conn
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                let text = "553 the relay takes no address with such letters";
                return Err(Failure {
                    stage: Stage::Sender,
                    reply: Reply {
                        code: Some(553),
                        text: text.into(),
                    },
                });
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let sender = MailFrom::new(Some(from.clone()), options);
        let recipient = Rcpt::new(to.clone(), Vec::new());
        match self.takes_several {
            true => self.announce(&sender, &recipient).await?,
            false => {
                self.command(Stage::Sender, sender).await?;
                self.command(Stage::Recipient, recipient).await?;
                self.command(Stage::Data, Data).await?;
            }
        }
        on_wire().map_err(|why| {
            self.is_broken = true;
            Failure::lost(Stage::Data, why)
        })?;
        match timeout(FINAL_DOT, self.conn.command(on_the_wire(letter))).await {
            Ok(Ok(taken)) => Ok(reply(&taken)),
            Ok(Err(error)) => Err(Failure::of(Stage::Body, &error)),
            Err(_) => Err(Failure::lost(Stage::Body, "no answer to the final dot")),
        }
    }

    async fn command(
        &mut self,
        stage: Stage,
        command: impl std::fmt::Display,
    ) -> Result<(), Failure> {
        let answer = timeout(COMMAND, self.conn.command(command)).await;
        understood(stage, answer)
    }

    /// Sender, recipient and announcement of the body in one packet. Each has its answer; the first that is no consent
    /// is the letter's.
    async fn announce(&mut self, sender: &MailFrom, recipient: &Rcpt) -> Result<(), Failure> {
        let all = format!("{sender}{recipient}{Data}");
        let mut announced = self.command(Stage::Sender, all).await;
        for stage in [Stage::Recipient, Stage::Data] {
            if announced
                .as_ref()
                .is_err_and(|failure| failure.reply.code.is_none())
            {
                return announced;
            }
            let answer = understood(stage, timeout(COMMAND, self.conn.read_response()).await);
            // It waits for the body of a letter that it did not want. Whatever is said now would be that body, so
            // nothing is.
            self.is_broken = announced.is_err() && stage == Stage::Data && answer.is_ok();
            announced = announced.and(answer);
        }
        announced
    }

    /// A clean slate for the next letter.
    async fn reset(&mut self) {
        let done = timeout(COMMAND, self.conn.command(Rset)).await;
        self.is_broken = !matches!(done, Ok(Ok(_)));
    }

    /// Says good-bye.
    pub async fn close(mut self) {
        if !self.is_broken {
            let _ = timeout(Duration::from_secs(2), self.conn.quit()).await;
        }
    }
}

/// The body as it stands on the wire, with its end: a dot at the start of a line is doubled (RFC 5321, 4.5.2). Letters are
/// ASCII whatever they say (see `message`).
fn on_the_wire(letter: &[u8]) -> String {
    let letter = match std::str::from_utf8(letter) {
        Ok(ascii) => Cow::Borrowed(ascii),
        Err(_) => String::from_utf8_lossy(letter),
    };
    let mut wire = String::with_capacity(letter.len() + 16);
    if letter.starts_with('.') {
        wire.push('.');
    }
    let mut written = 0;
    for at in memmem::find_iter(letter.as_bytes(), b"\r\n.") {
        let dot = at + 2;
        wire.push_str(&letter[written..dot]);
        wire.push('.');
        written = dot;
    }
    wire.push_str(&letter[written..]);
    wire.push_str("\r\n.\r\n");
    wire
}

/// What came of a command: consent, or where the letter stopped.
fn understood(
    stage: Stage,
    answer: Result<Result<Response, Error>, Elapsed>,
) -> Result<(), Failure> {
    match answer {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure::of(stage, &error)),
        Err(_) => Err(Failure::lost(stage, "no answer in time")),
    }
}

fn reply(response: &Response) -> Reply {
    Reply {
        code: Some(u16::from(response.code())),
        text: shortened(&response.message().collect::<Vec<_>>().join(" ")),
    }
}

async fn open(relay: &Relay, hello: &str) -> Result<Session, Failure> {
    let lost = |why: &dyn std::fmt::Display| Failure::lost(Stage::Connect, why);
    let refused = |error: &Error| Failure::of(Stage::Connect, error);
    let stream = TcpStream::connect((relay.host.as_str(), relay.port))
        .await
        .map_err(|why| lost(&why))?;
    stream.set_nodelay(true).map_err(|why| lost(&why))?;
    let tls = || TlsParameters::new(relay.host.clone());
    let is_implicit = relay.encryption == Encryption::Implicit;
    let stream: Box<dyn AsyncTokioStream> = if is_implicit {
        let tls = tls().map_err(|e| refused(&e))?;
        Box::new(
            Encrypted::over(stream, tls)
                .await
                .map_err(|e| refused(&e))?,
        )
    } else {
        Box::new(stream)
    };
    let hello = ClientId::Domain(hello.to_owned());
    let mut conn = AsyncSmtpConnection::connect_with_transport(stream, &hello)
        .await
        .map_err(|e| refused(&e))?;
    let mut is_encrypted = is_implicit;
    let is_required = relay.encryption == Encryption::Required;
    if !is_implicit && (is_required || conn.can_starttls()) {
        let tls = tls().map_err(|e| refused(&e))?;
        conn.starttls(tls, &hello).await.map_err(|e| refused(&e))?;
        is_encrypted = true;
    }
    if let Some((user, password)) = &relay.credentials {
        if !is_encrypted && !relay.is_loopback() {
            return Err(lost(&"the relay would get the password unencrypted"));
        }
        let login = Credentials::new(user.clone(), password.clone());
        conn.auth(&[Mechanism::Plain, Mechanism::Login], &login)
            .await
            .map_err(|e| refused(&e))?;
    }
    let takes_several = takes_several(&mut conn, hello)
        .await
        .map_err(|e| refused(&e))?;
    Ok(Session {
        conn,
        since: Instant::now(),
        letters: 0,
        is_broken: false,
        takes_several,
    })
}

/// The library reads the server's greeting and keeps nothing of this in it, so it is asked for once more.
async fn takes_several(conn: &mut AsyncSmtpConnection, hello: ClientId) -> Result<bool, Error> {
    let greeting = conn.command(Ehlo::new(hello)).await?;
    let mut lines = greeting.message();
    Ok(lines.any(|line| line.trim().eq_ignore_ascii_case("PIPELINING")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_letter_ends_it() {
        let wire = |letter: &str| on_the_wire(letter.as_bytes());
        assert_eq!(wire("a: b\r\n\r\nc"), "a: b\r\n\r\nc\r\n.\r\n");
        assert_eq!(
            wire(".a\r\n.\r\n..\r\nb."),
            "..a\r\n..\r\n...\r\nb.\r\n.\r\n"
        );
        assert_eq!(wire("a\n.b\r.c"), "a\n.b\r.c\r\n.\r\n");
        assert_eq!(wire(""), "\r\n.\r\n");
    }
}
