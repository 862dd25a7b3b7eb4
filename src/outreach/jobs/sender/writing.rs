//! The letters of a claim: everything that they need is read at once, and each is written for its person.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDateTime;
use serde_json::json;

use super::MailSetup;
use crate::outreach::actions::ledger::Claimed;
use crate::outreach::actions::letter_fields::{self, Recipient, Topic};
use crate::outreach::actions::plan::Whose;
use crate::outreach::actions::{letters as shelf, news};
use crate::outreach::model::{Held, Mailing, MailingKind, NewsItem};
use crate::outreach::queries;
use crate::outreach::rules::letter::{Compiled, Fields, Item, write};
use crate::outreach::rules::link::Link;
use crate::outreach::rules::news_choice::{ItemTags, choose};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::mailer::keys::{self, Ring};
use crate::platform::mailer::{Bulk, Envelope, Mail, Person, verp};
use crate::platform::office::{self, Office};
use crate::qualifying::Grade;

/// A letter with everything that its words are merged from. They are merged when it leaves, by whoever sends it: so
/// hundreds may wait for their turn and take little room.
#[derive(Debug)]
pub(super) struct Draft {
    /// The letter without its words.
    pub(super) mail: Mail,
    /// Where it comes back to, and to whom it goes.
    pub(super) envelope: Envelope,
    /// Its text, and the fields of the person.
    pub(super) words: Option<(Arc<Compiled>, Fields)>,
}

impl Draft {
    /// The letter; or why there is none for this person: JSON `{code, …}`.
    pub(super) fn letter(&mut self) -> Result<&Mail, String> {
        if let Some((compiled, fields)) = &self.words {
            let written = write(compiled, fields).map_err(|missing| lacks(missing.field))?;
            self.mail.subject = written.subject;
            self.mail.text = written.text;
            self.mail.html = Some(written.html);
        }
        Ok(&self.mail)
    }
}

/// Why a letter does not go to what is no address.
pub(super) fn bad_address(held: &Held, why: &anyhow::Error) -> String {
    tracing::warn!("delivery {}: {why:#}", held.id);
    json!({ "code": "bad_address", "address": held.address }).to_string()
}

fn lacks(field: &str) -> String {
    json!({ "code": "missing_field", "field": field }).to_string()
}

/// The drafts of what was claimed, by delivery, or why there is none: JSON `{code, …}`.
pub(super) fn drafts(
    conn: &mut Conn,
    setup: &MailSetup,
    now: NaiveDateTime,
    claimed: &Claimed,
    whose: &HashMap<i64, Whose>,
) -> AppResult<HashMap<i64, Result<Draft, String>>> {
    let ring = keys::ring(&setup.data)?;
    let office = office::load(conn)?.signed_by(setup.mailer.signer());
    let mut all = HashMap::new();
    for (id, mailing) in &claimed.mailings {
        let held: Vec<&Held> = claimed
            .held
            .iter()
            .filter(|one| one.mailing_id == *id)
            .collect();
        if held.is_empty() {
            continue;
        }
        let post = Post {
            setup,
            office: &office,
            ring: &ring,
            mailing,
            whose,
            now,
        };
        all.extend(post.drafts(conn, &held)?);
    }
    Ok(all)
}

/// One mailing, and what its letters have in common.
struct Post<'a> {
    setup: &'a MailSetup,
    office: &'a Office,
    ring: &'a Ring,
    mailing: &'a Mailing,
    whose: &'a HashMap<i64, Whose>,
    now: NaiveDateTime,
}

impl Post<'_> {
    fn drafts(
        &self,
        conn: &mut Conn,
        held: &[&Held],
    ) -> AppResult<Vec<(i64, Result<Draft, String>)>> {
        let issue = match self.mailing.issue_id {
            Some(id) => Some(news::issue(conn, id)?),
            None => None,
        };
        let topic = Topic {
            kind: Some(self.kind().into()),
            occasion: self.mailing.occasion.clone(),
            also: None,
            year: self.mailing.year,
            issue: issue.as_ref().map(|(issue, _)| issue.title.clone()),
        };
        let recipients: Vec<Recipient> = held.iter().map(|one| self.recipient(one)).collect();
        let fields = letter_fields::fields(conn, self.office, &topic, &recipients)?;
        let tags = match &issue {
            Some(_) => {
                let companies = recipients.iter().filter_map(|to| to.company_id);
                queries::company_tags(conn, &companies.collect::<Vec<_>>())?
            }
            None => HashMap::new(),
        };
        let pieces = issue.as_ref().map(|(_, items)| Pieces::of(items));
        let versions: BTreeMap<String, i32> = serde_json::from_str(&self.mailing.letter_versions)?;
        let mut compiled = HashMap::new();
        for lang in Lang::ALL {
            let code = lang.code();
            if recipients.iter().any(|to| to.language == lang) {
                let version = versions.get(code).copied().unwrap_or(0);
                let letter = shelf::compiled(conn, &self.mailing.letter_code, code, version)?;
                compiled.insert(code, letter);
            }
        }
        let mut drafts = Vec::new();
        for ((one, to), mut fields) in held.iter().zip(&recipients).zip(fields) {
            let link = Link {
                person_id: one.person_id,
                mailing_id: Some(self.mailing.id),
            };
            letter_fields::link(&mut fields, self.ring, self.base(), link);
            if let Some(pieces) = &pieces {
                let company = to.company_id.and_then(|id| tags.get(&id));
                fields.items = pieces.chosen(to.language, company);
            }
            let Some(letter) = compiled.get(to.language.code()) else {
                continue;
            };
            let draft = match letter.missing(&fields) {
                Some(field) => Err(lacks(field)),
                None => self.draft(one, letter, to.language, fields),
            };
            drafts.push((one.id, draft));
        }
        Ok(drafts)
    }

    fn draft(
        &self,
        held: &Held,
        letter: &Arc<Compiled>,
        lang: Lang,
        fields: Fields,
    ) -> Result<Draft, String> {
        let mail = self.mail(held, lang, &fields);
        let envelope = self.setup.mailer.envelope(&mail);
        Ok(Draft {
            envelope: envelope.map_err(|why| bad_address(held, &why))?,
            mail,
            words: Some((letter.clone(), fields)),
        })
    }

    /// Whom a letter is for as things stand: who answers for them by now, and whose customer they are by now.
    fn recipient(&self, held: &Held) -> Recipient {
        let language = held.language.as_deref().and_then(Lang::parse);
        let whose = self.whose.get(&held.id).copied().unwrap_or(Whose {
            person_id: held.person_id,
            company_id: held.company_id,
            owner_id: held.owner_id,
        });
        Recipient {
            person_id: whose.person_id,
            company_id: whose.company_id,
            owner_id: whose.owner_id,
            language: language.unwrap_or_else(|| self.office.lang()),
        }
    }

    fn kind(&self) -> MailingKind {
        MailingKind::from_code(&self.mailing.kind).unwrap_or(MailingKind::Greeting)
    }

    /// What links begin with.
    fn base(&self) -> &str {
        let set = self.setup.mailer.public_url();
        set.unwrap_or(&self.setup.own_url)
    }

    fn mail(&self, held: &Held, lang: Lang, fields: &Fields) -> Mail {
        let mailer = &self.setup.mailer;
        let (kind, domain) = (self.kind().code(), mailer.domain());
        let list = match self.kind() {
            MailingKind::Greeting => "greetings",
            MailingKind::News => "news",
        };
        let reply_to = fields.rep_mail.as_ref().map(|address| Person {
            name: fields.rep_name.clone(),
            address: address.clone(),
        });
        let return_to = mailer.return_mailbox().and_then(|mailbox| {
            let key = self.ring.sign(self.ring.current(), RETURN)?;
            verp::return_address(held.id, &key, &mailbox)
        });
        Mail {
            name: format!("delivery-{}", held.id),
            message_id: format!("{kind}.{}.{}.0@{domain}", held.mailing_id, held.person_id),
            from_name: fields.office.clone(),
            reply_to,
            to: Person {
                name: fields.name.clone(),
                address: held.address.clone(),
            },
            subject: String::new(),
            text: String::new(),
            html: None,
            at: self.now,
            bulk: fields.opt_out.as_ref().map(|url| Bulk {
                list_id: format!("{list}.{domain}"),
                unsubscribe: url.clone(),
                feedback_id: format!("{}:{kind}:{}:canvass", held.mailing_id, lang.code()),
            }),
            return_to,
        }
    }
}

/// For what a key signs return addresses.
const RETURN: &[u8] = b"canvass return address";

/// The pieces of an issue, with what they are chosen by.
struct Pieces<'a> {
    items: &'a [NewsItem],
    tags: Vec<ItemTags>,
}

impl<'a> Pieces<'a> {
    fn of(items: &'a [NewsItem]) -> Self {
        Self {
            items,
            tags: items.iter().map(ItemTags::of).collect(),
        }
    }

    /// Those for one reader, by industry and grade of the company.
    fn chosen(&self, lang: Lang, company: Option<&(Option<String>, Option<String>)>) -> Vec<Item> {
        let industry = company.and_then(|(industry, _)| industry.as_deref());
        let grade = company.and_then(|(_, grade)| grade.as_deref());
        let grade = grade.and_then(Grade::from_code);
        choose(&self.tags, lang.code(), industry, grade)
            .into_iter()
            .filter_map(|tag| self.items.iter().find(|item| item.id == tag.id))
            .map(|item| Item {
                title: item.title.clone(),
                body: item.body.clone(),
                url: item.url.clone(),
            })
            .collect()
    }
}
