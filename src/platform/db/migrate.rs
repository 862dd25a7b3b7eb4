//! Brings a database to the newest schema: the migrations are part of the binary, one folder name for both databases.

use std::error::Error;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::Conn;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any fixed number: nodes that start together migrate one after the other.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(7261001)";
const MIGRATION_UNLOCK: &str = "SELECT pg_advisory_unlock(7261001)";

fn failed(why: Box<dyn Error + Send + Sync>) -> anyhow::Error {
    anyhow::anyhow!("migration failed: {why}")
}

/// The migrations of this program, in order; both databases have the same.
pub fn migrations() -> anyhow::Result<Vec<String>> {
    let all = MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(failed)?;
    let mut names: Vec<String> = all
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    names.sort_unstable();
    Ok(names)
}

/// Brings an empty SQLite file to the schema of a former version.
pub(super) fn up_to(conn: &mut Conn, last: &str) -> anyhow::Result<()> {
    let Conn::Sqlite(inner) = conn else {
        anyhow::bail!("only a SQLite file is brought to a former schema");
    };
    for migration in inner.pending_migrations(SQLITE).map_err(failed)? {
        if migration.name().version().to_string().as_str() <= last {
            inner.run_migration(&migration).map_err(failed)?;
        }
    }
    Ok(())
}

/// Runs what is missing. A guest of a SQLite file only checks that nothing is.
pub(super) fn migrate(conn: &mut Conn, is_owner: bool) -> anyhow::Result<()> {
    match conn {
        Conn::Postgres(inner) => {
            inner.batch_execute(MIGRATION_LOCK)?;
            let done = inner
                .run_pending_migrations(POSTGRES)
                .map(|_| ())
                .map_err(failed);
            inner.batch_execute(MIGRATION_UNLOCK)?;
            done
        }
        Conn::Sqlite(inner) if is_owner => inner
            .run_pending_migrations(SQLITE)
            .map(|_| ())
            .map_err(failed),
        Conn::Sqlite(inner) => {
            let behind = inner.has_pending_migration(SQLITE).map_err(failed)?;
            anyhow::ensure!(
                !behind,
                "the serving process is older than this one; stop it first"
            );
            Ok(())
        }
    }
}
