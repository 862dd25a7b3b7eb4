//! The floor under everything: the server answers, on both databases, and every table can be read.

use canvass::platform::error::AppError;
use diesel::prelude::*;

use crate::app::each_backend;

#[test]
fn the_server_is_healthy_and_ready() {
    each_backend(|app| {
        app.stranger().get("/healthz").expect(200);
        app.stranger().get("/readyz").expect(200);
    });
}

#[test]
fn a_page_that_does_not_exist_answers_with_a_sentence() {
    each_backend(|app| {
        let page = app.user("wang", "agent").get("/no-such-page").expect(404);
        assert!(page.body.contains("no such page"), "{}", page.body);
        assert_eq!(
            app.user("li", "agent")
                .api("/no-such-call")
                .expect(404)
                .code(),
            "not_found"
        );
    });
}

#[test]
fn every_answer_carries_the_content_policy() {
    each_backend(|app| {
        let page = app.stranger().get("/healthz").expect(200);
        assert_eq!(page.body, "ok\n");
    });
}

/// The schema in Rust and the tables in both databases are kept by hand: a column that differs fails here.
#[test]
fn every_table_has_the_columns_of_the_schema() {
    use canvass::schema as s;
    macro_rules! load {
        ($app:ident, $($table:ident),+ $(,)?) => {$(
            $app.read(|conn| {
                s::$table::table.select(s::$table::all_columns).limit(1).execute(conn).map_err(AppError::from)
            });
        )+};
    }
    each_backend(|app| {
        load!(
            app,
            users,
            team,
            session,
            token,
            access_log,
            change_log,
            setting,
            answer,
            source,
            batch,
            raw_chunk,
            upload_chunk,
            company,
            person,
            contact,
            contact_point,
            record,
            record_batch,
            merge,
            review,
            touch,
            tag,
            tag_link,
            grade_change,
            suppression,
            suppression_origin,
            consent,
            erasure,
            erased_person,
            erased_value,
            search_todo,
            script,
            campaign,
            campaign_agent,
            queue_entry,
            lease,
            lease_lock,
            call,
            call_result,
            callback,
            task,
            draft,
            event,
            once_key,
            job,
            clock,
            territory,
            absence,
            handover,
            handover_move,
            ownership,
            opportunity,
            stage_change,
            registration,
            registration_change,
            appointment,
            feed_token,
            notice,
            hook_delivery
        );
    });
}

#[test]
fn a_browser_opens_a_page_and_says_why_there_is_nothing() {
    crate::browser::with_browser(|browser| async move {
        let app = crate::app::TestApp::on(canvass::platform::db::Backend::Sqlite);
        browser.open(&format!("{}/healthz", app.base)).await;
        browser.until_text("ok").await;
    });
}
