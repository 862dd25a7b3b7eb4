//! `canvass user` and `canvass token`, beside a running server.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::PASSWORD;
use super::visitor::Visitor;
use crate::app::{TestApp, each_backend};

fn canvass(app: &TestApp, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
    command.args(args).arg("--data").arg(app.folder.path());
    if let Some(url) = app.database_url() {
        command.args(["--database", &url]);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn users_and_tokens_are_made_while_the_server_runs() {
    each_backend(|app| {
        let add = [
            "user",
            "add",
            "--email",
            "Lin@a.example",
            "--role",
            "marketing,agent",
            "--name",
            "Lin",
            "--password-stdin",
        ];
        let done = canvass(app, &add, &format!("{PASSWORD}\n"));
        assert!(done.status.success(), "{}", text(&done.stderr));
        let mut lin = Visitor::of(app);
        lin.log_in("lin@a.example", PASSWORD).expect(303);
        let token = canvass(
            app,
            &["token", "add", "--user", "lin@a.example", "--name", "n"],
            "",
        );
        let out = text(&token.stdout);
        assert_eq!(out.lines().count(), 1, "alone on its line: {out:?}");
        app.stranger()
            .with_token(out.trim())
            .api("/suppressions")
            .expect(200);
        let list = canvass(app, &["user", "list", "--json"], "");
        let list: Value = serde_json::from_slice(&list.stdout).expect("JSON");
        assert_eq!(list[0]["email"], "lin@a.example");
        assert_eq!(list[0]["roles"], serde_json::json!(["marketing", "agent"]));
    });
}

#[test]
fn a_link_instead_of_a_password_and_the_end_of_an_account() {
    each_backend(|app| {
        let add = [
            "user",
            "add",
            "--email",
            "lin@a.example",
            "--role",
            "agent",
            "--json",
        ];
        let done = canvass(app, &add, "");
        let json: Value = serde_json::from_slice(&done.stdout).expect("JSON");
        let link = json["link"].as_str().expect("a link").to_owned();
        let reset = canvass(app, &["user", "reset", "LIN@a.example"], "");
        let newer = text(&reset.stdout).trim().to_owned();
        let path = |link: &str| format!("/reset/{}", link.rsplit('/').next().expect("a token"));
        Visitor::of(app).get(&path(&link)).expect(410);
        let mut lin = Visitor::of(app);
        lin.get(&path(&newer)).expect(200);
        lin.post(
            &path(&newer),
            &[("password", PASSWORD), ("again", PASSWORD)],
        )
        .expect(303);
        lin.get("/account").expect(200);
        let off = canvass(app, &["user", "disable", "lin@a.example"], "");
        assert!(off.status.success(), "{}", text(&off.stderr));
        lin.get("/account").expect(303);
    });
}

#[test]
fn a_refusal_is_one_line_and_exit_status_1() {
    let app = TestApp::on(canvass::platform::db::Backend::Sqlite);
    let tries: [(&[&str], &str); 4] = [
        (
            &["token", "add", "--user", "no@a.example", "--name", "n"],
            "no user",
        ),
        (
            &["user", "add", "--email", "no", "--role", "agent"],
            "e-mail",
        ),
        (
            &["user", "add", "--email", "a@b.example", "--role", "boss"],
            "no role boss",
        ),
        (
            &[
                "user",
                "add",
                "--email",
                "a@b.example",
                "--role",
                "agent",
                "--password-stdin",
            ],
            "characters",
        ),
    ];
    for (args, says) in tries {
        let done = canvass(&app, args, "short\n");
        let told = text(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{told}");
        assert!(told.contains(says) && told.lines().count() == 1, "{told}");
        assert!(done.stdout.is_empty());
    }
    let usage = canvass(&app, &["user", "add"], "");
    assert_eq!(usage.status.code(), Some(2));
}
