//! SQL of suppressions, their list, and grounds.

pub(super) mod erased;
pub(super) mod grounds;
pub(super) mod invariants;
pub(super) mod list;
pub(super) mod refusals;
pub(super) mod sources;
pub(super) mod suppression;

/// SQL: the id that row `s` of the suppressions names; none where its subject is no number, as with somebody who was
/// erased. PostgreSQL fails on such a text, and may read it before it looks at the scope.
macro_rules! subject_id {
    () => {
        "CASE WHEN ltrim(s.subject, '0123456789') = '' AND length(s.subject) BETWEEN 1 AND 18 THEN CAST(s.subject AS BIGINT) END"
    };
}
pub(super) use subject_id;
