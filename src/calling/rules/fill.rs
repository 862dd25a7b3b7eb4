//! Who is taken into a campaign, and the first reason that leaves somebody out.

use crate::codes;

codes! {
    /// Why a company or person is left out of a fill; in the order in which they are asked.
    pub enum LeftOut {
        /// They asked not to be called.
        Suppressed = "suppressed" => "leftout-suppressed",
        /// No ground carries a call.
        NoGround = "no_ground" => "leftout-no-ground",
        /// A customer already.
        Customer = "customer" => "leftout-customer",
        /// A rep has it.
        Owned = "owned" => "leftout-owned",
        /// A rep is selling to it.
        OpenOpportunity = "open_opportunity" => "leftout-open-opportunity",
        /// No target.
        GradeE = "grade_e" => "leftout-grade-e",
        /// Left alone for a time.
        Resting = "resting" => "leftout-resting",
        /// In this campaign already.
        Already = "already" => "leftout-already",
        /// In another campaign that runs.
        InOtherCampaign = "in_other_campaign" => "leftout-in-other-campaign",
        /// No number that works.
        NoPhone = "no_phone" => "leftout-no-phone",
        /// Not what was asked for.
        NotInFilter = "not_in_filter" => "leftout-not-in-filter",
    }
}

/// What a fill looks at; each is read in the database in the same order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FillFacts {
    /// Calls are suppressed.
    pub suppressed: bool,
    /// Some number may be called on some ground.
    pub has_ground: bool,
    /// Signed, or on a live list of customers.
    pub customer: bool,
    /// A rep has it.
    pub owned: bool,
    /// An opportunity is open, or a registration protects it.
    pub open_opportunity: bool,
    /// Its grade is E.
    pub grade_e: bool,
    /// It is left alone for a time.
    pub resting: bool,
    /// It is in this campaign.
    pub already: bool,
    /// It waits in another campaign that runs.
    pub in_other_campaign: bool,
    /// It has a number that is not bad.
    pub has_phone: bool,
    /// It is what the filter asks for; a company of the pool only if the fill takes these.
    pub in_filter: bool,
}

/// The first reason that leaves somebody out; none: they are taken. Who is at a limit is taken, and waits.
pub fn first_left_out(facts: &FillFacts) -> Option<LeftOut> {
    let holds = |reason: LeftOut| match reason {
        LeftOut::Suppressed => facts.suppressed,
        LeftOut::NoGround => !facts.has_ground,
        LeftOut::Customer => facts.customer,
        LeftOut::Owned => facts.owned,
        LeftOut::OpenOpportunity => facts.open_opportunity,
        LeftOut::GradeE => facts.grade_e,
        LeftOut::Resting => facts.resting,
        LeftOut::Already => facts.already,
        LeftOut::InOtherCampaign => facts.in_other_campaign,
        LeftOut::NoPhone => !facts.has_phone,
        LeftOut::NotInFilter => !facts.in_filter,
    };
    LeftOut::ALL.iter().copied().find(|reason| holds(*reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::Lang;
    use proptest::prelude::*;

    const TAKEN: FillFacts = FillFacts {
        suppressed: false,
        has_ground: true,
        customer: false,
        owned: false,
        open_opportunity: false,
        grade_e: false,
        resting: false,
        already: false,
        in_other_campaign: false,
        has_phone: true,
        in_filter: true,
    };

    fn with(reason: LeftOut, facts: FillFacts) -> FillFacts {
        match reason {
            LeftOut::Suppressed => FillFacts {
                suppressed: true,
                ..facts
            },
            LeftOut::NoGround => FillFacts {
                has_ground: false,
                ..facts
            },
            LeftOut::Customer => FillFacts {
                customer: true,
                ..facts
            },
            LeftOut::Owned => FillFacts {
                owned: true,
                ..facts
            },
            LeftOut::OpenOpportunity => FillFacts {
                open_opportunity: true,
                ..facts
            },
            LeftOut::GradeE => FillFacts {
                grade_e: true,
                ..facts
            },
            LeftOut::Resting => FillFacts {
                resting: true,
                ..facts
            },
            LeftOut::Already => FillFacts {
                already: true,
                ..facts
            },
            LeftOut::InOtherCampaign => FillFacts {
                in_other_campaign: true,
                ..facts
            },
            LeftOut::NoPhone => FillFacts {
                has_phone: false,
                ..facts
            },
            LeftOut::NotInFilter => FillFacts {
                in_filter: false,
                ..facts
            },
        }
    }

    #[test]
    fn the_order_is_that_of_the_promise() {
        assert_eq!(first_left_out(&TAKEN), None);
        let codes: Vec<&str> = LeftOut::ALL.iter().map(|reason| reason.code()).collect();
        let promised = "suppressed no_ground customer owned open_opportunity grade_e resting already in_other_campaign no_phone not_in_filter";
        assert_eq!(codes.join(" "), promised);
    }

    #[test]
    fn every_reason_has_a_sentence_in_both_languages() {
        for reason in LeftOut::ALL {
            assert!(
                Lang::ALL.iter().all(|lang| lang.knows(reason.key())),
                "{reason:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn of_several_reasons_the_first_counts(chosen in proptest::collection::btree_set(0usize..11, 1..11)) {
            let facts = chosen.iter().fold(TAKEN, |facts, which| with(LeftOut::ALL[*which], facts));
            prop_assert_eq!(first_left_out(&facts), chosen.first().map(|which| LeftOut::ALL[*which]));
        }
    }
}
