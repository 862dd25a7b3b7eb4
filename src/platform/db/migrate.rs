//! Brings a database to the newest schema: the migrations are part of the binary, one folder name for both databases.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::Conn;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any fixed number: nodes that start together migrate one after the other.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(7261001)";
const MIGRATION_UNLOCK: &str = "SELECT pg_advisory_unlock(7261001)";

/// Brings an empty SQLite file to the schema of a former version.
pub(super) fn up_to(conn: &mut Conn, last: &str) -> anyhow::Result<()> {
    let failed =
        |e: Box<dyn std::error::Error + Send + Sync>| anyhow::anyhow!("migration failed: {e}");
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
    let failed =
        |e: Box<dyn std::error::Error + Send + Sync>| anyhow::anyhow!("migration failed: {e}");
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
