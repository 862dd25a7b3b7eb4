//! One damage for each invariant, done by hand in the database.

/// The invariant that has to see it, and what somebody does behind the application's back.
pub const DAMAGE: &[(&str, &str)] = &[
    (
        "accounts.session_without_user",
        "UPDATE session SET user_id = 900001",
    ),
    (
        "accounts.session_of_disabled",
        "UPDATE users SET disabled_at = '2026-09-01 00:00:00' WHERE name = 'boss'",
    ),
    (
        "accounts.token_of_disabled",
        "UPDATE users SET disabled_at = '2026-09-01 00:00:00' WHERE name = 'boss'",
    ),
    ("accounts.no_administrator", "UPDATE users SET roles = 8"),
    (
        "accounts.email_spelling",
        "UPDATE users SET email = 'Boss@Example.TEST' WHERE name = 'boss'",
    ),
    (
        "registry.company_root",
        "UPDATE company SET root_id = id + 1 WHERE id = (SELECT min(id) FROM company)",
    ),
    // A ring of joins ends nowhere, though its root is written right.
    (
        "registry.company_root",
        "UPDATE company SET merged_into = id WHERE merged_into IS NOT NULL",
    ),
    (
        "registry.person_root",
        "UPDATE person SET root_id = id + 1 WHERE id = (SELECT min(id) FROM person)",
    ),
    ("registry.merge_stands", "UPDATE merge SET undone_at = at"),
    (
        "registry.merge_stands",
        "UPDATE company SET merged_into = NULL, root_id = id",
    ),
    (
        "registry.merge_of_persons",
        "INSERT INTO merge (kind, from_id, into_id, parent_id, at, undone_at) SELECT 'person', 1, 2, id, at, at FROM merge",
    ),
    (
        "registry.merged_mark",
        "UPDATE company SET flags = flags & -9",
    ),
    (
        "registry.merged_mark",
        "UPDATE company SET flags = flags | 8",
    ),
    (
        "registry.record_origin",
        "UPDATE record SET batch_id = NULL WHERE id = (SELECT min(id) FROM record WHERE kind = 'row')",
    ),
    (
        "registry.record_origin",
        "UPDATE record SET call_id = 900001 WHERE kind = 'call'",
    ),
    (
        "registry.record_placed",
        "UPDATE record SET company_id = NULL, contact_id = NULL WHERE id = (SELECT max(id) FROM record WHERE kind = 'row')",
    ),
    (
        "registry.record_superseded",
        "UPDATE record SET superseded_by = id WHERE id = (SELECT min(id) FROM record)",
    ),
    (
        "registry.record_key",
        "UPDATE record SET row_check = NULL WHERE id = (SELECT max(id) FROM record WHERE row_check IS NOT NULL)",
    ),
    (
        "registry.winners_live",
        "UPDATE company SET winners = '[{\"record\":900001,\"rank\":6,\"date\":\"2026-01-01\",\"fields\":\"name\"}]' WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.winners_live",
        "UPDATE record SET voided_at = said_at WHERE id = (SELECT max(id) FROM record WHERE contact_id IS NOT NULL AND kind = 'row')",
    ),
    (
        "registry.company_spoken_of",
        "INSERT INTO company (id, root_id, name, name_key, winners, created_at) VALUES (900001, 900001, '无人提起', 0, '[]', '2026-09-01 00:00:00')",
    ),
    (
        "registry.contact_spoken_of",
        "UPDATE record SET contact_id = NULL WHERE contact_id = (SELECT min(id) FROM contact)",
    ),
    (
        "registry.person_is_contact",
        "INSERT INTO person (id, root_id, winners, created_at) VALUES (900001, 900001, '[]', '2026-09-01 00:00:00')",
    ),
    (
        "registry.point_owner",
        "UPDATE contact_point SET owner_id = 900001 WHERE id = (SELECT min(id) FROM contact_point)",
    ),
    (
        "registry.point_record",
        "UPDATE contact_point SET record_id = NULL WHERE id = (SELECT min(id) FROM contact_point)",
    ),
    (
        "registry.point_state",
        "UPDATE contact_point SET state = 'tired' WHERE id = (SELECT min(id) FROM contact_point)",
    ),
    (
        "registry.point_state",
        "UPDATE contact_point SET state_record_id = 900001 WHERE id = (SELECT min(id) FROM contact_point)",
    ),
    (
        "registry.point_key",
        "UPDATE contact_point SET value_key = value_key - 1 WHERE id = (SELECT min(id) FROM contact_point)",
    ),
    (
        "registry.point_key",
        "UPDATE contact_point SET kind = 'pager' WHERE id = (SELECT min(id) FROM contact_point)",
    ),
    (
        "registry.company_fold",
        "UPDATE company SET address = '别处' WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.company_fold",
        "UPDATE company SET first_source_id = NULL WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.company_fold",
        "UPDATE company SET winners = '[]' WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.company_standing",
        "UPDATE company SET channels = channels | 2 WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.company_standing",
        "UPDATE company SET flags = 0 WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.company_standing",
        "UPDATE company SET score = score + 1 WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.company_standing",
        "UPDATE company SET state = 'owned' WHERE id = (SELECT min(id) FROM company)",
    ),
    (
        "registry.person_fold",
        "UPDATE person SET name = '别人' WHERE id = (SELECT min(id) FROM person)",
    ),
    (
        "registry.person_fold",
        "UPDATE person SET mobile = '+8613905129999' WHERE id = (SELECT min(id) FROM person)",
    ),
    (
        "registry.contact_fold",
        "UPDATE contact SET title = '看门' WHERE id = (SELECT min(id) FROM contact)",
    ),
    (
        "registry.search_row",
        "DELETE FROM search WHERE rowid = (SELECT min(id) FROM company)",
    ),
    (
        "registry.search_stray",
        "INSERT INTO search (rowid, grams) VALUES (900001, 'x')",
    ),
    (
        "registry.search_catches_up",
        "INSERT INTO search_todo (company_id, at) VALUES (1, '2026-09-01 00:00:00')",
    ),
    (
        "consent.ways_are_union",
        "UPDATE suppression SET ways = 4 WHERE id = (SELECT min(id) FROM suppression)",
    ),
    (
        "consent.subject_key",
        "UPDATE suppression SET subject_key = subject_key - 1 WHERE id = (SELECT min(id) FROM suppression)",
    ),
    (
        "consent.subject_key",
        "UPDATE suppression SET scope = 'planet' WHERE id = (SELECT min(id) FROM suppression)",
    ),
    (
        "consent.subject_exists",
        "INSERT INTO suppression (scope, subject, subject_key, ways, created_at) VALUES ('company', '900001', 1, 7, '2026-09-01 00:00:00')",
    ),
    (
        "consent.refused_matches",
        "UPDATE person SET refused = 7 WHERE id = (SELECT min(id) FROM person)",
    ),
    (
        "consent.company_flag",
        "UPDATE company SET flags = flags | 4 WHERE id = (SELECT max(id) FROM company)",
    ),
    (
        "consent.person_ground",
        "UPDATE person SET ground = NULL WHERE id = (SELECT min(id) FROM person WHERE ground IS NOT NULL)",
    ),
    (
        "intake.row_has_record",
        "UPDATE record SET row_no = 8000 WHERE id = (SELECT max(id) FROM record WHERE kind = 'row' AND superseded_by IS NULL)",
    ),
    (
        "intake.row_has_record",
        "UPDATE raw_chunk SET outcomes = NULL WHERE batch_id = (SELECT max(batch_id) FROM raw_chunk)",
    ),
    (
        "intake.row_placed_once",
        "INSERT INTO record_batch (batch_id, sheet_no, row_no, record_id) SELECT batch_id, sheet_no, row_no, id FROM record WHERE kind = 'row'",
    ),
    (
        "intake.row_placed_once",
        "UPDATE record SET row_no = (SELECT min(row_no) FROM record WHERE batch_id = 1) WHERE batch_id = 1",
    ),
    (
        "intake.figures_add_up",
        "DELETE FROM record WHERE id = (SELECT max(id) FROM record WHERE kind = 'row')",
    ),
    (
        "intake.figures_add_up",
        "UPDATE batch SET figures = '{\"rows_total\":3}' WHERE id = 1",
    ),
    (
        "intake.record_source",
        "UPDATE record SET source_id = (SELECT max(id) FROM source) WHERE id = (SELECT min(id) FROM record WHERE kind = 'row')",
    ),
    (
        "intake.undone_is_gone",
        "UPDATE batch SET state = 'undone', undone_at = started_at WHERE id = (SELECT max(batch_id) FROM record)",
    ),
    (
        "intake.undone_carries_nothing",
        "UPDATE batch SET state = 'undone', undone_at = started_at WHERE kind = 'suppressions'",
    ),
    (
        "intake.working_has_job",
        "UPDATE batch SET state = 'running' WHERE id = 1",
    ),
    (
        "intake.settled_has_time",
        "UPDATE batch SET finished_at = NULL WHERE id = 1",
    ),
    (
        "intake.upload_whole",
        "UPDATE upload_chunk SET no = no + 1 WHERE batch_id = 1",
    ),
    (
        "intake.correction_same_source",
        "UPDATE batch SET correction_of = 900001 WHERE id = 1",
    ),
    (
        "calling.entry_in_one_hand",
        "UPDATE lease SET state = 'preview', entry_id = (SELECT min(id) FROM queue_entry)",
    ),
    (
        "calling.agent_has_one_lease",
        "UPDATE lease SET state = 'preview'",
    ),
    (
        "calling.number_in_one_hand",
        "UPDATE lease SET state = 'dialled', number_key = 1",
    ),
    (
        "calling.company_in_one_hand",
        "UPDATE lease SET state = 'dialled', company_id = (SELECT min(company_id) FROM lease)",
    ),
    (
        "calling.lock_has_live_lease",
        "INSERT INTO lease_lock (kind, key, lease_id) SELECT 'number', 1, min(id) FROM lease WHERE state = 'ended'",
    ),
    (
        "calling.live_lease_has_locks",
        "UPDATE lease SET state = 'preview' WHERE id = (SELECT min(id) FROM lease)",
    ),
    (
        "calling.leased_entry_has_lease",
        "UPDATE queue_entry SET state = 'leased' WHERE id = (SELECT min(id) FROM queue_entry WHERE state = 'ready')",
    ),
    (
        "calling.lease_has_leased_entry",
        "INSERT INTO lease_lock (kind, key, lease_id) SELECT 'entry', min(e.id), min(l.id) FROM queue_entry e, lease l WHERE e.state = 'ready'",
    ),
    (
        "calling.suppressed_company_not_ready",
        "INSERT INTO suppression (scope, subject, subject_key, ways, created_at) SELECT 'company', CAST(max(company_id) AS TEXT), 1, 7, \
         '2026-09-01 00:00:00' FROM queue_entry WHERE state = 'ready'",
    ),
    (
        "calling.suppressed_person_not_ready",
        "INSERT INTO queue_entry (campaign_id, person_id, calendar_id, state, class, score, created_at, changed_at) \
         VALUES (1, 1, 1, 'ready', 5, 0, '2026-09-01 00:00:00', '2026-09-01 00:00:00'); \
         INSERT INTO suppression (scope, subject, subject_key, ways, created_at) VALUES ('person', '1', 1, 7, '2026-09-01 00:00:00')",
    ),
    (
        "calling.no_lease_of_suppressed_number",
        "UPDATE lease SET state = 'preview', point_id = (SELECT p.id FROM contact_point p JOIN suppression s ON s.subject = p.value \
         WHERE s.scope = 'number' ORDER BY p.id LIMIT 1); \
         UPDATE contact_point SET value = (SELECT subject FROM suppression WHERE scope = 'number' ORDER BY id LIMIT 1) WHERE id = 1; \
         UPDATE lease SET point_id = 1 WHERE point_id IS NULL",
    ),
    (
        "calling.result_has_event",
        "DELETE FROM event WHERE kind = 'call.recorded'",
    ),
    (
        "calling.call_names_its_result",
        "UPDATE call_result SET undone_at = at WHERE id = 1",
    ),
    (
        "calling.one_result_stands",
        "INSERT INTO call_result (call_id, version, actor_id, at) SELECT call_id, 2, actor_id, at FROM call_result WHERE id = 1",
    ),
    (
        "calling.waiting_entry_has_time",
        "UPDATE queue_entry SET state = 'waiting', due_at = NULL WHERE id = 1",
    ),
    (
        "calling.barred_entry_says_why",
        "UPDATE queue_entry SET state = 'barred', bar = NULL WHERE id = 1",
    ),
    (
        "calling.callback_owner_exists",
        "INSERT INTO callback (due_at, owner_id, fallback_at, state, at) \
         VALUES ('2026-09-24 00:00:00', 900001, '2026-09-24 00:00:00', 'open', '2026-09-01 00:00:00')",
    ),
    (
        "calling.result_has_record",
        "UPDATE record SET voided_at = said_at WHERE kind = 'call'",
    ),
    (
        "calling.result_has_record",
        "UPDATE call_result SET record_id = NULL WHERE urgency IS NOT NULL",
    ),
    (
        "calling.task_state",
        "UPDATE task SET state = 'done' WHERE id = (SELECT min(id) FROM task)",
    ),
    (
        "calling.ids_answer",
        "UPDATE task SET company_id = 900001 WHERE id = (SELECT min(id) FROM task)",
    ),
    (
        "calling.one_entry_per_company",
        "UPDATE queue_entry SET state = 'ready', parked_for = NULL WHERE state = 'parked'",
    ),
    (
        "calling.parked_names_merge",
        "UPDATE queue_entry SET state = 'parked' WHERE id = 1",
    ),
    (
        "calling.dials_counted",
        "UPDATE queue_entry SET dials = 99 WHERE id = 1",
    ),
    (
        "calling.dial_noted",
        "UPDATE company SET last_dial_at = NULL",
    ),
    (
        "calling.touch_has_result",
        "INSERT INTO touch (kind, incoming, at, call_id) VALUES ('call', false, '2026-09-01 00:00:00', 900001)",
    ),
    (
        "calling.entries_counted",
        "UPDATE entry_figure SET n = n + 1 WHERE state = 'ready'",
    ),
    (
        "calling.entries_counted",
        "DELETE FROM entry_figure WHERE state = 'waiting'",
    ),
    (
        "calling.calls_counted",
        "UPDATE call_figure SET n = n + 1 WHERE disposition = 'no_answer'",
    ),
    (
        "calling.entry_state",
        "UPDATE queue_entry SET state = 'lost' WHERE id = 1",
    ),
    (
        "qualifying.grade_has_its_change",
        "UPDATE company SET grade = NULL WHERE id = (SELECT max(company_id) FROM grade_change WHERE state = 'set')",
    ),
    (
        "qualifying.grade_and_state_agree",
        "UPDATE company SET state = 'excluded' WHERE id = (SELECT max(company_id) FROM grade_change WHERE state = 'set')",
    ),
    (
        "qualifying.proposal_differs",
        "INSERT INTO grade_change (company_id, proposed, reasons, state, at) SELECT id, grade, '{}', 'proposed', created_at FROM company \
         WHERE grade IS NOT NULL AND NOT EXISTS (SELECT 1 FROM grade_change g WHERE g.company_id = company.id AND g.state = 'proposed')",
    ),
    (
        "qualifying.answer_names_who",
        "UPDATE grade_change SET state = 'declined' WHERE id = (SELECT max(id) FROM grade_change)",
    ),
    (
        "qualifying.dismissal_names_who",
        "INSERT INTO contradiction (company_id, code, level, facts, facts_hash, state, rule_version, opened_at) \
         SELECT id, 'K13', 'B', '[]', 1, 'dismissed', 0, created_at FROM company WHERE merged_into IS NULL ORDER BY id LIMIT 1",
    ),
];
