//! Service times: counted in working hours of the office, over nights, weekends and holidays.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::{Calendar, FARTHEST_DAYS, zone};

impl Calendar {
    /// The instants at which work begins and ends on a date; none on a day off.
    fn working_spans(&self, date: NaiveDate) -> Vec<(NaiveDateTime, NaiveDateTime)> {
        if !self.is_working_day(date) {
            return Vec::new();
        }
        self.working
            .iter()
            .map(|span| {
                (
                    self.utc(date.and_time(span.from)),
                    self.utc(date.and_time(span.to)),
                )
            })
            .collect()
    }

    /// The moment at which so many working hours will have passed.
    pub fn add_working_hours(&self, from: NaiveDateTime, hours: i64) -> NaiveDateTime {
        self.add_working_time(from, TimeDelta::hours(hours))
    }

    /// The moment at which so much working time will have passed; with none asked, the next working moment.
    pub fn add_working_time(&self, from: NaiveDateTime, time: TimeDelta) -> NaiveDateTime {
        let mut left = time.max(TimeDelta::zero());
        // Two years of idle days more than the hours asked for could fill: beyond that the calendar has no working hours.
        let days = FARTHEST_DAYS * 2 + left.num_hours().unsigned_abs();
        for day in self
            .date(from)
            .iter_days()
            .take(usize::try_from(days).unwrap_or(usize::MAX))
        {
            for (begin, end) in self.working_spans(day) {
                let begin = begin.max(from);
                if begin >= end {
                    continue;
                }
                if left <= end - begin {
                    return begin + left;
                }
                left -= end - begin;
            }
        }
        from + time
    }

    /// How much working time lies between two instants; none if they are in the wrong order.
    pub fn working_time_between(&self, from: NaiveDateTime, to: NaiveDateTime) -> TimeDelta {
        if from >= to {
            return TimeDelta::zero();
        }
        let last = self.date(to);
        self.date(from)
            .iter_days()
            .take_while(|day| *day <= last)
            .flat_map(|day| self.working_spans(day))
            .map(|(begin, end)| (end.min(to) - begin.max(from)).max(TimeDelta::zero()))
            .sum()
    }

    /// The same wall clock so many working days later.
    pub fn add_working_days(&self, from: NaiveDateTime, days: u32) -> NaiveDateTime {
        let local = self.local(from);
        let date = (0..days).fold(local.date(), |date, _| self.next_working_day(date));
        zone::to_utc(self.zone(), date.and_time(local.time()))
    }
}
