//! Mail: what a letter is, and how it leaves: over the relay, or into the outbox.
//!
//! Decided here: the bytes of a letter, its signature, and what a server said at which stage. Not decided here: to whom,
//! when, and how often (`outreach`, `selling`).

mod answer;
mod config;
mod dkim;
pub mod keys;
mod message;
mod outbox;
mod quoted;
mod smtp;
mod tls;
pub mod verp;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

pub use answer::{Failure, Reply, Stage};
pub use config::{CONNECTIONS, Encryption, MailConfig, Relay};
pub use dkim::Dkim;
pub use message::{Bulk, Mail, Person, fingerprint};
pub use outbox::Outbox;
pub use smtp::{Envelope, Session};

/// Where mail goes.
#[derive(Debug, Clone, Copy)]
pub enum Outlet<'a> {
    /// Into files.
    Outbox(&'a Outbox),
    /// To the relay.
    Relay(&'a Relay),
}

/// What became of one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// It lies in the outbox.
    Written,
    /// The relay took it.
    Taken(Reply),
    /// The relay did not take it; whether a second try makes sense is in the code.
    Failed(Failure),
}

impl Posted {
    /// Whether the same letter may be tried again: nothing is known to have been taken, and nobody refused it for good.
    pub fn may_try_again(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.reply.code.is_none_or(|code| code < 500))
    }
}

/// How this process sends mail. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    relay: Option<Relay>,
    from: Person,
    bounce_domain: Option<String>,
    dkim: Option<Dkim>,
    outbox: Outbox,
    public_url: Option<String>,
    connections: usize,
}

/// The sender where the environment names none.
const NOBODY: &str = "canvass@localhost";

impl Mailer {
    /// As the environment says; the outbox is a folder of the data directory.
    pub fn new(config: &MailConfig, data: &Path, public_url: Option<&str>) -> anyhow::Result<Self> {
        let relay = config.relay()?;
        let from = match &config.mail_from {
            Some(text) => Person::parse(text).context("CANVASS_MAIL_FROM")?,
            None if relay.as_ref().is_none_or(Relay::is_loopback) => {
                Person::named("Canvass", NOBODY)
            }
            None => anyhow::bail!(
                "CANVASS_SMTP_URL needs CANVASS_MAIL_FROM: a sender like \"Name <name@a.example>\""
            ),
        };
        let dkim = match &config.dkim_key_file {
            None => None,
            Some(file) => {
                let own = from.domain().to_owned();
                let domain = config.dkim_domain.as_ref().unwrap_or(&own);
                Some(Dkim::read(file, &config.dkim_selector, domain)?)
            }
        };
        Ok(Self {
            inner: Arc::new(Inner {
                relay,
                from,
                bounce_domain: config.bounce_domain.clone(),
                dkim,
                outbox: Outbox::new(data.join("outbox")),
                public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
                connections: usize::from(config.smtp_connections.max(1)),
            }),
        })
    }

    /// Where mail goes; on a rehearsal clock none leaves the machine.
    pub fn outlet(&self, is_rehearsal: bool) -> Outlet<'_> {
        match &self.inner.relay {
            Some(relay) if !is_rehearsal || relay.is_loopback() => Outlet::Relay(relay),
            _ => Outlet::Outbox(&self.inner.outbox),
        }
    }

    /// The outbox, also where there is a relay.
    pub fn outbox(&self) -> &Outbox {
        &self.inner.outbox
    }

    /// In whose name mail goes out.
    pub fn from(&self) -> &Person {
        &self.inner.from
    }

    /// The name in which mail goes out, where the environment gives one.
    pub fn signer(&self) -> Option<&str> {
        let from = &self.inner.from;
        let is_given = from.address != NOBODY;
        let name = from.name.as_deref().filter(|_| is_given)?.trim();
        (!name.is_empty()).then_some(name)
    }

    /// The domain in whose name Message-IDs and lists are made.
    pub fn domain(&self) -> &str {
        self.inner.from.domain()
    }

    /// The mailbox that takes what comes back, to be marked for each letter: that of the domain set up for it, else the
    /// sender's. None where a relay asks for a log-in: such a one takes mail in the name that logged in, and no other.
    pub fn return_mailbox(&self) -> Option<String> {
        if let Some(domain) = &self.inner.bounce_domain {
            return Some(format!("b@{domain}"));
        }
        let relay = self.inner.relay.as_ref()?;
        let is_open = relay.credentials.is_none();
        is_open.then(|| self.inner.from.address.clone())
    }

    /// What links begin with, without a slash at the end, if somebody set it.
    pub fn public_url(&self) -> Option<&str> {
        self.inner.public_url.as_deref()
    }

    /// Connections to the relay at the same time.
    pub fn connections(&self) -> usize {
        self.inner.connections
    }

    /// Whether letters are signed here.
    pub fn signs(&self) -> bool {
        self.inner.dkim.is_some()
    }

    /// The bytes of a letter, signed where there is a key.
    pub fn write(&self, mail: &Mail) -> anyhow::Result<Vec<u8>> {
        let letter = message::write(mail, &self.inner.from)?;
        match &self.inner.dkim {
            Some(dkim) => dkim.sign(&letter, mail.at.and_utc().timestamp()),
            None => Ok(letter),
        }
    }

    /// Where a letter comes back to, and to whom it goes.
    pub fn envelope(&self, mail: &Mail) -> anyhow::Result<Envelope> {
        let from = mail.return_to.as_ref().unwrap_or(&self.inner.from.address);
        Ok(Envelope {
            from: message::address(from)?,
            to: message::address(&mail.to.address)?,
        })
    }

    /// A connection to the relay.
    pub async fn connect(&self, relay: &Relay) -> Result<Session, Failure> {
        Session::open(relay, self.domain()).await
    }

    /// Sends one letter by itself, on this thread, and waits for what becomes of it: for notices and tests of a letter.
    /// Mailings have a ledger (`outreach`).
    pub fn post(&self, is_rehearsal: bool, mail: &Mail) -> anyhow::Result<Posted> {
        // What is no address never will be one: it must not be tried again before every other letter.
        let envelope = match self.envelope(mail) {
            Ok(envelope) => envelope,
            Err(why) => return Ok(Posted::Failed(Failure::bad_address(&why))),
        };
        let letter = self.write(mail)?;
        let relay = match self.outlet(is_rehearsal) {
            Outlet::Outbox(outbox) => {
                outbox.put(&mail.name, &letter)?;
                return Ok(Posted::Written);
            }
            Outlet::Relay(relay) => relay,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let sent = runtime.block_on(async {
            let mut session = self.connect(relay).await?;
            let sent = session.send(&envelope, &letter, None, || Ok(())).await;
            session.close().await;
            sent
        });
        Ok(match sent {
            Ok(reply) => Posted::Taken(reply),
            Err(failure) => Posted::Failed(failure),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(url: &str) -> anyhow::Result<Mailer> {
        let config = MailConfig {
            smtp_url: Some(url.to_owned()),
            mail_from: Some("Yanchuan <hello@yanchuan.example>".into()),
            ..MailConfig::default()
        };
        Mailer::new(&config, Path::new("data"), Some("https://a.example/"))
    }

    #[test]
    fn a_rehearsal_writes_files_unless_the_relay_is_this_machine() {
        let far = mailer("smtp://relay.example").expect("a mailer");
        assert!(matches!(far.outlet(true), Outlet::Outbox(_)));
        assert!(matches!(far.outlet(false), Outlet::Relay(_)));
        let near = mailer("smtp://127.0.0.1:2525").expect("a mailer");
        assert!(matches!(near.outlet(true), Outlet::Relay(_)));
        assert_eq!(near.public_url(), Some("https://a.example"));
        let none = mailer("").expect("a mailer");
        assert!(matches!(none.outlet(false), Outlet::Outbox(_)));
    }

    #[test]
    fn what_is_no_address_is_refused_for_good_and_holds_nothing_up() {
        let data = tempfile::tempdir().expect("a folder");
        let mailer = Mailer::new(&MailConfig::default(), data.path(), None).expect("a mailer");
        let mail = |to: &str| Mail {
            name: "notice-1".into(),
            message_id: "notice.1@a.example".into(),
            from_name: None,
            reply_to: None,
            to: Person::at(to),
            subject: "A notice".into(),
            text: "A notice\n".into(),
            html: None,
            at: chrono::DateTime::UNIX_EPOCH.naive_utc(),
            bulk: None,
            return_to: None,
        };
        let posted = mailer.post(false, &mail("nobody at home")).expect("said");
        assert!(matches!(&posted, Posted::Failed(failure) if failure.reply.code == Some(553)));
        assert!(!posted.may_try_again());
        assert!(!mailer.outbox().has("notice-1"));
        let posted = mailer.post(false, &mail("xu@a.example")).expect("said");
        assert_eq!(posted, Posted::Written);
    }

    #[test]
    fn letters_come_back_to_the_sender_unless_a_relay_knows_who_logged_in() {
        let open = mailer("smtp://127.0.0.1:2525").expect("a mailer");
        let mailbox = open.return_mailbox();
        assert_eq!(mailbox.as_deref(), Some("hello@yanchuan.example"));
        let hosted = mailer("smtp://u:p@relay.example").expect("a mailer");
        assert_eq!(hosted.return_mailbox(), None);
        let own = MailConfig {
            smtp_url: Some("smtp://u:p@relay.example".into()),
            mail_from: Some("hello@yanchuan.example".into()),
            bounce_domain: Some("bounce.yanchuan.example".into()),
            ..MailConfig::default()
        };
        let own = Mailer::new(&own, Path::new("data"), None).expect("a mailer");
        let mailbox = own.return_mailbox();
        assert_eq!(mailbox.as_deref(), Some("b@bounce.yanchuan.example"));
    }

    #[test]
    fn a_made_up_sender_signs_nothing() {
        let named = mailer("").expect("a mailer");
        assert_eq!(named.signer(), Some("Yanchuan"));
        let nobody = Mailer::new(&MailConfig::default(), Path::new("data"), None);
        assert_eq!(nobody.expect("an outbox").signer(), None);
    }

    #[test]
    fn mail_to_outside_has_a_sender() {
        let config = MailConfig {
            smtp_url: Some("smtp://relay.example".into()),
            ..MailConfig::default()
        };
        let why = Mailer::new(&config, Path::new("data"), None).expect_err("no sender");
        assert!(why.to_string().contains("CANVASS_MAIL_FROM"));
    }
}
