//! `canvass demo`: an own data directory with samples on a rehearsal clock; prints address and log-ins, then serves.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::serve::ServeArgs;
use super::{Common, serve};
use crate::calling::actions::rulebook;
use crate::flows::{demo, set_clock::set_clock};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppError;

/// Tuesday 2026-09-22, 10:00 in Shanghai: a working day in open hours, two days before 中秋.
const BEGINS: &str = "2026-09-22T10:00:00+08:00";
/// Where the demo lives unless `--data` says otherwise.
const FOLDER: &str = "./canvass-demo";

pub(super) fn run(common: &Common, args: &ServeArgs) -> anyhow::Result<()> {
    let data = if common.data.data.as_path() == Path::new("./data") {
        PathBuf::from(FOLDER)
    } else {
        common.data.data.clone()
    };
    let db = Db::open(&common.data.target(&data)?)?;
    let is_new = !db.read_blocking(crate::accounts::has_users)?;
    if is_new {
        let begins = clock::parse_instant(common.data.now.as_deref().unwrap_or(BEGINS))
            .map_err(anyhow::Error::msg)?;
        db.write_blocking(move |conn| clock::set(conn, begins, true).map_err(AppError::from))?;
        demo::fill(&db)?;
    } else if let Some(text) = &common.data.now {
        let now = clock::parse_instant(text).map_err(anyhow::Error::msg)?;
        db.write_blocking(move |conn| set_clock(conn, now))?;
    }
    anyhow::ensure!(
        db.read_blocking(|conn| clock::is_rehearsal(conn).map_err(AppError::from))?,
        "{} is in real use; the demo needs a folder of its own (--data)",
        data.display()
    );
    common.fix_office(&db)?;
    skip_closed_hours(&db)?;
    let json = common.json;
    let log = common.refusal_log(&data)?;
    serve::serve(&db, &data, log, &common.office, args, |url| {
        tell(url, json);
    })
}

fn tell(url: &str, json: bool) {
    if json {
        let users: Vec<_> = demo::users().map(|(role, email, password)| json!({ "role": role, "email": email, "password": password })).collect();
        println!("{}", json!({ "url": url, "users": users }));
        return;
    }
    println!("Canvass demo: {url}\n");
    for (role, email, password) in demo::users() {
        println!("  {role:10} {email:26} {password}");
    }
    println!(
        "\nInvented people and numbers only. Stop with Ctrl-C; delete the folder to be rid of it."
    );
}

/// A queue is never shut when somebody tries it on a Sunday evening: the clock jumps to the next opening.
fn skip_closed_hours(db: &Db) -> anyhow::Result<()> {
    let db = db.clone();
    std::thread::Builder::new()
        .name("demo-clock".into())
        .spawn(move || {
            loop {
                if let Err(why) = skip_once(&db) {
                    tracing::warn!("demo clock: {why}");
                }
                std::thread::sleep(Duration::from_secs(2));
            }
        })?;
    Ok(())
}

fn skip_once(db: &Db) -> Result<(), AppError> {
    let (reading, opens) = db.read_blocking(|conn| {
        let reading = clock::read(conn)?;
        let rules = rulebook(conn)?;
        Ok::<_, AppError>((reading, rules.calendars.office().next_opening(reading.now)))
    })?;
    if reading.skips_closed_hours && opens > reading.now {
        db.write_blocking(move |conn| clock::set(conn, opens, true).map_err(AppError::from))?;
    }
    Ok(())
}
