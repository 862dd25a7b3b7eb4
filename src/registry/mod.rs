//! Who exists: companies, persons, their contact points, and what was said about them.

pub mod rules;
