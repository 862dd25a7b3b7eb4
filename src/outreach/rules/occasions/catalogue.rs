//! The catalogue of occasions: one row each. A new one is a row here, a name in the languages and a letter.

use chrono::NaiveDate;

use super::lunar;
use crate::codes;
use crate::platform::calendar::Country;

codes! {
    /// Something worth a greeting.
    pub enum Occasion {
        /// 元旦.
        NewYear = "new_year" => "occasion-new-year",
        /// 春节.
        SpringFestival = "spring_festival" => "occasion-spring-festival",
        /// 端午: wished 安康, never 快乐.
        DragonBoat = "dragon_boat" => "occasion-dragon-boat",
        /// 中秋.
        MidAutumn = "mid_autumn" => "occasion-mid-autumn",
        /// 国庆.
        NationalDay = "national_day" => "occasion-national-day",
        /// 圣诞.
        Christmas = "christmas" => "occasion-christmas",
        /// The day on which a company became a customer.
        Anniversary = "anniversary" => "occasion-anniversary",
        /// A person's birthday.
        Birthday = "birthday" => "occasion-birthday",
    }
}

/// On which day an occasion falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// Month and day.
    Solar(u32, u32),
    /// Month and day of the lunar calendar, never of a leap month.
    Lunar(isize, usize),
    /// Another day for everybody.
    Own,
}

/// Where the lunar calendar is kept.
pub(super) const LUNAR: &[Country] = &[Country::Cn, Country::Tw, Country::Hk, Country::Mo];

struct Row {
    day: Day,
    /// Marked ★: also for grade D, and the one that leads where two become one.
    is_great: bool,
    /// Where it is kept; nobody is wished another country's holiday.
    kept_in: &'static [Country],
}

impl Occasion {
    #[rustfmt::skip] // one occasion a line, read as a table
    fn row(self) -> Row {
        use Country::{Cn, Gb, Hk, Mo, Other, Us};
        let (day, is_great, kept_in): (Day, bool, &'static [Country]) = match self {
            Self::NewYear        => (Day::Solar(1, 1), false, &Country::ALL),
            Self::SpringFestival => (Day::Lunar(1, 1), true, LUNAR),
            Self::DragonBoat     => (Day::Lunar(5, 5), false, LUNAR),
            Self::MidAutumn      => (Day::Lunar(8, 15), true, LUNAR),
            Self::NationalDay    => (Day::Solar(10, 1), false, &[Cn, Hk, Mo]),
            Self::Christmas      => (Day::Solar(12, 25), true, &[Gb, Us, Other]),
            Self::Anniversary    => (Day::Own, false, &Country::ALL),
            Self::Birthday       => (Day::Own, false, &Country::ALL),
        };
        Row { day, is_great, kept_in }
    }

    /// Its day in a year; none where everybody has another one.
    pub fn day_in(self, year: i32) -> Option<NaiveDate> {
        match self.row().day {
            Day::Solar(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Day::Lunar(month, day) => lunar::solar_day(year, month, day),
            Day::Own => None,
        }
    }

    /// Marked ★.
    pub fn is_great(self) -> bool {
        self.row().is_great
    }

    /// Whether people there keep it.
    pub fn is_kept_in(self, country: Country) -> bool {
        self.row().kept_in.contains(&country)
    }

    /// Whether everybody has a day of their own.
    pub fn is_own_day(self) -> bool {
        self.row().day == Day::Own
    }

    /// Those with a day that is the same for everybody.
    pub fn holidays() -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|occasion| !occasion.is_own_day())
    }
}
