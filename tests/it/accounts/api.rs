//! Tokens, and the promise that the same key returns the same answer.

use serde_json::json;

use crate::app::each_backend;

#[test]
fn a_token_is_shown_once_and_works_until_it_is_revoked() {
    each_backend(|app| {
        let lin = app.user("lin", "marketing");
        let page = lin
            .post("/account/tokens", &[("token_name", "web form")])
            .expect(200)
            .body;
        let (_, rest) = page.split_once("canvass_").expect("the token is shown");
        let token = format!("canvass_{}", rest.split('"').next().expect("its end"));
        assert!(!lin.get("/account").expect(200).body.contains(&token));
        let program = lin.with_token(&token);
        program.api("/suppressions").expect(200);
        let again = lin
            .post("/account/tokens", &[("token_name", "web form")])
            .expect(422)
            .body;
        assert!(again.contains("of this name"), "{again}");
        let page = lin.get("/account").expect(200).body;
        // Newest first, so the first form on the page is that of the new token.
        let (_, rest) = page.split_once("/account/tokens/").expect("a form");
        let id = rest.split('/').next().expect("an id").to_owned();
        let stranger = app.user("eve", "marketing");
        stranger
            .post(&format!("/account/tokens/{id}/revoke"), &[])
            .expect(404);
        program.api("/suppressions").expect(200);
        lin.post(&format!("/account/tokens/{id}/revoke"), &[])
            .expect(303);
        assert_eq!(
            program.api("/suppressions").expect(401).code(),
            "not_signed_in"
        );
        lin.post("/account/tokens", &[("token_name", "web form")])
            .expect(200);
    });
}

#[test]
fn the_same_key_returns_the_same_answer() {
    each_backend(|app| {
        let lin = app.user("lin", "marketing");
        let body = json!({ "scope": "domain", "subject": "one.example.cn", "ways": "call" });
        let first = lin.api_post_once("/suppressions", "k-1", &body).expect(201);
        let again = lin.api_post_once("/suppressions", "k-1", &body).expect(201);
        assert_eq!(first.json(), again.json());
        let other = json!({ "scope": "domain", "subject": "two.example.cn", "ways": "call" });
        let refused = lin
            .api_post_once("/suppressions", "k-1", &other)
            .expect(422);
        assert_eq!(refused.code(), "idempotency_key_reused");
        let malformed = lin
            .api_post_once("/suppressions", "a b", &other)
            .expect(400);
        assert_eq!(malformed.code(), "idempotency_key_malformed");
        let items = lin.api("/suppressions").expect(200).json();
        assert_eq!(items["items"].as_array().map(Vec::len), Some(1), "{items}");
    });
}

#[test]
fn equal_requests_at_once_do_the_work_once() {
    each_backend(|app| {
        let lin = app.user("lin", "marketing");
        let body = json!({ "scope": "domain", "subject": "one.example.cn", "ways": "call" });
        let answers: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| lin.clone().api_post_once("/suppressions", "k", &body)))
                .collect();
            running
                .into_iter()
                .map(|t| t.join().expect("no panic"))
                .collect()
        });
        for answer in &answers {
            assert_eq!(answer.status, 201, "{}", answer.body);
            assert_eq!(answer.body, answers[0].body);
        }
    });
}
