//! A process that is killed at any moment: the next one goes on, nothing that was answered is lost, nothing is done twice.

mod calls;
mod lists;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use canvass::flows;
use canvass::platform::db::{Backend, Db, Target};
use canvass::platform::error::AppError;
use canvass::platform::jobs;
use rand::Rng;

use crate::app::is_full_load;
use crate::postgres;

/// Kills of one kind: 20 of all kinds on each database where the full load is asked for.
pub fn moments(full: usize) -> usize {
    if is_full_load() { full } else { 2 }
}

/// Runs a test on SQLite and, where a server can be had, on PostgreSQL.
pub fn each_place(test: impl Fn(&Place)) {
    test(&Place::on(Backend::Sqlite));
    if postgres::is_available() {
        test(&Place::on(Backend::Postgres));
    } else {
        eprintln!("SKIPPED on PostgreSQL");
    }
}

/// A data directory and its database, that outlive every process.
pub struct Place {
    pub folder: tempfile::TempDir,
    database: Option<postgres::Database>,
    pub backend: Backend,
}

impl Place {
    pub fn on(backend: Backend) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            database: (backend == Backend::Postgres).then(postgres::database),
            backend,
        }
    }

    fn url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }

    /// The database, for as long as nobody serves it.
    pub fn open(&self) -> Db {
        let target = Target::new(self.folder.path(), self.url());
        Db::open(&target).expect("the database opens")
    }

    fn command(&self, args: &[&str]) -> Command {
        self.command_in(self.folder.path(), args)
    }

    /// A command with a data directory of its own on the same database.
    fn command_in(&self, data: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
        command.args(args).arg("--data").arg(data);
        if let Some(url) = self.url() {
            command.args(["--database", url]);
        }
        command
    }

    /// Runs a command to its end.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().expect("the command runs");
        let said = [&output.stdout, &output.stderr].map(|out| String::from_utf8_lossy(out));
        assert!(output.status.success(), "{args:?}: {}", said.join("\n"));
        output
    }

    /// A user of the command line with a token.
    pub fn user(&self, name: &str, role: &str) -> String {
        let email = format!("{name}@a.example");
        self.run(&[
            "user", "add", "--email", &email, "--role", role, "--name", name,
        ]);
        let token = self.run(&["token", "add", "--user", &email, "--name", "test"]);
        String::from_utf8_lossy(&token.stdout).trim().to_owned()
    }

    /// Frees what a dead process held, as its successor does on SQLite at once and on PostgreSQL after a minute.
    fn recover(&self) {
        self.open()
            .write_blocking(jobs::recover)
            .expect("recovered");
    }

    /// Works off every job that is due, on this thread.
    pub fn finish(&self) {
        self.recover();
        let (db, stop) = (self.open(), AtomicBool::new(false));
        while jobs::run_next(&db, &flows::job_kinds(), None, &stop).expect("jobs run") {}
    }

    /// Lets a server begin and kills it at a random moment of its work, so many times or until the work is done;
    /// answers how many kills fell into the middle.
    fn kill_at_work(
        &self,
        moments: usize,
        is_at_work: impl Fn(&Db) -> Result<bool, AppError>,
    ) -> usize {
        for n in 0..moments {
            self.recover();
            let server = Server::start(self);
            // The first falls early: on an idle machine the work may be done within a second.
            let moment = pause(50, if n == 0 { 250 } else { 1_500 });
            server.kill();
            let goes_on = is_at_work(&self.open()).expect("read");
            eprintln!(
                "{:?}: kill {n} after {moment:?}, goes on: {goes_on}",
                self.backend
            );
            if !goes_on {
                return n;
            }
        }
        moments
    }

    /// Every invariant of the data holds.
    pub fn is_sound(&self) {
        let told = self.run(&["check"]);
        let told = String::from_utf8_lossy(&told.stdout);
        assert!(!told.contains("BROKEN"), "{told}");
    }
}

/// Sleeps for a random time between two numbers of milliseconds.
pub fn pause(from: u64, to: u64) -> Duration {
    let moment = Duration::from_millis(rand::rng().random_range(from..to));
    std::thread::sleep(moment);
    moment
}

/// The server of the product as a process of its own.
pub struct Server {
    child: Child,
    base: String,
    /// Kept open, so that the server can go on talking.
    _said: BufReader<ChildStdout>,
}

impl Server {
    fn start(place: &Place) -> Self {
        Self::with(place, &[])
    }

    /// The same, with more in its environment.
    pub fn with(place: &Place, variables: &[(&str, &str)]) -> Self {
        Self::beside(place, place.folder.path(), variables)
    }

    /// Another node on the same database, with a data directory of its own.
    pub fn beside(place: &Place, data: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = place.command_in(data, &["serve", "--listen", "127.0.0.1:0"]);
        command.envs(variables.iter().copied());
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary starts");
        let mut said = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        said.read_line(&mut line).expect("it says where it listens");
        let base = line
            .trim()
            .rsplit(' ')
            .next()
            .expect("an address")
            .to_owned();
        assert!(base.starts_with("http://"), "{line:?}");
        Self {
            child,
            base,
            _said: said,
        }
    }

    /// Where it listens.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// SIGKILL: no goodbye of any kind.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Server {
    /// However a test ends, no server outlives it.
    fn drop(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}
