//! The calendar at work: what is greeted when, the mailings it makes, and the word of whoever has the customers.

mod answers;
mod book;
mod calendar;
mod clock;
mod make;
mod own_days;
mod quiet;
mod renew;

pub use answers::{BY_OWNER, after_plan, answer, answer_for_one, keep_words, may_answer};
pub use book::{GreetingBook, greeting_book};
pub use calendar::{Calendar, Day, OwnDays, Sending, calendar, next_holiday, sending_of};
pub use clock::{bring_up_to_date, is_anything_due};
pub use make::make_by_hand;
pub use own_days::{make_own_days, whose_day};
pub use quiet::{check_moment, check_quiet_days};
