//! SQL of mailings and approvals.
