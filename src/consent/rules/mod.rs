//! Grounds, ways and suppressions. No ground, no call; a refusal never ends by itself.

pub mod grounds;
pub mod suppression;

pub use grounds::{
    Ground, GroundRow, GroundTable, Permission, Purpose, Verdict, best_ground, is_business_number,
};
pub use suppression::{Refusal, WithdrawalFault, WithdrawalRequest, may_withdraw, silenced};
