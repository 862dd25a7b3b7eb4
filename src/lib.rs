//! Canvass (扫街): campaigns and lead capture for events and telemarketing, self-hosted.
//!
//! One folder per business area, each with the same rooms: `model`, `rules` (pure), `queries` (all SQL),
//! `actions` (inside the caller's transaction), `pages` and `api` (thin), `jobs`, `checks`.
//! Imports point one way: `platform ← accounts ← registry ← consent ← {intake, qualifying} ← calling ← selling ← outreach`.
//! [`flows`] holds use cases that span areas and may import all of them; [`commands`] is the command line.

pub mod accounts;
pub mod calling;
pub mod commands;
pub mod consent;
pub mod flows;
pub mod intake;
pub mod outreach;
pub mod platform;
pub mod qualifying;
pub mod registry;
pub mod schema;
pub mod selling;
