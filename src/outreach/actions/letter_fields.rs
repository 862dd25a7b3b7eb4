//! What the fields of a letter are for many persons at once, by four statements.

use std::collections::HashMap;

use crate::outreach::model::LetterKind;
use crate::outreach::queries::letter as queries;
use crate::outreach::rules::letter::{
    Fields, addressee, base_of, salutation, short_name, sign, zodiac,
};
use crate::outreach::rules::link::Link;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::mailer::keys::Ring;
use crate::platform::office::Office;

/// Somebody who is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient {
    /// The person's root.
    pub person_id: i64,
    /// The company that it is about.
    pub company_id: Option<i64>,
    /// Its rep.
    pub owner_id: Option<i64>,
    /// Language of the letter.
    pub language: Lang,
}

/// What is written about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topic {
    /// Greeting or news; none: a greeting.
    pub kind: Option<LetterKind>,
    /// Code of the occasion, of two joined by `_` as well.
    pub occasion: Option<String>,
    /// Code of a second occasion that moved into this letter.
    pub also: Option<String>,
    /// Year of the occasion.
    pub year: Option<i32>,
    /// Title of the issue of news.
    pub issue: Option<String>,
}

/// The fields of each recipient, in their order; links, pieces of news and anniversaries are for the caller to add.
pub fn fields(
    conn: &mut Conn,
    office: &Office,
    topic: &Topic,
    recipients: &[Recipient],
) -> AppResult<Vec<Fields>> {
    let persons: Vec<i64> = recipients.iter().map(|one| one.person_id).collect();
    let companies: Vec<i64> = recipients.iter().filter_map(|one| one.company_id).collect();
    let owners: Vec<i64> = recipients.iter().filter_map(|one| one.owner_id).collect();
    let names = queries::names(conn, &persons)?;
    let titles = queries::titles(conn, &persons)?;
    let companies = queries::companies(conn, &companies)?;
    let reps = queries::reps(conn, &owners)?;
    let reps: HashMap<i64, queries::Rep> = reps.into_iter().map(|rep| (rep.id, rep)).collect();
    let mut titles_of: HashMap<i64, Vec<(Option<i64>, String)>> = HashMap::new();
    for (person, company, title) in titles {
        titles_of.entry(person).or_default().push((company, title));
    }
    let one = |to: &Recipient| {
        let lang = to.language;
        let mut fields = about(office, topic, lang);
        let (name, name_en) = names.get(&to.person_id).cloned().unwrap_or_default();
        let all = titles_of.get(&to.person_id).map_or(&[][..], Vec::as_slice);
        let here = all
            .iter()
            .find(|(at, _)| at.is_some() && *at == to.company_id);
        // A title at another company would be a wrong address here.
        let title = here.or_else(|| all.first().filter(|_| to.company_id.is_none()));
        let title = title.map(|(_, title)| title.clone());
        fields.addressee = addressee(lang, name.as_deref(), name_en.as_deref(), title.as_deref());
        fields.salutation = fields.addressee.as_deref().map(|who| salutation(lang, who));
        fields.name = in_language(lang, name, name_en);
        fields.title = title;
        fields.company = to
            .company_id
            .and_then(|id| companies.get(&id))
            .and_then(|found| {
                let (name, name_en) = found.clone();
                in_language(lang, Some(name), name_en).map(|name| short_name(&name))
            });
        if let Some(rep) = to.owner_id.and_then(|id| reps.get(&id)) {
            fields.rep_name = Some(rep.name.clone());
            fields.rep_mail = Some(rep.email.clone());
            fields.rep_phone = rep.phone.clone();
        }
        fields
    };
    Ok(recipients.iter().map(one).collect())
}

/// What is the same for everybody who reads this language.
pub fn about(office: &Office, topic: &Topic, lang: Lang) -> Fields {
    let kind = topic.kind.unwrap_or(LetterKind::Greeting);
    let (occasion, rest) = topic.occasion.as_deref().map_or((None, None), parts);
    let also = topic.also.as_deref().or(rest);
    let mut fields = Fields {
        occasion: occasion.and_then(|code| name(lang, "occasion", code)),
        also: also.and_then(|code| {
            name(lang, "letter-also", code).or_else(|| name(lang, "occasion", code))
        }),
        year: topic.year,
        zodiac: topic.year.map(|year| zodiac(lang, year).to_owned()),
        issue: topic.issue.clone(),
        ..Fields::default()
    };
    sign(&mut fields, office, kind, lang);
    fields
}

/// The links of one person's letter.
pub fn link(fields: &mut Fields, ring: &Ring, public_url: &str, link: Link) {
    let url = link.url(ring, public_url);
    fields.preferences = Some(format!("{url}#choices"));
    fields.opt_out = Some(url);
}

/// The occasion whose letter it is, and the one that has none of its own in it: of two occasions without a joint letter
/// the second is told as well.
fn parts(code: &str) -> (Option<&str>, Option<&str>) {
    match base_of(code) {
        Some(base) if base != code => (Some(base), code.get(base.len() + 1..)),
        _ => (Some(code), None),
    }
}

fn name(lang: Lang, prefix: &str, code: &str) -> Option<String> {
    let key = format!("{prefix}-{}", code.replace('_', "-"));
    lang.knows(&key).then(|| lang.text(&key))
}

fn in_language(lang: Lang, zh: Option<String>, en: Option<String>) -> Option<String> {
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    match lang {
        Lang::Zh => filled(zh).or(filled(en)),
        Lang::En => filled(en).or(filled(zh)),
    }
}
