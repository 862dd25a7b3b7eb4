//! Use cases that span areas, one file each. The only folder that may import every area.

pub mod company_access;
mod company_api;
mod company_page;
mod import_chunk;
pub mod import_job;
mod import_pages;
pub mod merge_companies;
pub mod receive_file;
mod reground;
pub mod set_clock;
mod settings_pages;
pub mod suppress;
mod suppression_doors;
pub mod switch_off_user;
pub mod undo_chunk;

use std::sync::Arc;

use crate::platform::jobs::Kinds;

/// Routes of what spans areas.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    import_pages::routes(config);
    company_api::routes(config);
    company_page::routes(config);
    settings_pages::routes(config);
    suppression_doors::routes(config);
    switch_off_user::routes(config);
}

/// Every kind of long work, in one flat list.
pub fn job_kinds() -> Kinds {
    Arc::new(vec![
        Box::new(reground::RegroundSource),
        import_job::kind(),
        undo_chunk::kind(),
        crate::registry::search::kind(),
    ])
}
