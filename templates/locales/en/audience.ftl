# Who gets a letter, who does not, and why
audience-no-company = Company not known
audience-ungraded = Not graded yet
audience-other-grade = Grade not in this mailing
audience-great-only = Grade D is greeted at Spring Festival and Mid-Autumn only
audience-not-kept = The day is not kept where they are
audience-no-ground = No ground to contact them
audience-ask-first = Has to be asked first
audience-not-carried = The ground does not allow it
audience-refused = Unsubscribed, or asked not to be contacted
audience-silenced = Address, domain or company on the do-not-contact list
audience-complaint = A complaint is open: left in peace
audience-quotation = A quotation is open: the rep is in touch in person
audience-same-morning = Gets another card on the same morning
audience-capped = Contacted as often as allowed in 30 days
audience-news-too-soon = The last issue of news is too recent
audience-no-address = No mail address
audience-bad-address = The address bounces
audience-same-mailbox = Somebody else gets it in the same mailbox
audience-maybe-same = Perhaps the same person as another: waits for a decision
audience-no-salutation = No name to greet
audience-no-field = Lacks what the letter names
audience-no-item = Nothing in the issue concerns them
audience-too-late = The moment has passed where they are
audience-by-hand = Grade A: the rep writes by hand

audience-why-no-company = It is not known at which company they work, so there is no grade.
audience-why-ungraded = The company has not been graded yet.
audience-why-other-grade = This mailing does not go to grade { $grade }.
audience-why-great-only = Grade { $grade } is greeted at Spring Festival and Mid-Autumn only.
audience-why-not-kept = The day is not kept where the company is.
audience-why-no-ground = No ground on which they may be contacted is recorded.
audience-why-ask-first = The ground is “{ $ground }”: they have to be asked before this is sent.
audience-why-not-carried = The ground is “{ $ground }”, which does not allow such mail.
audience-why-refused = They asked for no more mail.
audience-why-silenced-address = The address is on the do-not-contact list.
audience-why-silenced-domain = The domain of the address is on the do-not-contact list.
audience-why-silenced-company = The company is on the do-not-contact list.
audience-why-complaint = A complaint of the company is not settled.
audience-why-quotation = A quotation to the company is open; the rep is in touch in person.
audience-why-same-morning = On the same morning they get the card for “{ $occasion }”; nobody gets two in one morning.
audience-why-capped = Grade { $grade } is contacted at most { $most ->
    [one] once
   *[other] { $most } times
} in { $days } days: { $touches } so far, { $waiting } more waiting to be sent.
audience-why-news-too-soon = The last issue of news went out { $days ->
    [0] today
    [one] yesterday
   *[other] { $days } days ago
}; at least { $every ->
    [one] one day has
   *[other] { $every } days have
} to lie between two.
audience-why-no-address = No mail address is known.
audience-why-bad-address = { $address } bounces or is not theirs.
audience-why-same-mailbox = Somebody else gets this letter in the same mailbox; a mailbox gets one.
audience-why-maybe-same = Perhaps the same person as another receiver; until that is decided, one letter is sent.
audience-why-no-salutation = No name is known, so the letter could not greet them.
audience-why-no-field = The letter names “{ $field }”, which is not known of them.
audience-why-no-item = Nothing in this issue is in their language and concerns their trade and grade.
audience-why-too-late = The moment has passed in their time zone; it is not sent late.
audience-why-by-hand = The rep writes to grade A by hand; the system sends nothing.

# The rhythm of contacts
cadence-caller-rep = the rep
cadence-caller-agent = telemarketers
cadence-caller-either = the rep, else telemarketers
cadence-caller-nobody = nobody
cadence-greetings-all = all
cadence-greetings-great = Spring Festival and Mid-Autumn only
cadence-greetings-by-hand = by hand, by the rep
cadence-greetings-none = none
cadence-method-call = call
cadence-method-visit = visit

settings-cadence = Rhythm of contacts
settings-cadence-about = How often each grade is called, visited and sent news, and how many contacts a month are too many.
settings-cadence-lead = A change counts at once: for the next mailing that is planned, and for today’s list of who is due. A mailing whose receivers are decided keeps the version it was planned under.
settings-cadence-table = How each grade is kept warm
settings-cadence-table-hint = Caps count what arrived within { $days } days
settings-cadence-grade = Grade
settings-cadence-caller = Who calls
settings-cadence-call-days = Call (days)
settings-cadence-visit-days = Visit (days)
settings-cadence-news-days = News (days)
settings-cadence-at-most = At most (times)
settings-cadence-greetings = Greetings
settings-cadence-empty = Days left empty mean never, times left empty mean no cap.
settings-cadence-mail = Greetings and news
settings-cadence-complaint-holds = Nothing is sent while a complaint is open
settings-cadence-quotation-holds-greetings = No greetings by the system while a quotation is open: the rep sends them in person
settings-cadence-quotation-holds-news = No news while a quotation is open
settings-cadence-hours = When news goes out
settings-cadence-from = from
settings-cadence-to = to
settings-cadence-hours-hint = On working days, by the receiver’s clock; greetings have a morning of their own.
error-cadence-number-wrong = A number of grade { $grade } is wrong: days lie between 1 and { $days }, times between 0 and { $touches }. Nothing was saved.
error-cadence-number-wrong-remedy = Correct it and save again; leave empty what is not needed.
error-mail-hours-wrong = News goes out between 07:00 and 21:00, for half an hour at least. Nothing was saved.
error-mail-hours-wrong-remedy = Correct the times and save again.

# Due this week
shell-nav-due = Due this week
due-title = Due this week
due-lead = Contacts due before { $day }: { $due }, of which overdue: { $late }.
due-whose = Whose
due-view-team = Whole team
due-view-free = Without a rep
due-view-own = My companies
due-view-known = Those I spoke with
due-method = By which way
due-any-method = Calls and visits
due-show = Show
due-shown = { $n } on this page
due-none = Nothing is due this week
due-none-why = How often each grade is contacted is set by a manager under Settings, Rhythm of contacts.
due-none-why-known = Companies without a rep whom you spoke with stand here once their next call is due.
due-choose = Choose
due-company = Company
due-when = When
due-why = Why
due-used = Contacts in 30 days
due-late = { $days ->
    [one] overdue by a day
   *[other] overdue by { $days } days
}
due-today = today
due-on = on { $day }
due-why-call = { $grade }, last contact { $days ->
    [0] today
    [one] yesterday
   *[other] { $days } days ago
}, every { $every ->
    [one] day
   *[other] { $every } days
}.
due-why-first-call = { $grade }, no contact in the { $days ->
    [one] day
   *[other] { $days } days
} since it was graded, every { $every ->
    [one] day
   *[other] { $every } days
}.
due-why-visit = { $grade }, last visit { $days ->
    [0] today
    [one] yesterday
   *[other] { $days } days ago
}, every { $every ->
    [one] day
   *[other] { $every } days
}.
due-why-first-visit = { $grade }, no visit in the { $days ->
    [one] day
   *[other] { $days } days
} since it was graded, every { $every ->
    [one] day
   *[other] { $every } days
}.
due-cap = { $touches } of { $most } in { $days } days
due-cap-none = { $touches } in { $days } days
due-charge-agents = telemarketers
due-charge-nobody = no rep yet
due-campaign = Campaign
due-into-campaign = Put into the queue
due-into-hint = Those at their cap cannot be chosen; the queue checks refusals and owners as always.
due-added = { $n } put into the queue.
due-added-some = { $n } put into the queue; left out: { $reasons }
error-due-nobody-chosen = No company was chosen.
error-due-nobody-chosen-remedy = Go back to the list and tick some companies.

# The rhythm of one company
rhythm-title = Rhythm of contacts
rhythm-call = A call every { $days ->
    [one] day
   *[other] { $days } days
}
rhythm-visit = A visit every { $days ->
    [one] day
   *[other] { $days } days
}
rhythm-last = Last on { $day }
rhythm-never = Not yet
rhythm-used = Contacts
rhythm-news = every { $days ->
    [one] day
   *[other] { $days } days
} at most
rhythm-news-none = none
rhythm-letters = Greetings: { $greetings } · News: { $news }
rhythm-complaint = Did they complain?
rhythm-complaint-text = What about
rhythm-complaint-hint = The rep (or the team, where there is no rep) gets a task; until it is finished nothing is sent.
rhythm-complaint-note = Note the complaint
rhythm-complaint-noted = The complaint is noted. Nothing is sent until it is settled.
rhythm-complaint-open = A complaint is open: nothing is sent until it is settled.
task-kind-complaint = Complaint: settle it
company-task-complaint = Complaint: settle it
error-complaint-needs-words = A complaint needs some words, up to about a thousand characters. Nothing was noted.
error-complaint-needs-words-remedy = Write what the customer said and note it again.
due-into-mailing = Write news to those chosen
due-mailing-title = Title of the news
due-mailing-name = News to those who are due, { $day }
due-mailing-made = The mailing is made for the companies you chose. Write its news, then have it planned.
