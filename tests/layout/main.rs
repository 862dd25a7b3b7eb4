//! The house rules that a compiler does not check: who may import whom, what a page may know, paired migrations, licences;
//! [`sentences`] looks at the texts in both languages.

mod sentences;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The areas and what each may import besides itself. `flows` and `commands` may import everything.
const DIRECTION: [(&str, &[&str]); 9] = [
    ("platform", &[]),
    ("accounts", &["platform"]),
    ("registry", &["platform", "accounts"]),
    ("consent", &["platform", "accounts", "registry"]),
    ("intake", &["platform", "accounts", "registry", "consent"]),
    (
        "qualifying",
        &["platform", "accounts", "registry", "consent"],
    ),
    (
        "calling",
        &["platform", "accounts", "registry", "consent", "qualifying"],
    ),
    (
        "selling",
        &[
            "platform",
            "accounts",
            "registry",
            "consent",
            "qualifying",
            "calling",
        ],
    ),
    (
        "outreach",
        &[
            "platform",
            "accounts",
            "registry",
            "consent",
            "qualifying",
            "calling",
            "selling",
        ],
    ),
];

/// The rooms of an area; a room may be a file or a folder.
const ROOMS: [&str; 9] = [
    "mod", "model", "rules", "queries", "actions", "pages", "api", "jobs", "checks",
];

/// Rooms that one area has beside the common ones, with the reason.
const OWN_ROOMS: [(&str, &str); 12] = [
    ("intake", "reading_tests"), // small lists from bytes to outcomes
    ("accounts", "gate"),        // first run, and how often somebody may try
    ("accounts", "password"),    // hashing, off the async threads
    ("accounts", "identify"),    // the middleware that every request passes
    ("accounts", "navigation"),  // which pages which role is offered
    ("intake", "decode"),        // bytes to cells
    ("intake", "columns"),       // cells to fields
    ("intake", "inspect"),       // a first look at a file, before anything is stored
    ("intake", "rows"),          // fields to outcomes
    ("registry", "search"),      // grams and their index
    ("registry", "filter"),      // the one filter of lists, fills and audiences
    ("registry", "lock"),        // who may create, who may merge
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The code of a file without its inline tests, which may build anything.
fn code(path: &Path) -> String {
    let text = read(path);
    text.split("#[cfg(test)]")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// `crate::area` mentions of a file.
fn imports(text: &str) -> BTreeSet<String> {
    let names = text
        .lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .flat_map(|l| l.split("crate::").skip(1));
    names
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (area, may) in DIRECTION {
        for file in files(&root().join("src").join(area), "rs") {
            // The one list of routes names every area.
            if file.ends_with("platform/http.rs") {
                continue;
            }
            for name in imports(&code(&file)) {
                let is_area = DIRECTION.iter().any(|(a, _)| *a == name)
                    || name == "flows"
                    || name == "commands";
                if is_area && name != area && !may.contains(&name.as_str()) {
                    wrong.push(format!("{} imports {name}", shown(&file)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_area_has_only_the_rooms_of_the_house() {
    let mut wrong = Vec::new();
    for (area, _) in DIRECTION.iter().filter(|(area, _)| *area != "platform") {
        let Ok(entries) = fs::read_dir(root().join("src").join(area)) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry
                .path()
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let own = OWN_ROOMS.iter().any(|(a, room)| a == area && *room == name);
            if !ROOMS.contains(&name.as_str()) && !own {
                wrong.push(format!("src/{area}/{name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "rooms that no area has: {wrong:#?}");
}

#[test]
fn only_queries_speak_sql() {
    let mut wrong = Vec::new();
    for (area, _) in DIRECTION.iter().filter(|(area, _)| *area != "platform") {
        for file in files(&root().join("src").join(area), "rs") {
            let path = shown(&file);
            let is_thin =
                path.contains("/pages") || path.contains("/rules") || path.contains("/api");
            if is_thin
                && (code(&file).contains("diesel::") || code(&file).contains("crate::schema"))
            {
                wrong.push(path);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "rules, pages and api never name a table: {wrong:#?}"
    );
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(root().join("migrations").join(database)).expect("migrations");
        entries
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn templates_hold_no_text_style_or_script_of_their_own() {
    let mut wrong = Vec::new();
    for file in files(&root().join("templates"), "html") {
        for (n, line) in read(&file).lines().enumerate() {
            let bare = without_comments(line);
            // A language is named in itself, whatever the page's language.
            let has_text = bare
                .replace("中文", "")
                .chars()
                .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            let has_style = bare.contains(" style=\"") || bare.contains("<style");
            let has_handler = bare
                .split(' ')
                .any(|w| w.starts_with("on") && w.contains("=\"") && !w.starts_with("one"));
            let has_script = bare.contains("<script") && !bare.contains(" src=");
            if has_text || has_style || has_handler || has_script {
                wrong.push(format!("{}:{} {}", shown(&file), n + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn without_comments(line: &str) -> String {
    let mut rest = line.to_owned();
    for (open, close) in [("{#", "#}"), ("<!--", "-->")] {
        while let (Some(a), Some(b)) = (rest.find(open), rest.find(close)) {
            if b < a {
                break;
            }
            rest.replace_range(a..b + close.len(), "");
        }
    }
    rest
}

/// The icons of a page stand in it as symbols with ids: a field of the same id would lose its label to the symbol.
#[test]
fn no_element_has_the_id_of_an_icon() {
    let ids = |text: &str| -> BTreeSet<String> {
        let parts = text.split(" id=\"").skip(1);
        parts
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect()
    };
    let icons = root().join("templates/parts/icons.html");
    let symbols = ids(&read(&icons));
    for path in files(&root().join("templates"), "html") {
        if path == icons {
            continue;
        }
        let both: Vec<String> = ids(&read(&path)).intersection(&symbols).cloned().collect();
        assert!(both.is_empty(), "{}: {both:?}", shown(&path));
    }
}

#[test]
fn architecture_stays_short_and_names_every_area() {
    let text = read(&root().join("ARCHITECTURE.md"));
    assert!(
        text.lines().count() <= 120,
        "ARCHITECTURE.md has {} lines",
        text.lines().count()
    );
    for (area, _) in DIRECTION {
        assert!(text.contains(area), "ARCHITECTURE.md does not name {area}");
    }
}

#[test]
fn the_top_level_holds_nothing_but_the_house() {
    const ALLOWED: [&str; 16] = [
        "Cargo.toml",
        "Cargo.lock",
        "clippy.toml",
        "src",
        "migrations",
        "templates",
        "import_samples",
        "tests",
        "README.md",
        "LICENSE",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        ".cargo",
        ".ci",
        ".gitignore",
        ".git",
    ];
    let entries = fs::read_dir(root()).expect("the project");
    let names = entries
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned());
    let extra: Vec<_> = names
        .filter(|n| {
            !ALLOWED.contains(&n.as_str())
                && !["target", "data", "canvass-demo", "proptest-regressions"].contains(&n.as_str())
        })
        .collect();
    assert!(extra.is_empty(), "{extra:?}");
}

/// Licences a self-hosted Apache-2.0 program may be linked with.
const LICENCES: [&str; 14] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "0BSD",
    "CC0-1.0",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "MIT-0",
];

#[test]
fn every_dependency_has_a_licence_that_we_may_use() {
    let output = std::process::Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--locked",
            "--filter-platform",
            &host(),
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let graph: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = graph["packages"].as_array().expect("packages");
    let refused: Vec<_> = packages
        .iter()
        .filter(|p| !may_use(p["license"].as_str().unwrap_or("")))
        .map(|p| format!("{} {}", p["name"], p["license"]))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Only what is linked here is downloaded, so only that can be asked for without a network.
fn host() -> String {
    let output = std::process::Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .find_map(|l| l.strip_prefix("host: "))
        .expect("rustc names its host")
        .to_owned()
}

/// An SPDX expression: every part of an AND, one part of an OR.
fn may_use(expression: &str) -> bool {
    let expression = expression
        .replace(['(', ')'], "")
        .replace('/', " OR ")
        .replace(" WITH LLVM-exception", "");
    !expression.is_empty()
        && expression
            .split(" AND ")
            .all(|part| part.split(" OR ").any(|one| LICENCES.contains(&one.trim())))
}
