//! What the environment and the command line settle: each variable by the binary itself, as an operator starts it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use canvass::platform::db::{Db, Target};
use canvass::platform::office::Office;
use canvass::platform::settings;

use crate::postgres;

/// A certificate for `localhost` and its key, made for these tests only.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBPjCB5aADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFVUEidDa9IuPw668
64jz3KF+Z8iy/buJKl/QAvfIwJOtfRbEAevq3ISu7uhOphLgK0SFXA71AP9nZPEo
UP7aXKMmMCQwFAYDVR0RBA0wC4IJbG9jYWxob3N0MAwGA1UdEwEB/wQCMAAwCgYI
KoZIzj0EAwIDSAAwRQIgIfiIVXC6wzIN/Xw4+ssKHsjFxVCp+C2H0s9wI3PAz8UC
IQC+bYqGK3Z79E8iSRrQlMQUS8sLVOdOUqPhpAC3yCsF6g==
-----END CERTIFICATE-----
";
const KEY: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkCZ+eqD1zpBCCnyO
+tEcgoMAcp1q5oL+omLJETfaobyhRANCAAQVVQSJ0Nr0i4/DrrzriPPcoX5nyLL9
u4kqX9AC98jAk619FsQB6+rchK7u6E6mEuArRIVcDvUA/2dk8ShQ/tpc
-----END PRIVATE KEY-----
";

fn canvass(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
    command.envs(variables.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn told(output: &Output) -> String {
    let all = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&all).into_owned()
}

/// A server started by variables alone, killed when the test ends.
struct Server {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    url: String,
}

impl Server {
    fn with(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = canvass(variables);
        command
            .env("CANVASS_DATA", folder)
            .env("CANVASS_LISTEN", "127.0.0.1:0");
        let mut child = command.spawn().expect("the binary starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(stdout).lines();
        let first = lines.next().expect("a line").expect("text");
        let url = first.rsplit(' ').next().expect("an address").to_owned();
        Self { child, lines, url }
    }

    fn next_line(&mut self) -> String {
        self.lines.next().expect("a line").expect("text")
    }

    fn address(&self) -> String {
        self.url.rsplit('/').next().expect("a host").to_owned()
    }

    fn stop(mut self) -> String {
        let _ = self.child.kill();
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut log).expect("text");
        let _ = self.child.wait();
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every variable of the table that concerns what exists.
const VARIABLES: [&str; 21] = [
    "CANVASS_DATA",
    "CANVASS_DATABASE_URL",
    "CANVASS_DATABASE_URL_FILE",
    "CANVASS_LISTEN",
    "CANVASS_PUBLIC_URL",
    "CANVASS_TLS_CERT",
    "CANVASS_TLS_KEY",
    "CANVASS_TRUSTED_PROXIES",
    "CANVASS_TIMEZONE",
    "CANVASS_LOCALE",
    "CANVASS_LOG",
    "CANVASS_LOG_FORMAT",
    "CANVASS_NOW",
    "CANVASS_SMTP_URL",
    "CANVASS_SMTP_URL_FILE",
    "CANVASS_SMTP_CONNECTIONS",
    "CANVASS_MAIL_FROM",
    "CANVASS_BOUNCE_DOMAIN",
    "CANVASS_DKIM_KEY_FILE",
    "CANVASS_DKIM_SELECTOR",
    "CANVASS_DKIM_DOMAIN",
];

#[test]
fn help_names_every_variable_and_never_what_a_secret_holds() {
    let secret = "postgres://canvass:geheimnis@db.example/canvass";
    for command in ["serve", "demo", ""] {
        let relay = ("CANVASS_SMTP_URL", "smtp://canvass:geheimnis@relay.example");
        let mut asked = canvass(&[("CANVASS_DATABASE_URL", secret), relay]);
        if !command.is_empty() {
            asked.arg(command);
        }
        let help = told(&asked.arg("--help").output().expect("it runs"));
        for name in VARIABLES {
            assert!(help.contains(name), "{command} --help does not name {name}");
        }
        assert!(!help.contains("geheimnis"), "{help}");
    }
}

#[test]
fn a_password_in_the_address_of_the_database_is_never_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("database-url");
    for address in [
        "postgres://canvass:geheimnis@127.0.0.1:1/canvass",
        "postgres://canvass:geheimnis@127.0.0.1:port/canvass",
        "postgres://canvass:geheimnis@127.0.0.1:1/canvass?sslmode=never",
    ] {
        std::fs::write(&file, address).expect("written");
        let path = file.to_str().expect("text");
        for variable in [
            ("CANVASS_DATABASE_URL", address),
            ("CANVASS_DATABASE_URL_FILE", path),
        ] {
            let mut command = canvass(&[variable, ("CANVASS_LOG", "trace")]);
            let output = command.arg("check").output().expect("it runs");
            assert_eq!(output.status.code(), Some(1));
            assert!(!told(&output).contains("geheimnis"), "{}", told(&output));
        }
    }
}

#[test]
fn the_address_of_the_database_may_stand_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("database-url");
    let sqlite = folder.path().join("elsewhere.sqlite");
    let mut addresses = vec![sqlite.to_string_lossy().into_owned()];
    let database = postgres::is_available().then(postgres::database);
    addresses.extend(database.iter().map(|d| d.url.clone()));
    for address in addresses {
        std::fs::write(&file, format!("{address}\n")).expect("written");
        let mut command = canvass(&[]);
        command.env("CANVASS_DATABASE_URL_FILE", &file);
        let done = command.arg("check").output().expect("it runs");
        assert!(done.status.success(), "{}", told(&done));
    }
    assert!(sqlite.exists());
    let both = canvass(&[
        ("CANVASS_DATABASE_URL", "a"),
        ("CANVASS_DATABASE_URL_FILE", "b"),
    ])
    .arg("check")
    .output()
    .expect("it runs");
    assert_eq!(both.status.code(), Some(2), "{}", told(&both));
}

#[test]
fn zone_and_language_of_the_environment_are_those_of_the_office() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = || {
        let db = Db::open(&Target::new(folder.path(), None)).expect("it opens");
        db.read_blocking(settings::load::<Office>).expect("read")
    };
    let check = |variables: &[(&str, &str)]| {
        let mut command = canvass(variables);
        command.env("CANVASS_DATA", folder.path()).arg("check");
        command.output().expect("it runs")
    };
    assert!(check(&[]).status.success());
    assert_eq!(office().version, 0, "nothing said, nothing written");
    let british = [
        ("CANVASS_TIMEZONE", "Europe/London"),
        ("CANVASS_LOCALE", "en"),
    ];
    for _ in 0..2 {
        let done = check(&british);
        assert!(done.status.success(), "{}", told(&done));
    }
    let now = office();
    assert_eq!(now.version, 1, "said twice, written once");
    assert_eq!(
        (now.value.zone.as_str(), now.value.language.as_str()),
        ("Europe/London", "en")
    );
    for wrong in [
        ("CANVASS_TIMEZONE", "Mars/Olympus"),
        ("CANVASS_LOCALE", "fr"),
        ("CANVASS_LOG", "canvass=loud"),
    ] {
        let refused = check(&[wrong]);
        assert_eq!(
            refused.status.code(),
            Some(2),
            "{wrong:?}: {}",
            told(&refused)
        );
    }
}

#[test]
fn the_log_is_json_when_asked_and_keeps_the_one_time_code_to_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::with(
        folder.path(),
        &[
            ("CANVASS_LOG", "debug"),
            ("CANVASS_LOG_FORMAT", "json"),
            ("CANVASS_PUBLIC_URL", "https://canvass.example/"),
        ],
    );
    let line = server.next_line();
    assert!(
        line.contains("https://canvass.example/first-run "),
        "{line}"
    );
    let code = line.rsplit(' ').next().expect("a code").to_owned();
    let log = server.stop();
    assert!(!log.is_empty());
    for line in log.lines() {
        let entry: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(entry["level"].is_string(), "{line}");
    }
    assert!(!log.contains(&code), "{log}");
}

fn ask(stream: &mut (impl Read + Write), headers: &str) -> String {
    write!(
        stream,
        "GET /login HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = Vec::new();
    // A server that closes without a farewell is no failure of the answer.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).to_lowercase()
}

#[test]
fn https_is_spoken_with_ones_own_certificate() {
    use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
    let folder = tempfile::tempdir().expect("a folder");
    let (cert, key) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    std::fs::write(&cert, CERTIFICATE).expect("written");
    std::fs::write(&key, KEY).expect("written");
    let files = [
        ("CANVASS_TLS_CERT", cert.to_str().expect("text")),
        ("CANVASS_TLS_KEY", key.to_str().expect("text")),
    ];
    let server = Server::with(folder.path(), &files);
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let mut roots = rustls::RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).expect("PEM");
    roots.add(certificate).expect("a root");
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .expect("versions")
    .with_root_certificates(roots)
    .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = rustls::ClientConnection::new(Arc::new(config), name).expect("a client");
    let socket = TcpStream::connect(server.address()).expect("it listens");
    let answer = ask(&mut rustls::StreamOwned::new(connection, socket), "");
    assert!(answer.contains("strict-transport-security"), "{answer}");
    let half = canvass(&files[..1]).arg("serve").output().expect("it runs");
    assert_eq!(half.status.code(), Some(2), "a certificate without its key");
}

#[test]
fn only_a_trusted_proxy_says_that_the_line_is_encrypted() {
    for (trusted, is_believed) in [("127.0.0.1,::1", true), ("192.0.2.1", false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::with(folder.path(), &[("CANVASS_TRUSTED_PROXIES", trusted)]);
        let mut socket = TcpStream::connect(server.address()).expect("it listens");
        let answer = ask(&mut socket, "X-Forwarded-Proto: https\r\n");
        let has_said = answer.contains("strict-transport-security");
        assert_eq!(has_said, is_believed, "{trusted}: {answer}");
    }
}

/// Options of a command and of all its own commands.
fn options(command: &clap::Command, found: &mut Vec<(String, Option<String>)>) {
    for option in command.get_arguments().filter(|a| a.get_long().is_some()) {
        let name = format!("{} --{}", command.get_name(), option.get_id());
        let variable = option.get_env().map(|v| v.to_string_lossy().into_owned());
        found.push((name, variable));
    }
    for each in command.get_subcommands() {
        options(each, found);
    }
}

#[test]
fn every_option_is_also_a_variable() {
    use clap::CommandFactory;
    let mut found = Vec::new();
    options(&canvass::commands::Cli::command(), &mut found);
    assert!(found.len() > 30);
    let without: Vec<_> = found
        .iter()
        .filter(|(_, variable)| !variable.as_ref().is_some_and(|v| v.starts_with("CANVASS_")))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}
