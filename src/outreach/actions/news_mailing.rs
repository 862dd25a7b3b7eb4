//! A mailing of news, made together with the issue that it sends.

use chrono::NaiveDateTime;

use super::{letters, mailings, news};
use crate::accounts::Actor;
use crate::outreach::model::{Audience, ItemInput, MailingInput, MailingKind, Window};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::Grade;

/// Who gets news unless somebody says otherwise: A is written to by hand, E by nobody.
const GRADES: [Grade; 3] = [Grade::B, Grade::C, Grade::D];

/// What is said of it beforehand; what is left open is as usual, and can be written later.
#[derive(Debug, Clone, Default)]
pub struct NewNews {
    /// Title of the issue and name of the mailing.
    pub title: String,
    /// Its pieces.
    pub items: Vec<ItemInput>,
    /// Whom it is for.
    pub audience: Option<Audience>,
    /// Code of its letter.
    pub letter_code: Option<String>,
    /// When it goes.
    pub window: Option<Window>,
}

/// Who gets news unless somebody says otherwise.
pub fn usual_audience() -> Audience {
    Audience {
        grades: GRADES.to_vec(),
        ..Audience::default()
    }
}

/// Makes the issue and the mailing.
pub fn make_news(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: NewNews,
) -> AppResult<i64> {
    let team_id = mailings::team_of_maker(actor);
    let issue_id = news::make_issue(conn, now, actor, team_id, &new.title)?;
    if !new.items.is_empty() {
        news::write_issue(conn, now, actor, issue_id, &new.title, &new.items)?;
    }
    let input = MailingInput {
        kind: MailingKind::News,
        occasion: None,
        issue_id: Some(issue_id),
        team_id,
        name: new.title,
        letter_code: new.letter_code.unwrap_or_else(|| letters::NEWS.to_owned()),
        audience: new.audience.unwrap_or_else(usual_audience),
        window: new.window,
        approve_by: None,
    };
    mailings::create(conn, now, actor, &input)
}
