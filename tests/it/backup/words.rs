//! Words that became others after an archive was written.

use canvass::accounts::Actor;
use canvass::consent::{self, NewOrigin, Subject, Ways};
use canvass::flows::{self, restore::restore};
use canvass::platform::clock;
use canvass::platform::db::{self, Target};
use canvass::platform::error::AppError;

use super::{assert_sound, demo, open, write};

/// The same letter's link closes ways of an address.
fn opt_out(target: &Target, ways: Ways) -> Subject {
    let write = move |conn: &mut db::Conn| {
        let now = clock::now(conn)?;
        let subject = Subject::email("reader@widened.example");
        let origin = NewOrigin::opt_out(Some(7), now);
        flows::suppress::suppress(conn, now, &Actor::system(), &subject, ways, &origin)?;
        Ok::<_, AppError>(subject)
    };
    open(target).write_blocking(write).expect("a refusal")
}

#[test]
fn a_word_that_closed_more_after_the_archive_outlives_it() {
    let (folder, target) = demo();
    opt_out(&target, Ways::NEWS);
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    let address = opt_out(&target, Ways::MAIL);
    let restored = restore(&target, &file, None).expect("it is restored");
    assert_eq!(restored.refusals, 1);
    let ways = open(&target)
        .read_blocking(|conn| consent::suppressed_ways(conn, std::slice::from_ref(&address)))
        .expect("the list");
    assert_eq!(ways.get(&address), Some(&Ways::NEWS.union(Ways::MAIL)));
    assert_sound(&target);
}
