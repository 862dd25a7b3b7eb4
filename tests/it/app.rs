//! A real server on a port of its own, with a fixed clock, and clients that are signed in to it.
#![allow(dead_code)] // every area uses a part of the harness

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use canvass::accounts::{Actor, Roles};
use canvass::flows::{self, fix_office::fix_office};
use canvass::platform::clock;
use canvass::platform::config::{HttpConfig, OfficeConfig};
use canvass::platform::db::{Backend, Conn, Db, Target};
use canvass::platform::error::{AppError, AppResult};
use canvass::platform::mailer::{MailConfig, Mailer};
use canvass::platform::{http, jobs, secret};
use canvass::schema::{session, token, users};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::client::agent;
use crate::postgres;

pub use crate::client::{Answer, Client};

/// Tuesday 2026-09-22, 10:00 in Shanghai: a working day in open hours.
pub fn opening() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 9, 22)
        .expect("a date")
        .and_hms_opt(2, 0, 0)
        .expect("a time")
}

/// Runs a test on SQLite and, where a server can be had, on PostgreSQL.
pub fn each_backend(test: impl Fn(&TestApp)) {
    test(&TestApp::on(Backend::Sqlite));
    if postgres::is_available() {
        test(&TestApp::on(Backend::Postgres));
    } else {
        eprintln!("SKIPPED on PostgreSQL: no server binaries and no CANVASS_TEST_POSTGRES");
    }
}

/// Whether `CANVASS_TEST_LOAD=full` asks for runs as large as the promises.
pub fn is_full_load() -> bool {
    std::env::var("CANVASS_TEST_LOAD").is_ok_and(|load| load == "full")
}

/// A server and its database, both gone when it is dropped.
pub struct TestApp {
    pub db: Db,
    pub base: String,
    pub backend: Backend,
    pub target: Target,
    pub folder: Arc<tempfile::TempDir>,
    database: Option<Arc<postgres::Database>>,
    handle: ServerHandle,
}

impl TestApp {
    /// An empty, migrated database with the clock at [`opening`], and a server on it.
    pub fn on(backend: Backend) -> Self {
        Self::with_office(backend, OfficeConfig::default())
    }

    /// The same where the environment settles something about the office.
    pub fn with_office(backend: Backend, office: OfficeConfig) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let database = (backend == Backend::Postgres).then(|| Arc::new(postgres::database()));
        let target = Target::new(folder.path(), database.as_ref().map(|d| d.url.as_str()));
        let db = Db::open(&target).expect("the database opens");
        db.write_blocking(|conn| clock::set(conn, opening(), false).map_err(AppError::from))
            .expect("the clock is set");
        let fixed = office.clone();
        db.write_blocking(move |conn| fix_office(conn, &fixed))
            .expect("the office is settled");
        Self::serve(db, office, backend, target, folder, database)
    }

    /// Another node on the same PostgreSQL database.
    pub fn second_node(&self) -> Self {
        let db = Db::open(&self.target).expect("the database opens again");
        Self::serve(
            db,
            OfficeConfig::default(),
            self.backend,
            self.target.clone(),
            self.folder.clone(),
            self.database.clone(),
        )
    }

    fn serve(
        db: Db,
        office: OfficeConfig,
        backend: Backend,
        target: Target,
        folder: Arc<tempfile::TempDir>,
        database: Option<Arc<postgres::Database>>,
    ) -> Self {
        let (tell, told) = channel();
        let served = db.clone();
        let mailer = Mailer::new(&MailConfig::default(), folder.path(), None).expect("an outbox");
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let listening =
                    http::listen(&served, &http_config(), &office, &mailer).expect("a free port");
                tell.send((listening.url, listening.server.handle()))
                    .expect("the test waits");
                listening.server.await
            })
        });
        let (base, handle) = told
            .recv_timeout(Duration::from_secs(20))
            .expect("the server starts");
        Self {
            db,
            base,
            backend,
            target,
            folder,
            database,
            handle,
        }
    }

    /// The address for `--database` of a child process.
    pub fn database_url(&self) -> Option<String> {
        self.database.as_ref().map(|d| d.url.clone())
    }

    /// Reads from the database behind the application's back.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> AppResult<T>) -> T {
        self.db.read_blocking(work).expect("the read works")
    }

    /// Writes behind the application's back.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    ) -> T {
        self.db.write_blocking(work).expect("the write works")
    }

    /// Now, as the application sees it.
    pub fn now(&self) -> NaiveDateTime {
        self.read(|conn| Ok(clock::now(conn)?))
    }

    /// Moves the rehearsal clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.write(move |conn| {
            let now = clock::now(conn)?;
            Ok(clock::set(conn, now + by, false)?)
        });
    }

    /// Sets the rehearsal clock to an instant, UTC.
    pub fn set_now(&self, now: NaiveDateTime) {
        self.write(move |conn| Ok(clock::set(conn, now, false)?));
    }

    /// Works off every job that is due, on this thread.
    pub fn run_jobs(&self) {
        let (kinds, stop) = (flows::job_kinds(), AtomicBool::new(false));
        while jobs::run_next(&self.db, &kinds, None, &stop).expect("jobs run") {}
    }

    /// A user with roles by comma, e.g. `agent,rep`, and a client signed in as that user.
    pub fn user(&self, name: &str, roles: &str) -> Client {
        let roles = Roles::parse(roles).expect("known roles");
        let (name, cookie, bearer, csrf) = (
            name.to_owned(),
            secret::random_token(),
            secret::random_token(),
            secret::random_token(),
        );
        let (cookie_hash, bearer_hash, form_token) =
            (secret::hash(&cookie), secret::hash(&bearer), csrf.clone());
        let actor = self.write(move |conn| {
            let now = clock::now(conn)?;
            let email = format!("{name}@example.test");
            diesel::insert_into(users::table)
                .values((
                    users::email.eq(&email),
                    users::name.eq(&name),
                    users::roles.eq(roles.0),
                    users::auth_epoch.eq(0),
                    users::created_at.eq(now),
                ))
                .execute(conn)?;
            let id = users::table
                .filter(users::email.eq(&email))
                .select(users::id)
                .first::<i64>(conn)?;
            diesel::insert_into(session::table)
                .values((
                    session::token_hash.eq(cookie_hash),
                    session::user_id.eq(id),
                    session::auth_epoch.eq(0),
                    session::csrf.eq(form_token),
                    session::created_at.eq(now),
                    session::seen_at.eq(now),
                    session::expires_at.eq(now + TimeDelta::days(400)),
                ))
                .execute(conn)?;
            diesel::insert_into(token::table)
                .values((
                    token::user_id.eq(id),
                    token::name.eq("test"),
                    token::token_hash.eq(bearer_hash),
                    token::created_at.eq(now),
                ))
                .execute(conn)?;
            Ok(Actor {
                user_id: Some(id),
                team_id: None,
                roles,
                name,
            })
        });
        Client {
            agent: agent(),
            base: self.base.clone(),
            cookie: Some(cookie),
            bearer: Some(bearer),
            csrf,
            actor,
        }
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Client {
        Client {
            agent: agent(),
            base: self.base.clone(),
            cookie: None,
            bearer: None,
            csrf: String::new(),
            actor: Actor {
                user_id: None,
                team_id: None,
                roles: Roles::default(),
                name: String::new(),
            },
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The server thread stops listening; requests under way have ended with their clients.
        drop(self.handle.stop(false));
    }
}

fn http_config() -> HttpConfig {
    HttpConfig {
        listen: "127.0.0.1:0".into(),
        public_url: None,
        workers: Some(2),
        role: "all".into(),
        trusted_proxies: Vec::new(),
        tls_cert: None,
        tls_key: None,
    }
}
