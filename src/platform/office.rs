//! The office: its name, zone, language, country and currency, as the settings page keeps them.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::calendar::zone;
use super::config::OfficeConfig;
use super::db::Conn;
use super::error::AppResult;
use super::i18n::Lang;
use super::log::{Change, changed};
use super::settings::{self, Setting};

/// Settings of the office, kind `office`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Office {
    /// Shown in the top bar and in mails.
    pub name: String,
    /// IANA zone; caps, service times, reports and pages use it.
    pub zone: String,
    /// Language of mails and exports, and of a visitor whose browser asks for neither.
    pub language: String,
    /// ISO country; picks the holiday calendar and how a number without country is read.
    pub country: String,
    /// ISO 4217 currency of amounts without one.
    pub currency: String,
    /// Who signs letters to customers; empty: the office by its name.
    pub sender: String,
    /// The same for letters in English; empty: as in Chinese.
    pub sender_en: String,
    /// Where the office is, as it stands under every letter.
    pub address: String,
    /// The same in English; empty: as in Chinese.
    pub address_en: String,
    /// Whether greetings carry the legal mark of advertising in their subject as news do.
    pub marks_greetings: bool,
}

impl Default for Office {
    fn default() -> Self {
        Self {
            name: String::new(),
            zone: "Asia/Shanghai".into(),
            language: Lang::Zh.code().into(),
            country: "CN".into(),
            currency: "CNY".into(),
            sender: String::new(),
            sender_en: String::new(),
            address: String::new(),
            address_en: String::new(),
            marks_greetings: false,
        }
    }
}

impl Setting for Office {
    const KIND: &'static str = "office";
}

impl Office {
    /// The zone; a name that the zone table no longer knows falls back to the default.
    pub fn tz(&self) -> Tz {
        self.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai)
    }
    /// The language of mails and exports.
    pub fn lang(&self) -> Lang {
        Lang::parse(&self.language).unwrap_or_default()
    }
    /// Who signs a letter in a language; nobody while the office has no name.
    pub fn sender_in(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Zh => filled(&self.sender)
                .or_else(|| filled(&self.name))
                .or_else(|| filled(&self.sender_en)),
            Lang::En => filled(&self.sender_en)
                .or_else(|| filled(&self.sender))
                .or_else(|| filled(&self.name)),
        }
    }
    /// Where the office has not said who signs, `signer` does: the name in which mail goes out.
    pub fn signed_by(self, signer: Option<&str>) -> Self {
        let is_nameless = self.sender_in(self.lang()).is_none();
        match signer.filter(|_| is_nameless) {
            Some(name) => Self {
                sender: name.to_owned(),
                ..self
            },
            None => self,
        }
    }
    /// Where the office is, in a language.
    pub fn address_in(&self, lang: Lang) -> Option<&str> {
        let (zh, en) = (filled(&self.address), filled(&self.address_en));
        match lang {
            Lang::Zh => zh.or(en),
            Lang::En => en.or(zh),
        }
    }
    /// With what the environment settles in place of what a page said.
    pub fn fixed_by(mut self, fixed: &OfficeConfig) -> Self {
        if let Some(zone) = &fixed.timezone {
            self.zone.clone_from(zone);
        }
        if let Some(lang) = fixed.locale {
            self.language = lang.code().into();
        }
        self
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The office as it is set up.
pub fn load(conn: &mut Conn) -> AppResult<Office> {
    Ok(settings::load::<Office>(conn)?.value)
}

/// The day it is in the office at an instant.
pub fn day(conn: &mut Conn, now: NaiveDateTime) -> AppResult<NaiveDate> {
    Ok(zone::local_date(load(conn)?.tz(), now))
}

/// Makes the stored office what the environment says, as one more version: whatever reads the office, reads one
/// truth, and a decision keeps the version it was made under. What it was and what it is, where that changed it.
pub fn fix(
    conn: &mut Conn,
    now: NaiveDateTime,
    fixed: &OfficeConfig,
) -> AppResult<Option<(Office, Office)>> {
    let stored = settings::load::<Office>(conn)?;
    let office = stored.value.clone().fixed_by(fixed);
    if office == stored.value {
        return Ok(None);
    }
    settings::save(conn, &office, stored.version, None, now)?;
    changed(conn, &Change::setting(now, None, "office"))?;
    Ok(Some((stored.value, office)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_whose_name_mail_goes_out_signs_for_an_office_without_one() {
        let signer = |office: Office| office.signed_by(Some("澄澜软件"));
        let nameless = signer(Office::default());
        assert_eq!(nameless.sender_in(Lang::Zh), Some("澄澜软件"));
        assert_eq!(nameless.sender_in(Lang::En), Some("澄澜软件"));
        let named = Office {
            name: "衡川精密".into(),
            ..Office::default()
        };
        assert_eq!(signer(named).sender_in(Lang::Zh), Some("衡川精密"));
        assert_eq!(Office::default().signed_by(None).sender_in(Lang::Zh), None);
    }
}
