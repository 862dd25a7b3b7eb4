//! A database for one bench: a file in a folder, or a database beside the one at the URL; gone when the bench ends,
//! unless somebody wants to keep it.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Backend, Conn, Db, Statement, Target, connect_bare};

/// See the module.
pub(super) struct Scratch {
    folder: PathBuf,
    url: String,
    /// Where to drop it from, and its name (PostgreSQL).
    made: Option<(String, String)>,
    /// Taken away at the end; `None`: it is kept.
    until_the_end: Option<tempfile::TempDir>,
}

impl Scratch {
    /// Makes it. `purpose` becomes a part of its name.
    pub(super) fn new(url: Option<&str>, purpose: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let name = format!("canvass_bench_{purpose}_{}", std::process::id());
        let mut scratch = Self::at(url, folder.path(), &name);
        if let Some((server, name)) = &scratch.made {
            make(&mut connect_bare(server)?, name)?;
        }
        scratch.until_the_end = Some(folder);
        Ok(scratch)
    }

    /// One that stays where it is; an earlier one is taken as it was left.
    pub(super) fn kept(url: Option<&str>, purpose: &str, folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let scratch = Self::at(url, folder, &format!("canvass_bench_{purpose}"));
        if let Some((server, name)) = &scratch.made {
            let mut conn = connect_bare(server)?;
            let found: i64 =
                Statement::<BigInt>::fixed("SELECT count(*) FROM pg_database WHERE datname = ?")
                    .bind(name.as_str())
                    .get_result(&mut conn)?;
            if found == 0 {
                make(&mut conn, name)?;
            }
        }
        Ok(scratch)
    }

    fn at(url: Option<&str>, folder: &Path, name: &str) -> Self {
        let server =
            url.filter(|url| Target::new(Path::new("."), Some(url)).backend() == Backend::Postgres);
        Self {
            folder: folder.to_owned(),
            url: match server {
                Some(server) => beside(server, name),
                None => folder.join("canvass.sqlite").to_string_lossy().into_owned(),
            },
            made: server.map(|server| (server.to_owned(), name.to_owned())),
            until_the_end: None,
        }
    }

    /// A folder for files of the bench.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens it through the product's doors, migrated.
    pub(super) fn open(&self) -> anyhow::Result<Db> {
        Db::open(&Target::new(self.folder(), Some(&self.url)))
    }

    /// A connection of its own, with the settings that the product gives each of its own.
    pub(super) fn connect(&self) -> anyhow::Result<Conn> {
        connect_bare(&self.url)
    }

    /// What it is, for the notes.
    pub(super) fn kind(&self) -> &'static str {
        if self.made.is_some() {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let (Some((server, name)), Some(_)) = (&self.made, &self.until_the_end) else {
            return;
        };
        let dropped = connect_bare(server).and_then(|mut conn| {
            Ok(conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?)
        });
        if let Err(why) = dropped {
            tracing::warn!("the database {name} could not be dropped: {why:#}");
        }
    }
}

fn make(conn: &mut Conn, name: &str) -> anyhow::Result<()> {
    conn.batch_execute(&format!(
        "CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    ))
    .map_err(|why| anyhow::anyhow!("a throw-away database cannot be made there: {why}"))
}

/// The same address with another database.
fn beside(url: &str, name: &str) -> String {
    let (address, options) = match url.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (url, String::new()),
    };
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..]
        .find('/')
        .map_or(address.len(), |at| host + at);
    format!("{}/{name}{options}", &address[..end])
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn only_the_name_of_the_database_changes() {
        for (url, other) in [
            (
                "postgres://a:b@h:1/x?sslmode=require",
                "postgres://a:b@h:1/n?sslmode=require",
            ),
            ("postgres://h/x", "postgres://h/n"),
            ("postgres://h:5432", "postgres://h:5432/n"),
        ] {
            assert_eq!(beside(url, "n"), other);
        }
    }
}
