//! What the command line and the environment say, one small struct a concern.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::db::Target;
use super::i18n::Lang;

/// Where the data lives; every command takes it.
#[derive(Clone, Args)]
pub struct DataConfig {
    /// Data directory: the SQLite file and what belongs to it
    #[arg(long, env = "CANVASS_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,
    /// postgres://… or the path of a SQLite file [default: the SQLite file in the data directory]
    #[arg(
        long = "database",
        env = "CANVASS_DATABASE_URL",
        global = true,
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// File that holds that address: it may carry a password
    #[arg(
        long,
        env = "CANVASS_DATABASE_URL_FILE",
        global = true,
        conflicts_with = "database",
        value_name = "FILE"
    )]
    pub database_file: Option<PathBuf>,
    /// Set the clock of an empty or rehearsal database, e.g. 2026-09-24T10:00:00+08:00
    #[arg(long, env = "CANVASS_NOW", global = true)]
    pub now: Option<String>,
    /// Log of refusals, for a restore that has lost the database [default: suppressions.log in the data directory, with SQLite]
    #[arg(
        long,
        env = "CANVASS_SUPPRESSION_LOG",
        global = true,
        value_name = "FILE"
    )]
    pub suppression_log: Option<PathBuf>,
}

/// Without the address of the database, which may carry a password.
impl fmt::Debug for DataConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataConfig")
            .field("data", &self.data)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl DataConfig {
    /// The database that is meant; `data` is the folder of its file where no other one is named.
    pub fn target(&self, data: &Path) -> anyhow::Result<Target> {
        let kept = match &self.database_file {
            Some(file) => Some(secret_of(file)?),
            None => self.database.clone(),
        };
        Ok(Target::new(data, kept.as_deref()))
    }
}

/// The one line of a file that keeps a secret out of the environment.
pub fn secret_of(file: &Path) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.trim().to_owned())
}

/// What the environment settles about the office; a page shows it as fixed.
#[derive(Debug, Clone, Default, Args)]
pub struct OfficeConfig {
    /// Zone of the office [default: as on the settings page, at first Asia/Shanghai]
    #[arg(long, env = "CANVASS_TIMEZONE", global = true, value_parser = a_zone)]
    pub timezone: Option<String>,
    /// Language of mails and exports [default: as on the settings page, at first zh-CN]
    #[arg(long, env = "CANVASS_LOCALE", global = true, value_parser = a_language)]
    pub locale: Option<Lang>,
}

fn a_zone(text: &str) -> Result<String, String> {
    match text.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err("no such zone; write it like Asia/Shanghai".to_owned()),
    }
}

fn a_language(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "only zh-CN and en are spoken".to_owned())
}

/// How the server listens.
#[derive(Debug, Clone, Args)]
pub struct HttpConfig {
    /// Address and port to listen on
    #[arg(long, env = "CANVASS_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Address for links in mail and one-time links
    #[arg(long, env = "CANVASS_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Threads that answer requests [default: one per core, at least two]
    #[arg(long, env = "CANVASS_WORKERS")]
    pub workers: Option<usize>,
    /// What this process does: everything, only pages and API, or only background work (the last two need PostgreSQL)
    #[arg(long, env = "CANVASS_ROLE", default_value = "all", value_parser = ["all", "web", "worker"])]
    pub role: String,
    /// Proxies whose X-Forwarded-… headers are believed, by comma
    #[arg(long, env = "CANVASS_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Certificate chain (PEM), for HTTPS without a proxy
    #[arg(long, env = "CANVASS_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate
    #[arg(long, env = "CANVASS_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

/// What is written to the log, and how.
#[derive(Debug, Clone, Args)]
pub struct LogConfig {
    /// error, warn, info, debug or trace; also per module, e.g. canvass=debug
    #[arg(long, env = "CANVASS_LOG", default_value = "info", global = true, value_parser = a_log_filter)]
    pub log: String,
    /// text or json
    #[arg(long, env = "CANVASS_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"], global = true)]
    pub log_format: String,
}

fn a_log_filter(text: &str) -> Result<String, String> {
    let read = tracing_subscriber::EnvFilter::try_new(text);
    read.map(|_| text.to_owned()).map_err(|e| e.to_string())
}
