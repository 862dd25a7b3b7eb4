//! One connection to the relay, and one letter over it, command by command: where it stopped decides whether it may be
//! tried again.
//!
//! The library's own `send` cannot tell a connection that was lost at the recipient (nothing happened) from one that was
//! lost after the final dot (it may have arrived). It also leaves Nagle's algorithm on, which costs 40 ms a letter, and
//! writes the final dot by itself, which is a packet more.

use std::borrow::Cow;
use std::io;
use std::time::{Duration, Instant};

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use memchr::memmem;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::answer::{Failure, Reply, Stage, understood};
use super::config::{Encryption, Relay};
use super::tls::Encrypted;

/// Longest waits, as RFC 5321 asks for.
const CONNECT: Duration = Duration::from_secs(30);
const COMMAND: Duration = Duration::from_secs(5 * 60);
const FINAL_DOT: Duration = Duration::from_secs(10 * 60);
/// The first answer behind that to a body. Most servers send both at once; one that is silent has lost what it read.
const AHEAD: Duration = Duration::from_secs(30);
/// Room for what stands behind a letter: its end, some dots, the announcement of the next one.
const ROOM: usize = 256;

/// A connection that is open.
pub struct Session {
    conn: AsyncSmtpConnection,
    since: Instant,
    letters: u32,
    is_broken: bool,
    /// The server takes several commands at once (PIPELINING, RFC 2920): one or two round trips a letter instead of four.
    takes_several: bool,
    /// The next letter, which was announced behind the body of the last one.
    ahead: Option<Envelope>,
    /// The server did not answer what was announced ahead.
    is_deaf: bool,
}

/// From where a letter comes, and to whom it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where it comes back to.
    pub from: Address,
    /// To whom it goes.
    pub to: Address,
}

impl Envelope {
    /// Whether every server takes it.
    fn is_ascii(&self) -> bool {
        [&self.from, &self.to]
            .iter()
            .all(|one| AsRef::<str>::as_ref(*one).is_ascii())
    }

    fn commands(&self, options: Vec<MailParameter>) -> (MailFrom, Rcpt) {
        let sender = MailFrom::new(Some(self.from.clone()), options);
        (sender, Rcpt::new(self.to.clone(), Vec::new()))
    }

    /// Sender, recipient and announcement of the body in one packet.
    fn announcement(&self, options: Vec<MailParameter>) -> String {
        let (sender, recipient) = self.commands(options);
        format!("{sender}{recipient}{Data}")
    }
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

    /// Whether a letter may go over it now: another one than was announced would be taken for that one.
    pub fn waits_for(&self, envelope: &Envelope) -> bool {
        self.ahead.as_ref().is_none_or(|ahead| ahead == envelope)
    }

    /// Whether the next letter may be announced behind the body of this one.
    pub fn goes_ahead(&self) -> bool {
        self.takes_several
    }

    /// Whether the server did not answer what was announced ahead: then nothing should be.
    pub fn is_deaf(&self) -> bool {
        self.is_deaf
    }

    /// Sends one letter, and announces the `next` one behind it. `on_wire` is called right before the body leaves; where
    /// it fails, nothing leaves. Whoever sends another letter than was announced needs another connection.
    pub async fn send(
        &mut self,
        envelope: &Envelope,
        letter: &[u8],
        next: Option<Envelope>,
        on_wire: impl FnOnce() -> io::Result<()>,
    ) -> Result<Reply, Failure> {
        let _share = tracing::trace_span!(target: "share", "letter");
        let sent = self.stages(envelope, letter, next, on_wire).await;
        self.letters += 1;
        match &sent {
            Ok(_) => {}
            Err(_) if self.is_broken => {}
            // The server is about to hang up, or has.
            Err(failure) if matches!(failure.reply.code, None | Some(421)) => self.is_broken = true,
            // Behind a body the slate is clean, and the next letter may stand on it.
            Err(failure) if failure.stage == Stage::Body => {}
            Err(_) => self.reset().await,
        }
        sent
    }

    async fn stages(
        &mut self,
        envelope: &Envelope,
        letter: &[u8],
        next: Option<Envelope>,
        on_wire: impl FnOnce() -> io::Result<()>,
    ) -> Result<Reply, Failure> {
        match self.ahead.take() {
            Some(_) => self.consents_ahead().await?,
            None => self.announce(envelope).await?,
        }
        on_wire().map_err(|why| {
            self.is_broken = true;
            Failure::lost(Stage::Data, why)
        })?;
        let mut wire = on_the_wire(letter);
        if let Some(next) = next.filter(|next| self.takes_several && next.is_ascii()) {
            wire.push_str(&next.announcement(Vec::new()));
            self.ahead = Some(next);
        }
        match timeout(FINAL_DOT, self.conn.command(wire)).await {
            Ok(Ok(taken)) => Ok(Reply::of(&taken)),
            Ok(Err(error)) => Err(Failure::of(Stage::Body, &error)),
            Err(_) => Err(Failure::lost(Stage::Body, "no answer to the final dot")),
        }
    }

    /// Sender, recipient and announcement of the body.
    async fn announce(&mut self, envelope: &Envelope) -> Result<(), Failure> {
        let options = self.options(envelope)?;
        if self.takes_several {
            let first = self
                .command(Stage::Sender, envelope.announcement(options))
                .await;
            return self.consents(first).await;
        }
        let (sender, recipient) = envelope.commands(options);
        self.command(Stage::Sender, sender).await?;
        self.command(Stage::Recipient, recipient).await?;
        self.command(Stage::Data, Data).await
    }

    fn options(&self, envelope: &Envelope) -> Result<Vec<MailParameter>, Failure> {
        if envelope.is_ascii() {
            return Ok(Vec::new());
        }
        let server = self.conn.server_info();
        if server.supports_feature(Extension::SmtpUtfEight) {
            return Ok(vec![MailParameter::SmtpUtfEight]);
        }
        Err(Failure {
            stage: Stage::Sender,
            reply: Reply {
                code: Some(553),
                text: "553 the relay takes no address with such letters".into(),
            },
        })
    }

    async fn command(
        &mut self,
        stage: Stage,
        command: impl std::fmt::Display,
    ) -> Result<(), Failure> {
        let answer = timeout(COMMAND, self.conn.command(command)).await;
        understood(stage, answer)
    }

    /// The answers to what was announced behind the last body.
    async fn consents_ahead(&mut self) -> Result<(), Failure> {
        let answer = timeout(AHEAD, self.conn.read_response()).await;
        self.is_deaf = answer.is_err();
        self.consents(understood(Stage::Sender, answer)).await
    }

    /// The answers behind the first one of an announcement; the first that is no consent is the letter's.
    async fn consents(&mut self, first: Result<(), Failure>) -> Result<(), Failure> {
        let mut announced = first;
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
        // A server that waits for a body would take the good-bye for one.
        if !self.is_broken && self.ahead.is_none() {
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
    let mut wire = String::with_capacity(letter.len() + ROOM);
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
        ahead: None,
        is_deaf: false,
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
