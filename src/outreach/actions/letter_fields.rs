//! What the fields of a letter are for many persons at once, by four statements.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDateTime};

use super::letters::LetterText;
use super::mailing_trial::Post;
use crate::outreach::model::LetterKind;
use crate::outreach::queries::first_bought;
pub use crate::outreach::queries::letter::Candidate;
use crate::outreach::queries::letter::{self as queries, Lack};
use crate::outreach::rules::letter::{
    Fields, addressee, base_of, in_latin, salutation, short_name, sign, zodiac,
};
use crate::outreach::rules::link::Link;
use crate::outreach::rules::occasions::{JOINT, Occasion};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::mailer::keys::Ring;
use crate::platform::office::{self, Office};

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

/// The fields of each recipient, in their order; links and pieces of news are for the caller to add.
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
    let since = match topic.occasion.as_deref() {
        Some(code) if code == Occasion::Anniversary.code() => first_bought(conn, &companies)?,
        _ => HashMap::new(),
    };
    let companies = queries::companies(conn, &companies)?;
    let reps = queries::reps(conn, &owners)?;
    let reps: HashMap<i64, queries::Rep> = reps.into_iter().map(|rep| (rep.id, rep)).collect();
    let mut titles_of: HashMap<i64, Vec<(Option<i64>, String)>> = HashMap::new();
    for (person, company, title) in titles {
        titles_of.entry(person).or_default().push((company, title));
    }
    let common: HashMap<Lang, Fields> = Lang::ALL
        .into_iter()
        .map(|lang| (lang, about(office, topic, lang)))
        .collect();
    let one = |to: &Recipient| {
        let lang = to.language;
        let mut fields = common[&lang].clone();
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
        fields.name = in_language(lang, name, name_en).map(|name| spelt(lang, name));
        fields.title = title;
        fields.company = to
            .company_id
            .and_then(|id| companies.get(&id))
            .and_then(|found| {
                let (name, name_en) = found.clone();
                in_language(lang, Some(name), name_en).map(|name| short_name(&name))
            });
        let bought = to.company_id.and_then(|id| since.get(&id));
        fields.years = bought.and_then(|at| years_since(*at, topic.year?));
        if let Some(rep) = to.owner_id.and_then(|id| reps.get(&id)) {
            fields.rep_name = Some(spelt(lang, rep.name.clone()));
            fields.rep_mail = Some(rep.email.clone());
            fields.rep_phone = rep.phone.clone();
        }
        fields
    };
    Ok(recipients.iter().map(one).collect())
}

/// Which anniversary a year holds; none in the year of the beginning itself.
fn years_since(began: NaiveDateTime, year: i32) -> Option<i32> {
    Some(year - began.year()).filter(|years| *years > 0)
}

/// What is the same for everybody who reads this language.
pub fn about(office: &Office, topic: &Topic, lang: Lang) -> Fields {
    let kind = topic.kind.unwrap_or(LetterKind::Greeting);
    let (occasion, rest) = topic.occasion.as_deref().map_or((None, None), parts);
    let also = topic.also.as_deref().or(rest);
    let mut fields = Fields {
        occasion: occasion.and_then(|code| word("occasion", lang, code)),
        also: also.and_then(|code| {
            word("letter-also", lang, code).or_else(|| word("occasion", lang, code))
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

fn word(prefix: &str, lang: Lang, code: &str) -> Option<String> {
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

/// A person's name as a letter in this language has it.
fn spelt(lang: Lang, name: String) -> String {
    match lang {
        Lang::Zh => name,
        Lang::En => in_latin(&name),
    }
}

/// A letter tried on somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Who signs.
    pub from: String,
    /// Who would get it.
    pub to: Option<String>,
    /// Their mailbox; nobody made up has one.
    pub mailbox: Option<String>,
    /// Their fields.
    pub fields: Fields,
}

/// The fields of somebody made up, or of a person by any id of theirs. Links of a trial change nothing.
pub fn trial(
    conn: &mut Conn,
    post: Post<'_>,
    letter: &LetterText,
    person_id: i64,
) -> AppResult<Trial> {
    let office = office::load(conn)?.signed_by(post.signer);
    let lang = letter.language;
    let is_joint = letter.code == JOINT;
    let mut made_up = Fields::sample(lang);
    // A second occasion is the exception, but for the letter of two.
    if !is_joint {
        made_up.also = None;
    }
    let found = queries::candidate_of(conn, person_id)?;
    let mut fields = match &found {
        None => made_up.clone(),
        Some(person) => {
            let to = Recipient {
                person_id: person.id,
                company_id: person.company_id,
                owner_id: person.owner_id,
                language: lang,
            };
            let topic = Topic {
                kind: Some(letter.kind),
                occasion: Some(letter.code.clone()).filter(|_| !is_joint),
                year: made_up.year,
                ..Topic::default()
            };
            let made = fields(conn, &office, &topic, &[to])?.pop();
            let own = made.unwrap_or_default();
            Fields {
                occasion: own.occasion.clone().or(made_up.occasion.clone()),
                also: own.also.clone().or(made_up.also.clone()),
                year: made_up.year,
                years: own.years.or(made_up.years),
                zodiac: made_up.zodiac.clone(),
                issue: made_up.issue.clone(),
                items: made_up.items.clone(),
                ..own
            }
        }
    };
    sign(&mut fields, &office, letter.kind, lang);
    link(&mut fields, post.ring, post.url, Link::TRIAL);
    let (to, mailbox) = match found {
        Some(person) => (person.name, person.email),
        None => (made_up.name, None),
    };
    Ok(Trial {
        from: fields.office.clone().unwrap_or_default(),
        to,
        mailbox,
        fields,
    })
}

/// The newest people with an address; `chosen` is one of them, too, if there is one of that id.
pub fn candidates(conn: &mut Conn, most: i64, chosen: i64) -> AppResult<Vec<Candidate>> {
    let mut people = queries::candidates(conn, most)?;
    if !people.iter().any(|person| person.id == chosen)
        && let Some(person) = queries::candidate_of(conn, chosen)?
    {
        people.insert(0, person);
    }
    Ok(people)
}

/// Those who lack what a letter names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The fields that stay empty for them.
    pub fields: Vec<&'static str>,
    /// How many they are; one more than asked for where there are more.
    pub count: i64,
    /// The newest of them.
    pub people: Vec<Candidate>,
}

/// Who would not get a letter that needs these fields, among everybody with an address.
pub fn gaps(conn: &mut Conn, needs: &[&'static str], most: i64) -> AppResult<Vec<Gap>> {
    let mut gaps = Vec::new();
    for (lack, fields) in LACKS {
        let fields: Vec<&'static str> = fields
            .iter()
            .copied()
            .filter(|f| needs.contains(f))
            .collect();
        if fields.is_empty() {
            continue;
        }
        let count = queries::count_lacking(conn, lack, most + 1)?;
        if count > 0 {
            gaps.push(Gap {
                fields,
                count,
                people: queries::lacking(conn, lack, SHOWN)?,
            });
        }
    }
    Ok(gaps)
}

/// People that a list of gaps shows.
const SHOWN: i64 = 30;

/// What is missing, and the fields that are empty for it.
const LACKS: [(Lack, &[&str]); 4] = [
    (Lack::Name, &["salutation", "addressee", "name"]),
    (Lack::Title, &["title"]),
    (Lack::Company, &["company"]),
    (Lack::Rep, &["rep_name", "rep_mail"]),
];
