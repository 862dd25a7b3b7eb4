//! From what the database knows to the evidence of a company, with what is being said right now on top.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::contradictions::says_no_system;
use super::lists::Needs;
use super::urgency::{bucket_on, sign_by};
use crate::qualifying::model::{
    BudgetState, Decider, DecisionProcess, Draft, Evidence, Fact, Grade, GradeRise, Known,
    Material, Opinion, Origin, SaidRecord, SelectionStarted, Urgency, Vendor, VendorState,
};
use crate::registry::model::{Field, Part, Said, flags};
use crate::registry::rules::fold::{Explained, FoldRecord, explain};

/// The record that stands for what is not stored yet.
const TYPED: i64 = i64::MAX;
/// How sure somebody is who says it on the telephone.
const SAID_BY_CONTACT: u8 = 2;
/// Results after which nobody there is called.
const REFUSALS: [&str; 2] = ["refused", "do_not_call"];

/// When and under which lists evidence is looked at.
#[derive(Debug, Clone)]
pub struct Around<'a> {
    /// Now.
    pub now: NaiveDateTime,
    /// The office's day.
    pub today: NaiveDate,
    /// The office's list of needs.
    pub needs: &'a Needs,
}

/// The evidence of one company; a draft counts as the newest thing that was said.
pub fn assemble(material: &Material, draft: Option<&Draft>, around: &Around<'_>) -> Evidence {
    let typed = draft.map(|draft| typed_record(draft, around.now));
    let records: Vec<&SaidRecord> = material.said.iter().chain(&typed).collect();
    let shown = Shown::of(&records);
    let mut evidence = Evidence {
        today: around.today,
        inside_target: material.company.has(flags::IN_TARGET),
        opinions: opinions(material, &records, around.today),
        ..Evidence::default()
    };
    put_items(&mut evidence, &shown, around.needs);
    put_company(&mut evidence, &shown);
    put_events(&mut evidence, material);
    evidence.decider = decider(material, &shown);
    evidence.grade = present_grade(material);
    evidence.grade_rise = grade_rise(material);
    if let Some(draft) = draft {
        put_draft(&mut evidence, draft, material, around.now);
    }
    evidence
}

fn typed_record(draft: &Draft, now: NaiveDateTime) -> SaidRecord {
    SaidRecord {
        id: TYPED,
        kind: crate::registry::model::RecordKind::Call,
        contact_id: draft.contact_id,
        source_rank: 1,
        collected_on: None,
        said_at: now,
        said: draft.said.clone(),
    }
}

/// Shown values by field.
struct Shown(BTreeMap<Field, Explained>);

impl Shown {
    fn of(records: &[&SaidRecord]) -> Self {
        let folded = records.iter().map(|one| {
            FoldRecord::new(
                one.id,
                one.kind,
                one.source_rank,
                one.collected_on,
                one.said_at,
                &one.said,
            )
        });
        let explained = explain(folded, Part::Company);
        Self(explained.into_iter().map(|one| (one.field, one)).collect())
    }

    /// The value of a field, read by `read`.
    fn known<T>(&self, field: Field, read: impl Fn(&Value) -> Option<T>) -> Option<Known<T>> {
        let told = &self.0.get(&field)?.shown;
        Some(Known {
            value: read(&told.value)?,
            from: Origin {
                record: (told.record != TYPED).then_some(told.record),
                at: told.at,
                certainty: told.certainty,
            },
        })
    }

    fn text(&self, field: Field) -> Option<Known<String>> {
        self.known(field, |value| text(value).map(str::to_owned))
    }

    fn whole(&self, field: Field) -> Option<Known<i64>> {
        self.known(field, crate::registry::model::whole)
    }

    fn code<T>(&self, field: Field, read: fn(&str) -> Option<T>) -> Option<Known<T>> {
        self.known(field, |value| value.as_str().and_then(read))
    }
}

fn text(value: &Value) -> Option<&str> {
    value
        .as_str()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn put_items(evidence: &mut Evidence, shown: &Shown, list: &Needs) {
    let day = |value: &Value| value.as_str()?.parse::<NaiveDate>().ok();
    evidence.urgency = shown.code(Field::Urgency, Urgency::from_code);
    evidence.sign_by = shown.known(Field::SignBy, day);
    evidence.go_live = shown.known(Field::GoLive, day);
    evidence.budget = shown.code(Field::BudgetState, BudgetState::from_code);
    evidence.budget_amount = budget_amount(shown);
    evidence.budget_year = shown.whole(Field::BudgetYear);
    evidence.needs = shown.known(Field::Needs, |value| needs(value, list));
    evidence.need_text = shown.text(Field::NeedText);
    evidence.need_users = shown.whole(Field::NeedUsers);
    evidence.process = shown.code(Field::DecisionProcess, DecisionProcess::from_code);
    evidence.selection = shown.code(Field::SelectionStarted, SelectionStarted::from_code);
    evidence.vendors = shown.known(Field::Vendors, vendors);
    evidence.key_evaluation = shown.text(Field::KeyEvaluation);
}

fn budget_amount(shown: &Shown) -> Option<Known<(Option<i64>, Option<i64>, String)>> {
    let (from, to) = (shown.whole(Field::BudgetMin), shown.whole(Field::BudgetMax));
    let origin = to.as_ref().or(from.as_ref())?.from;
    let currency = shown
        .text(Field::BudgetCurrency)
        .map_or_else(|| "CNY".to_owned(), |known| known.value);
    let amount = |known: Option<Known<i64>>| known.map(|known| known.value);
    Some(Known {
        value: (amount(from), amount(to), currency),
        from: origin,
    })
}

/// Codes of needs; numbers are bits of the office's list.
fn needs(value: &Value, list: &Needs) -> Option<Vec<String>> {
    let items = value.as_array()?;
    let code = |item: &Value| match item {
        Value::String(code) => Some(code.clone()),
        item => {
            let bit = u32::try_from(item.as_u64()?).ok()?;
            let need = list.0.iter().find(|need| need.bit == bit)?;
            Some(need.code.clone())
        }
    };
    let codes: Vec<String> = items.iter().filter_map(code).collect();
    (!codes.is_empty()).then_some(codes)
}

/// Competitors with their state; a bare name was mentioned.
fn vendors(value: &Value) -> Option<Vec<Vendor>> {
    let mentioned = |name: &str| Vendor {
        name: name.trim().to_owned(),
        state: VendorState::Mentioned,
    };
    let one = |item: &Value| match item {
        Value::String(name) => Some(mentioned(name)),
        item => serde_json::from_value(item.clone()).ok(),
    };
    let all: Vec<Vendor> = match value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        Value::String(names) => names
            .split(['、', '，', ',', ';', '；'])
            .filter(|name| !name.trim().is_empty())
            .map(mentioned)
            .collect(),
        _ => Vec::new(),
    };
    (!all.is_empty()).then_some(all)
}

fn put_company(evidence: &mut Evidence, shown: &Shown) {
    evidence.headcount = shown.whole(Field::Headcount);
    evidence.size_class = shown.whole(Field::SizeClass);
    evidence.industry = shown.text(Field::Industry);
    evidence.credit_code = shown.text(Field::CreditCode);
    evidence.parent = shown.text(Field::Parent);
    evidence.present_system = shown.text(Field::PresentSystem);
    evidence.present_system_year = shown.whole(Field::PresentSystemYear);
    evidence.satisfaction = shown.whole(Field::Satisfaction);
    evidence.other_system = other_system(shown);
}

/// A brand that another record names, where the one that counts says that there is no system.
fn other_system(shown: &Shown) -> Option<Known<String>> {
    let system = shown.0.get(&Field::PresentSystem)?;
    let is_brand = |value: &Value| text(value).is_some_and(|text| !says_no_system(text));
    let (told, _) = system.lost.iter().find(|(told, _)| is_brand(&told.value))?;
    Some(Known {
        value: text(&told.value)?.to_owned(),
        from: Origin {
            record: Some(told.record),
            at: told.at,
            certainty: None,
        },
    })
}

fn put_events(evidence: &mut Evidence, material: &Material) {
    evidence.first_contact = material.talks.first().map(|talk| talk.at);
    evidence.last_contact = material.talks.last().map(|talk| talk.at);
    evidence.next_date = earlier(material.call_back, material.appointment);
    evidence.quotation = material.quoted_at;
    evidence.note_twin = material.note_twin.as_ref().map(|(name, at)| Known {
        value: name.clone(),
        from: Origin::event(*at),
    });
    let Some(result) = &material.last_result else {
        evidence.refusal = material.suppressed_at;
        return;
    };
    let from = Origin::event(result.at);
    evidence.talk_seconds = result.seconds.map(|value| Known { value, from });
    let refused = REFUSALS.contains(&result.code.as_str());
    evidence.refusal = material.suppressed_at.or(refused.then_some(result.at));
    evidence.last_result = Some(Known {
        value: result.code.clone(),
        from,
    });
}

fn earlier(one: Option<NaiveDateTime>, other: Option<NaiveDateTime>) -> Option<NaiveDateTime> {
    one.into_iter().chain(other).min()
}

fn put_draft(evidence: &mut Evidence, draft: &Draft, material: &Material, now: NaiveDateTime) {
    let mut call_back = material.call_back;
    if draft.has_spoken {
        let from = Origin::event(now);
        evidence.first_contact = evidence.first_contact.or(Some(now));
        evidence.last_contact = Some(now);
        evidence.talk_seconds = draft.talk_seconds.map(|value| Known { value, from });
        if let Some(value) = draft.result.clone() {
            if REFUSALS.contains(&value.as_str()) {
                evidence.refusal = evidence.refusal.or(Some(now));
                // Saving it takes back what was agreed.
                call_back = None;
            }
            evidence.last_result = Some(Known { value, from });
        }
    }
    let agreed = earlier(call_back, material.appointment);
    evidence.next_date = earlier(agreed, draft.next_date);
}

fn present_grade(material: &Material) -> Option<Known<Grade>> {
    let company = &material.company;
    let value = Grade::from_code(company.grade.as_deref()?)?;
    let at = company.grade_at.unwrap_or(company.created_at);
    Some(Known {
        value,
        from: Origin::event(at),
    })
}

/// The last change of the grade, if it was for the better.
fn grade_rise(material: &Material) -> Option<Known<GradeRise>> {
    let [earlier @ .., last] = material.grades.as_slice() else {
        return None;
    };
    let (from, to) = (last.before?, last.after?);
    if !to.is_better_than(from) {
        return None;
    }
    let since = earlier.last().map(|earlier| earlier.at);
    let between = |at: NaiveDateTime| at <= last.at && since.is_none_or(|since| at > since);
    let had_contact = last.by_call || material.talks.iter().any(|talk| between(talk.at));
    Some(Known {
        value: GradeRise {
            from,
            to,
            had_contact,
        },
        from: Origin::event(last.at),
    })
}

/// Who decides: as somebody said, by a contact's id or a name; else the contact who has that role.
fn decider(material: &Material, shown: &Shown) -> Option<Known<Decider>> {
    let of_contact = |id: i64| material.contacts.iter().find(|contact| contact.id == id);
    let named = |name: &str| {
        material
            .contacts
            .iter()
            .find(|contact| contact.name == name)
    };
    let said = shown.known(Field::Decider, |value| match value {
        Value::String(name) => text(value).map(|_| (name.trim().to_owned(), named(name.trim()))),
        value => {
            let contact = of_contact(value.as_i64()?)?;
            Some((contact.name.clone(), Some(contact)))
        }
    });
    let (name, contact, from) = match said {
        Some(said) => (said.value.0, said.value.1, said.from),
        None => {
            let has_role = |role: &Option<String>| role.as_deref() == Some("decider");
            let contact = material.contacts.iter().find(|one| has_role(&one.role))?;
            let origin = Origin {
                certainty: Some(1),
                ..Origin::event(contact.since)
            };
            (contact.name.clone(), Some(contact), origin)
        }
    };
    let spoken_with = |person: i64| material.talks.iter().any(|t| t.person_id == Some(person));
    Some(Known {
        value: Decider {
            name,
            title: contact.and_then(|contact| contact.title.clone()),
            is_contacted: contact.is_some_and(|contact| spoken_with(contact.person_id)),
        },
        from,
    })
}

/// What each contact said last about the key items that have words of their own.
fn opinions(material: &Material, records: &[&SaidRecord], today: NaiveDate) -> Vec<Opinion> {
    let mut last: BTreeMap<(i64, Fact), Opinion> = BTreeMap::new();
    for record in records.iter().filter(|record| record.kind.is_first_hand()) {
        let contact = record
            .contact_id
            .and_then(|id| material.contacts.iter().find(|contact| contact.id == id));
        let Some(contact) = contact else { continue };
        for (fact, field, word) in words(&record.said, record.said_at.date(), today) {
            let said = record.said.0.get(&field);
            let certainty = said
                .and_then(|said| said.certainty)
                .unwrap_or(SAID_BY_CONTACT);
            let opinion = Opinion {
                contact_id: contact.id,
                name: contact.name.clone(),
                fact,
                word,
                from: Origin {
                    record: (record.id != TYPED).then_some(record.id),
                    at: record.said_at,
                    certainty: Some(certainty),
                },
            };
            last.insert((contact.id, fact), opinion);
        }
    }
    last.into_values().collect()
}

/// The words of one record; an urgency is compared as time has moved it.
fn words(
    said: &Said,
    said_on: NaiveDate,
    today: NaiveDate,
) -> impl Iterator<Item = (Fact, Field, &'static str)> {
    let urgency = said
        .text(Field::Urgency)
        .and_then(Urgency::from_code)
        .filter(|urgency| *urgency != Urgency::Unknown)
        .map(|urgency| bucket_on(urgency, sign_by(urgency, said_on), today).key());
    let budget = said
        .text(Field::BudgetState)
        .and_then(BudgetState::from_code)
        .filter(|budget| *budget != BudgetState::Unknown)
        .map(BudgetState::key);
    let selection = said
        .text(Field::SelectionStarted)
        .and_then(SelectionStarted::from_code)
        .filter(|selection| *selection != SelectionStarted::Unknown)
        .map(SelectionStarted::key);
    [
        (Fact::Urgency, Field::Urgency, urgency),
        (Fact::Budget, Field::BudgetState, budget),
        (Fact::Selection, Field::SelectionStarted, selection),
    ]
    .into_iter()
    .filter_map(|(fact, field, word)| Some((fact, field, word?)))
}
