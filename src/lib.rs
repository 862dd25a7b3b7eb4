//! Canvass: campaigns and lead capture for events and telemarketing.

pub mod platform;
pub mod registry;
