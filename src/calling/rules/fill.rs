//! Why somebody is left out of a campaign.

use crate::codes;

codes! {
    /// Why a company or person is left out of a fill; in the order in which the database asks them:
    /// the first one counts.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::Lang;

    #[test]
    fn the_order_is_that_of_the_promise() {
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
}
