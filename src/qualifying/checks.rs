//! What must always hold of grades and contradictions.

use crate::platform::check::Invariant;

/// Every invariant of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::query(
        "qualifying.grade_has_its_change",
        "SELECT 'company ' || c.id FROM company c JOIN grade_change g ON g.company_id = c.id AND g.state = 'set' \
         AND g.id = (SELECT max(l.id) FROM grade_change l WHERE l.company_id = c.id AND l.state = 'set') \
         WHERE c.merged_into IS NULL AND (c.grade IS NULL OR g.after <> c.grade)",
    ),
    Invariant::query(
        "qualifying.grade_and_state_agree",
        "SELECT 'company ' || id FROM company WHERE merged_into IS NULL AND coalesce(grade, '') <> '' \
         AND (grade = 'E') <> (state = 'excluded')",
    ),
    Invariant::query(
        "qualifying.proposal_differs",
        "SELECT 'company ' || c.id FROM grade_change g JOIN company c ON c.id = g.company_id \
         WHERE g.state = 'proposed' AND c.merged_into IS NULL AND g.proposed = c.grade",
    ),
    Invariant::query(
        "qualifying.answer_names_who",
        "SELECT 'grade change ' || id FROM grade_change WHERE state IN ('accepted','declined') AND decided_by IS NULL",
    ),
    Invariant::query(
        "qualifying.dismissal_names_who",
        "SELECT 'contradiction ' || id FROM contradiction WHERE state = 'dismissed' \
         AND (decided_by IS NULL OR coalesce(reason, '') = '')",
    ),
];
