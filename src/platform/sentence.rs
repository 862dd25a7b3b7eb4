//! A sentence that is not written yet: its key and its arguments. It is written when somebody reads it, in their language.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::calendar::zone::to_local;
use super::i18n::{self, Lang};
use super::page::PageContext;

/// What fills a gap of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A number, which also chooses a plural.
    Number(i64),
    /// A text as it is: a name.
    Text(String),
    /// The key of a name to be translated first.
    Name(&'static str),
    /// A date.
    Date(NaiveDate),
    /// An instant in UTC, shown in the reader's or the office's zone.
    At(NaiveDateTime),
}

/// A key with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The key in the locale files.
    pub key: &'static str,
    /// Arguments by name.
    pub args: Vec<(&'static str, Arg)>,
}

impl Sentence {
    /// A sentence without gaps.
    pub fn of(key: &'static str) -> Self {
        Self {
            key,
            args: Vec::new(),
        }
    }

    /// With one more gap filled.
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((name, arg.into()));
        self
    }

    /// Written for a reader: their language, the zone in which instants are shown, and the day that goes without a year.
    pub fn write(&self, lang: Lang, zone: Tz, now: NaiveDateTime) -> String {
        let today = to_local(zone, now).date();
        let word = |arg: &Arg| match arg {
            Arg::Number(number) => i18n::Arg::from(*number),
            Arg::Text(text) => i18n::Arg::from(text),
            Arg::Name(key) => i18n::Arg::from(lang.text(key)),
            Arg::Date(date) => i18n::Arg::from(day(lang, *date, today)),
            Arg::At(at) => {
                let local = to_local(zone, *at);
                let time = local.format("%H:%M").to_string();
                let whole = if local.date() == today {
                    time
                } else {
                    format!("{} {time}", day(lang, local.date(), today))
                };
                i18n::Arg::from(whole)
            }
        };
        let args: Vec<(&str, i18n::Arg)> = self
            .args
            .iter()
            .map(|(name, arg)| (*name, word(arg)))
            .collect();
        lang.text_with(self.key, &args)
    }
}

/// A day as people write it; the year only when it is another one.
fn day(lang: Lang, date: NaiveDate, today: NaiveDate) -> String {
    match (lang, date.year() == today.year()) {
        (Lang::Zh, true) => format!("{}月{}日", date.month(), date.day()),
        (Lang::Zh, false) => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        (Lang::En, true) => date.format("%-d %b").to_string(),
        (Lang::En, false) => date.format("%-d %b %Y").to_string(),
    }
}

impl PageContext {
    /// A sentence, written for whoever looks at the page.
    pub fn say(&self, sentence: &Sentence) -> String {
        sentence.write(self.language, self.zone, self.now)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&'static str> for Arg {
    fn from(key: &'static str) -> Self {
        Self::Name(key)
    }
}

impl From<NaiveDate> for Arg {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<NaiveDateTime> for Arg {
    fn from(at: NaiveDateTime) -> Self {
        Self::At(at)
    }
}
