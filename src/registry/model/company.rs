//! A company as stored: the fold of its records, and what was computed from it.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::company;

/// A company. One that was merged stays, and points to its root. Its id is drawn before it is inserted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable)]
#[diesel(table_name = company, treat_none_as_default_value = false)]
pub struct Company {
    /// Id, for ever.
    pub id: i64,
    /// The company it was joined to.
    pub merged_into: Option<i64>,
    /// The company that answers for it; itself if it was never joined.
    pub root_id: i64,
    /// Shown name; empty where only its persons are known.
    pub name: String,
    /// English name.
    pub name_en: Option<String>,
    /// Former name.
    pub former_name: Option<String>,
    /// Compares names.
    pub name_key: i64,
    /// Compares brands.
    pub brand_key: Option<i64>,
    /// Valid code only.
    pub credit_code: Option<String>,
    /// GB/T 4754 code.
    pub industry: Option<String>,
    /// 1–5.
    pub size_class: Option<i32>,
    /// Heads.
    pub headcount: Option<i32>,
    /// Minor units.
    pub revenue_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// GB/T 2260 code.
    pub region: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Post code.
    pub postcode: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// The system in use.
    pub present_system: Option<String>,
    /// Since when.
    pub present_system_year: Option<i32>,
    /// 1–5.
    pub satisfaction: Option<i32>,
    /// PCs.
    pub pc_count: Option<i32>,
    /// The group it belongs to.
    pub parent: Option<String>,
    /// A–E; never asked: none.
    pub grade: Option<String>,
    /// Since when.
    pub grade_at: Option<NaiveDateTime>,
    /// Bucket as said.
    pub urgency: Option<String>,
    /// Day by which they sign.
    pub sign_by: Option<NaiveDate>,
    /// Day on which it is to run.
    pub go_live: Option<NaiveDate>,
    /// Bits of needs.
    pub needs: i64,
    /// [`CompanyState`].
    pub state: String,
    /// The rep who has it.
    pub owner_id: Option<i64>,
    /// Order in queues and lists.
    pub score: i32,
    /// 0–100.
    pub completeness: i32,
    /// Bits of what is missing.
    pub missing: i32,
    /// Bits of the channels it came by ([`channel_bit`]).
    pub channels: i32,
    /// Bits of [`flags`].
    pub flags: i32,
    /// The list that first named it.
    pub first_source_id: Option<i64>,
    /// Last contact that arrived, either way.
    pub last_touch_at: Option<NaiveDateTime>,
    /// Last dial.
    pub last_dial_at: Option<NaiveDateTime>,
    /// Left in peace until then.
    pub rest_until: Option<NaiveDateTime>,
    /// Day on which time alone changes its score.
    pub rescore_on: Option<NaiveDate>,
    /// Which record each shown value comes from.
    pub winners: String,
    /// When it was first heard of.
    pub created_at: NaiveDateTime,
}

impl Company {
    /// A company about which nothing is known yet.
    pub fn blank(id: i64, now: NaiveDateTime) -> Self {
        Self {
            id,
            merged_into: None,
            root_id: id,
            name: String::new(),
            name_en: None,
            former_name: None,
            name_key: 0,
            brand_key: None,
            credit_code: None,
            industry: None,
            size_class: None,
            headcount: None,
            revenue_minor: None,
            currency: None,
            region: None,
            address: None,
            postcode: None,
            website: None,
            present_system: None,
            present_system_year: None,
            satisfaction: None,
            pc_count: None,
            parent: None,
            grade: None,
            grade_at: None,
            urgency: None,
            sign_by: None,
            go_live: None,
            needs: 0,
            state: CompanyState::New.code().into(),
            owner_id: None,
            score: 0,
            completeness: 0,
            missing: 0,
            channels: 0,
            flags: 0,
            first_source_id: None,
            last_touch_at: None,
            last_dial_at: None,
            rest_until: None,
            rescore_on: None,
            winners: "[]".into(),
            created_at: now,
        }
    }
    /// It answers for itself.
    pub fn is_root(&self) -> bool {
        self.merged_into.is_none()
    }
    /// Its state.
    pub fn state(&self) -> CompanyState {
        CompanyState::parse(&self.state)
    }
    /// A bit of [`flags`] is set.
    pub fn has(&self, flag: i32) -> bool {
        self.flags & flag != 0
    }
}

/// Bits of `company.flags`.
pub mod flags {
    /// Has a number that is not bad.
    pub const GOOD_NUMBER: i32 = 1;
    /// Some number may be called by its ground.
    pub const GROUND: i32 = 2;
    /// The company itself is suppressed.
    pub const SUPPRESSED: i32 = 4;
    /// Others were merged into it.
    pub const MERGED: i32 = 8;
    /// A rep sells to it, has it on offer, or protects it by a registration.
    pub const OPEN_OPPORTUNITY: i32 = 16;
    /// Inside the target market.
    pub const IN_TARGET: i32 = 32;
    /// An import was taken back, but somebody had worked on it.
    pub const KEPT_AT_UNDO: i32 = 64;
    /// It signed with us.
    pub const SIGNED: i32 = 128;
    /// It had a rep or was offered to one, and was released: while nobody has it, it is in the pool.
    pub const RELEASED: i32 = 256;
    /// What stays however the records fold.
    pub const KEPT: i32 = KEPT_AT_UNDO | OPEN_OPPORTUNITY | SIGNED | RELEASED;
}

/// The channels by which a company comes to us, in the order of the glossary.
pub const CHANNELS: [&str; 8] = ["AD", "DIST", "GOV", "EXPO", "OWN", "CANV", "DM", "TEL"];

/// The bit of a channel in `company.channels`: its place among [`CHANNELS`].
pub fn channel_bit(channel: &str) -> i32 {
    CHANNELS
        .iter()
        .position(|known| *known == channel)
        .map_or(0, |bit| 1 << bit)
}

/// Where a company stands, computed and cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompanyState {
    /// Nobody has had it.
    New,
    /// Was owned or offered, and released.
    Pool,
    /// A rep has it.
    Owned,
    /// Signed, or on a live list of customers.
    Customer,
    /// Grade E.
    Excluded,
}

impl CompanyState {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Pool,
        Self::Owned,
        Self::Customer,
        Self::Excluded,
    ];

    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Pool => "pool",
            Self::Owned => "owned",
            Self::Customer => "customer",
            Self::Excluded => "excluded",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .unwrap_or(Self::New)
    }
}
