//! The server that both senders of the mail bench send to: Postfix's own sink where it is installed, since that is what
//! its `smtp-source` is measured with, else one of this process.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
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

/// A server that takes every letter; it ends when it is dropped.
pub(super) enum Server {
    Postfix { port: u16, process: Child },
    Own(Sink),
}

impl Server {
    pub(super) fn start() -> anyhow::Result<Self> {
        match postfix("smtp-sink") {
            Some(program) => Self::postfix(&program),
            None => Ok(Self::Own(Sink::start()?)),
        }
    }

    fn postfix(program: &str) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(program);
        // It refuses to run with every right.
        if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
            command.args(["-u", "nobody"]);
        }
        let process = command
            .args([&format!("127.0.0.1:{port}"), "100"])
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self::Postfix { port, process };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(began.elapsed() < PATIENCE, "{program} does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    pub(super) fn port(&self) -> u16 {
        match self {
            Self::Postfix { port, .. } => *port,
            Self::Own(sink) => sink.port,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Postfix { .. } => "smtp-sink",
            Self::Own(_) => "a sink in this process",
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Self::Postfix { process, .. } = self {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
