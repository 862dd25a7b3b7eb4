//! Whom the link of a letter is about. What they choose is written by `flows::opt_out`, which tells queues as well.

use crate::consent::{Scope, Subject, Ways, by_link, erased};
use crate::outreach::queries;
use crate::outreach::rules::link::Link;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;

/// Somebody who opened the link of a letter to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// What their choice is written on: the person, as long as there is one, with whoever was joined to them, and the
    /// address that got the letter. So it holds when the person is merged, parted, or comes back by another list, and a
    /// choice under another id of theirs is seen, and may be taken back.
    pub subjects: Vec<Subject>,
    /// The letter.
    pub delivery_id: Option<i64>,
    /// Their language, where it is known.
    pub language: Option<Lang>,
}

impl Reader {
    /// The address that is meant.
    pub fn address(&self) -> Option<&str> {
        let is_address = |s: &&Subject| s.scope == Scope::Email && !s.is_erased();
        let found = self.subjects.iter().find(is_address);
        found.map(|subject| subject.value.as_str())
    }
}

/// Reads who is meant. Works as well for persons who were joined to another, and for those of whom nothing is left.
pub fn reader(conn: &mut Conn, link: &Link) -> AppResult<Reader> {
    let mut reader = Reader::default();
    if link.is_trial() {
        return Ok(reader);
    }
    let person = queries::optout::person(conn, link.person_id)?;
    let letter = match link.mailing_id {
        Some(mailing) => queries::optout::letter_of(conn, mailing, link.person_id)?,
        None => None,
    };
    if person.is_some() {
        let mut ids: Vec<i64> = queries::members(conn, &[link.person_id])?
            .iter()
            .map(|member| member.id)
            .collect();
        ids.sort_by_key(|id| (*id != link.person_id, *id));
        reader.subjects.extend(ids.into_iter().map(Subject::person));
    }
    let (email, language) = person.unwrap_or_default();
    let (delivery_id, address, letter_language) = letter
        .map_or((None, None, None), |(id, address, language)| {
            (Some(id), address, language)
        });
    let address = address.filter(|address| !address.is_empty());
    if let Some(address) = address.or(email) {
        reader.subjects.push(Subject::email(&address));
    }
    // Somebody who was erased is known by check values, and what they say now holds for the address all the same.
    let erased = erased::erased_subjects(conn, link.person_id)?;
    let mailboxes = erased.into_iter().filter(|s| s.scope == Scope::Email);
    reader.subjects.extend(mailboxes);
    reader.delivery_id = delivery_id;
    reader.language = language
        .or(letter_language)
        .as_deref()
        .and_then(Lang::parse);
    Ok(reader)
}

/// What is closed for a reader now.
pub fn closed(conn: &mut Conn, reader: &Reader) -> AppResult<by_link::Closed> {
    by_link::closed(conn, &reader.subjects)
}

/// What a reader asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// No mail any more; what else was chosen stays.
    NoMail,
    /// Exactly these.
    These {
        /// News.
        news: bool,
        /// Greetings.
        greetings: bool,
        /// Calls.
        calls: bool,
    },
}

impl Choice {
    /// The ways that the choice closes by link, given what is closed already. What somebody closed in another way needs
    /// no second word and stays out of it; what they closed here before stays under it, since no box asks for it.
    pub fn closes(self, now: by_link::Closed) -> Ways {
        match self {
            Self::NoMail => now.by_link.union(Ways::MAIL),
            Self::These {
                news,
                greetings,
                calls,
            } => {
                let mail = match (news, greetings) {
                    (true, true) => Ways::NONE,
                    (false, true) => Ways::NEWS,
                    (true, false) => Ways::GREETINGS,
                    (false, false) => Ways::MAIL,
                };
                let calls = if calls { Ways::NONE } else { Ways::CALL };
                let unasked = match now.otherwise.holds(Ways::MAIL) {
                    true => now.otherwise.union(Ways::NEWS).union(Ways::GREETINGS),
                    false => now.otherwise,
                };
                let stays = Ways(now.by_link.0 & unasked.0);
                Ways(mail.union(calls).0 & !now.otherwise.0).union(stays)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::by_link::Closed;

    #[test]
    fn a_choice_closes_what_is_not_wanted() {
        let these = |news, greetings, calls| Choice::These {
            news,
            greetings,
            calls,
        };
        let open = Closed::default();
        let said_by_phone = Closed {
            by_link: Ways::NEWS,
            otherwise: Ways::CALL,
        };
        let no_mail_by_phone = Closed {
            by_link: Ways::NEWS,
            otherwise: Ways::MAIL,
        };
        for (choice, now, closed) in [
            (Choice::NoMail, open, Ways::MAIL),
            (Choice::NoMail, said_by_phone, Ways::NEWS.union(Ways::MAIL)),
            (these(true, true, true), said_by_phone, Ways::NONE),
            (these(false, true, true), open, Ways::NEWS),
            (
                these(true, false, false),
                open,
                Ways::GREETINGS.union(Ways::CALL),
            ),
            (these(false, false, true), open, Ways::MAIL),
            (these(true, true, false), said_by_phone, Ways::NONE),
            // No box asks for news where somebody said "no mail" on the phone: the word given here stays under it.
            (these(false, false, true), no_mail_by_phone, Ways::NEWS),
        ] {
            assert_eq!(choice.closes(now), closed, "{choice:?} {now:?}");
        }
    }
}
