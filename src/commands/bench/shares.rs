//! Where the time goes: the spans of target `share` in the code that does the work, by name. One that is entered counts
//! while it is entered; one that never is, as long as it lives.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use super::measure::Times;
use crate::platform::config::LogConfig;

static SPENT: Mutex<BTreeMap<&'static str, Times>> = Mutex::new(BTreeMap::new());

/// The log on standard error as everywhere, and the sums beside it.
pub(in crate::commands) fn start_log(config: &LogConfig) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.log_format.as_str() {
        "json" => lines.json().boxed(),
        _ => lines.boxed(),
    };
    let lines = lines.with_filter(filter);
    let sums = Sums.with_filter(filter_fn(|about: &Metadata<'_>| about.target() == "share"));
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(sums)
        .try_init();
}

/// What was spent by each name since the last time somebody asked.
pub(super) fn taken() -> BTreeMap<&'static str, Times> {
    std::mem::take(&mut *SPENT.lock().unwrap_or_else(PoisonError::into_inner))
}

struct Sums;

struct Entered(Instant);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Sums {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id) {
            span.extensions_mut().insert(Entered(Instant::now()));
        }
    }

    fn on_enter(&self, id: &Id, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id) {
            span.extensions_mut().replace(Entered(Instant::now()));
        }
    }

    fn on_exit(&self, id: &Id, ctx: Context<'_, S>) {
        add(id, &ctx);
    }

    fn on_close(&self, id: Id, ctx: Context<'_, S>) {
        add(&id, &ctx);
    }
}

/// What this span has taken, unless it was counted when it was left.
fn add<S: Subscriber + for<'a> LookupSpan<'a>>(id: &Id, ctx: &Context<'_, S>) {
    let Some(span) = ctx.span(id) else { return };
    let Some(Entered(began)) = span.extensions_mut().remove::<Entered>() else {
        return;
    };
    let mut spent = SPENT.lock().unwrap_or_else(PoisonError::into_inner);
    spent.entry(span.name()).or_default().add(began.elapsed());
}
