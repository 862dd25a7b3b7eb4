//! PostgreSQL without libpq: diesel-async's tokio-postgres connection as a synchronous
//! Diesel connection that `#[derive(MultiConnection)]` accepts.
use diesel::connection::{
    CacheSize, ConnectionSealed, Instrumentation, LoadConnection, MultiConnectionHelper,
    SimpleConnection, TransactionManager, TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::migration::{CREATE_MIGRATIONS_TABLE, MigrationConnection};
use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
use diesel::prelude::*;
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::r2d2::R2D2Connection;
use diesel::sql_types::TypeMetadata;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::pooled_connection::PoolableConnection;
use std::any::Any;

type Inner = AsyncConnectionWrapper<AsyncPgConnection, super::pg_tls::Driver>;
type InnerTransactions = <Inner as Connection>::TransactionManager;

/// A PostgreSQL connection without libpq and OpenSSL.
pub struct PurePg(Inner);

impl SimpleConnection for PurePg {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.0.batch_execute(query)
    }
}

impl ConnectionSealed for PurePg {}

impl Connection for PurePg {
    type Backend = Pg;
    type TransactionManager = Transactions;

    fn establish(url: &str) -> ConnectionResult<Self> {
        super::pg_tls::connect(url).map(|connection| Self(Inner::from(connection)))
    }
    fn execute_returning_count<T: QueryFragment<Pg> + QueryId>(
        &mut self,
        source: &T,
    ) -> QueryResult<usize> {
        self.0.execute_returning_count(source)
    }
    fn transaction_state(
        &mut self,
    ) -> &mut <Transactions as TransactionManager<Self>>::TransactionStateData {
        self.0.transaction_state()
    }
    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.0.instrumentation()
    }
    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.0.set_instrumentation(instrumentation);
    }
    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.0.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for PurePg {
    type Cursor<'conn, 'query> = <Inner as LoadConnection>::Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Inner as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(
        &'conn mut self,
        source: T,
    ) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        LoadConnection::load(&mut self.0, source)
    }
}

/// Hands transactions through to the inner connection.
pub struct Transactions;

impl TransactionManager<PurePg> for Transactions {
    type TransactionStateData =
        <InnerTransactions as TransactionManager<Inner>>::TransactionStateData;

    fn begin_transaction(conn: &mut PurePg) -> QueryResult<()> {
        InnerTransactions::begin_transaction(&mut conn.0)
    }
    fn rollback_transaction(conn: &mut PurePg) -> QueryResult<()> {
        InnerTransactions::rollback_transaction(&mut conn.0)
    }
    fn commit_transaction(conn: &mut PurePg) -> QueryResult<()> {
        InnerTransactions::commit_transaction(&mut conn.0)
    }
    fn transaction_manager_status_mut(conn: &mut PurePg) -> &mut TransactionManagerStatus {
        InnerTransactions::transaction_manager_status_mut(&mut conn.0)
    }
    fn is_broken_transaction_manager(conn: &mut PurePg) -> bool {
        InnerTransactions::is_broken_transaction_manager(&mut conn.0)
    }
}

impl R2D2Connection for PurePg {
    fn ping(&mut self) -> QueryResult<()> {
        self.batch_execute("SELECT 1")
    }
    fn is_broken(&mut self) -> bool {
        PoolableConnection::is_broken(&mut *self.0) // broken transaction state, or the socket has closed
    }
}

impl MigrationConnection for PurePg {
    fn setup(&mut self) -> QueryResult<usize> {
        self.batch_execute(CREATE_MIGRATIONS_TABLE).map(|()| 0)
    }
}

/// Only built-in SQL types are used, so no type is ever looked up.
struct BuiltInOnly;

impl PgMetadataLookup for BuiltInOnly {
    fn lookup_type(&mut self, _: &str, _: Option<&str>) -> PgTypeMetadata {
        PgTypeMetadata::new(0, 0)
    }
}

impl MultiConnectionHelper for PurePg {
    fn to_any<'a>(_lookup: &mut <Pg as TypeMetadata>::MetadataLookup) -> &mut (dyn Any + 'a) {
        Box::leak(Box::new(BuiltInOnly)) // zero-sized: nothing is allocated
    }
    fn from_any(lookup: &mut dyn Any) -> Option<&mut <Pg as TypeMetadata>::MetadataLookup> {
        lookup
            .downcast_mut::<BuiltInOnly>()
            .map(|found| found as &mut dyn PgMetadataLookup)
    }
}
