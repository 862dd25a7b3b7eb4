//! Pure rules of selling: nothing here reads a clock or a database.

pub mod assign;
pub mod capacity;
pub mod explain;
pub mod handover;
pub mod ical;
pub mod notice;
pub mod numbers;
pub mod pool;
pub mod registration;
pub mod service;
pub mod stage_list;
pub mod stages;
pub mod territory;
