//! The results of a call: their codes, keys, and what the screen has to ask with each.

use chrono::{NaiveDateTime, TimeDelta};

use crate::codes;

codes! {
    /// How a call ended; in the order in which the screen lists them.
    pub enum Disposition {
        /// Interested.
        Interested = "interested" => "disposition-interested",
        /// A first visit is agreed.
        VisitAgreed = "visit_agreed" => "disposition-visit-agreed",
        /// Call back at an agreed minute.
        Callback = "callback" => "disposition-callback",
        /// Wants to read something first.
        SendInfo = "send_info" => "disposition-send-info",
        /// No need for now.
        NoNeed = "no_need" => "disposition-no-need",
        /// Nobody answered.
        NoAnswer = "no_answer" => "disposition-no-answer",
        /// Busy.
        Busy = "busy" => "disposition-busy",
        /// Stopped at the front desk.
        Gatekeeper = "gatekeeper" => "disposition-gatekeeper",
        /// Refused for good.
        Refused = "refused" => "disposition-refused",
        /// Will come to the event.
        WillAttend = "will_attend" => "disposition-will-attend",
        /// Added on WeChat.
        WechatAdded = "wechat_added" => "disposition-wechat-added",
        /// Uses a similar product.
        HasProduct = "has_product" => "disposition-has-product",
        /// No budget.
        NoBudget = "no_budget" => "disposition-no-budget",
        /// Not interested.
        NotInterested = "not_interested" => "disposition-not-interested",
        /// Whoever decides is out.
        DeciderOut = "decider_out" => "disposition-decider-out",
        /// A voice mailbox answered.
        Voicemail = "voicemail" => "disposition-voicemail",
        /// An assistant program answered.
        AiAnswered = "ai_answered" => "disposition-ai-answered",
        /// Answered and hung up at once.
        HungUp = "hung_up" => "disposition-hung-up",
        /// Our number is blocked.
        Blocked = "blocked" => "disposition-blocked",
        /// Wrong number.
        WrongNumber = "wrong_number" => "disposition-wrong-number",
        /// Switched off.
        SwitchedOff = "switched_off" => "disposition-switched-off",
        /// Suspended by the operator.
        Suspended = "suspended" => "disposition-suspended",
        /// No such number.
        Invalid = "invalid" => "disposition-invalid",
        /// The contact has left.
        ContactLeft = "contact_left" => "disposition-contact-left",
        /// The company has moved.
        Moved = "moved" => "disposition-moved",
        /// The company has closed.
        Closed = "closed" => "disposition-closed",
        /// No target, or a peer.
        NotTarget = "not_target" => "disposition-not-target",
        /// The same as another record.
        Duplicate = "duplicate" => "disposition-duplicate",
        /// Asked never to be contacted again.
        DoNotCall = "do_not_call" => "disposition-do-not-call",
    }
}

codes! {
    /// What a result makes the screen ask.
    pub enum Input {
        /// The minute agreed for the next call.
        CallbackAt = "callback_at" => "calling-input-callback-at",
        /// The minute agreed for the visit.
        VisitAt = "visit_at" => "calling-input-visit-at",
        /// Why.
        Reason = "reason" => "calling-input-reason",
        /// By which ways they do not want to be reached.
        Ways = "ways" => "calling-input-ways",
        /// The other record.
        DuplicateOf = "duplicate_of" => "calling-input-duplicate-of",
        /// Who does the work now.
        Successor = "successor" => "calling-input-successor",
        /// The new address.
        NewAddress = "new_address" => "calling-input-new-address",
        /// The WeChat number.
        Wechat = "wechat" => "calling-input-wechat",
        /// Since when they have their system.
        PresentSystemYear = "present_system_year" => "calling-input-present-system-year",
        /// How content they are with it.
        Satisfaction = "satisfaction" => "calling-input-satisfaction",
    }
}

codes! {
    /// Why a result cannot be kept yet; told as `error-<code>`.
    pub enum InputFault {
        /// A call-back without a time.
        CallbackNeedsTime = "callback_needs_time" => "error-callback-needs-time",
        /// A time that has passed.
        CallbackInPast = "callback_in_past" => "error-callback-in-past",
        /// A time more than a year away.
        CallbackTooFar = "callback_too_far" => "error-callback-too-far",
        /// A visit at a time that has passed.
        VisitInPast = "visit_in_past" => "error-visit-in-past",
        /// A duplicate without the other record.
        DuplicateNeedsOther = "duplicate_needs_other" => "error-duplicate-needs-other",
        /// No reason given.
        ResultNeedsReason = "result_needs_reason" => "error-result-needs-reason",
        /// No WeChat number given.
        WechatNeedsNumber = "wechat_needs_number" => "error-wechat-needs-number",
    }
}

/// The longest time ahead for which a call is agreed.
const FARTHEST_DAYS: i64 = 366;
/// A visit may have begun so many minutes ago: somebody agrees to come at once, and the result is saved a little later.
pub const VISIT_GRACE_MINUTES: i64 = 15;

impl Disposition {
    /// Whether somebody of the company was spoken with; a duplicate says nothing about it.
    pub fn reached(self) -> Option<bool> {
        match self {
            Self::NoAnswer
            | Self::Busy
            | Self::Voicemail
            | Self::AiAnswered
            | Self::HungUp
            | Self::Blocked => Some(false),
            Self::WrongNumber | Self::SwitchedOff | Self::Suspended | Self::Invalid => Some(false),
            Self::Gatekeeper | Self::DeciderOut => Some(false),
            Self::Duplicate => None,
            _ => Some(true),
        }
    }

    /// The digit that chooses it on the call screen.
    pub fn digit(self) -> Option<u8> {
        let place = Self::ALL.iter().position(|known| *known == self)?;
        u8::try_from(place + 1).ok().filter(|digit| *digit <= 9)
    }

    /// What the screen asks with it, and whether it cannot do without.
    pub fn inputs(self) -> &'static [(Input, bool)] {
        match self {
            Self::Callback => &[(Input::CallbackAt, true)],
            Self::DeciderOut | Self::Gatekeeper | Self::SendInfo => &[(Input::CallbackAt, false)],
            Self::VisitAgreed => &[(Input::VisitAt, false)],
            Self::NotInterested => &[(Input::Reason, true)],
            Self::HasProduct => &[
                (Input::PresentSystemYear, false),
                (Input::Satisfaction, false),
            ],
            Self::WechatAdded => &[(Input::Wechat, true)],
            Self::DoNotCall => &[(Input::Ways, false)],
            Self::ContactLeft => &[(Input::Successor, false)],
            Self::Moved => &[(Input::NewAddress, false)],
            Self::Duplicate => &[(Input::DuplicateOf, true)],
            _ => &[],
        }
    }

    /// Whether the other side may name a minute for the next call with this result.
    pub fn takes_callback(self) -> bool {
        self.inputs()
            .iter()
            .any(|(input, _)| *input == Input::CallbackAt)
    }

    /// Refuses a result that lacks what it cannot do without.
    pub fn check(self, given: &Given, now: NaiveDateTime) -> Result<(), InputFault> {
        if self.takes_callback() {
            match given.callback_at {
                None if self == Self::Callback => return Err(InputFault::CallbackNeedsTime),
                Some(at) if at <= now => return Err(InputFault::CallbackInPast),
                Some(at) if at > now + TimeDelta::days(FARTHEST_DAYS) => {
                    return Err(InputFault::CallbackTooFar);
                }
                _ => {}
            }
        }
        let earliest = now - TimeDelta::minutes(VISIT_GRACE_MINUTES);
        if given.visit_at.is_some_and(|at| at < earliest) {
            return Err(InputFault::VisitInPast);
        }
        match self {
            Self::Duplicate if !given.duplicate_of => Err(InputFault::DuplicateNeedsOther),
            Self::NotInterested if !given.reason => Err(InputFault::ResultNeedsReason),
            Self::WechatAdded if !given.wechat => Err(InputFault::WechatNeedsNumber),
            _ => Ok(()),
        }
    }
}

/// What came along with a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// The minute agreed for the next call.
    pub callback_at: Option<NaiveDateTime>,
    /// The minute agreed for the visit.
    pub visit_at: Option<NaiveDateTime>,
    /// Another record was named.
    pub duplicate_of: bool,
    /// A reason was chosen or written.
    pub reason: bool,
    /// A WeChat number was written, or is known already.
    pub wechat: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::Lang;

    #[test]
    fn digits_are_those_of_the_call_screen() {
        let digits: Vec<(u8, &str)> = Disposition::ALL
            .iter()
            .filter_map(|d| Some((d.digit()?, d.code())))
            .collect();
        assert_eq!(
            digits,
            [
                (1, "interested"),
                (2, "visit_agreed"),
                (3, "callback"),
                (4, "send_info"),
                (5, "no_need"),
                (6, "no_answer"),
                (7, "busy"),
                (8, "gatekeeper"),
                (9, "refused"),
            ]
        );
        assert_eq!(Disposition::ALL.len(), 29);
    }

    #[test]
    fn every_code_has_a_name_in_both_languages() {
        let keys = Disposition::ALL
            .iter()
            .map(|code| code.key())
            .chain(Input::ALL.iter().map(|code| code.key()));
        for key in keys.chain(InputFault::ALL.iter().map(|code| code.key())) {
            assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
        }
        for disposition in Disposition::ALL {
            assert_eq!(
                disposition.key(),
                format!("disposition-{}", disposition.code().replace('_', "-"))
            );
        }
    }

    #[test]
    fn results_lack_nothing_they_need() {
        let now = "2026-09-24T02:00:00".parse().unwrap();
        let at = |days| Given {
            callback_at: Some(now + TimeDelta::days(days)),
            ..Given::default()
        };
        let visit = |minutes| Given {
            visit_at: Some(now + TimeDelta::minutes(minutes)),
            ..Given::default()
        };
        for (disposition, given, fault) in [
            (Disposition::VisitAgreed, visit(60), None),
            (Disposition::VisitAgreed, visit(-15), None),
            (
                Disposition::VisitAgreed,
                visit(-16),
                Some(InputFault::VisitInPast),
            ),
            (Disposition::NoAnswer, Given::default(), None),
            (Disposition::NoAnswer, at(-1), None), // not asked, not looked at
            (
                Disposition::Callback,
                Given::default(),
                Some(InputFault::CallbackNeedsTime),
            ),
            (
                Disposition::Callback,
                at(0),
                Some(InputFault::CallbackInPast),
            ),
            (Disposition::Callback, at(1), None),
            (
                Disposition::Callback,
                at(400),
                Some(InputFault::CallbackTooFar),
            ),
            (Disposition::DeciderOut, Given::default(), None),
            (
                Disposition::DeciderOut,
                at(-1),
                Some(InputFault::CallbackInPast),
            ),
            (
                Disposition::Duplicate,
                Given::default(),
                Some(InputFault::DuplicateNeedsOther),
            ),
            (
                Disposition::Duplicate,
                Given {
                    duplicate_of: true,
                    ..Given::default()
                },
                None,
            ),
            (
                Disposition::NotInterested,
                Given::default(),
                Some(InputFault::ResultNeedsReason),
            ),
            (
                Disposition::WechatAdded,
                Given::default(),
                Some(InputFault::WechatNeedsNumber),
            ),
            (Disposition::DoNotCall, Given::default(), None),
        ] {
            assert_eq!(
                disposition.check(&given, now).err(),
                fault,
                "{disposition:?}"
            );
        }
    }
}
