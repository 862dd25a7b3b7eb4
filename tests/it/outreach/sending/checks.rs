//! Every invariant of the ledger finds what breaks it.

use canvass::outreach::checks::INVARIANTS;
use canvass::platform::check::Depth;
use canvass::platform::error::{AppError, AppResult};
use diesel::connection::SimpleConnection;

use super::{Running, ledger_holds, mailing_state, one_domain, start_mailing, until};
use crate::app::each_backend;
use crate::outreach::sink::{Sink, Verdict};

/// What breaks each invariant, and is taken back at once.
const BREAKERS: [(&str, &str); 12] = [
    ("deliveries_counted", "UPDATE delivery_figure SET n = n + 1"),
    (
        "deliveries_counted",
        "DELETE FROM delivery_figure WHERE state = 'sent'",
    ),
    ("delivery_state", "UPDATE delivery SET state = 'lost'"),
    (
        "waiting_can_go",
        "UPDATE delivery SET state = 'queued', due_at = NULL",
    ),
    (
        "waiting_can_go",
        "UPDATE delivery SET state = 'queued', address = 'chen@elsewhere.example'",
    ),
    (
        "held_has_open_claim",
        "UPDATE delivery SET state = 'claimed'",
    ),
    (
        "letter_holds_promise",
        "DELETE FROM once_key WHERE kind = 'greeting'",
    ),
    (
        "greeted_once",
        "INSERT INTO mailing (kind, occasion, year, name, letter_code, letter_versions, audience, rule_versions, state, created_at, changed_at) \
         SELECT kind, occasion, year, name, letter_code, letter_versions, audience, rule_versions, 'done', created_at, changed_at FROM mailing; \
         INSERT INTO delivery (mailing_id, person_id, state, priority, attempts, changed_at, sent_at) \
         SELECT (SELECT max(id) FROM mailing), person_id, 'sent', 0, 1, changed_at, changed_at FROM delivery WHERE state = 'sent'",
    ),
    (
        "promise_has_delivery",
        "UPDATE once_key SET holder_id = 900001 WHERE kind = 'mailing'",
    ),
    (
        "sent_says_when",
        "UPDATE delivery SET sent_at = NULL WHERE state = 'sent'",
    ),
    (
        "not_sent_says_why",
        "UPDATE delivery SET reason = NULL WHERE state = 'failed'",
    ),
    (
        "through_waits_for_nobody",
        "UPDATE delivery SET state = 'queued' WHERE state = 'sent'",
    ),
];

#[test]
fn every_invariant_finds_what_breaks_it() {
    each_backend(|app| {
        let sink = Sink::start(|seen| match seen.n {
            3 => Verdict::Say("550 5.1.1 no such user"),
            _ => Verdict::Take,
        });
        let id = start_mailing(app, 20, "greeting", one_domain);
        let running = Running::of(app, &sink);
        until("it is through", 30, || mailing_state(&app.db, id) == "done");
        drop(running);
        ledger_holds(app);
        for invariant in INVARIANTS {
            let code = invariant.code.trim_start_matches("outreach.");
            assert!(
                BREAKERS.iter().any(|(of, _)| *of == code),
                "{code} has no breaker"
            );
        }
        for (code, sql) in BREAKERS {
            let invariant = INVARIANTS
                .iter()
                .find(|i| i.code.ends_with(code))
                .expect(code);
            let mut found = 0;
            let undone: AppResult<()> = app.db.write_blocking({
                let invariant = *invariant;
                move |conn| {
                    conn.batch_execute(sql)
                        .unwrap_or_else(|e| panic!("{code}: {e}"));
                    let broken = invariant.find(conn, Depth::All)?;
                    Err(AppError::conflict("broken").with("n", broken.count))
                }
            });
            if let Err(error) = undone
                && let Some(refusal) = error.refusal()
            {
                found = refusal
                    .args
                    .iter()
                    .filter_map(|(_, n)| n.parse::<u64>().ok())
                    .sum();
            }
            assert!(found > 0, "{code} does not see: {sql}");
        }
    });
}
