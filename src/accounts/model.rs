//! Who uses the system: users, their roles, and the person behind a request.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::schema::{session, team, token, users};

/// A set of roles, kept as bits, so that one read answers every permission question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Roles(pub i32);

/// One role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Settings, users, tokens, back-ups, access log; no business data by itself.
    Admin,
    /// All of the team; rules, campaigns, reassignment, undo, lifting a suppression.
    Manager,
    /// Lists, sources, campaigns, reviews, merges, mailings.
    Marketing,
    /// Works the call queues.
    Agent,
    /// Own companies, offers, stages.
    Rep,
}

impl Role {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Admin,
        Self::Manager,
        Self::Marketing,
        Self::Agent,
        Self::Rep,
    ];

    /// Stable code, as on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Marketing => "marketing",
            Self::Agent => "agent",
            Self::Rep => "rep",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }
    fn bit(self) -> i32 {
        match self {
            Self::Admin => 1,
            Self::Manager => 2,
            Self::Marketing => 4,
            Self::Agent => 8,
            Self::Rep => 16,
        }
    }
}

impl Roles {
    /// Every role: the first administrator, until unticked.
    pub fn all() -> Self {
        Role::ALL.into_iter().collect()
    }
    /// Whether the set holds `role`.
    pub fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
    /// Whether the set holds one of `roles`.
    pub fn has_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|r| self.has(*r))
    }
    /// The roles in the set.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |r| self.has(*r))
    }
    /// Reads `agent,rep`; names the first code that is none.
    pub fn parse(list: &str) -> Result<Self, String> {
        list.split(',')
            .map(str::trim)
            .filter(|c| !c.is_empty())
            .map(|c| Role::parse(c).ok_or_else(|| c.to_owned()))
            .collect()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

/// The person, or the system, that acts. Every action takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user; 0 never occurs, the system has none.
    pub user_id: Option<i64>,
    /// The team of the user.
    pub team_id: Option<i64>,
    /// What the user may be.
    pub roles: Roles,
    /// Full name.
    pub name: String,
}

impl Actor {
    /// The system itself: jobs and commands without `--user`.
    pub fn system() -> Self {
        Self {
            user_id: None,
            team_id: None,
            roles: Roles::all(),
            name: String::new(),
        }
    }
    /// The user's id where a person is needed.
    pub fn id(&self) -> i64 {
        self.user_id.unwrap_or(0)
    }
}

/// A user as stored.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = users)]
pub struct User {
    /// Id.
    pub id: i64,
    /// Log-in name, lower case, unique.
    pub email: String,
    /// Full name.
    pub name: String,
    /// argon2id, PHC string; none until the first reset link is used.
    pub password_hash: Option<String>,
    /// Role bits.
    pub roles: i32,
    /// Team.
    pub team_id: Option<i64>,
    /// Chosen language.
    pub language: Option<String>,
    /// Chosen theme.
    pub theme: Option<String>,
    /// Moves on at log-out everywhere, password change and switch-off; sessions of an older epoch are dead.
    pub auth_epoch: i32,
    /// Hash of a one-time reset link.
    pub reset_hash: Option<Vec<u8>>,
    /// Until when the link works.
    pub reset_until: Option<NaiveDateTime>,
    /// When the user was switched off.
    pub disabled_at: Option<NaiveDateTime>,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// Number that stands under their name in letters to customers.
    pub phone: Option<String>,
}

impl User {
    /// The user as somebody who acts.
    pub fn actor(&self) -> Actor {
        Actor {
            user_id: Some(self.id),
            team_id: self.team_id,
            roles: Roles(self.roles),
            name: self.name.clone(),
        }
    }
}

/// A team: its users, their campaigns and the companies of its reps. The office's own, the first one, has no row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = team)]
pub struct Team {
    /// Id.
    pub id: i64,
    /// Name, unique.
    pub name: String,
}

/// A user to be made.
#[derive(Debug, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub(super) struct NewUser<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: Option<&'a str>,
    pub roles: i32,
    pub language: Option<&'a str>,
    pub auth_epoch: i32,
    pub created_at: NaiveDateTime,
}

/// What the users page and the command line say about a user.
#[derive(Debug, Clone)]
pub struct Account {
    /// Log-in name, as [`super::rules::credentials::clean_email`] gives it.
    pub email: String,
    /// Full name, clean.
    pub name: String,
    /// What the user may be.
    pub roles: Roles,
}

/// A session to be opened.
#[derive(Debug, Insertable)]
#[diesel(table_name = session)]
pub(super) struct NewSession<'a> {
    pub token_hash: &'a [u8],
    pub user_id: i64,
    pub auth_epoch: i32,
    pub csrf: &'a str,
    pub created_at: NaiveDateTime,
    pub seen_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
}

/// A live session, as its owner sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = session)]
pub(super) struct SessionRow {
    pub token_hash: Vec<u8>,
    pub created_at: NaiveDateTime,
    pub seen_at: NaiveDateTime,
}

/// An API token that works, as its owner sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = token)]
pub(super) struct TokenRow {
    pub id: i64,
    pub name: String,
    pub created_at: NaiveDateTime,
    pub used_at: Option<NaiveDateTime>,
}
