//! The words of selling: territories, hand-overs, opportunities, ownership, notices.

mod handover;
mod notice;
mod registration;
mod sale;
mod territory;

pub use handover::{Handover, Move, NewHandover, NewMove};
pub use notice::{NewNotice, Notice, NoticeKind, Webhook};
pub use registration::{
    NewRegistration, NewRegistrationChange, Registration, RegistrationChange, RegistrationMove,
};
pub use sale::{
    Appointment, NewAppointment, NewOpportunity, NewOwnership, NewStageChange, Opportunity,
    OwnershipKind, StageChange,
};
pub use territory::{Absence, NewAbsence, NewTerritory, TerritoryRow};
