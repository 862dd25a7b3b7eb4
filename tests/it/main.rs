//! One test binary, linked once: the real application over HTTP, on both databases.

mod access;
mod accounts;
mod app;
mod browser;
mod consent;
mod postgres;
mod routes;
mod settings;
mod smoke;
