//! One test binary, linked once: the real application over HTTP, on both databases.

mod app;
mod postgres;
mod smoke;
