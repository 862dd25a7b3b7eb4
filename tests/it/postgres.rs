//! A throw-away PostgreSQL cluster for the run, and a database of its own for every test.
//!
//! `CANVASS_TEST_POSTGRES=postgres://…` uses a server that runs already; otherwise server binaries are looked for.
//! `REQUIRE_POSTGRES=1` makes their absence a failure instead of a skip.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use canvass::platform::db::{Db, Target};
use diesel::connection::SimpleConnection;

const TEMPLATE: &str = "canvass_template";

struct Cluster {
    /// Address up to the slash before the database name.
    base: String,
    /// Ends the server when the test process ends: its standard input is then closed.
    _keeper: Option<Child>,
}

/// A database that is dropped at the end of its test.
pub struct Database {
    pub url: String,
    name: String,
}

/// Whether tests on PostgreSQL can run here.
pub fn is_available() -> bool {
    cluster().is_some()
}

/// A fresh, migrated database.
pub fn database() -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let cluster = cluster().expect("PostgreSQL for the tests");
    let name = format!(
        "canvass_test_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    administer(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
    Database {
        url: format!("{}/{name}", cluster.base),
        name,
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = &self.name;
        let drop_it = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        let _ = std::panic::catch_unwind(|| administer(&drop_it));
    }
}

fn administer(statement: &str) {
    let base = &cluster().expect("PostgreSQL for the tests").base;
    let mut conn = admin_connection(base).expect("a connection");
    conn.batch_execute(statement)
        .unwrap_or_else(|e| panic!("{statement}: {e}"));
}

fn admin_connection(base: &str) -> anyhow::Result<canvass::platform::db::Conn> {
    canvass::platform::db::connect_bare(&format!("{base}/postgres"))
}

fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER
        .get_or_init(|| {
            let started = start();
            if started.is_none() && std::env::var("REQUIRE_POSTGRES").is_ok_and(|v| v == "1") {
                panic!("REQUIRE_POSTGRES=1, but no PostgreSQL server could be started");
            }
            if let Some(cluster) = &started {
                prepare(&cluster.base);
            }
            started
        })
        .as_ref()
}

/// Makes the migrated template once.
fn prepare(base: &str) {
    let mut conn = admin_connection(base).expect("a connection to the new cluster");
    let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"));
    conn.batch_execute(&format!("CREATE DATABASE {TEMPLATE}"))
        .expect("the template database");
    drop(conn);
    let target = Target::new(Path::new("."), Some(&format!("{base}/{TEMPLATE}")));
    drop(Db::open(&target).expect("the template is migrated"));
    // A template must have no connection when it is copied; the pool's close a moment after their drop.
    std::thread::sleep(Duration::from_millis(300));
}

fn start() -> Option<Cluster> {
    if let Ok(url) = std::env::var("CANVASS_TEST_POSTGRES") {
        return Some(Cluster {
            base: url.trim_end_matches('/').to_owned(),
            _keeper: None,
        });
    }
    let bin = binaries()?;
    let folder = std::env::temp_dir().join(format!("canvass-postgres-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).ok()?;
    let is_root = unix_user() == "root";
    if is_root {
        let done = Command::new("chown")
            .arg("postgres")
            .arg(&folder)
            .status()
            .ok()?;
        done.success().then_some(())?;
    }
    let data = folder.join("data");
    let made = as_postgres(is_root, &bin.join("initdb"))
        .args([
            "--locale=C",
            "--encoding=UTF8",
            "--auth=trust",
            "--username=postgres",
            "--no-sync",
            "-D",
        ])
        .arg(&data)
        .current_dir(&folder)
        .stdout(Stdio::null())
        .status()
        .ok()?;
    made.success().then_some(())?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .ok()?
        .local_addr()
        .ok()?
        .port();
    let keeper = keep(is_root, &bin, &folder, &data, port)?;
    let base = format!("postgres://postgres@127.0.0.1:{port}");
    let patience = Instant::now();
    while admin_connection(&base).is_err() {
        if patience.elapsed() > Duration::from_secs(30) {
            return None;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Some(Cluster {
        base,
        _keeper: Some(keeper),
    })
}

/// The server under a shell that waits for our end of its pipe to close, however this process dies.
fn keep(is_root: bool, bin: &Path, folder: &Path, data: &Path, port: u16) -> Option<Child> {
    let script = format!(
        "'{bin}/postgres' -D '{data}' -p {port} -k '{folder}' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 \
         -c shared_buffers=256MB -c full_page_writes=off -c log_min_messages=fatal >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf '{data}'",
        bin = bin.display(),
        data = data.display(),
        folder = folder.display(),
    );
    as_postgres(is_root, Path::new("/bin/sh"))
        .arg("-c")
        .arg(script)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .spawn()
        .ok()
}

fn as_postgres(is_root: bool, program: &Path) -> Command {
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn unix_user() -> String {
    let output = Command::new("id").arg("-un").output();
    output
        .map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
        .unwrap_or_default()
}

fn binaries() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"));
    let on_path = std::env::var_os("PATH")
        .map(|p| std::env::split_paths(&p).collect::<Vec<_>>())
        .unwrap_or_default();
    installed
        .chain(on_path)
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
}
