//! Damage to what is promised to people who were erased.

/// As [`super::damage::DAMAGE`].
pub const DAMAGE: &[(&str, &str)] = &[
    (
        "consent.erased_is_empty",
        "INSERT INTO erased_person (person_id, erasure_id) SELECT min(id), 900001 FROM person WHERE name IS NOT NULL",
    ),
    (
        "consent.erased_is_empty",
        "INSERT INTO erased_person (person_id, erasure_id) SELECT min(owner_id), 900001 FROM contact_point WHERE owner_kind = 2",
    ),
    (
        "consent.erased_stays_refused",
        "INSERT INTO erased_person (person_id, erasure_id) VALUES (900001, 900001)",
    ),
    (
        "consent.erased_stays_refused",
        "INSERT INTO erasure (id, person_id, ground, asked_at) VALUES (900001, 900001, 'asked', '2026-09-01 00:00:00'); \
         INSERT INTO erased_value (erasure_id, scope, check_value) VALUES (900001, 'number', '1:x')",
    ),
    (
        "consent.erasure_forgets",
        "INSERT INTO erasure (id, person_id, ground, asked_at, sought, ended_at) \
         VALUES (900001, 900001, 'ended', '2026-09-01 00:00:00', '{}', '2026-09-01 00:00:01')",
    ),
];
