//! The words of selling: territories, hand-overs, opportunities, ownership, notices.

mod handover;
mod notice;
mod sale;
mod territory;

pub use handover::{Handover, Move, NewHandover, NewMove};
pub use notice::{NewNotice, Notice, NoticeKind, Webhook};
pub use sale::{
    Appointment, NewAppointment, NewOpportunity, NewOwnership, NewRegistration, NewStageChange,
    Opportunity, OwnershipKind, Registration, StageChange,
};
pub use territory::{Absence, NewAbsence, NewTerritory, TerritoryRow};
