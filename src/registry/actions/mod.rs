//! What happens to companies, persons and their numbers, inside the caller's transaction.

pub(crate) mod create;
pub(crate) mod desk;
mod erase;
mod groups;
mod hand;
mod home;
pub(crate) mod left;
mod merging;
pub(crate) mod people;
mod place;
mod plans;
mod points;
pub(crate) mod refold;
mod removal;
mod say;
mod split;
mod supersede;

pub use create::{Created, NewByHand, create_company_by_hand, create_contact_by_hand};
pub use erase::{Traces, erase_from_records, erase_person, persons_here, traces_of};
pub use groups::{
    due_for_rescore, group_of, persons_of_contacts, redate, refold, rescore, root_of,
};
pub use hand::{give_to, mark, take_away};
pub use home::home;
pub use left::set_left;
pub use merging::{Unmerged, merge_companies, unmerge};
pub use people::known_persons;
pub use place::{List, Placed, Placer, ToPlace};
pub use points::set_point_state;
pub use removal::{Removed, remove_records};
pub use say::{say, withdraw};
pub use supersede::{settle_superseded, supersede};
