//! News in the hours that the office has set for it.

use canvass::schema::delivery;
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::{
    Running, ledger_holds, mailing_state, one_domain, start_mailing, states, until, until_quiet,
};
use crate::app::{each_backend, opening};
use crate::outreach::sink::Sink;

#[test]
fn news_that_did_not_leave_in_its_hours_waits_for_the_next_morning() {
    each_backend(|app| {
        let sink = Sink::open();
        let id = start_mailing(app, 30, "news", one_domain);
        app.write(move |conn| {
            let without_end = delivery::until_at.eq(None::<NaiveDateTime>);
            diesel::update(delivery::table.filter(delivery::mailing_id.eq(id)))
                .set(without_end)
                .execute(conn)?;
            Ok(())
        });
        // Held all day, it goes on at ten in the evening.
        app.set_now(opening() + TimeDelta::hours(12));
        let running = Running::of(app, &sink);
        until_quiet(app, id, 30);
        assert_eq!((sink.count(), states(&app.db, id)["queued"]), (0, 30));
        let mut moments: Vec<Option<NaiveDateTime>> = app.read(|conn| {
            let of_it = delivery::table.filter(delivery::mailing_id.eq(id));
            Ok(of_it.select(delivery::due_at).load(conn)?)
        });
        moments.dedup();
        // 09:30 in Shanghai, where the office is.
        let morning = opening() + TimeDelta::minutes(23 * 60 + 30);
        assert_eq!(moments, [Some(morning)]);
        app.set_now(morning);
        until("it is through", 60, || mailing_state(&app.db, id) == "done");
        drop(running);
        assert_eq!(sink.count(), 30);
        sink.nobody_got_two();
        ledger_holds(app);
    });
}
