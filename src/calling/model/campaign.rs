//! A campaign: a purpose with a script, people and dates.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::{campaign, script};

/// How a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CampaignState {
    /// Its entries are served.
    Running,
    /// Nothing is served until it goes on.
    Paused,
    /// Over; its entries count nowhere any more.
    Closed,
}

impl CampaignState {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Running, Self::Paused, Self::Closed];

    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Closed => "closed",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// A campaign as stored.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = campaign)]
pub struct Campaign {
    /// Id.
    pub id: i64,
    /// The team it belongs to.
    pub team_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// Code of [`CampaignState`].
    pub state: String,
    /// Its script.
    pub script_id: Option<i64>,
    /// Which version of the script.
    pub script_version: Option<i32>,
    /// Everybody who calls may; else those named.
    pub all_agents: bool,
    /// First day, office zone.
    pub starts_on: Option<NaiveDate>,
    /// Last day, office zone.
    pub ends_on: Option<NaiveDate>,
    /// What its last fill brought, as JSON.
    pub figures: Option<String>,
    /// Who made it.
    pub created_by: Option<i64>,
    /// When.
    pub created_at: NaiveDateTime,
}

impl Campaign {
    /// Whether its entries are served on a day.
    pub fn is_open_on(&self, today: NaiveDate) -> bool {
        is_open_on(&self.state, (self.starts_on, self.ends_on), today)
    }
}

/// Whether the entries of a campaign in this state, with these first and last days, are served on a day.
pub fn is_open_on(
    state: &str,
    (first, last): (Option<NaiveDate>, Option<NaiveDate>),
    today: NaiveDate,
) -> bool {
    state == CampaignState::Running.code()
        && first.is_none_or(|day| day <= today)
        && last.is_none_or(|day| today <= day)
}

/// A campaign to insert.
#[derive(Debug, Insertable)]
#[diesel(table_name = campaign, treat_none_as_default_value = false)]
pub struct NewCampaignRow<'a> {
    /// Team.
    pub team_id: Option<i64>,
    /// Name.
    pub name: &'a str,
    /// State.
    pub state: &'a str,
    /// Script.
    pub script_id: Option<i64>,
    /// Its version.
    pub script_version: Option<i32>,
    /// Everybody.
    pub all_agents: bool,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// Who.
    pub created_by: Option<i64>,
    /// When.
    pub created_at: NaiveDateTime,
}

/// Who may call in a campaign: `"all"`, or ids of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Agents {
    /// Everybody who calls.
    #[serde(serialize_with = "all")]
    All,
    /// These.
    Named(Vec<i64>),
}

fn all<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("all")
}

impl<'de> Deserialize<'de> for Agents {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Sent {
            Word(String),
            Ids(Vec<i64>),
        }
        match Sent::deserialize(deserializer)? {
            Sent::Word(word) if word == "all" => Ok(Self::All),
            Sent::Word(word) => Err(serde::de::Error::custom(format!(
                "agents is \"all\" or a list of ids, not {word:?}"
            ))),
            Sent::Ids(ids) => Ok(Self::Named(ids)),
        }
    }
}

/// A part of a script: what to say, what to ask, and where to go from there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Unique in the script.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The words.
    pub say: String,
    /// Fields to ask for.
    pub questions: Vec<String>,
    /// The first that holds leads on; none = the step below.
    pub next: Vec<Branch>,
}

/// Where a step leads when a condition holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branch {
    /// A test of fields of this call, e.g. `urgency in M1,M3`; empty = always.
    pub when: String,
    /// Id of the step.
    pub step: String,
}

/// A version of a script.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = script)]
pub struct Script {
    /// Id, the same for all versions.
    pub id: i64,
    /// 1 and up.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// JSON of [`Step`]s.
    pub steps: String,
}

impl Script {
    /// Its steps.
    pub fn steps(&self) -> Vec<Step> {
        serde_json::from_str(&self.steps).unwrap_or_default()
    }
}

/// The script of a new campaign: plain text, steps, or one that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScriptInput {
    /// Plain text: a script of one step.
    Text(String),
    /// Steps.
    Steps(Vec<Step>),
    /// An existing script, its newest version.
    Existing(i64),
}

impl ScriptInput {
    /// The steps that were sent, unless an existing script is meant.
    pub fn steps(&self) -> Option<Vec<Step>> {
        match self {
            Self::Text(text) => Some(vec![Step {
                id: "1".into(),
                say: text.trim().to_owned(),
                ..Step::default()
            }]),
            Self::Steps(steps) => Some(steps.clone()),
            Self::Existing(_) => None,
        }
    }
}

/// What a person says about a new campaign.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    /// Its name.
    pub name: String,
    /// What agents say.
    #[serde(default)]
    pub script: Option<ScriptInput>,
    /// Who calls.
    #[serde(default = "everybody")]
    pub agents: Agents,
    /// First day.
    #[serde(default)]
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Whose it is; programs make campaigns of their user's team.
    #[serde(skip)]
    pub team: TeamChoice,
}

/// The team of a campaign, as a person chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TeamChoice {
    /// A new campaign is the own team's, an older one stays where it is.
    #[default]
    Own,
    /// This team's; none is the office's own.
    Of(Option<i64>),
}

fn everybody() -> Agents {
    Agents::All
}

/// What a person changes of a campaign; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct CampaignEdit {
    /// Name.
    pub name: Option<String>,
    /// Script; a text or steps become the next version of its script.
    pub script: Option<ScriptInput>,
    /// Who calls.
    pub agents: Option<Agents>,
    /// First and last day; both are set together.
    pub days: Option<(Option<NaiveDate>, Option<NaiveDate>)>,
    /// Whose it is.
    pub team: TeamChoice,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_all_or_named() {
        for (json, agents) in [
            ("\"all\"", Agents::All),
            ("[3,7]", Agents::Named(vec![3, 7])),
        ] {
            assert_eq!(
                serde_json::from_str::<Agents>(json).expect("JSON"),
                agents,
                "{json}"
            );
            assert_eq!(serde_json::to_string(&agents).expect("JSON"), json);
        }
        assert!(serde_json::from_str::<Agents>("\"some\"").is_err());
    }

    #[test]
    fn a_text_is_a_script_of_one_step() {
        let input: ScriptInput = serde_json::from_str("\"您好，这里是砚川科技。\"").expect("JSON");
        let steps = input.steps().expect("a text");
        assert_eq!(
            (steps.len(), steps[0].say.as_str()),
            (1, "您好，这里是砚川科技。")
        );
        assert_eq!(
            serde_json::from_str::<ScriptInput>("4").expect("JSON"),
            ScriptInput::Existing(4)
        );
    }
}
