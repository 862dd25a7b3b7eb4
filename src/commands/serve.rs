//! `canvass serve`: pages, API and background work until SIGTERM, which drains.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::accounts;
use crate::calling;
use crate::flows;
use crate::outreach::{self, jobs::MailSetup};
use crate::platform::config::{HttpConfig, OfficeConfig};
use crate::platform::db::{Backend, Db};
use crate::platform::error::AppError;
use crate::platform::mailer::{MailConfig, Mailer, keys};
use crate::platform::{clock, http, jobs};
use crate::selling;

use super::Common;

/// Threads for long work beside the ones that answer requests.
const JOB_THREADS: usize = 2;

/// How the server listens, and how mail leaves it.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    http: HttpConfig,
    #[command(flatten)]
    mail: MailConfig,
}

pub(super) fn run(common: &Common, args: &ServeArgs) -> anyhow::Result<()> {
    let db = common.open()?;
    let log = common.refusal_log(&common.data.data)?;
    serve(&db, &common.data.data, log, &common.office, args, |url| {
        println!("Canvass listens on {url}");
    })
}

/// Serves until the process is told to end; `ready` is called once it listens.
pub(super) fn serve(
    db: &Db,
    data: &Path,
    refusal_log: Option<PathBuf>,
    office: &OfficeConfig,
    args: &ServeArgs,
    ready: impl FnOnce(&str),
) -> anyhow::Result<()> {
    let config = &args.http;
    let mailer = Mailer::new(&args.mail, data, config.public_url.as_deref())?;
    if db.backend() == Backend::Sqlite {
        anyhow::ensure!(
            db.is_owner(),
            "another canvass process serves this data directory; stop it, or choose another --data"
        );
        anyhow::ensure!(
            config.role == "all",
            "--role {} needs PostgreSQL: one SQLite file is served by one process",
            config.role
        );
        db.write_blocking(|conn| jobs::recover(conn).map_err(|e: AppError| e))?;
    }
    if db.backend() == Backend::Postgres && config.role != "all" && !keys::are_shared() {
        tracing::warn!(
            "links in letters are signed with a key of this node alone: give every node the same CANVASS_LINK_KEY"
        );
    }
    let stop = http::stop_flag();
    let workers = if config.role == "web" {
        Vec::new()
    } else {
        let mut threads = jobs::start(db, &flows::job_kinds(), JOB_THREADS, &stop);
        threads.push(calling::jobs::start_ticking(db, &stop));
        threads.push(flows::upkeep::start(db, &stop));
        threads.push(outreach::jobs::greetings::start_calendar(db, &stop));
        if let Some(file) = refusal_log {
            threads.push(flows::refusal_log::start(db, file, &stop));
        }
        threads.extend(selling::jobs::start(db, mailer.clone(), &stop));
        let setup = MailSetup {
            mailer: mailer.clone(),
            data: data.to_owned(),
            own_url: format!("http://{}", config.listen),
        };
        threads.extend(outreach::jobs::start(db, setup, &stop));
        threads
    };
    let first_code = match config.role.as_str() {
        "worker" => None,
        _ => first_code(db)?,
    };
    let outcome = actix_web::rt::System::new().block_on(async {
        let listening = http::listen(db, config, office, &mailer)?;
        ready(&listening.url);
        if let Some(code) = first_code {
            let page = config.public_url.as_deref().unwrap_or(&listening.url);
            let page = format!("{}/first-run", page.trim_end_matches('/'));
            println!("First run: open {page} and enter the one-time code {code}");
        }
        listening.server.await.map_err(anyhow::Error::from)
    });
    http::stop(&stop);
    for worker in workers {
        let _ = worker.join();
    }
    outcome
}

/// The code that the first administrator has to know. Nodes that start at the same moment write it one after the other.
fn first_code(db: &Db) -> anyhow::Result<Option<String>> {
    let make = || {
        db.write_blocking(|conn| {
            let now = clock::now(conn)?;
            accounts::first_code(conn, now)
        })
    };
    Ok(make().or_else(|_| make())?)
}
