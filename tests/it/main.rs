//! One test binary, linked once: the real application over HTTP, on both databases.

mod access;
mod accounts;
mod app;
mod bench;
mod browser;
mod call_screen;
mod calling;
mod check;
mod company_pages;
mod configuration;
mod consent;
mod crash;
mod follow;
mod intake;
mod intake_api;
mod parallel;
mod postgres;
mod registry;
mod routes;
mod selling;
mod settings;
mod settings_count;
mod smoke;
mod whole_path;
mod wrong_input;
