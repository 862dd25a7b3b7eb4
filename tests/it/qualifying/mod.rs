//! Key items, grades and contradictions, from the call to the rep who decides.

mod browser;
mod calls;
mod items;
mod proposals;

use canvass::qualifying::checks::INVARIANTS;

use crate::app::TestApp;
use crate::check::hold;

/// Grades, proposals and contradictions are as they must be.
#[track_caller]
fn is_sound(app: &TestApp) {
    hold(app, INVARIANTS);
}
