//! What happens in calling, inside the caller's transaction.

mod campaign;
mod claim;
mod due;
mod erased;
mod fill;
mod follow;
mod leases;
mod people;
mod queue;
mod record;
mod recycle;
mod rulebook;
mod script;
mod settle;
mod situation;
mod standing;
mod today;
mod undo;
mod view;

pub use campaign::{
    CampaignFigures, campaign, campaign_json, carry_figures_over, create_campaign, edit_campaign,
    figures, is_assigned, named_agents, run_campaign, script_of, scripts, set_campaign_state,
    visible_campaign, visible_campaigns,
};
pub use claim::{Claimed, claim};
pub use due::{bring_up_to_date, cool_event_leads, hand_over_to_team, is_anything_due};
pub use erased::{end_agreed, is_in_hand};
pub use fill::{check_fill, fill_chunk, fill_progress, finish_fill};
pub use follow::{
    follow_companies, follow_group, follow_office, follow_persons, move_expiring_up,
    rescore_entries, wake_without_ground,
};
pub use leases::{dialled, end_leases_of, expire_due, heartbeat, own_lease, release};
pub use people::{
    company_of_contact, contact_roots, has_wechat, rest_company, rest_of, set_point_state,
};
pub use queue::{park_for_merge, unpark_after_merge};
pub use record::{Outcome, keep_result};
pub use recycle::recycle;
pub use rulebook::{Rulebook, now_and_rules, rulebook, rulebook_and};
pub use script::{save_script, script, script_versions, scripts_in_use};
pub use settle::{give_to_team, log_settled, waiting_lease};
pub use situation::{Dialled, Situation, Unleased, under_lease, without_lease};
pub use today::{
    DayFigures, day_figures, drop_draft, finish_task, leave_task, load_draft, save_draft,
};
pub use undo::{Undoable, take_back, undoable};
pub use view::{LeaseView, lease_view};
