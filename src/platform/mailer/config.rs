//! What the environment says about mail: by which relay, in whose name, signed with which key.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use percent_encoding::percent_decode_str;

/// How mail leaves.
#[derive(Clone, Default, Args)]
pub struct MailConfig {
    /// Relay: smtp://user:password@host:25, smtps://…, smtp://…?tls=required [default: letters are files in the outbox]
    #[arg(long, env = "CANVASS_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// File that holds that address: it may carry a password
    #[arg(
        long,
        env = "CANVASS_SMTP_URL_FILE",
        conflicts_with = "smtp_url",
        value_name = "FILE"
    )]
    pub smtp_url_file: Option<PathBuf>,
    /// In whose name mail goes out, e.g. "Yanchuan <hello@yanchuan.example>" [default: canvass@localhost]
    #[arg(long, env = "CANVASS_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Domain that takes what comes back: each letter gets a return address of its own in it [default: the sender's
    /// mailbox with a mark behind a +, unless the relay asks for a log-in]
    #[arg(long, env = "CANVASS_BOUNCE_DOMAIN")]
    pub bounce_domain: Option<String>,
    /// Private key (RSA, PEM) that signs letters; none where the relay signs
    #[arg(long, env = "CANVASS_DKIM_KEY_FILE", value_name = "FILE")]
    pub dkim_key_file: Option<PathBuf>,
    /// Name under which the public key stands in the DNS
    #[arg(long, env = "CANVASS_DKIM_SELECTOR", default_value = "canvass")]
    pub dkim_selector: String,
    /// Domain that signs [default: that of the sender]
    #[arg(long, env = "CANVASS_DKIM_DOMAIN")]
    pub dkim_domain: Option<String>,
    /// Connections to the relay at the same time
    #[arg(long, env = "CANVASS_SMTP_CONNECTIONS", default_value_t = CONNECTIONS, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub smtp_connections: u16,
}

/// Connections unless somebody says otherwise: more bring nothing with one relay.
pub const CONNECTIONS: u16 = 10;

/// Without the address of the relay, which may carry a password.
impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailConfig")
            .field("mail_from", &self.mail_from)
            .field("dkim_key_file", &self.dkim_key_file)
            .finish_non_exhaustive()
    }
}

impl MailConfig {
    /// The relay that is meant; none: the outbox.
    pub(super) fn relay(&self) -> anyhow::Result<Option<Relay>> {
        let kept = match &self.smtp_url_file {
            Some(file) => Some(line_of(file)?),
            None => self.smtp_url.clone(),
        };
        kept.filter(|url| !url.trim().is_empty())
            .map(|url| Relay::parse(url.trim()))
            .transpose()
    }
}

fn line_of(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Whether a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// Where the relay offers it.
    IfOffered,
    /// By STARTTLS, or there is no connection.
    Required,
    /// From the first byte.
    Implicit,
}

/// The server that takes our mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Relay {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether encrypted.
    pub encryption: Encryption,
    /// User and password.
    pub credentials: Option<(String, String)>,
}

/// Without the password.
impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {:?}", self.host, self.port, self.encryption)
    }
}

impl Relay {
    /// Reads `smtp://user:password@host:port?tls=required`. The message of an error never repeats the address.
    pub fn parse(url: &str) -> anyhow::Result<Self> {
        let (rest, implicit) = match (url.strip_prefix("smtps://"), url.strip_prefix("smtp://")) {
            (Some(rest), _) => (rest, true),
            (_, Some(rest)) => (rest, false),
            _ => bail!("CANVASS_SMTP_URL begins with smtp:// or smtps://"),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let rest = rest.trim_end_matches('/');
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, rest),
        };
        let encryption = match (implicit, query) {
            (true, "") => Encryption::Implicit,
            (false, "") => Encryption::IfOffered,
            (false, "tls=required") => Encryption::Required,
            _ => bail!("CANVASS_SMTP_URL knows one option: smtp://…?tls=required"),
        };
        let (host, port) = place_of(place, if implicit { 465 } else { 25 })?;
        Ok(Self {
            host,
            port,
            encryption,
            credentials: login.map(login_of).transpose()?,
        })
    }

    /// Whether it is this machine: what a rehearsal may send to.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    }
}

/// Host and port; an IPv6 address stands in brackets.
fn place_of(place: &str, default: u16) -> anyhow::Result<(String, u16)> {
    let (host, port) = match place.strip_prefix('[').and_then(|p| p.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').unwrap_or(port)),
        None => place.split_once(':').unwrap_or((place, "")),
    };
    anyhow::ensure!(!host.is_empty(), "CANVASS_SMTP_URL names no host");
    let port = match port {
        "" => default,
        text => text
            .parse()
            .map_err(|_| anyhow::anyhow!("CANVASS_SMTP_URL has a port that is no number"))?,
    };
    Ok((host.to_owned(), port))
}

fn login_of(login: &str) -> anyhow::Result<(String, String)> {
    let plain = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded
            .map(|t| t.into_owned())
            .map_err(|_| anyhow::anyhow!("CANVASS_SMTP_URL has a log-in that is no UTF-8"))
    };
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    Ok((plain(user)?, plain(password)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_host_port_encryption_and_log_in() {
        let relay = Relay::parse("smtp://mail%40a.example:p%3Aq@relay.example?tls=required")
            .expect("a relay");
        assert_eq!((relay.host.as_str(), relay.port), ("relay.example", 25));
        assert_eq!(relay.encryption, Encryption::Required);
        let login = relay.credentials.expect("a log-in");
        assert_eq!(login, ("mail@a.example".to_owned(), "p:q".to_owned()));
        let relay = Relay::parse("smtps://relay.example/").expect("a relay");
        assert_eq!((relay.port, relay.encryption), (465, Encryption::Implicit));
        let relay = Relay::parse("smtp://[::1]:2525").expect("a relay");
        assert_eq!((relay.host.as_str(), relay.port), ("::1", 2525));
        assert!(relay.is_loopback());
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for url in [
            "http://u:geheim@host",
            "smtp://u:geheim@host:port",
            "smtp://u:geheim@",
            "smtp://u:geheim@host?tls=none",
        ] {
            let why = Relay::parse(url).expect_err(url).to_string();
            assert!(!why.contains("geheim"), "{why}");
        }
        let relay = Relay::parse("smtp://u:geheim@host").expect("a relay");
        assert!(!format!("{relay:?}").contains("geheim"));
    }
}
