//! What selling did with a company, for its story: hand-overs, who got and lost it, stages, registrations.

use super::story::Happened;
use crate::accounts::user_names;
use crate::flows::sale_page;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::platform::settings;
use crate::selling::model::{Move, OwnershipKind, RegistrationMove};
use crate::selling::rules::explain::in_one_line;
use crate::selling::rules::handover::HandoverState;
use crate::selling::rules::stage_list::StageList;
use crate::selling::{day, handover, registration, sale};

/// Reads all of it.
pub(super) fn sold(conn: &mut Conn, ctx: &PageContext, group: &[i64]) -> AppResult<Vec<Happened>> {
    let moves = handover::moves_of(conn, group)?;
    let owned = sale::ownership_story(conn, group)?;
    let noted = day::noted(conn, group)?;
    let (registered, changes) = registration::registrations_of(conn, group)?;
    let people = moves.iter().flat_map(|m| [m.rep_id, m.actor_id]);
    let people = people.chain(owned.iter().flat_map(|o| [Some(o.1), o.2]));
    let people = people.chain(noted.iter().map(|n| n.2));
    let people = people.chain(registered.iter().map(|r| Some(r.rep_id)));
    let people: Vec<i64> = people
        .chain(changes.iter().map(|c| c.actor_id))
        .flatten()
        .collect();
    let names = user_names(conn, &people)?;
    let name = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned());
    let mut all: Vec<Happened> = moves
        .iter()
        .map(|step| line(step.at, "", handed(ctx, step, &name)))
        .collect();
    // What was accepted is told by its hand-over.
    let owned = owned
        .into_iter()
        .filter(|(kind, ..)| kind != OwnershipKind::Accepted.code());
    all.extend(owned.map(|(kind, rep, actor, reason, at)| {
        let title = [Some(ctx.code("ownership", &kind)), name(Some(rep))];
        let by = name(actor.filter(|who| *who != rep));
        line(at, "key", (joined(title), joined([by, reason])))
    }));
    all.extend(noted.into_iter().map(|(at, kind, who, said)| {
        let title = [Some(ctx.code("appointment", &kind)), name(who)];
        line(at, "key", (joined(title), said.unwrap_or_default()))
    }));
    for one in &registered {
        let title = [Some(ctx.t("sale-register")), name(Some(one.rep_id))];
        let said = (joined(title), one.project.clone());
        all.push(line(one.at, "", said));
    }
    for change in &changes {
        let kind = RegistrationMove::from_code(&change.kind).unwrap_or(RegistrationMove::LeftRep);
        let title = [
            Some(ctx.t("sale-register")),
            Some(ctx.t1(kind.key(), "day", ctx.date(&change.until))),
        ];
        let text = joined([name(change.actor_id), change.reason.clone()]);
        all.push(line(change.at, "", (joined(title), text)));
    }
    let sales = sale::opportunities(conn, group)?;
    let ids: Vec<i64> = sales.iter().map(|o| o.id).collect();
    let stages = sale::stages(conn, &ids)?;
    let list = settings::load::<StageList>(conn)?.value;
    let steps = sale_page::story(ctx, &list, &sales, &stages);
    let steps = steps.into_iter().filter(|step| !step.is_beginning);
    all.extend(steps.map(|step| {
        let text = step.lines.join(&ctx.t("company-comma"));
        let title = joined([Some(ctx.t("sale-title")), Some(step.title)]);
        line(step.at, "key", (title, text))
    }));
    Ok(all)
}

/// One step of a hand-over: whose it became and why.
fn handed(
    ctx: &PageContext,
    step: &Move,
    name: &impl Fn(Option<i64>) -> Option<String>,
) -> (String, String) {
    let state = HandoverState::from_code(&step.state).unwrap_or(HandoverState::Withdrawn);
    let title = [
        Some(ctx.t("handover-title")),
        Some(ctx.t(state.key())),
        name(step.rep_id),
    ];
    let why = match (&step.inputs, &step.why) {
        (Some(inputs), Some(why)) => {
            let inputs = serde_json::from_str(inputs).unwrap_or_default();
            let decision = serde_json::from_str(why).unwrap_or_default();
            Some(in_one_line(ctx.language, &inputs, &decision))
        }
        _ => None,
    };
    (joined(title), joined([why, step.reason.clone()]))
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    let said = parts.into_iter().flatten().filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join(" · ")
}

fn line(
    at: chrono::NaiveDateTime,
    kind: &'static str,
    (title, text): (String, String),
) -> Happened {
    Happened {
        at,
        kind,
        title,
        text,
        record: None,
    }
}
