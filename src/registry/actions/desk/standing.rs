//! What is computed of what lies on the desk, and the way back into the database.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{CompanyDraft, Desk};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office;
use crate::registry::model::{Company, Owner, flags};
use crate::registry::queries::write;
use crate::registry::rules::phone;
use crate::registry::rules::standing::{CompanyFacts, ContactFacts, set_standing, state_of};
use crate::registry::rules::values;
use crate::registry::search;

impl Desk {
    /// What stands around a company on the desk.
    fn facts(&self, draft: &CompanyDraft) -> CompanyFacts {
        let good = |owner: Owner, kinds: &[&str]| {
            self.points
                .get(&owner)
                .is_some_and(|points| points.iter().any(|p| p.is_good && kinds.contains(&p.kind)))
        };
        const NUMBERS: [&str; 2] = ["phone", "mobile"];
        // Who left is no way to reach the company any more.
        let here = || {
            let all = draft.contacts.iter().filter_map(|id| self.contacts.get(id));
            all.filter(|contact| contact.row.left_at.is_none())
        };
        let contacts = here().map(|contact| {
            let person = Owner::Person(contact.person);
            ContactFacts {
                id: contact.row.id,
                is_key: contact.row.is_key,
                role: contact.row.role.clone(),
                has_mobile: good(person, &["mobile"]),
                has_email: good(person, &["email"]),
                has_number: good(person, &NUMBERS)
                    || good(Owner::Contact(contact.row.id), &NUMBERS),
            }
        });
        let has_consent = here()
            .filter_map(|contact| self.persons.get(&contact.person))
            .any(|person| person.row.ground.is_some());
        let sources = || draft.sources.iter().filter_map(|id| self.sources.get(id));
        CompanyFacts {
            contacts: contacts.collect(),
            has_number: draft
                .group
                .iter()
                .any(|id| good(Owner::Company(*id), &NUMBERS)),
            channels: sources().fold(0, |bits, source| bits | source.channel),
            has_ground: sources().any(|source| source.ground.is_some()) || has_consent,
            has_source: !draft.sources.is_empty(),
            is_merged: draft.group.len() > 1,
            is_suppressed: draft.is_suppressed,
        }
    }

    /// Where all numbers of a company are, if they tell one country: by its own ones, else by those of its contacts. They
    /// are called at the hours of that place. Of the mainland a number says less than is needed, so it says nothing.
    fn region_by_numbers(&self, draft: &CompanyDraft) -> Option<&'static str> {
        let numbers = |owner: Owner| {
            let points = self.points.get(&owner).into_iter().flatten();
            let numbers = points.filter(|p| matches!(p.kind, "phone" | "mobile"));
            numbers.filter_map(|p| phone::region_of(&p.value))
        };
        let own = draft.group.iter().map(|id| Owner::Company(*id));
        let contacts = draft.contacts.iter().filter_map(|id| self.contacts.get(id));
        let of_contacts = contacts.flat_map(|contact| {
            [
                Owner::Contact(contact.row.id),
                Owner::Person(contact.person),
            ]
        });
        only(own.flat_map(numbers))
            .or_else(|| only(of_contacts.flat_map(numbers)))
            .flatten()
            .filter(|region| *region != "CN")
    }

    /// A company as it would be written on a day of the office: with what follows from its values, and its standing.
    pub fn settled(&self, draft: &CompanyDraft, today: NaiveDate) -> Company {
        let mut row = draft.row.clone();
        let is_region_said = values::is_region_said(&row, &draft.winners);
        if !is_region_said {
            row.region = None;
        }
        values::derive_company(&mut row, &draft.winners);
        let facts = self.facts(draft);
        set_standing(&mut row, &draft.winners, &facts, today);
        if !is_region_said {
            // Behind the standing: a record is not more complete for it.
            row.region = self.region_by_numbers(draft).map(str::to_owned);
        }
        let mut sources = draft.sources.iter().filter_map(|id| self.sources.get(id));
        let is_listed = sources.any(|source| source.is_customers);
        let is_customer = is_listed || row.flags & flags::SIGNED != 0;
        let was_released = row.flags & flags::RELEASED != 0;
        let is_owned = row.owner_id.is_some();
        let state = state_of(row.grade.as_deref(), is_customer, is_owned, was_released);
        state.code().clone_into(&mut row.state);
        row
    }

    /// Marks the companies of everybody who can be reached otherwise than before, those elsewhere too.
    fn mark_reached(&mut self, conn: &mut Conn) -> AppResult<()> {
        let reached = std::mem::take(&mut self.reached_anew);
        let known = |id: &i64| self.persons.get(id).is_some_and(|person| person.is_known);
        let mut persons: Vec<i64> = reached.iter().copied().filter(known).collect();
        let members = self.person_roots.iter();
        persons.extend(members.filter_map(|(id, root)| reached.contains(root).then_some(*id)));
        if !persons.is_empty() {
            self.load_contacts_of_persons(conn, &persons)?;
        }
        let contacts = reached.iter().filter_map(|id| self.persons.get(id));
        let contacts = contacts.flat_map(|person| &person.contacts);
        let roots: Vec<i64> = contacts
            .filter_map(|id| self.contacts.get(id)?.root)
            .collect();
        self.load_companies(conn, &roots)?;
        self.mark(&roots);
        Ok(())
    }

    /// Computes standings and writes everything that changed. Answers the roots that were touched.
    pub fn write(&mut self, conn: &mut Conn) -> AppResult<Vec<i64>> {
        let standing = tracing::trace_span!(target: "share", "standing").entered();
        self.mark_reached(conn)?;
        let today = office::day(conn, self.now)?;
        let changed = self.companies.values().filter(|draft| draft.is_dirty);
        let mut companies: Vec<Company> = changed.map(|draft| self.settled(draft, today)).collect();
        companies.sort_unstable_by_key(|row| row.id);
        let mut is_rewritten = false;
        for row in &companies {
            if let Some(draft) = self.companies.get_mut(&row.id) {
                is_rewritten |= draft.is_rewritten
                    || draft.row.size_class != row.size_class
                    || draft.row.region != row.region;
                draft.row.clone_from(row);
                (draft.is_dirty, draft.is_rewritten) = (false, false);
            }
        }
        drop(standing);
        let span = tracing::trace_span!(target: "share", "companies").entered();
        match companies.as_slice() {
            [one] if !is_rewritten => write::plans_and_standing(conn, one)?,
            all => write::companies(conn, all)?,
        }
        drop(span);
        let people = tracing::trace_span!(target: "share", "persons and contacts").entered();
        let persons = dirty_rows(&mut self.persons, |draft| {
            std::mem::take(&mut draft.is_dirty).then(|| {
                draft.row.winners = draft.winners.to_json();
                draft.row.clone()
            })
        });
        write::persons(conn, &persons)?;
        let contacts = dirty_rows(&mut self.contacts, |draft| {
            std::mem::take(&mut draft.is_dirty).then(|| {
                draft.row.winners = draft.winners.to_json();
                draft.row.clone()
            })
        });
        write::contacts(conn, &contacts)?;
        drop(people);
        let records = tracing::trace_span!(target: "share", "records").entered();
        write::records(conn, &std::mem::take(&mut self.new_records))?;
        drop(records);
        let points = tracing::trace_span!(target: "share", "contact points").entered();
        write::points(conn, &std::mem::take(&mut self.new_points))?;
        drop(points);
        let search = tracing::trace_span!(target: "share", "search to do").entered();
        let found_anew: Vec<i64> = std::mem::take(&mut self.found_anew).into_iter().collect();
        search::changed(conn, &found_anew, self.now)?;
        drop(search);
        let mut ids: Vec<i64> = companies.iter().map(|row| row.id).collect();
        ids.extend(std::mem::take(&mut self.touched));
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

/// The one that all are, if they are one; none at all where there is nothing.
fn only(mut regions: impl Iterator<Item = &'static str>) -> Option<Option<&'static str>> {
    let first = regions.next()?;
    Some(regions.all(|next| next == first).then_some(first))
}

fn dirty_rows<D, R>(
    drafts: &mut HashMap<i64, D>,
    mut row: impl FnMut(&mut D) -> Option<R>,
) -> Vec<R> {
    let mut ids: Vec<i64> = drafts.keys().copied().collect();
    ids.sort_unstable();
    ids.into_iter()
        .filter_map(|id| drafts.get_mut(&id).and_then(&mut row))
        .collect()
}
