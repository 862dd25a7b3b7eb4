//! Facts by section: the value shown, the row it came from, and the values that lost.

use std::collections::HashMap;

use crate::platform::page::PageContext;
use crate::registry::model::{Company, Field, Part, RecordKind};
use crate::registry::pages::shown;
use crate::registry::queries::page::Origin;
use crate::registry::queries::records::Ranked;
use crate::registry::rules::fold::{Explained, FoldRecord, LostBecause, Told, explain};

/// Sections of the page with their fields.
const SECTIONS: [(&str, &[Field]); 2] = [
    (
        "who",
        &[
            Field::Name,
            Field::NameEn,
            Field::FormerName,
            Field::CreditCode,
            Field::Industry,
            Field::Headcount,
            Field::SizeClass,
            Field::Revenue,
            Field::Parent,
        ],
    ),
    (
        "where",
        &[
            Field::Region,
            Field::Address,
            Field::Postcode,
            Field::Website,
            Field::PresentSystem,
            Field::PresentSystemYear,
            Field::Satisfaction,
            Field::PcCount,
        ],
    ),
];

/// A section.
pub(super) struct Section {
    pub title: String,
    pub facts: Vec<Fact>,
}

/// A value with where it came from.
pub(super) struct Fact {
    pub code: &'static str,
    pub label: String,
    pub value: String,
    pub is_blank: bool,
    pub certainty: Option<u8>,
    pub from: From,
    pub lost: Vec<Lost>,
}

/// The record behind a value.
pub(super) struct From {
    pub record: i64,
    pub who: String,
    pub when: String,
}

/// A value that lost, and why.
pub(super) struct Lost {
    pub value: String,
    pub agrees: bool,
    pub why: String,
    pub from: From,
}

/// Records of a company, with their origins, as facts are explained from.
pub(super) struct Book<'a> {
    pub records: &'a [Ranked],
    pub origins: &'a HashMap<i64, Origin>,
}

impl Book<'_> {
    /// Every company field with shown and lost values.
    pub fn explained(&self) -> Vec<Explained> {
        let said: Vec<_> = self.records.iter().map(|one| one.record.said()).collect();
        let folded = self.records.iter().zip(&said).map(|(one, said)| {
            let record = &one.record;
            let kind = RecordKind::parse(&record.kind).unwrap_or(RecordKind::Row);
            FoldRecord::new(
                record.id,
                kind,
                one.source_rank,
                record.collected_on,
                record.said_at,
                said,
            )
        });
        explain(folded, Part::Company)
    }

    /// Who said it: a list by its name, a person by theirs.
    pub fn who(&self, ctx: &PageContext, record: i64) -> String {
        let kind = self
            .records
            .iter()
            .find(|one| one.record.id == record)
            .map_or("row", |one| one.record.kind.as_str());
        match self.origins.get(&record) {
            Some((_, Some(source), ..)) => source.clone(),
            Some((_, _, _, _, Some(user))) => ctx.t2(
                "company-said-by",
                "who",
                user,
                "how",
                ctx.code("company-record", kind),
            ),
            _ => ctx.code("company-record", kind),
        }
    }

    fn from(&self, ctx: &PageContext, told: &Told) -> From {
        From {
            record: told.record,
            who: self.who(ctx, told.record),
            when: ctx.date_of(&told.at),
        }
    }

    /// The sections that have something to show.
    pub fn sections(&self, ctx: &PageContext, company: &Company) -> Vec<Section> {
        let explained = self.explained();
        let currency = company.currency.as_deref().unwrap_or("CNY");
        let section = |(code, fields): &(&str, &[Field])| Section {
            title: ctx.t(&format!("company-section-{code}")),
            facts: self.facts(ctx, &explained, fields, currency),
        };
        SECTIONS
            .iter()
            .map(section)
            .filter(|section| !section.facts.is_empty())
            .collect()
    }

    /// What is known of these fields, in their order.
    pub fn facts(
        &self,
        ctx: &PageContext,
        explained: &[Explained],
        fields: &[Field],
        currency: &str,
    ) -> Vec<Fact> {
        fields
            .iter()
            .filter_map(|field| explained.iter().find(|one| one.field == *field))
            .map(|one| self.fact(ctx, one, currency))
            .collect()
    }

    fn fact(&self, ctx: &PageContext, one: &Explained, currency: &str) -> Fact {
        let lost = one.lost.iter().map(|(told, why)| Lost {
            value: shown::value(ctx, one.field, &told.value, currency),
            agrees: *why == LostBecause::Agrees,
            why: ctx.t(match why {
                LostBecause::LowerRank => "company-lost-lower-rank",
                LostBecause::LessCertain => "company-lost-less-certain",
                LostBecause::SameDay => "company-lost-same-day",
                LostBecause::OlderDate => "company-lost-older-date",
                LostBecause::OlderEdit => "company-lost-older-edit",
                LostBecause::Agrees => "company-lost-agrees",
            }),
            from: self.from(ctx, told),
        });
        Fact {
            code: one.field.code(),
            label: label(ctx, one.field),
            value: shown::value(ctx, one.field, &one.shown.value, currency),
            is_blank: one.shown.value.is_null(),
            certainty: one.shown.certainty,
            from: self.from(ctx, &one.shown),
            lost: lost.collect(),
        }
    }
}

/// What a field is called.
pub(super) fn label(ctx: &PageContext, field: Field) -> String {
    ctx.code("company-field", field.code())
}
