//! What the command line and the environment say, one small struct a concern.

use std::path::PathBuf;

use clap::Args;

/// Where the data lives; every command takes it.
#[derive(Debug, Clone, Args)]
pub struct DataConfig {
    /// Data directory: the SQLite file, keys, outbox
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
    /// Set the clock of an empty or rehearsal database, e.g. 2026-09-24T10:00:00+08:00
    #[arg(long, env = "CANVASS_NOW", global = true)]
    pub now: Option<String>,
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
    /// Proxies whose X-Forwarded-For is believed, by comma
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
    #[arg(long, env = "CANVASS_LOG", default_value = "info", global = true)]
    pub log: String,
    /// text or json
    #[arg(long, env = "CANVASS_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"], global = true)]
    pub log_format: String,
}
