//! What is offered to them: by competitors, and by us.

use super::{ContradictionRules, Hit};
use crate::qualifying::model::{Effect, Evidence, Grade, Level, VendorState};
use crate::qualifying::rules::need::is_rough_need;

fn has_vendor(evidence: &Evidence, is_meant: impl Fn(VendorState) -> bool) -> bool {
    let vendors = evidence.vendors.as_ref();
    vendors.is_some_and(|known| known.value.iter().any(|vendor| is_meant(vendor.state)))
}

/// K04: "no need", but a competitor is showing its product there.
pub(super) fn no_need_but_demo(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let denied = evidence.last_result.as_ref()?.value == "no_need";
    let is_shown = |state| matches!(state, VendorState::Demo | VendorState::Quoted);
    Hit::new_if(
        denied && has_vendor(evidence, is_shown),
        Level::Block,
        Effect::AskBefore(Grade::D),
    )
}

/// K11: our quotation is out, but nobody knows what for.
pub(super) fn quoted_without_need(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    evidence.quotation?;
    let (codes, text) = evidence.need();
    Hit::warn_if(!is_rough_need(codes.len(), text))
}

/// K21: somebody else has the contract.
pub(super) fn signed(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let is_open = evidence.present()? <= Grade::C;
    Hit::block_if(
        is_open && has_vendor(evidence, |state| state == VendorState::Signed),
        Grade::D,
    )
}
