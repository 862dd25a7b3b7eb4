# The sender of mail: why no letter leaves at all, and what must hold in the ledger.
sender-trouble-no-public-url = No mail leaves: the address of this office on the web is not set (CANVASS_PUBLIC_URL), so that nobody could end mail by the link in a letter
sender-trouble-no-sender = No mail leaves: letters would not say who sends them; enter who signs under Settings, Office, or a name in CANVASS_MAIL_FROM
sender-trouble-unreachable = No mail leaves: the mail server cannot be reached, or does not let us in

check-outreach-deliveries-counted = The figures of a mailing are what its deliveries add up to
check-outreach-delivery-state = Every delivery stands somewhere that exists
check-outreach-waiting-can-go = What waits has an address and a moment
check-outreach-held-has-open-claim = Every letter in hand is held by somebody
check-outreach-letter-holds-promise = Whoever has got a letter, or may have, is noted as having got it
check-outreach-greeted-once = Nobody is greeted twice for one occasion
check-outreach-promise-has-delivery = Whoever is noted as having got a letter has one
check-outreach-sent-says-when = What was sent says when
check-outreach-not-sent-says-why = What was not sent says why
check-outreach-through-waits-for-nobody = Nobody waits in a mailing that is through

error-greeting-goes-once = A greeting is never sent a second time, even where nobody knows whether it arrived.
error-greeting-goes-once-remedy = Count it as sent; the next occasion is not far.
