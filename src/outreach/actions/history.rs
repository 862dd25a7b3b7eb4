//! What people were sent and were not.

use std::collections::HashMap;

use super::ledger::will_be_withheld;
use super::mailings::known_mailings;
use crate::accounts::Actor;
use crate::outreach::model::Delivery;
use crate::outreach::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;

/// One letter, or one that was not sent, with the names that go with it.
#[derive(Debug, Clone)]
pub struct LetterTo {
    /// The ledger's row.
    pub delivery: Delivery,
    /// The person as they are today.
    pub person_id: i64,
    /// Their name.
    pub person: Option<String>,
    /// Name of the mailing; none where whoever looks may not know it.
    pub mailing: Option<String>,
    /// It waits and does not go any more: JSON `{code, …}`.
    pub stop: Option<String>,
}

/// What the people of companies were sent and were not, the newest first, as `actor` may know it.
pub fn letters_to_companies(
    conn: &mut Conn,
    actor: &Actor,
    lang: Lang,
    companies: &[i64],
    most: i64,
) -> AppResult<Vec<LetterTo>> {
    let persons = queries::persons_of_companies(conn, companies)?;
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let found = queries::mail_of_persons(conn, &persons, None, most)?;
    let ids: Vec<i64> = found.iter().map(|d| d.person_id).collect();
    let names = queries::person_names(conn, &ids)?;
    let mailings: Vec<i64> = found.iter().map(|d| d.mailing_id).collect();
    let mailings = known_mailings(conn, actor, lang, &mailings)?;
    let mut stops: HashMap<i64, String> = will_be_withheld(conn, &found)?;
    let named = |delivery: Delivery| {
        let (person_id, person) = names
            .get(&delivery.person_id)
            .cloned()
            .unwrap_or((delivery.person_id, None));
        LetterTo {
            person_id,
            person,
            mailing: mailings
                .get(&delivery.mailing_id)
                .and_then(|known| known.name.clone()),
            stop: stops.remove(&delivery.id),
            delivery,
        }
    };
    Ok(found.into_iter().map(named).collect())
}
