//! From what somebody wrote to what is merged for each person: done once for a version of a letter.

use std::borrow::Cow;
use std::collections::BTreeSet;

use css_inline::CSSInliner;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};

use super::depth;
use super::fault::LetterFault;
use super::fields::{self, FIELDS, Fields, ITEMS};
use super::frame::{Framed, STYLES, frame};
use super::lean::lean;
use super::merge::{merged, values};
use super::tokens::Tokens;
use super::{SOURCE, SUBJECT, text};
use crate::outreach::model::LetterKind;
use crate::platform::i18n::Lang;

/// Steps that merging one letter may take: some thousand pieces of text, and no loop without end.
const FUEL: u64 = 200_000;
/// What no mail program shows and every filter minds; a font is fetched from wherever it lies.
const FORBIDDEN: [&str; 7] = [
    "<script",
    "<iframe",
    "<form",
    "<object",
    "<mj-include",
    "<embed",
    "<mj-font",
];

/// A version of a letter, ready to be merged.
pub struct Compiled {
    /// What it is for.
    pub kind: LetterKind,
    /// Its language.
    pub language: Lang,
    /// The templates `subject`, `html` and `text`.
    pub(super) templates: Environment<'static>,
    /// The fields that it names.
    pub(super) names: Vec<&'static str>,
    needs: Vec<&'static str>,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled")
            .field("kind", &self.kind)
            .field("language", &self.language)
            .field("needs", &self.needs)
            .finish_non_exhaustive()
    }
}

impl Compiled {
    /// The fields that it names without a fall-back: who lacks one does not get it.
    pub fn needs(&self) -> &[&'static str] {
        &self.needs
    }

    /// The first of those that a person lacks.
    pub fn missing(&self, fields: &Fields) -> Option<&'static str> {
        let lacks = |code: &&&str| fields.get(code).is_none();
        self.needs.iter().find(lacks).copied()
    }
}

/// Compiles a letter, or says what is wrong with it and where.
pub fn compile(
    kind: LetterKind,
    language: Lang,
    subject: &str,
    source: &str,
) -> Result<Compiled, LetterFault> {
    check_size(subject, source)?;
    check_fields(subject.trim()).map_err(|fault| LetterFault::InSubject(Box::new(fault)))?;
    check_fields(source)?;
    let mut tokens = Tokens::default();
    let framed = frame(&mut tokens, language, source)?;
    let html = tokens.put_back(&inlined(&markup(&framed)?)?);
    let plain = tokens.put_back(&text::plain(&framed.letter, &framed.foot)?);
    let mut templates = environment();
    let add = |environment: &mut Environment<'static>, name: &str, text: String| {
        let added = environment.add_template_owned(name.to_owned(), text);
        added.map_err(|_| LetterFault::Unwritable)
    };
    add(&mut templates, "subject", subject.trim().to_owned())?;
    add(&mut templates, "html", html)?;
    add(&mut templates, "text", plain)?;
    let mut compiled = Compiled {
        kind,
        language,
        names: names(&templates),
        templates,
        needs: Vec::new(),
    };
    let sample = values(&compiled, &Fields::sample(language));
    merged(&compiled, sample).map_err(|_| LetterFault::Unwritable)?;
    compiled.needs = needs(&compiled);
    Ok(compiled)
}

fn check_size(subject: &str, source: &str) -> Result<(), LetterFault> {
    if subject.trim().is_empty() {
        return Err(LetterFault::NoSubject);
    }
    if subject.trim().contains(['\n', '\r']) || subject.chars().count() > SUBJECT {
        return Err(LetterFault::SubjectLong);
    }
    if source.trim().is_empty() {
        return Err(LetterFault::Empty);
    }
    if source.len() > SOURCE {
        return Err(LetterFault::TooLong);
    }
    let lower = source.to_lowercase();
    match FORBIDDEN.iter().find(|name| lower.contains(**name)) {
        Some(name) => Err(LetterFault::Forbidden {
            name: name.trim_start_matches('<'),
        }),
        None => Ok(()),
    }
}

/// Every field is one of the table, and every condition can be read.
fn check_fields(text: &str) -> Result<(), LetterFault> {
    depth::check_fields(text)?;
    let environment = environment();
    let template = environment.template_from_str(text).map_err(|error| {
        let line = error.line().unwrap_or(1);
        LetterFault::Merge {
            line,
            near: line_of(text, line),
        }
    })?;
    let mut names: Vec<String> = template.undeclared_variables(false).into_iter().collect();
    names.sort();
    let is_known = |name: &String| name == ITEMS || fields::by_code(name).is_some();
    match names.into_iter().find(|name| !is_known(name)) {
        Some(name) => Err(LetterFault::UnknownField {
            near: fields::nearest(&name),
            name,
        }),
        None => Ok(()),
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // A condition may ask whether a field is there; to print one that is not, is a fault.
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|name| match name {
        "html" => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    environment.set_formatter(escaped);
    environment.set_fuel(Some(FUEL));
    environment
}

/// What HTML needs and no more: the slash of an address stays one.
fn escaped(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    let text = value
        .as_str()
        .map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed);
    let written = match state.auto_escape() {
        AutoEscape::Html if text.contains(ESCAPED) => out.write_str(&escape(&text)),
        _ => out.write_str(&text),
    };
    written.map_err(|_| ErrorKind::WriteFailure.into())
}

const ESCAPED: [char; 5] = ['&', '<', '>', '"', '\''];

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The HTML of a framed letter.
fn markup(framed: &Framed) -> Result<String, LetterFault> {
    let fault = |line: usize| {
        let line = line.saturating_sub(framed.lines_before).max(1);
        LetterFault::Markup {
            line,
            near: line_of(&framed.letter, line),
        }
    };
    if let Some(line) = depth::too_deep(&framed.letter) {
        return Err(LetterFault::TooDeep { line });
    }
    if let Some(line) = unknown_element(&framed.letter) {
        return Err(LetterFault::Markup {
            line,
            near: line_of(&framed.letter, line),
        });
    }
    let document = &framed.document;
    let parsed = mrml::parse(document).map_err(|error| fault(place(&error, document)))?;
    let html = parsed
        .element
        .render(&mrml::prelude::render::RenderOptions {
            // No letter fetches a font from anywhere.
            fonts: Default::default(),
            ..Default::default()
        });
    html.map_err(|_| fault(1))
}

/// Elements of a letter's body.
const ELEMENTS: [&str; 22] = [
    "mj-accordion",
    "mj-accordion-element",
    "mj-accordion-text",
    "mj-accordion-title",
    "mj-button",
    "mj-carousel",
    "mj-carousel-image",
    "mj-column",
    "mj-divider",
    "mj-group",
    "mj-hero",
    "mj-image",
    "mj-navbar",
    "mj-navbar-link",
    "mj-raw",
    "mj-section",
    "mj-social",
    "mj-social-element",
    "mj-spacer",
    "mj-table",
    "mj-text",
    "mj-wrapper",
];

/// The first line of the body with an element that there is not: the parser would let it fall silently, with everything
/// in it. What has no place around a body the parser says itself.
fn unknown_element(letter: &str) -> Option<usize> {
    const BODY: &str = "<mj-body";
    let begins = letter.find(BODY).map_or(0, |at| at + BODY.len());
    let (around, body) = letter.split_at(begins);
    let is_unknown = |rest: &str| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let name = &rest[..end.unwrap_or(rest.len())];
        !ELEMENTS.contains(&name)
    };
    body.lines()
        .position(|line| {
            let opened = line.match_indices("<mj-");
            opened
                .into_iter()
                .any(|(at, _)| is_unknown(&line[at + 1..]))
        })
        .map(|before| around.matches('\n').count() + before + 1)
}

/// The line of the document that an error is about.
fn place(error: &mrml::prelude::parser::Error, document: &str) -> usize {
    use mrml::prelude::parser::Error;
    let position = match error {
        Error::UnexpectedElement { position, .. }
        | Error::UnexpectedToken { position, .. }
        | Error::MissingAttribute { position, .. }
        | Error::InvalidAttribute { position, .. }
        | Error::InvalidFormat { position, .. }
        | Error::IncludeLoaderError { position, .. } => position.start,
        Error::ParserError { source, .. } => return source.pos().row as usize,
        _ => document.len(),
    };
    let before = document.get(..position).unwrap_or(document);
    before.matches('\n').count() + 1
}

fn line_of(text: &str, line: usize) -> String {
    let found = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    found.trim().chars().take(60).collect()
}

/// The styles of [`STYLES`] written into the elements; what the head says for phones and for the dark stays there.
fn inlined(html: &str) -> Result<String, LetterFault> {
    let inliner = CSSInliner::options()
        .inline_style_tags(false)
        .keep_style_tags(true)
        .load_remote_stylesheets(false)
        .extra_css(Some(STYLES.into()))
        .build();
    let inlined = inliner.inline(html).map_err(|_| LetterFault::Unwritable)?;
    Ok(lean(&inlined))
}

/// The fields that subject, HTML or text name.
fn names(templates: &Environment<'static>) -> Vec<&'static str> {
    let used: BTreeSet<String> = ["subject", "html", "text"]
        .iter()
        .filter_map(|name| templates.get_template(name).ok())
        .flat_map(|template| template.undeclared_variables(false))
        .collect();
    let codes = FIELDS.iter().map(|field| field.code).chain([ITEMS]);
    codes.filter(|code| used.contains(*code)).collect()
}

/// Tried out, since a fall-back may stand anywhere: a field is needed if nothing can be written without it.
fn needs(compiled: &Compiled) -> Vec<&'static str> {
    let sample = Fields::sample(compiled.language);
    let stops = |code: &&'static str| {
        let mut without = values(compiled, &sample);
        without.remove(code);
        merged(compiled, without).is_err()
    };
    compiled.names.iter().copied().filter(stops).collect()
}
