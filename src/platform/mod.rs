//! What every area stands on: database, clock, jobs, settings, languages, pages, errors, and the server.
//!
//! Nothing here knows what a company is. Only [`http`] names the areas, to list their routes.

pub mod archive;
pub mod assets;
pub mod calendar;
pub mod check;
pub mod check_value;
pub mod clock;
pub mod clockwork;
pub mod codes;
pub mod config;
pub mod db;
pub mod error;
pub mod form;
pub mod http;
pub mod i18n;
pub mod idempotency;
pub mod jobs;
pub mod log;
pub mod mailer;
pub mod money;
pub mod nul;
pub mod office;
pub mod openapi;
pub mod page;
pub mod peer;
pub mod private_file;
pub mod problem;
pub mod secret;
pub mod sentence;
pub mod settings;
