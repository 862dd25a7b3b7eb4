//! Which number of an entry is dialled now, or why none is.

use chrono::NaiveDateTime;

use super::Standing;
use crate::calling::actions::rulebook::Rulebook;
use crate::calling::model::{Bar, Callback, EntryState};
use crate::calling::queries::{Head, Held, Number};
use crate::calling::rules::number_choice::Bar as NumberBar;
use crate::calling::rules::{Choice, CompanyBar, NumberFacts, Place, PointState, choose_number};
use crate::consent::Subject;
use crate::consent::rules::grounds::{Ground, best_ground, is_business_number};
use crate::platform::calendar::CalendarId;
use crate::registry::model::flags;
use crate::registry::rules::phone::PhoneKind;

/// Why an entry is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::calling::actions) enum Stop {
    /// Somebody has a part of it in hand.
    InHand,
    /// It is held back.
    Hold {
        /// `waiting`, `barred` or `exhausted`.
        state: EntryState,
        /// Code of what holds it back.
        bar: String,
        /// Until when.
        due_at: Option<NaiveDateTime>,
    },
}

impl Standing {
    /// Which of the numbers is dialled now, or why the entry is not served.
    pub fn choose(
        &self,
        now: NaiveDateTime,
        rules: &Rulebook,
        head: &Head,
        callback: Option<&Callback>,
    ) -> Result<usize, Stop> {
        if self.is_in_hand() {
            return Err(Stop::InHand);
        }
        if callback.is_none() {
            self.check_company()?;
        }
        let is_held = |number: &Number| self.held.contains(&Held::Number(Self::number_key(number)));
        let (held, free): (Vec<&Number>, Vec<&Number>) =
            self.numbers.iter().partition(|n| is_held(n));
        let callee = rules.calendars.get(CalendarId(head.calendar_id));
        let office = rules.calendars.office();
        if let Some(callback) = callback {
            return self.choose_agreed(now, rules, head, callback, &free);
        }
        let facts: Vec<NumberFacts> = free.iter().map(|n| self.facts(n, rules)).collect();
        let company = CompanyBar {
            suppressed: self.is_company_silent(),
            rest_until: self.company.as_ref().and_then(|c| c.rest_until),
            dials: &self.company_dials,
            in_campaign: u32::try_from(head.dials).unwrap_or(0),
        };
        let limits = &rules.calling.limits;
        let choice = choose_number(&facts, &company, now, limits, callee, office);
        self.chosen(choice, !held.is_empty())
    }

    /// At the other side's wish limits and rest do not count; only the hard hours and a refusal do.
    fn choose_agreed(
        &self,
        now: NaiveDateTime,
        rules: &Rulebook,
        head: &Head,
        callback: &Callback,
        free: &[&Number],
    ) -> Result<usize, Stop> {
        let callee = rules.calendars.get(CalendarId(head.calendar_id));
        if !callee.is_open_at_their_wish(now) {
            let at = callee.next_opening(now);
            return Err(hold(EntryState::Waiting, NumberBar::Closed, Some(at)));
        }
        let facts: Vec<NumberFacts> = free.iter().map(|n| self.facts(n, rules)).collect();
        let agreed = free
            .iter()
            .find(|n| callback.phone.as_deref() == Some(n.full().as_str()));
        if let Some(number) = agreed
            && facts
                .iter()
                .any(|f| f.point_id == number.point_id && !f.suppressed && !f.left)
        {
            return Ok(self.place(number.point_id));
        }
        let company = CompanyBar {
            suppressed: self.is_company_silent(),
            ..CompanyBar::default()
        };
        // Any open moment will do: hours were looked at above.
        let open = callee.next_opening(now);
        let (limits, office) = (&rules.calling.limits, rules.calendars.office());
        let choice = choose_number(&facts, &company, open, limits, callee, office);
        self.chosen(choice, free.len() < self.numbers.len())
    }

    /// What a choice means for the entry. While others hold some of its numbers, only a call is a last word.
    fn chosen(&self, choice: Choice, others_hold_some: bool) -> Result<usize, Stop> {
        match choice {
            Choice::Call { point_id, .. } => Ok(self.place(point_id)),
            _ if others_hold_some => Err(Stop::InHand),
            Choice::NotUntil { at, because } => Err(hold(EntryState::Waiting, because, Some(at))),
            Choice::Never { because } => Err(hold(EntryState::Barred, because, None)),
            Choice::Exhausted { dials } => Err(hold(
                EntryState::Exhausted,
                NumberBar::Exhausted { dials },
                None,
            )),
        }
    }

    fn place(&self, point_id: i64) -> usize {
        self.numbers
            .iter()
            .position(|n| n.point_id == point_id)
            .unwrap_or(0)
    }

    fn is_in_hand(&self) -> bool {
        let has = |what| self.held.contains(&what);
        has(Held::Company) || has(Held::Review) || (has(Held::Person) && self.company.is_none())
    }

    fn is_company_silent(&self) -> bool {
        let lone = self.company.is_none()
            && self
                .person_root
                .is_some_and(|id| self.silent.contains(&Subject::person(id)));
        lone || self
            .group
            .iter()
            .any(|id| self.silent.contains(&Subject::company(*id)))
    }

    /// What of the company itself stands against a call.
    fn check_company(&self) -> Result<(), Stop> {
        let Some(company) = &self.company else {
            return Ok(());
        };
        let barred = |bar: Bar| Stop::Hold {
            state: EntryState::Barred,
            bar: bar.code().to_owned(),
            due_at: None,
        };
        if company.grade.as_deref() == Some("E") || company.state == "excluded" {
            return Err(barred(Bar::Excluded));
        }
        // A rep has it, or has it on offer.
        let is_taken = company.flags & flags::OPEN_OPPORTUNITY != 0;
        if is_taken || matches!(company.state.as_str(), "owned" | "customer") {
            return Err(barred(Bar::Owned));
        }
        Ok(())
    }

    /// A number as the choice sees it.
    fn facts(&self, number: &Number, rules: &Rulebook) -> NumberFacts {
        let place = match (number.owner_kind, number.kind.as_str()) {
            (1, _) => Place::Switchboard,
            (3, _) => Place::Direct,
            (_, "mobile") => Place::Mobile,
            _ => Place::Direct,
        };
        NumberFacts {
            point_id: number.point_id,
            contact_id: number.contact_id,
            place,
            is_key: number.is_key.unwrap_or(false),
            state: match number.state.as_str() {
                "good" => PointState::Unknown,
                "not_theirs" => PointState::NotTheirs,
                "suppressed" => PointState::Unknown,
                _ => PointState::Bad,
            },
            left: false,
            suppressed: self.is_silent(number),
            ground: rules
                .grounds
                .may_call(self.ground(number), self.is_business(number)),
            dials: self.number_dials(Self::number_key(number)),
        }
    }

    /// The best ground that is known for a number: of its person, of the list that gave it, of its company.
    fn ground(&self, number: &Number) -> Option<Ground> {
        let known = [
            number.person_ground.as_deref(),
            number.source_ground.as_deref(),
        ];
        let of_company = self
            .company
            .as_ref()
            .filter(|c| c.flags & 2 != 0)
            .map(|_| Ground::PublicSource);
        best_ground(
            known
                .into_iter()
                .flatten()
                .filter_map(Ground::from_code)
                .chain(of_company),
        )
    }

    fn is_business(&self, number: &Number) -> bool {
        let kind = match number.kind.as_str() {
            "mobile" => PhoneKind::Mobile,
            _ => PhoneKind::Landline,
        };
        is_business_number(kind, self.company.is_some())
    }
}

fn hold(state: EntryState, because: NumberBar, due_at: Option<NaiveDateTime>) -> Stop {
    Stop::Hold {
        state,
        bar: because.code().to_owned(),
        due_at,
    }
}
