//! Who a record speaks of, among those who lie on the desk.

use chrono::NaiveDateTime;

use super::desk::Desk;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::load;
use crate::registry::rules::placing::PersonKeys;

/// Whether the desk knows a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoundContact {
    /// At this company already.
    Contact(i64),
    /// Known, but not at this company.
    Person(i64),
    /// Unknown.
    Nobody,
}

/// The persons that these keys mean, where they are known: the same name with the same mobile, mail or WeChat.
pub fn known_persons(
    conn: &mut Conn,
    now: NaiveDateTime,
    keys: &[Option<PersonKeys>],
) -> AppResult<Vec<Option<i64>>> {
    let points: Vec<i64> = keys
        .iter()
        .flatten()
        .flat_map(|keys| keys.points.iter().copied())
        .collect();
    let mut desk = Desk::new(now);
    let persons = load::persons_by_point(conn, &points)?;
    desk.load_persons(conn, &persons)?;
    let find = |keys: &Option<PersonKeys>| desk.find_person(keys.as_ref()?);
    Ok(keys.iter().map(find).collect())
}

impl Desk {
    /// The same name inside the company, or the same name with the same mobile or mail anywhere.
    pub(crate) fn find_contact(&self, root: Option<i64>, keys: &PersonKeys) -> FoundContact {
        if let Some(root) = root {
            let by_name = self.contacts_by_name.get(&(root, keys.name.name_key()));
            let found = by_name
                .copied()
                .or_else(|| self.agreeing_contact(root, keys));
            if let Some(contact) = found {
                return FoundContact::Contact(contact);
            }
        }
        let Some(person) = self.find_person(keys) else {
            return FoundContact::Nobody;
        };
        self.contact_of(person, root)
            .map_or(FoundContact::Person(person), FoundContact::Contact)
    }

    /// `王经理` and `王小明` of one company with one mobile.
    fn agreeing_contact(&self, root: i64, keys: &PersonKeys) -> Option<i64> {
        let candidates = keys
            .points
            .iter()
            .filter_map(|key| self.persons_by_point.get(key))
            .flatten();
        let agreeing = candidates.filter(|id| {
            self.persons
                .get(id)
                .is_some_and(|p| keys.same_name(&p.row, true))
        });
        agreeing
            .filter_map(|person| self.contact_of(*person, Some(root)))
            .min()
    }

    fn contact_of(&self, person: i64, root: Option<i64>) -> Option<i64> {
        let contacts = &self.persons.get(&person)?.contacts;
        contacts.iter().copied().find(|id| {
            self.contacts
                .get(id)
                .is_some_and(|contact| contact.root == root)
        })
    }

    fn find_person(&self, keys: &PersonKeys) -> Option<i64> {
        let candidates = keys
            .points
            .iter()
            .filter_map(|key| self.persons_by_point.get(key))
            .flatten();
        let same = candidates.filter(|id| {
            self.persons
                .get(id)
                .is_some_and(|person| keys.same_name(&person.row, false))
        });
        same.copied().min()
    }
}
