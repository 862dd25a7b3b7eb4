//! To which rep a company goes, and why: a function of its inputs alone, so that every assignment can be replayed.

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::territory::{Specificity, Spot, Territory};

/// A rep on the day of the assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepFacts {
    /// The user.
    pub user_id: i64,
    /// Full name, kept so that the reasons can be read for ever.
    pub name: String,
    /// Own companies and open offers.
    pub load: i64,
    /// The latest offer this rep was given; none: never any.
    pub last_offer: Option<i64>,
    /// On leave.
    pub is_away: bool,
    /// Who stands in.
    pub deputy: Option<i64>,
}

/// All that an assignment is decided on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The company.
    pub spot: Spot,
    /// Active territories whose reps may be given something.
    pub territories: Vec<Territory>,
    /// Those reps and their deputies.
    pub reps: Vec<RepFacts>,
    /// Who had this offer already.
    pub had: Vec<i64>,
    /// The day in the office.
    pub today: NaiveDate,
}

/// A step of the reasoning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Why {
    /// The territory that takes the company in more specifically than any other.
    MostSpecific {
        /// The territory.
        territory: i64,
        /// How specifically.
        how: Specificity,
    },
    /// Equally specific territories of several reps.
    Overlap {
        /// The names of the reps.
        names: Vec<String>,
    },
    /// Of those, this rep has the fewest.
    LightestLoad {
        /// Own companies and open offers.
        load: i64,
    },
    /// Equal loads: whoever waited longest.
    RoundRobin,
    /// A rep who is on leave.
    Away {
        /// The name.
        name: String,
    },
    /// The one who stands in.
    Deputy {
        /// For whom.
        name: String,
    },
    /// Had it before.
    Had {
        /// The name.
        name: String,
    },
    /// No territory takes it in.
    NoTerritory,
    /// Everybody who could have it had it, or is on leave.
    NobodyLeft,
    /// A person gave it to this rep.
    ByHand,
    /// The rep who had it was switched off.
    SwitchedOff {
        /// The name.
        name: String,
    },
}

/// What came out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The rep; none: the manager decides.
    pub rep: Option<i64>,
    /// By which territory.
    pub territory: Option<i64>,
    /// The reasoning, step by step.
    pub why: Vec<Why>,
}

/// One who could take it.
struct Candidate<'a> {
    how: Specificity,
    territory: i64,
    rep: &'a RepFacts,
    /// Stands in for.
    instead_of: Option<&'a RepFacts>,
}

impl Candidate<'_> {
    /// Lighter load first, then whoever was given something longest ago.
    fn turn(&self) -> (i64, i64, i64) {
        let last = self.rep.last_offer.unwrap_or(0);
        (self.rep.load, last, self.rep.user_id)
    }
}

/// Decides. The order in which territories and reps are listed does not matter.
pub fn decide(inputs: &Inputs) -> Decision {
    let mut notes = Vec::new();
    let mut candidates = candidates(inputs, &mut notes);
    let Some(best) = candidates.iter().map(|c| c.how).max() else {
        let none = inputs
            .territories
            .iter()
            .all(|t| t.reach.takes(&inputs.spot).is_none());
        notes.push(if none {
            Why::NoTerritory
        } else {
            Why::NobodyLeft
        });
        return Decision {
            why: notes,
            ..Decision::default()
        };
    };
    candidates.retain(|c| c.how == best);
    candidates.sort_by_key(|c| (c.turn(), c.territory));
    let chosen = &candidates[0];
    notes.push(Why::MostSpecific {
        territory: chosen.territory,
        how: best,
    });
    if let Some(other) = candidates
        .iter()
        .find(|c| c.rep.user_id != chosen.rep.user_id)
    {
        let mut names: Vec<String> = candidates.iter().map(|c| c.rep.name.clone()).collect();
        names.sort();
        names.dedup();
        notes.push(Why::Overlap { names });
        notes.push(match other.rep.load == chosen.rep.load {
            true => Why::RoundRobin,
            false => Why::LightestLoad {
                load: chosen.rep.load,
            },
        });
    }
    if let Some(absent) = chosen.instead_of {
        notes.push(Why::Deputy {
            name: absent.name.clone(),
        });
    }
    Decision {
        rep: Some(chosen.rep.user_id),
        territory: Some(chosen.territory),
        why: notes,
    }
}

fn candidates<'a>(inputs: &'a Inputs, notes: &mut Vec<Why>) -> Vec<Candidate<'a>> {
    let rep = |id: i64| inputs.reps.iter().find(|r| r.user_id == id);
    let mut taking: Vec<(Specificity, &Territory)> = inputs
        .territories
        .iter()
        .filter_map(|t| t.reach.takes(&inputs.spot).map(|how| (how, t)))
        .collect();
    taking.sort_by_key(|(how, t)| (Reverse(*how), t.id));
    let mut found = Vec::new();
    for (how, territory) in taking {
        let Some(own) = rep(territory.user_id) else {
            continue;
        };
        let stands_in = || own.deputy.and_then(rep).filter(|deputy| !deputy.is_away);
        let (taker, instead_of) = match (own.is_away, stands_in()) {
            (false, _) => (own, None),
            (true, Some(deputy)) => (deputy, Some(own)),
            (true, None) => {
                note(
                    notes,
                    Why::Away {
                        name: own.name.clone(),
                    },
                );
                continue;
            }
        };
        if inputs.had.contains(&taker.user_id) {
            note(
                notes,
                Why::Had {
                    name: taker.name.clone(),
                },
            );
            continue;
        }
        found.push(Candidate {
            how,
            territory: territory.id,
            rep: taker,
            instead_of,
        });
    }
    found
}

fn note(notes: &mut Vec<Why>, why: Why) {
    if !notes.contains(&why) {
        notes.push(why);
    }
}

#[cfg(test)]
mod tests;
