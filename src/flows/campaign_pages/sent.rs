//! The form of a campaign as it was sent: days, people, and the script step by step.

use chrono::NaiveDate;

use crate::calling::model::{Agents, Branch, ScriptInput, Step, TeamChoice};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;

/// What was sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    pub(super) name: String,
    pub(super) starts_on: String,
    pub(super) ends_on: String,
    pub(super) is_named: bool,
    pub(super) agents: Vec<i64>,
    pub(super) steps: Vec<Step>,
    pub(super) team: TeamChoice,
}

impl Sent {
    pub(super) fn read(pairs: &Pairs) -> AppResult<Self> {
        let text = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
        Ok(Self {
            name: text("name"),
            starts_on: text("starts_on"),
            ends_on: text("ends_on"),
            is_named: pairs.get("agents") == Some("named"),
            agents: pairs
                .all("agent")
                .filter_map(|id| id.parse().ok())
                .collect(),
            steps: steps_of(pairs)?,
            team: match pairs.get("team") {
                None => TeamChoice::Own,
                Some(id) => TeamChoice::Of(id.parse().ok()),
            },
        })
    }

    pub(super) fn days(&self) -> AppResult<(Option<NaiveDate>, Option<NaiveDate>)> {
        Ok((
            day(&self.starts_on, "starts_on")?,
            day(&self.ends_on, "ends_on")?,
        ))
    }

    pub(super) fn agents(&self) -> Agents {
        match self.is_named {
            true => Agents::Named(self.agents.clone()),
            false => Agents::All,
        }
    }

    pub(super) fn script(&self) -> Option<ScriptInput> {
        (!self.steps.is_empty()).then(|| ScriptInput::Steps(self.steps.clone()))
    }
}

fn day(text: &str, field: &'static str) -> AppResult<Option<NaiveDate>> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| AppError::invalid("date_unreadable", field)),
    }
}

/// The steps that say something; branches name steps by the number that the person sees.
fn steps_of(pairs: &Pairs) -> AppResult<Vec<Step>> {
    let column = |name: &'static str| pairs.all(name).map(str::trim).collect::<Vec<_>>();
    let (titles, says) = (column("step_title"), column("step_say"));
    let (asks, nexts) = (column("step_ask"), column("step_next"));
    let at = |column: &[&str], n: usize| column.get(n).copied().unwrap_or_default().to_owned();
    let mut steps = Vec::new();
    for n in 0..says.len() {
        let (title, say, ask) = (at(&titles, n), at(&says, n), at(&asks, n));
        if title.is_empty() && say.is_empty() {
            continue;
        }
        steps.push(Step {
            id: (n + 1).to_string(),
            title,
            say,
            questions: Some(ask).filter(|a| !a.is_empty()).into_iter().collect(),
            next: branches(&at(&nexts, n))?,
        });
    }
    Ok(steps)
}

/// `urgency in GT12,NOPLAN → 5; → 3`.
fn branches(text: &str) -> AppResult<Vec<Branch>> {
    let wrong =
        |part: &str| AppError::invalid("script_branch_unreadable", "script").with("part", part);
    let parts = text
        .split([';', '；', '\n'])
        .map(str::trim)
        .filter(|p| !p.is_empty());
    parts
        .map(|part| {
            let (when, step) = part
                .rsplit_once('→')
                .or_else(|| part.rsplit_once("->"))
                .ok_or_else(|| wrong(part))?;
            Ok(Branch {
                when: when.trim().to_owned(),
                step: step.trim().to_owned(),
            })
        })
        .collect()
}

pub(super) fn branches_text(branches: &[Branch]) -> String {
    branches
        .iter()
        .map(|b| format!("{} → {}", b.when, b.step).trim().to_owned())
        .collect::<Vec<_>>()
        .join("; ")
}

/// The steps with the numbers that the form shows as their ids.
pub(super) fn renumbered(steps: Vec<Step>) -> Vec<Step> {
    let ids: Vec<String> = steps.iter().map(|s| s.id.clone()).collect();
    let number = |id: &str| match ids.iter().position(|known| known == id) {
        Some(at) => (at + 1).to_string(),
        None => id.to_owned(),
    };
    let renumber = |mut step: Step| {
        step.id = number(&step.id);
        for branch in &mut step.next {
            branch.step = number(&branch.step);
        }
        step
    };
    steps.into_iter().map(renumber).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_written_as_they_are_read() {
        let read = branches("urgency in GT12,NOPLAN → 5；-> 3").expect("readable");
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].when, "urgency in GT12,NOPLAN");
        assert_eq!(branches_text(&read), "urgency in GT12,NOPLAN → 5; → 3");
        assert!(branches("urgency in M1").is_err());
    }
}
