//! What one letter greets: an occasion, or several that became one.

use chrono::{Datelike, NaiveDate};

use super::catalogue::Occasion;
use crate::outreach::model::Mailing;
use crate::platform::i18n::Lang;

/// Occasions that fall together often enough for a letter of their own.
const PAIRS: [&str; 1] = ["mid_autumn_national_day"];
/// The letter of any other two.
pub const JOINT: &str = "joint";

/// One or more occasions in one letter, the leading one first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Greeting(Vec<Occasion>);

impl Greeting {
    /// Of one occasion.
    pub fn of(occasion: Occasion) -> Self {
        Self(vec![occasion])
    }

    /// Of several days: a great one leads, then the earlier.
    pub(super) fn of_days(days: &[(Occasion, NaiveDate)]) -> Self {
        let mut days = days.to_vec();
        days.sort_by_key(|(occasion, day)| (!occasion.is_great(), *day));
        Self(days.into_iter().map(|(occasion, _)| occasion).collect())
    }

    /// From its code: that of an occasion, or several joined by `_`.
    pub fn from_code(code: &str) -> Option<Self> {
        if let Some(one) = Occasion::from_code(code) {
            return Some(Self::of(one));
        }
        Occasion::holidays().find_map(|first| {
            let rest = code.strip_prefix(first.code())?.strip_prefix('_')?;
            let Self(rest) = Self::from_code(rest).filter(|rest| !rest.is_own_day())?;
            Some(Self(std::iter::once(first).chain(rest).collect()))
        })
    }

    /// `mid_autumn`, `mid_autumn_national_day`: the code of the mailing's occasion and of its letter.
    pub fn code(&self) -> String {
        let codes: Vec<_> = self.0.iter().map(|occasion| occasion.code()).collect();
        codes.join("_")
    }

    /// The code of its letter.
    pub fn letter_code(&self) -> String {
        let code = self.code();
        match self.0.len() == 1 || PAIRS.contains(&code.as_str()) {
            true => code,
            false => JOINT.to_owned(),
        }
    }

    /// Its occasions, the leading one first.
    pub fn parts(&self) -> &[Occasion] {
        &self.0
    }

    /// The one that leads.
    pub fn leading(&self) -> Occasion {
        self.0.first().copied().unwrap_or(Occasion::NewYear)
    }

    /// Whether everybody has a day of their own.
    pub fn is_own_day(&self) -> bool {
        self.leading().is_own_day()
    }

    /// What a person is greeted at most once for: the scopes of the key rows of kind `greeting`. A letter for two
    /// holidays takes both.
    pub fn scopes(&self, year: i32) -> Vec<String> {
        let scope = |occasion: &Occasion| format!("{}:{year}", occasion.code());
        self.0.iter().map(scope).collect()
    }

    /// What its mailing is called: `中秋2026`, `Birthday 29 Sep`.
    pub fn name_on(&self, on: NaiveDate, lang: Lang) -> String {
        let named = self.name(lang);
        match (self.is_own_day(), lang) {
            (false, Lang::Zh) => format!("{named}{}", on.year()),
            (false, Lang::En) => format!("{named} {}", on.year()),
            (true, Lang::Zh) => format!("{named}{}月{}日", on.month(), on.day()),
            (true, Lang::En) => format!("{named} {}", on.format("%-d %b")),
        }
    }

    /// Its name, `中秋与国庆`.
    pub fn name(&self, lang: Lang) -> String {
        let mut names = self.0.iter().map(|occasion| lang.text(occasion.key()));
        let first = names.next().unwrap_or_default();
        names.fold(first, |named, next| {
            lang.text_with(
                "occasion-joint",
                &[("first", named.into()), ("second", next.into())],
            )
        })
    }
}

/// The name of a mailing in a language: one that the calendar gave is said again, one that somebody gave stays.
pub fn name_in(lang: Lang, mailing: &Mailing) -> String {
    let greeting = mailing.occasion.as_deref().and_then(Greeting::from_code);
    let given = greeting.zip(mailing.occasion_on);
    let is_given = |(greeting, on): &(Greeting, NaiveDate)| {
        let names = Lang::ALL.map(|lang| greeting.name_on(*on, lang));
        names.contains(&mailing.name)
    };
    match given.filter(is_given) {
        Some((greeting, on)) => greeting.name_on(on, lang),
        None => mailing.name.clone(),
    }
}
