//! SQL of the ledger.
