//! Whom one can ask for: a line for each person and number, with what stands against calling it.

use chrono::NaiveDateTime;

use super::names::{called, person_name, phone_of};
use super::{Callee, dial_key};
use crate::flows::call_screen::view::{Line, Number};
use crate::platform::page::PageContext;
use crate::registry::model::{Contact, ContactPoint, Owner, Person};
use crate::registry::rules::phone::Phone;

impl Callee {
    /// One line per person and number; the company's own numbers last. `chosen` is the number that was served.
    pub fn lines(&self, ctx: &PageContext, now: NaiveDateTime, chosen: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        for (contact, person) in &self.people {
            let mut owners = vec![Owner::Person(person.id)];
            owners.extend(contact.as_ref().map(|c| Owner::Contact(c.id)));
            let own: Vec<&ContactPoint> = self.numbers_of(&owners).collect();
            if own.is_empty() {
                lines.push(self.person_line(ctx, now, contact.as_ref(), person, None));
            }
            for point in own {
                lines.push(self.person_line(ctx, now, contact.as_ref(), person, Some(point)));
            }
        }
        let companies: Vec<Owner> = self.group.iter().copied().map(Owner::Company).collect();
        for point in self.numbers_of(&companies) {
            lines.push(self.company_line(ctx, now, point));
        }
        let served = chosen
            .rsplit_once(':')
            .map_or("", |(_, point)| point)
            .to_owned();
        let exact = lines.iter().position(|line| line.value == chosen);
        let same_number = || {
            lines
                .iter()
                .position(|l| !served.is_empty() && l.value.ends_with(&format!(":{served}")))
        };
        if let Some(at) = exact.or_else(same_number) {
            lines[at].checked = true;
        }
        lines
    }

    fn numbers_of<'a>(&'a self, owners: &'a [Owner]) -> impl Iterator<Item = &'a ContactPoint> {
        self.points
            .iter()
            .filter(|p| p.is_number() && owners.contains(&p.owner()))
    }

    fn person_line(
        &self,
        ctx: &PageContext,
        now: NaiveDateTime,
        contact: Option<&Contact>,
        person: &Person,
        point: Option<&ContactPoint>,
    ) -> Line {
        let name = person_name(person);
        let title = contact.and_then(|c| c.title.clone()).unwrap_or_default();
        let role = contact.and_then(|c| c.role.as_deref());
        let role = role
            .map(|role| ctx.code("contact-role", role))
            .unwrap_or_default();
        let number = point.map(|p| self.number(ctx, now, p)).unwrap_or_default();
        let kind = match point {
            Some(_) => number.kind.clone(),
            None => ctx.t("screen-no-number-person"),
        };
        let about = [role, kind].into_iter().filter(|t| !t.is_empty());
        let is_silent = self.silent_persons.contains(&person.id);
        let contact_id = contact.map(|c| c.id.to_string()).unwrap_or_default();
        Line {
            value: format!(
                "{contact_id}:{}",
                point.map(|p| p.id.to_string()).unwrap_or_default()
            ),
            icon: if point.is_some() { "phone" } else { "user" },
            call_name: called(&name, &title),
            name,
            title,
            about: about.collect::<Vec<_>>().join(" · "),
            barred: self.barred(ctx, point, is_silent),
            number,
            checked: false,
        }
    }

    fn company_line(&self, ctx: &PageContext, now: NaiveDateTime, point: &ContactPoint) -> Line {
        let number = self.number(ctx, now, point);
        Line {
            value: format!(":{}", point.id),
            icon: "org",
            name: ctx.t("screen-desk"),
            call_name: String::new(),
            title: String::new(),
            about: number.kind.clone(),
            barred: self.barred(ctx, Some(point), false),
            number,
            checked: false,
        }
    }

    fn barred(
        &self,
        ctx: &PageContext,
        point: Option<&ContactPoint>,
        is_silent: bool,
    ) -> Option<String> {
        let point = point?;
        if is_silent || self.silent_points.contains(&point.id) {
            return Some(ctx.t("calling-bar-suppressed"));
        }
        (!point.is_good()).then(|| ctx.t("calling-bar-unusable"))
    }

    /// A number as it is shown, with the dials it had.
    pub fn number(&self, ctx: &PageContext, now: NaiveDateTime, point: &ContactPoint) -> Number {
        let phone = phone_of(point);
        let bare = Phone { ext: None, ..phone };
        let kind = match (point.owner(), point.kind.as_str()) {
            (_, "mobile") => "calling-place-mobile",
            (Owner::Company(_), _) => "calling-place-switchboard",
            _ => "calling-place-direct",
        };
        let dials = self
            .dials
            .get(&dial_key(point))
            .map_or(&[][..], Vec::as_slice);
        let today = crate::platform::calendar::zone::local_date(ctx.zone, now);
        let is_today = |at: &&NaiveDateTime| {
            crate::platform::calendar::zone::local_date(ctx.zone, **at) == today
        };
        Number {
            shown: bare.pretty(),
            ext: point
                .ext
                .as_ref()
                .map(|ext| ctx.t1("screen-ext", "ext", ext))
                .unwrap_or_default(),
            tel: format!("tel:{}", point.full()),
            kind: ctx.t(kind),
            dials: ctx.t2(
                "screen-dials-mine",
                "day",
                dials.iter().filter(is_today).count() + 1,
                "week",
                dials.len() + 1,
            ),
        }
    }
}
