//! Who may do what: one function decides, on (user, verb, object). Deny by default.
//!
//! Lists are filtered by the same rule in SQL; what one may not do is not offered, and answers 403 with a sentence.

pub mod credentials;
mod next_page;
mod object;

pub use next_page::next_page;
pub use object::{CompanyAccess, Object};

use super::model::{Actor, Role};
use crate::platform::error::{AppError, AppResult};

/// Something a person wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Open the list and the search of companies (agents and reps see strangers with masked numbers).
    FindCompanies,
    /// Open one company's page.
    SeeCompany,
    /// See its numbers in full.
    SeeNumbers,
    /// Correct facts, add contacts, set the grade.
    EditCompany,
    /// Add a company or a person by hand.
    AddCompany,
    /// Join two companies, and part them again.
    MergeCompanies,
    /// See imports and their rows (numbers in full).
    SeeImports,
    /// Import a list, take an import back.
    Import,
    /// See and change sources, their cost and ground.
    EditSources,
    /// See campaigns and how they stand.
    SeeCampaigns,
    /// Make, fill, pause campaigns; give scripts and agents.
    RunCampaigns,
    /// Take the next call of a campaign.
    Call,
    /// Record a call without a lease, find a caller by number.
    RecordCall,
    /// Take back the result of a call (own ones within the limits of its rule).
    UndoCall,
    /// Take back anybody's result later, with a reason.
    UndoAnyCall,
    /// Say that a task is done.
    FinishTask,
    /// See the do-not-call list.
    SeeSuppressions,
    /// Put somebody on it.
    AddSuppression,
    /// Lift an entry, withdraw an origin.
    LiftSuppression,
    /// Change rules: needs, reasons, scripts, calling rules.
    EditRules,
    /// Change on what ground somebody may be contacted.
    EditGrounds,
    /// Erase a person: what names them goes for good.
    ErasePerson,
    /// See grades that wait for an answer and facts that contradict each other, and settle them.
    SeeGrades,
    /// Change the office: zone, hours, calendar years.
    EditOffice,
    /// Users, their tokens and reset links.
    EditUsers,
    /// Read the access log.
    SeeAccessLog,
    /// Take data along.
    Export,
    /// See what was handed over to whom.
    SeeHandovers,
    /// Accept and reject offers, keep an agenda: the day of a rep.
    AnswerHandovers,
    /// Give companies to reps by hand.
    Reassign,
    /// Draw territories, send reps on leave.
    EditTerritories,
    /// See the pool.
    SeePool,
    /// Take a company out of the pool.
    ClaimFromPool,
    /// Move a sale on, register a project, let the company go.
    Sell,
    /// Set the webhook.
    EditWebhook,
    /// See mailings, the calendar of greetings, and what a person was sent and why.
    SeeMailings,
    /// Plan, approve, start, pause and cancel mailings, settle what is unknown, write news.
    RunMailings,
    /// Write the letters of greetings and news.
    EditLetters,
    /// Answer for the cards to own customers.
    ApproveCards,
    /// See who of the own work is due by the cadence of grades.
    SeeCadence,
    /// Set how mail leaves the house; take the data along and bring it back.
    EditMail,
}

/// Whether `actor` may do `verb` to `object`.
pub fn may(actor: &Actor, verb: Verb, object: Object) -> bool {
    use Role::{Admin, Agent, Manager, Marketing, Rep};
    let is = |roles: &[Role]| actor.roles.has_any(roles);
    match verb {
        Verb::FindCompanies => is(&[Manager, Marketing, Agent, Rep]),
        Verb::SeeCompany | Verb::SeeNumbers | Verb::EditCompany => match object {
            Object::Company(company) => may_with_company(actor, verb, company),
            _ => is(&[Manager, Marketing]),
        },
        Verb::AddCompany => is(&[Manager, Marketing, Agent, Rep]),
        // Of two companies a manager looks after one at least.
        Verb::MergeCompanies => match object {
            Object::Company(company) => is(&[Marketing]) || leads_owner(actor, company),
            _ => is(&[Manager, Marketing]),
        },
        Verb::EditSources | Verb::Import => is(&[Manager, Marketing]),
        Verb::SeeImports => is(&[Manager, Marketing]),
        Verb::SeeCampaigns => match object {
            Object::Campaign {
                is_assigned,
                team_id,
            } => is(&[Marketing]) || leads(actor, team_id) || (is(&[Agent]) && is_assigned),
            _ => is(&[Manager, Marketing, Agent]),
        },
        Verb::RunCampaigns => match object {
            Object::Campaign { team_id, .. } => is(&[Marketing]) || leads(actor, team_id),
            _ => is(&[Manager, Marketing]),
        },
        Verb::Call => match object {
            Object::Campaign { is_assigned, .. } => is(&[Agent]) && is_assigned,
            _ => is(&[Agent]),
        },
        Verb::RecordCall => match object {
            Object::Company(company) => may_with_company(actor, Verb::EditCompany, company),
            _ => is(&[Agent, Rep, Manager]),
        },
        Verb::UndoCall => match object {
            Object::Work { user_id, team_id } => {
                actor.user_id == Some(user_id) || leads(actor, team_id)
            }
            _ => is(&[Agent, Rep, Manager]),
        },
        Verb::UndoAnyCall => match object {
            Object::Work { team_id, .. } => leads(actor, team_id),
            _ => is(&[Manager]),
        },
        Verb::FinishTask => match object {
            Object::Work { user_id, team_id } => {
                actor.user_id == Some(user_id) || leads(actor, team_id)
            }
            Object::TeamWork { team_id } => {
                is(&[Manager, Marketing, Agent]) && (team_id.is_none() || team_id == actor.team_id)
            }
            _ => is(&[Manager, Marketing, Agent, Rep]),
        },
        Verb::LiftSuppression => is(&[Manager]),
        Verb::SeeSuppressions | Verb::AddSuppression => is(&[Manager, Marketing]),
        Verb::EditRules => is(&[Manager]),
        Verb::EditGrounds | Verb::ErasePerson => is(&[Manager, Admin]),
        Verb::EditOffice | Verb::EditUsers | Verb::SeeAccessLog => is(&[Admin]),
        Verb::Export => is(&[Manager, Marketing, Rep]),
        Verb::SeePool => is(&[Manager, Rep]),
        Verb::AnswerHandovers | Verb::ClaimFromPool => is(&[Rep]),
        Verb::SeeGrades | Verb::SeeHandovers | Verb::Sell => match object {
            Object::Company(company) => {
                leads_owner(actor, company) || (is(&[Rep]) && company.is_of(actor))
            }
            _ => is(&[Manager, Rep]),
        },
        Verb::Reassign | Verb::EditTerritories => match object {
            Object::Company(company) => leads_owner(actor, company),
            Object::Work { team_id, .. } => leads(actor, team_id),
            _ => is(&[Manager]),
        },
        Verb::EditWebhook | Verb::EditMail => is(&[Admin]),
        Verb::SeeMailings | Verb::RunMailings => match object {
            Object::Mailing { team_id } => is(&[Marketing]) || leads(actor, team_id),
            _ => is(&[Manager, Marketing]),
        },
        Verb::EditLetters => is(&[Manager, Marketing]),
        Verb::ApproveCards => is(&[Rep]),
        Verb::SeeCadence => is(&[Manager, Marketing, Agent, Rep]),
    }
}

/// A manager leads the own team: what belongs to no team is the office's own, the first one.
fn leads(actor: &Actor, team_id: Option<i64>) -> bool {
    actor.roles.has(Role::Manager) && actor.team_id == team_id
}

/// A manager looks after what the reps of the own team have, and what nobody has; `Whose` says it to the database.
fn leads_owner(actor: &Actor, company: CompanyAccess) -> bool {
    match company.owner_id {
        Some(_) => leads(actor, company.owner_team_id),
        None => actor.roles.has(Role::Manager),
    }
}

fn may_with_company(actor: &Actor, verb: Verb, company: CompanyAccess) -> bool {
    let roles = actor.roles;
    if leads_owner(actor, company) {
        return true;
    }
    let as_rep = roles.has(Role::Rep)
        && (company.is_of(actor) || company.was_added_by_user || company.has_appointment);
    let as_agent = roles.has(Role::Agent) && company.is_agents();
    match verb {
        // Marketing sees every company; numbers stay masked outside imports, as for everybody who does not call.
        Verb::SeeCompany => {
            roles.has(Role::Marketing)
                || as_rep
                || as_agent
                || (roles.has(Role::Rep) && (company.is_in_pool || company.is_offered_to_user))
        }
        Verb::SeeNumbers => as_rep || as_agent,
        _ => roles.has(Role::Marketing) || as_rep || as_agent,
    }
}

/// [`may`] as a gate: 403 with a sentence, which says whether another role or another object would help.
pub fn require(actor: &Actor, verb: Verb, object: Object) -> AppResult<()> {
    if may(actor, verb, object) {
        return Ok(());
    }
    Err(match may(actor, verb, Object::Any) {
        true => AppError::not_yours(),
        false => AppError::forbidden(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Roles;

    fn actor(roles: &[Role]) -> Actor {
        Actor {
            user_id: Some(7),
            team_id: None,
            roles: roles.iter().copied().collect::<Roles>(),
            name: "林小满".into(),
        }
    }

    #[test]
    fn a_user_without_roles_may_nothing() {
        let nobody = actor(&[]);
        for verb in [
            Verb::FindCompanies,
            Verb::Call,
            Verb::Import,
            Verb::EditUsers,
            Verb::Export,
            Verb::AddCompany,
        ] {
            assert!(!may(&nobody, verb, Object::Any), "{verb:?}");
        }
    }

    #[test]
    fn an_agent_sees_what_was_called_and_nothing_else() {
        let agent = actor(&[Role::Agent]);
        let stranger = CompanyAccess::default();
        assert!(!may(&agent, Verb::SeeCompany, Object::Company(stranger)));
        let called = CompanyAccess {
            was_called_by_user: true,
            ..stranger
        };
        assert!(may(&agent, Verb::SeeNumbers, Object::Company(called)));
        assert!(!may(&agent, Verb::Import, Object::Any));
    }

    #[test]
    fn a_rep_sees_the_pool_masked_and_own_companies_whole() {
        let rep = actor(&[Role::Rep]);
        let pool = CompanyAccess {
            is_in_pool: true,
            ..Default::default()
        };
        assert!(may(&rep, Verb::SeeCompany, Object::Company(pool)));
        assert!(!may(&rep, Verb::SeeNumbers, Object::Company(pool)));
        let own = CompanyAccess {
            owner_id: Some(7),
            ..Default::default()
        };
        assert!(may(&rep, Verb::EditCompany, Object::Company(own)));
        let others = CompanyAccess {
            owner_id: Some(8),
            ..Default::default()
        };
        assert!(!may(&rep, Verb::SeeCompany, Object::Company(others)));
    }

    #[test]
    fn a_manager_leads_one_team_and_marketing_sees_every_one() {
        let of = |roles: &[Role], team_id| Actor {
            team_id,
            ..actor(roles)
        };
        let campaign = |team_id| Object::Campaign {
            is_assigned: false,
            team_id,
        };
        let work = |team_id| Object::Work {
            user_id: 9,
            team_id,
        };
        let owned = |team_id| {
            Object::Company(CompanyAccess {
                owner_id: Some(9),
                owner_team_id: team_id,
                ..CompanyAccess::default()
            })
        };
        for (own, other) in [(None, Some(1)), (Some(1), None), (Some(1), Some(2))] {
            let manager = of(&[Role::Manager], own);
            for (verb, object) in [
                (Verb::SeeCampaigns, campaign as fn(_) -> _),
                (Verb::RunCampaigns, campaign),
                (Verb::UndoCall, work),
                (Verb::UndoAnyCall, work),
                (Verb::SeeCompany, owned),
                (Verb::EditCompany, owned),
                (Verb::MergeCompanies, owned),
                (Verb::SeeGrades, owned),
                (Verb::SeeHandovers, owned),
                (Verb::Sell, owned),
                (Verb::Reassign, owned),
                (Verb::Reassign, work),
                (Verb::EditTerritories, work),
            ] {
                assert!(may(&manager, verb, object(own)), "{verb:?} {own:?}");
                assert!(
                    !may(&manager, verb, object(other)),
                    "{verb:?} {own:?} {other:?}"
                );
            }
            let marketing = of(&[Role::Marketing], own);
            assert!(may(&marketing, Verb::RunCampaigns, campaign(other)));
            assert!(may(&marketing, Verb::SeeCompany, owned(other)));
            assert!(may(&marketing, Verb::MergeCompanies, owned(other)));
        }
        let free = Object::Company(CompanyAccess::default());
        assert!(may(&of(&[Role::Manager], Some(1)), Verb::SeeCompany, free));
    }

    #[test]
    fn what_nobody_of_a_team_has_is_done_by_that_team() {
        let of = |role, team_id| Actor {
            team_id,
            ..actor(&[role])
        };
        let work = |team_id| Object::TeamWork { team_id };
        for role in [Role::Agent, Role::Manager, Role::Marketing] {
            let north = of(role, Some(1));
            assert!(may(&north, Verb::FinishTask, work(Some(1))), "{role:?}");
            assert!(may(&north, Verb::FinishTask, work(None)), "{role:?}");
            assert!(!may(&north, Verb::FinishTask, work(Some(2))), "{role:?}");
        }
        let rep = of(Role::Rep, Some(1));
        assert!(!may(&rep, Verb::FinishTask, work(Some(1))));
        let own = Object::Work {
            user_id: 7,
            team_id: Some(1),
        };
        assert!(may(&rep, Verb::FinishTask, own));
    }

    #[test]
    fn an_administrator_alone_sees_no_business_data() {
        let admin = actor(&[Role::Admin]);
        assert!(!may(&admin, Verb::FindCompanies, Object::Any));
        assert!(may(&admin, Verb::EditUsers, Object::Any));
    }

    #[test]
    fn only_a_manager_lifts_a_suppression() {
        assert!(may(
            &actor(&[Role::Manager]),
            Verb::LiftSuppression,
            Object::Any
        ));
        assert!(!may(
            &actor(&[Role::Marketing, Role::Admin]),
            Verb::LiftSuppression,
            Object::Any
        ));
    }
}
