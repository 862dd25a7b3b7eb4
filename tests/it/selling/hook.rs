//! The webhook: signed, tried again, written down.

use std::io::{Read, Write};
use std::net::TcpListener;

use canvass::qualifying::Grade;
use canvass::schema::hook_delivery;
use canvass::selling::jobs;
use canvass::selling::rules::notice::signature;
use chrono::TimeDelta;
use diesel::prelude::*;

use super::build::{open, outbox, suzhou, territory};
use crate::app::{TestApp, each_backend};

/// Answers one request with a status; what was sent.
fn answer_one(listener: &TcpListener, status: &str) -> String {
    let (mut stream, _) = listener.accept().expect("somebody calls");
    let (mut sent, mut part) = (Vec::new(), [0_u8; 4096]);
    loop {
        let n = stream.read(&mut part).expect("it is read");
        sent.extend_from_slice(&part[..n]);
        let text = String::from_utf8_lossy(&sent).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|l| {
                l.to_lowercase()
                    .strip_prefix("content-length:")
                    .map(|n| n.trim().parse::<usize>().unwrap_or(0))
            })
            .unwrap_or(0);
        if body.len() >= length || n == 0 {
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            stream.write_all(answer.as_bytes()).expect("it is answered");
            return text;
        }
    }
}

fn log(app: &TestApp) -> Vec<(String, i32, Option<i32>)> {
    app.read(|conn| {
        let all = hook_delivery::table.order(hook_delivery::id);
        let all = all.select((
            hook_delivery::state,
            hook_delivery::attempts,
            hook_delivery::status,
        ));
        Ok(all.load(conn)?)
    })
}

#[test]
fn a_notice_is_posted_signed_and_tried_until_it_is_taken() {
    each_backend(|app| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (admin, manager) = (app.user("qin", "admin"), app.user("gu", "manager"));
        let (agent, rep) = (app.user("lin", "agent"), app.user("xu", "rep"));
        let marketing = app.user("shen", "marketing");
        let fields = [
            ("url", url.as_str()),
            ("secret", "geheim"),
            ("version", "0"),
        ];
        let mut wrong = fields;
        wrong[0] = ("url", "ftp://robot.example/");
        let page = admin.post("/settings/webhook", &wrong).expect(422).body;
        assert!(
            page.contains("value=\"ftp://robot.example/\"") && page.contains("nothing was saved")
        );
        admin.post("/settings/webhook", &fields).expect(303);
        territory(app, &manager, &rep, &[], &[]);
        let root = suzhou(&marketing, "苏州砚川精密机械有限公司", 1);
        open(app, &agent, root, Grade::A);
        let outbox = outbox(app);
        let heard = std::thread::spawn(move || {
            let first = answer_one(&listener, "500 Oops");
            (first, answer_one(&listener, "200 OK"))
        });
        jobs::deliver(&app.db, &outbox).expect("it delivers");
        assert_eq!(log(app), [("waiting".to_owned(), 1, Some(500))]);
        app.advance(TimeDelta::minutes(2));
        jobs::deliver(&app.db, &outbox).expect("it delivers");
        assert_eq!(log(app), [("done".to_owned(), 2, Some(200))]);
        let (first, second) = heard.join().expect("the receiver ran");
        let (head, body) = second.split_once("\r\n\r\n").expect("a body");
        let signed = signature("geheim", body.as_bytes());
        assert!(
            head.to_lowercase()
                .contains(&format!("x-canvass-signature: {signed}")),
            "{head}"
        );
        assert!(first.ends_with(body), "the same message");
        let page = admin.get("/settings/webhook").expect(200);
        assert!(!page.body.contains("geheim") && page.body.contains("delivered"));
    });
}
