//! The floor of the mail bench: letters of the same size over as many connections, without a ledger, names or fields.

use std::process::{Command, Stdio};
use std::time::Instant;

use super::mail_server::postfix;
use crate::platform::mailer::{Encryption, Envelope, Relay, Session};

/// Letters a second, and what sent them.
pub(super) fn run(
    port: u16,
    letters: usize,
    bytes: usize,
    connections: usize,
) -> anyhow::Result<(f64, &'static str)> {
    let began = Instant::now();
    let what = match postfix("smtp-source") {
        Some(program) => {
            smtp_source(&program, port, letters, bytes, connections)?;
            "smtp-source -d"
        }
        None => {
            bare_loop(port, letters, bytes, connections)?;
            "a bare loop"
        }
    };
    Ok((letters as f64 / began.elapsed().as_secs_f64(), what))
}

fn smtp_source(
    program: &str,
    port: u16,
    letters: usize,
    bytes: usize,
    connections: usize,
) -> anyhow::Result<()> {
    let status = Command::new(program)
        .args(["-d", "-s", &connections.to_string()])
        .args(["-m", &letters.to_string(), "-l", &bytes.to_string()])
        .args(["-f", "bench@localhost", "-t", "bench@sink.example"])
        .arg(format!("127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .status()?;
    anyhow::ensure!(status.success(), "{program} failed");
    Ok(())
}

fn bare_loop(port: u16, letters: usize, bytes: usize, connections: usize) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let letter = format!(
        "Subject: bench\r\n\r\n{}",
        "bench bench bench bench\r\n".repeat(bytes / 25)
    );
    runtime.block_on(async move {
        let share = letters.div_ceil(connections);
        let tasks: Vec<_> = (0..connections)
            .map(|n| {
                let n = share.min(letters.saturating_sub(n * share));
                tokio::spawn(send(port, n, letter.clone().into_bytes()))
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        anyhow::Ok(())
    })
}

async fn send(port: u16, n: usize, letter: Vec<u8>) -> anyhow::Result<()> {
    let relay = Relay {
        host: "127.0.0.1".into(),
        port,
        encryption: Encryption::IfOffered,
        credentials: None,
    };
    let failed = |failure: crate::platform::mailer::Failure| anyhow::anyhow!(failure.reply.text);
    let envelope = Envelope {
        from: "bench@localhost.example".parse()?,
        to: "bench@sink.example".parse()?,
    };
    let mut session = Session::open(&relay, "localhost").await.map_err(failed)?;
    for _ in 0..n {
        session
            .send(&envelope, &letter, None, || Ok(()))
            .await
            .map_err(failed)?;
    }
    session.close().await;
    Ok(())
}
