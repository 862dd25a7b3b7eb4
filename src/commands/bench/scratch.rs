//! A database for one bench, gone when it ends: a file in a temporary folder, or a database beside the one at the URL.

use std::path::Path;

use diesel::connection::SimpleConnection;

use crate::platform::db::{Backend, Conn, Db, Target, connect_bare};

/// See the module.
pub(super) struct Scratch {
    folder: tempfile::TempDir,
    url: String,
    /// Where to drop it from, and its name (PostgreSQL).
    made: Option<(String, String)>,
}

impl Scratch {
    /// Makes it. `purpose` becomes a part of its name.
    pub(super) fn new(url: Option<&str>, purpose: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let is_server = url.is_some_and(|url| {
            Target::new(Path::new("."), Some(url)).backend() == Backend::Postgres
        });
        let Some(server) = url.filter(|_| is_server) else {
            let url = folder
                .path()
                .join("canvass.sqlite")
                .to_string_lossy()
                .into_owned();
            return Ok(Self {
                folder,
                url,
                made: None,
            });
        };
        let name = format!("canvass_bench_{purpose}_{}", std::process::id());
        connect_bare(server)?
            .batch_execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"))
            .map_err(|why| anyhow::anyhow!("a throw-away database cannot be made there: {why}"))?;
        Ok(Self {
            folder,
            url: beside(server, &name),
            made: Some((server.to_owned(), name)),
        })
    }

    /// A folder for files of the bench.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
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
        let Some((server, name)) = &self.made else {
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
