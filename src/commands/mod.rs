//! The command line: one file per command. Exit status 0 done, 1 refused or failed, 2 wrong usage.

mod backup;
mod bench;
mod check;
mod demo;
mod follow;
mod import;
mod restore;
mod rows;
mod serve;
mod token;
mod undo;
mod user;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};

use crate::accounts::{self, Actor};
use crate::flows::fix_office::fix_office;
use crate::platform::archive::Passphrase;
use crate::platform::clock;
use crate::platform::config::{DataConfig, LogConfig, OfficeConfig, secret_of};
use crate::platform::db::{Backend, Db};
use crate::platform::error::AppError;
use crate::platform::i18n::Lang;
use crate::platform::problem;

/// Canvass 扫街: campaigns and lead capture for events and telemarketing
#[derive(Debug, Parser)]
#[command(name = "canvass", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    serve: serve::ServeArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    #[command(flatten)]
    data: DataConfig,
    #[command(flatten)]
    office: OfficeConfig,
    #[command(flatten)]
    log: LogConfig,
    /// Print one JSON document on standard output
    #[arg(long, env = "CANVASS_JSON", value_parser = FalseyValueParser::new(), global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages, API and background work (also the default)
    Serve(Box<serve::ServeArgs>),
    /// Try it: own data directory with sample lists, one log-in per role
    Demo(Box<serve::ServeArgs>),
    /// Count every invariant of the data; exit status 1 if one is broken
    Check(check::CheckArgs),
    /// Import lists
    Import(Box<import::ImportArgs>),
    /// Report every row of an import with what became of it
    Rows(rows::RowsArgs),
    /// Take an import back
    Undo(undo::UndoArgs),
    /// Write everything into one file, the same for SQLite and PostgreSQL, while others work
    Backup(backup::BackupArgs),
    /// Put such a file in the place of the data; refusals that came after it hold again
    Restore(restore::RestoreArgs),
    /// Add, list and switch off users, print one-time links
    User(user::UserArgs),
    /// Make API tokens
    Token(token::TokenArgs),
    /// Measure this machine with this program, each time beside the bare statements of the same work
    Bench(bench::BenchArgs),
}

/// Runs the command; a failure is one line on standard error.
pub fn run(cli: Cli) -> ExitCode {
    match &cli.command {
        Some(Command::Bench(_)) => bench::start_log(&cli.common.log),
        _ => start_log(&cli.common.log),
    }
    let outcome = match cli.command {
        None => serve::run(&cli.common, &cli.serve),
        Some(Command::Serve(args)) => serve::run(&cli.common, &args),
        Some(Command::Demo(args)) => demo::run(&cli.common, &args),
        Some(Command::Check(args)) => check::run(&cli.common, &args),
        Some(Command::Import(args)) => import::run(&cli.common, &args),
        Some(Command::Rows(args)) => rows::run(&cli.common, &args),
        Some(Command::Undo(args)) => undo::run(&cli.common, &args),
        Some(Command::Backup(args)) => backup::run(&cli.common, &args),
        Some(Command::Restore(args)) => restore::run(&cli.common, &args),
        Some(Command::User(args)) => user::run(&cli.common, &args),
        Some(Command::Token(args)) => token::run(&cli.common, &args),
        Some(Command::Bench(args)) => bench::run(&cli.common, &args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("canvass: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// A refusal in the words of the language files, anything else with its causes.
fn sentence(error: &anyhow::Error) -> String {
    match error.downcast_ref::<AppError>().and_then(AppError::refusal) {
        Some(refusal) => problem::in_words(Lang::En, refusal),
        None => format!("{error:#}"),
    }
}

/// What locks the keys in an archive.
#[derive(Clone, Args)]
struct PassphraseArgs {
    /// Locks and opens the keys in an archive
    #[arg(long, env = "CANVASS_BACKUP_PASSPHRASE", hide_env_values = true)]
    passphrase: Option<String>,
    /// File that holds it
    #[arg(
        long,
        env = "CANVASS_BACKUP_PASSPHRASE_FILE",
        conflicts_with = "passphrase",
        value_name = "FILE"
    )]
    passphrase_file: Option<PathBuf>,
}

/// Without the passphrase.
impl fmt::Debug for PassphraseArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassphraseArgs").finish_non_exhaustive()
    }
}

impl PassphraseArgs {
    fn read(&self) -> anyhow::Result<Option<Passphrase>> {
        let text = match &self.passphrase_file {
            Some(file) => Some(secret_of(file)?),
            None => self.passphrase.clone(),
        };
        Ok(text.filter(|text| !text.is_empty()).map(Passphrase))
    }
}

impl Common {
    /// Where the keys of links lie.
    fn key_folder(&self) -> PathBuf {
        self.data.data.join("keys")
    }

    /// The log of refusals: beside the data of SQLite, where `CANVASS_SUPPRESSION_LOG` says on PostgreSQL.
    fn refusal_log(&self, data: &Path) -> anyhow::Result<Option<PathBuf>> {
        if self.data.suppression_log.is_some() {
            return Ok(self.data.suppression_log.clone());
        }
        let is_file = self.data.target(data)?.backend() == Backend::Sqlite;
        Ok(is_file.then(|| data.join("suppressions.log")))
    }

    /// Opens the database of the command line, and settles what the command line says of its clock and its office.
    fn open(&self) -> anyhow::Result<Db> {
        let db = Db::open(&self.data.target(&self.data.data)?)?;
        if let Some(text) = &self.data.now {
            let now = clock::parse_instant(text).map_err(anyhow::Error::msg)?;
            db.write_blocking(move |conn| crate::flows::set_clock::set_clock(conn, now))?;
        }
        self.fix_office(&db)?;
        Ok(db)
    }

    /// Nodes that start at the same moment write the same version: the later one finds it done.
    fn fix_office(&self, db: &Db) -> anyhow::Result<()> {
        let fix = || {
            let fixed = self.office.clone();
            db.write_blocking(move |conn| fix_office(conn, &fixed))
        };
        Ok(fix().or_else(|_| fix())?)
    }
}

/// In whose name a command acts: a user by e-mail address, else the system.
fn actor_of(db: &Db, email: Option<&str>) -> Result<Actor, AppError> {
    match email {
        None => Ok(Actor::system()),
        Some(email) => {
            let user = db.read_blocking(|conn| accounts::find_user(conn, email))?;
            Ok(user.actor())
        }
    }
}

fn start_log(config: &LogConfig) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log);
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = if config.log_format == "json" {
        builder.json().try_init()
    } else {
        builder.try_init()
    };
}
