//! The server that both senders of the mail bench send to: Postfix's own sink where it is installed, since that is what
//! its `smtp-source` is measured with, else one of this process.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::mail_sink::Sink;

/// Where Postfix puts its test programs.
const PLACES: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];
/// It listens within that time.
const PATIENCE: Duration = Duration::from_secs(5);

/// A test program of Postfix, where it is installed.
pub(super) fn postfix(name: &str) -> Option<String> {
    let found = PLACES.map(|place| format!("{place}/{name}"));
    found.into_iter().find(|path| Path::new(path).exists())
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// A server that takes every letter; it ends when it is dropped.
pub(super) struct Server {
    pub(super) port: u16,
    pub(super) name: &'static str,
    process: Option<Child>,
}

impl Server {
    /// That of this process.
    pub(super) fn own(sink: &Sink) -> Self {
        Self {
            port: sink.port,
            name: "a sink in this process",
            process: None,
        }
    }

    /// Postfix's, where it is installed.
    pub(super) fn postfix() -> anyhow::Result<Option<Self>> {
        let Some(program) = postfix("smtp-sink") else {
            return Ok(None);
        };
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(&program);
        // It refuses to run with every right.
        if is_root() {
            command.args(["-u", "nobody"]);
        }
        let process = command
            .args([&format!("127.0.0.1:{port}"), "100"])
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self {
            port,
            name: "smtp-sink",
            process: Some(process),
        };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(began.elapsed() < PATIENCE, "{program} does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(server))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
