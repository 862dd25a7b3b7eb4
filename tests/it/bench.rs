//! Every bench runs to its end on a few rows, and answers in the one shape. How fast it is depends on the machine.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::postgres;

const FIELDS: [&str; 10] = [
    "name", "rows", "ours", "floor", "ratio", "unit", "p50_ms", "p99_ms", "peak_mb", "notes",
];

fn bench(name: &str, rows: &str, database: Option<&str>) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
    command
        .args(["bench", name, "--rows", rows, "--json"])
        .current_dir(folder.path())
        .stderr(Stdio::inherit());
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    let output = command.output().expect("the binary starts");
    assert!(output.status.success(), "bench {name} failed");
    assert_eq!(
        std::fs::read_dir(folder.path())
            .expect("the folder")
            .count(),
        0,
        "a bench leaves nothing behind"
    );
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

fn check(report: &Value, name: &str) {
    for field in FIELDS {
        assert!(report.get(field).is_some(), "{field} in {report}");
    }
    assert_eq!(report["name"], name);
    for figure in ["ours", "p50_ms", "p99_ms"] {
        assert!(
            report[figure].as_f64().is_some_and(|n| n > 0.0),
            "{figure} of {report}"
        );
    }
}

fn each_bench(database: Option<&str>) {
    let import = bench("import", "300", database);
    check(&import, "import");
    let notes = import["notes"].to_string();
    assert!(
        notes.contains("INSERT INTO company"),
        "the floor shows its statements: {notes}"
    );
    assert!(notes.contains("decode"), "the shares are told: {notes}");
    let claim = bench("claim", "300", database);
    check(&claim, "claim");
    assert_eq!(claim["parts"].as_array().map(Vec::len), Some(2));
    let mail = bench("mail", "300", database);
    check(&mail, "mail");
    let pages = bench("pages", "600", database);
    assert_eq!(pages["name"], "pages");
    for part in pages["parts"].as_array().expect("pages") {
        check(part, part["name"].as_str().unwrap_or_default());
    }
}

#[test]
fn every_bench_runs_to_its_end_on_sqlite() {
    each_bench(None);
}

#[test]
fn every_bench_runs_to_its_end_on_postgresql() {
    if !postgres::is_available() {
        eprintln!("SKIPPED on PostgreSQL: no server binaries and no CANVASS_TEST_POSTGRES");
        return;
    }
    each_bench(Some(&postgres::database().url));
}
