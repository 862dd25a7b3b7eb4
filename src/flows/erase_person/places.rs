//! Every text in which somebody may have written a name, a number or an address, and when it is known to speak of a person:
//! then names go as well.

/// Texts of one table, whose rows are walked by their ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The table; `t` in conditions.
    pub table: &'static str,
    /// Its texts.
    pub texts: &'static [&'static str],
    /// When a row speaks of the person: `@c` stands for the ids of their companies, `@p` for their own.
    pub speaks: &'static str,
}

/// What a column that holds nothing but a number or an address loses with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValuePlace {
    /// The table; `t` in conditions.
    pub table: &'static str,
    /// The value.
    pub column: &'static str,
    /// What is taken out.
    pub set: &'static str,
    /// When a row speaks of the person: then what others have as well goes from it, too.
    pub speaks: &'static str,
    /// Rows that must keep it for now.
    pub but: &'static str,
}

const COMPANY: &str = "t.company_id IN @c";
const EITHER: &str = "(t.company_id IN @c OR t.person_id IN @p)";
const PERSON: &str = "t.person_id IN @p";
const CALL: &str = "t.call_id IN (SELECT k.id FROM call k WHERE k.company_id IN @c OR (k.company_id IS NULL AND k.person_id IN @p))";
const JOIN: &str = "((t.kind = 'company' AND (t.a_id IN @c OR t.b_id IN @c)) OR (t.kind = 'person' AND (t.a_id IN @p OR t.b_id IN @p)))";
const MERGE: &str = "((t.kind = 'company' AND (t.from_id IN @c OR t.into_id IN @c)) OR (t.kind = 'person' AND (t.from_id IN @p OR t.into_id IN @p)))";
const SUPPRESSION: &str = "(t.call_id IN (SELECT k.id FROM call k WHERE k.company_id IN @c) OR EXISTS (SELECT 1 FROM suppression s \
     JOIN company c ON CAST(c.id AS TEXT) = s.subject WHERE s.id = t.suppression_id AND s.scope = 'company' AND c.id IN @c))";
const NEVER: &str = "1 = 0";

const fn place(table: &'static str, texts: &'static [&'static str], speaks: &'static str) -> Place {
    Place {
        table,
        texts,
        speaks,
    }
}

/// In the order in which they are walked.
#[rustfmt::skip]
pub(super) const PLACES: &[Place] = &[
    place("call_result", &["need", "note", "facts", "grade_reason", "entry_before", "undo_reason", "reason"], CALL),
    place("task", &["body"], EITHER),
    place("touch", &["result"], EITHER),
    place("queue_entry", &["tries"], EITHER),
    place("lease", &["why"], EITHER),
    place("grade_change", &["reasons", "evidence"], COMPANY),
    place("contradiction", &["facts", "reason"], COMPANY),
    place("review", &["evidence"], JOIN),
    place("merge", &["evidence"], MERGE),
    place("suppression_origin", &["note", "reason"], SUPPRESSION),
    place("consent", &["text_version"], PERSON),
    place("event", &["data"], COMPANY),
    place("notice", &["data"], COMPANY),
    place("hook_delivery", &["answer"], "t.notice_id IN (SELECT n.id FROM notice n WHERE n.company_id IN @c)"),
    place("handover", &["note", "inputs", "why", "reason"], COMPANY),
    place("handover_move", &["inputs", "why", "reason"], "t.handover_id IN (SELECT h.id FROM handover h WHERE h.company_id IN @c)"),
    place("ownership", &["reason"], COMPANY),
    place("opportunity", &["lost_reason", "competitor"], COMPANY),
    place("stage_change", &["evidence"], "t.opportunity_id IN (SELECT o.id FROM opportunity o WHERE o.company_id IN @c)"),
    place("registration", &["project"], COMPANY),
    place("registration_change", &["reason"], "t.registration_id IN (SELECT r.id FROM registration r WHERE r.company_id IN @c)"),
    place("appointment", &["note"], COMPANY),
    place("delivery", &["smtp_text", "reason"], PERSON),
    place("batch", &["file_name", "figures", "mapping"], NEVER),
    place("job", &["payload", "error"], NEVER),
    place("access_log", &["detail"], NEVER),
];

/// In the order in which they are walked, behind the texts.
pub(super) const VALUES: &[ValuePlace] = &[
    ValuePlace {
        table: "call",
        column: "t.phone",
        set: "phone = NULL, ext = NULL, number_key = NULL, point_id = NULL",
        speaks: PERSON,
        but: NEVER,
    },
    ValuePlace {
        table: "lease",
        column: "t.phone",
        set: "phone = NULL, number_key = NULL, point_id = NULL",
        speaks: PERSON,
        but: NEVER,
    },
    ValuePlace {
        table: "callback",
        column: "t.phone",
        set: "phone = NULL",
        speaks: PERSON,
        but: NEVER,
    },
    ValuePlace {
        table: "delivery",
        column: "lower(t.address)",
        set: "address = CASE WHEN state = 'unknown' THEN '' END",
        speaks: PERSON,
        but: "t.state IN ('queued','claimed','on_wire')",
    },
];
