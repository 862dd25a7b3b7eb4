//! Who may open what: every route of the source against every role, denied unless the table of `routes.rs` says so.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::app::{Answer, Client, TestApp, each_backend};
use crate::routes::{ALL, ANYONE, ROUTES, Route};

/// Who is tried: nobody, somebody without a role, and each role alone.
const ROLES: [&str; 6] = ["", "admin", "manager", "marketing", "agent", "rep"];
/// No object has this id.
const NO_ID: &str = "999999999";

/// Reads the routes out of the source: a path in `route("…")` or `resource("…")` and the methods up to the next one.
fn routes_of_source() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut |text| {
            let squeezed: String = text.split_whitespace().collect::<Vec<_>>().join("");
            let mut starts: Vec<usize> = ["route(\"/", "resource(\"/"]
                .iter()
                .flat_map(|call| {
                    squeezed
                        .match_indices(call)
                        .map(|(at, text)| at + text.len() - 1)
                })
                .collect();
            starts.sort_unstable();
            for (n, start) in starts.iter().enumerate() {
                let end = starts.get(n + 1).copied().unwrap_or(squeezed.len());
                let part = &squeezed[*start..end];
                let path = part.split('"').next().expect("a literal has an end");
                let mut methods = 0;
                for method in ["get", "post", "put", "patch", "delete", "head"] {
                    if part.contains(&format!("web::{method}()")) {
                        found.insert((method.to_uppercase(), plain(path)));
                        methods += 1;
                    }
                }
                assert!(
                    methods > 0,
                    "no method found behind {path}: write web::get() beside it"
                );
            }
        },
    );
    found
}

/// `/x/{id:\\d+}` without its pattern.
fn plain(path: &str) -> String {
    let mut out = String::new();
    let mut is_pattern = false;
    for c in path.chars() {
        match c {
            ':' if out.rfind('{') > out.rfind('}') => is_pattern = true,
            '}' => {
                is_pattern = false;
                out.push(c);
            }
            _ if !is_pattern => out.push(c),
            _ => {}
        }
    }
    out
}

fn walk(folder: &Path, read: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, read);
        } else if path.extension().is_some_and(|e| e == "rs") {
            read(&std::fs::read_to_string(&path).expect("text"));
        }
    }
}

#[test]
fn every_route_is_in_the_table_and_every_page_answers_head() {
    let source = routes_of_source();
    let table: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|r| (r.method.to_owned(), r.path.to_owned()))
        .collect();
    let unlisted: Vec<_> = source
        .iter()
        .filter(|(method, path)| {
            method != "HEAD" && !table.contains(&(method.clone(), path.clone()))
        })
        .collect();
    let gone: Vec<_> = table.difference(&source).collect();
    assert!(
        unlisted.is_empty(),
        "routes without a row in tests/it/routes.rs: {unlisted:?}"
    );
    assert!(gone.is_empty(), "rows without a route: {gone:?}");
    let without_head: Vec<_> = source
        .iter()
        .filter(|(method, path)| method == "GET" && !path.starts_with("/api/"))
        .map(|(_, path)| ("HEAD".to_owned(), path.clone()))
        .filter(|head| !source.contains(head))
        .collect();
    let allowed = ["/readyz"];
    let without_head: Vec<_> = without_head
        .iter()
        .filter(|(_, path)| !allowed.contains(&path.as_str()))
        .collect();
    assert!(
        without_head.is_empty(),
        "GET without HEAD: {without_head:?}"
    );
}

#[test]
fn every_call_of_the_api_is_described() {
    let document: Value = serde_json::from_str(canvass::platform::openapi::DOCUMENT).expect("JSON");
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("a path item").keys();
            methods
                .filter(|m| *m != "parameters")
                .map(|m| (m.to_uppercase(), path.clone()))
                .collect::<Vec<_>>()
        })
        .collect();
    let routed: BTreeSet<(String, String)> = ROUTES
        .iter()
        .filter_map(|r| {
            Some((
                r.method.to_owned(),
                r.path.strip_prefix("/api/v1")?.to_owned(),
            ))
        })
        .collect();
    let missing: Vec<_> = routed.difference(&described).collect();
    let gone: Vec<_> = described.difference(&routed).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "not in templates/openapi.json: {missing:?}; only there: {gone:?}"
    );
}

#[test]
fn each_role_may_what_the_table_says_and_nothing_else() {
    each_backend(|app| {
        let mut wrong = Vec::new();
        for (n, route) in ROUTES.iter().enumerate() {
            // A session of its own for each: some routes end it.
            for role in ROLES {
                let user = app.user(&format!("u{n}{role}"), role);
                let answer = ask(&user, route);
                if let Some(why) = fault(route, role, &answer) {
                    wrong.push(format!(
                        "{} {} as {role:?}: {why}",
                        route.method, route.path
                    ));
                }
            }
            if let Some(why) = fault_of_stranger(app, route) {
                wrong.push(format!(
                    "{} {} as a stranger: {why}",
                    route.method, route.path
                ));
            }
        }
        assert!(wrong.is_empty(), "{:?}\n{}", app.backend, wrong.join("\n"));
    });
}

fn ask(client: &Client, route: &Route) -> Answer {
    let path = filled(route.path);
    let is_json = path.starts_with("/api/v1");
    let body: Value = match is_json && !route.body.is_empty() {
        true => serde_json::from_str(route.body).expect("the row's JSON"),
        false => Value::Object(serde_json::Map::new()),
    };
    let api = path.strip_prefix("/api/v1").unwrap_or_default();
    let fields: Vec<(&str, &str)> = route
        .body
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    match (route.method, is_json) {
        ("GET", true) => client.api(api),
        ("POST", true) => client.api_post(api, &body),
        ("PATCH", true) => client.api_patch(api, &body),
        ("GET", false) => client.get(&path),
        ("POST", false) => client.post(&path, &fields),
        ("PUT", false) => client.put(&path, &fields),
        (method, _) => panic!("the harness does not know {method}"),
    }
}

/// The path with ids of nothing.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { NO_ID } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn fault(route: &Route, role: &str, answer: &Answer) -> Option<String> {
    let may = route.who == ANYONE
        || route.who == ALL
        || route
            .who
            .split(',')
            .any(|who| !role.is_empty() && who == role);
    let status = answer.status;
    let to_login = is_to_login(answer);
    if may {
        let refused = matches!(status, 401 | 403 | 405 | 500..) || to_login;
        let is_missing = status == 404 && !route.path.contains('{');
        return (refused || is_missing).then(|| format!("should be let in, got {status}"));
    }
    let is_hidden = route.by_object && status == 404;
    if status == 403 || is_hidden {
        return None;
    }
    let start: String = answer.body.chars().take(200).collect();
    Some(format!("should be 403, got {status} {start}"))
}

fn fault_of_stranger(app: &TestApp, route: &Route) -> Option<String> {
    // Forms of strangers need the visitor's cookie; the log-in tests send them.
    if route.who == ANYONE && route.method != "GET" {
        return None;
    }
    let answer = ask(&app.stranger(), route);
    let is_refused = match route.path.starts_with("/api/v1") {
        true => answer.status == 401 && answer.code() == "not_signed_in",
        false => is_to_login(&answer),
    };
    let is_wrong = match route.who {
        ANYONE => matches!(answer.status, 401 | 403 | 500..) || is_to_login(&answer),
        _ => !is_refused,
    };
    is_wrong.then(|| format!("got {} {:?}", answer.status, answer.location))
}

fn is_to_login(answer: &Answer) -> bool {
    let to = answer.location.as_deref().unwrap_or_default();
    answer.status == 303 && to.starts_with("/login?next=")
}

#[test]
fn whoever_may_not_is_told_so_in_a_sentence() {
    let app = TestApp::on(canvass::platform::db::Backend::Sqlite);
    let page = app.user("agent", "agent").get("/users").expect(403);
    assert!(
        page.body.contains("Your role does not allow this"),
        "{}",
        page.body
    );
}
