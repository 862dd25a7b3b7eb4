//! Use cases that span areas, one file each. The only folder that may import every area.

mod call_screen;
mod campaign_pages;
pub mod check;
pub mod claim;
pub mod company_access;
mod company_api;
mod company_page;
pub mod contradictions;
pub mod demo;
mod demo_cards;
mod due_companies;
pub mod erase_person;
mod facts;
pub mod fill_campaign;
pub mod fix_office;
pub mod grade_company;
mod grade_proposals;
pub mod hand_over;
mod import_api;
mod import_chunk;
pub mod import_job;
mod import_pages;
mod key_items;
pub mod merge_companies;
pub mod night;
pub mod opt_out;
pub mod receive_file;
pub mod record_call;
pub mod refusal_log;
pub mod restore;
mod review_grades;
mod sale_page;
mod samples;
pub mod set_clock;
mod settings_pages;
pub mod settle_lease;
mod silence_rows;
mod source_changed;
mod start_mailing;
pub mod suppress;
mod suppression_doors;
pub mod switch_off_user;
pub mod take_lead;
mod today;
pub mod undo_call;
pub mod undo_chunk;
pub mod upkeep;

use std::sync::Arc;

use crate::platform::jobs::Kinds;

/// Routes of what spans areas.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    import_api::routes(config);
    import_pages::routes(config);
    company_api::routes(config);
    company_page::routes(config);
    settings_pages::routes(config);
    claim::routes(config);
    fill_campaign::routes(config);
    grade_company::routes(config);
    grade_proposals::routes(config);
    contradictions::routes(config);
    key_items::routes(config);
    record_call::routes(config);
    suppression_doors::routes(config);
    opt_out::routes(config);
    samples::routes(config);
    settle_lease::routes(config);
    start_mailing::routes(config);
    switch_off_user::routes(config);
    undo_call::routes(config);
    call_screen::routes(config);
    campaign_pages::routes(config);
    today::routes(config);
    sale_page::routes(config);
    due_companies::routes(config);
    erase_person::routes(config);
}

/// Every kind of long work, in one flat list.
pub fn job_kinds() -> Kinds {
    Arc::new(vec![
        Box::new(fill_campaign::FillCampaign),
        Box::new(source_changed::FollowSource),
        erase_person::kind(),
        import_job::kind(),
        night::kind(),
        review_grades::kind(),
        undo_chunk::kind(),
        crate::registry::search::kind(),
        crate::outreach::jobs::plan::kind(),
    ])
}
