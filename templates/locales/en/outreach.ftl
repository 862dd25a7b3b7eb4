# Mailings: what they are and how far
mailing-kind-greeting = Greeting
mailing-kind-news = News
mailing-state-draft = Draft
mailing-state-planning = Deciding who gets it
mailing-state-planned = To be approved
mailing-state-scheduled = Approved
mailing-state-sending = Going out
mailing-state-paused = Paused
mailing-state-done = Done
mailing-state-cancelled = Called off
delivery-state-queued = Waiting
delivery-state-claimed = In hand
delivery-state-on-wire = On the way
delivery-state-sent = Sent
delivery-state-unknown = Unknown
delivery-state-failed = Failed
delivery-state-withheld = Held back
delivery-state-left-out = Left out
delivery-state-cancelled = Called off
delivery-will-not-go = Will not go

# The list
shell-nav-mail = Greetings and news
shell-nav-mailings = Mailings
mailings-title = Mailings
mailings-lead = Greetings are made by the calendar, news by you. Each person gets one letter, and everybody who gets none has a reason.
mailings-which = Mailings
mailings-all = All
mailings-open = Under way
mailings-over = Over
mailings-none = No mailings here
mailings-none-why = Greetings appear here some days before their occasion. News begins with the first piece you write.
mailing-new = New issue of news
mailing-new-lead = Give it a title. Then you write its pieces and say whom each concerns.
mailing-new-after = Nobody gets anything before you approve it.
mailing-new-go = Write the pieces
mailing-created = The issue is there. Write its pieces.
mailing-name = Mailing
mailing-moment = Moment
mailing-progress = Progress
mailing-in = Get it
mailing-left = Still to go
mailing-state = State
mailing-bar = { $sent } sent, { $left } still to go, { $wrong } not sent
mailing-no-moment = When it is approved

# One mailing
mailing-lead-draft = Nobody is decided yet. Ask who gets it, look at it, then approve it.
mailing-lead-planning = Every person is being looked at; this takes a moment.
mailing-lead-planned = Everybody is decided.
mailing-lead-scheduled = Approved; it goes at its moment.
mailing-lead-sending = It is going out.
mailing-lead-paused = It is paused; nothing leaves.
mailing-lead-done = Nobody waits any more.
mailing-lead-cancelled = It was called off. What was sent stays sent.
mailing-lead-nobody = Looked at: { $n }, but nobody gets it. The reasons stand below; change whom it is for, or what it says.
mailing-lead-decided = { $in } of { $all } people get it, one letter each; for each of the other { $out } there is a reason.
mailing-unsigned = The letters do not say yet who sends them, as the law wants. Missing: { $what }.
mailing-unsigned-name = who signs
mailing-unsigned-address = the address of the office
mailing-unsigned-go = Enter it
mailing-approve = Approve
mailing-resume = Go on
mailing-start = Send now
mailing-start-sure = It goes out at once, whatever its moment was. What has left cannot be taken back.
mailing-plan = Who gets it?
mailing-plan-again = Decide again
mailing-pause = Pause
mailing-pause-why = Why? Everybody who opens the page reads it.
mailing-cancel = Call off
mailing-cancel-sure = Whoever waits gets nothing, and it cannot be started again. What was sent stays sent.
mailing-more = More
mailing-done-plan = Deciding who gets it.
mailing-done-approve = Approved. It goes at its moment.
mailing-done-start = It is going out.
mailing-done-pause = Paused. Nothing leaves until somebody lets it go on.
mailing-done-resume = It goes on.
mailing-done-cancel = Called off.
mailing-done-schedule = The moment is set.
mailing-sieve = Who gets it and who does not
mailing-by-person = Person by person
mailing-considered = People looked at
mailing-about = About
mailing-kind = Kind
mailing-letter = Letter
mailing-letter-look = Look at the letter
mailing-letter-choose = Choose another letter
mailing-letter-choose-hint = A letter of your own can take its place. Everybody is decided again then, since it may name other fields.
mailing-letter-outdated = The letter was changed after the receivers were decided. This mailing still goes with the version before, which is the one shown here.
mailing-letter-renew = Take the new version and decide again
mailing-approved = Approved
mailing-approved-by = { $who }, { $at }
mailing-schedule = Set the moment
mailing-day = Day
mailing-from = From
mailing-until = Until
mailing-schedule-hint = On the clock of the office. Who is put off by a server is tried again until then, not later.
mailing-schedule-save = Set
mailing-audience = For whom
mailing-audience-change = Change
mailing-chosen-companies = { $n ->
    [one] Only one chosen company.
   *[other] Only { $n } chosen companies.
}
mailing-refusals = Who opted out of mail
mailing-log = What happened
mailing-by-itself = By itself
mailing-move-create = Made
mailing-move-edit = Changed
mailing-move-plan = Asked who gets it
mailing-move-planned = Everybody decided
mailing-move-plan-failed = Deciding was stopped
mailing-move-approve = Approved
mailing-move-schedule = Moment set
mailing-move-start = Started
mailing-move-pause = Paused
mailing-move-resume = Went on
mailing-move-finish = Nobody waits any more
mailing-move-reopen = Letters wait again
mailing-move-taken-as-sent = Unknown letters taken as sent
mailing-move-sent-again = Unknown letters sent once more
mailing-move-approved = A rep let the cards to their customers go
mailing-move-declined = A rep let no card go to their customers
mailing-move-card-in = A rep put a card back
mailing-move-card-out = A rep took a card out
mailing-move-answers-closed = The time to answer was over
mailing-move-cancel = Called off

# How it goes
mailing-planning-say = People decided so far: { $n }
mailing-settled-say = { $done } of { $all } settled
mailing-next-at = the next goes { $at }
mailing-speed = { $n } a minute, about { $minutes } min left
mailing-waiting = Waiting
mailing-deferred = Put off
mailing-waiting-deferred = Of these put off
mailing-domain = Domain
mailing-lane = Pace
mailing-lane-open = { $width } at a time
mailing-lane-slow = { $width } at a time, { $n } a minute
mailing-lane-rests = rests until { $at }
mailing-other-domains = All other domains
mailing-unknown-note = { $n ->
    [one] Of one letter nobody knows whether it arrived: the line broke before the answer.
   *[other] Of { $n } letters nobody knows whether they arrived: the line broke before the answer.
}
mailing-unknown-look = Look at the evidence
mailing-trouble-since = since { $at }
mail-pause-by-person = Paused: { $text }
mail-pause-window-missed = Called off by itself: its morning passed before anybody approved it, and a greeting is never late.
mail-pause-nobody = Called off by itself: nobody was left in it.
mail-pause-restored = Paused since the data were restored: letters that wait here may have left after the back-up was made. Look before it goes on.
mail-pause-quiet-day = Paused by itself: { $day } is a quiet day that was entered under “Settings · Greetings”; nobody is greeted then.
mail-pause-by-program = A program paused it.
mail-pause-too-many-refused = Paused by itself: { $refused } of the last { $of } addresses were refused for good. The list may be old; look at the answers before it goes on.
mail-pause-server-refuses = Paused by itself: the mail server takes nothing from us. It says: { $answer }

# Person by person
mailing-people = Person by person
mailing-people-lead = Everybody who was looked at: in or out, and why.
mailing-people-none = Nobody stands here
mailing-people-none-why = Choose another state, or decide first who gets it.
mail-shown = { $n ->
    [one] One letter
   *[other] { $n } letters
} on this page
mailing-people-shown = { $n ->
    [one] One person
   *[other] { $n } people
} on this page
mailing-back = Back to the mailing
mailing-everybody = Everybody
mailing-take-off = Take this off
mail-person = Person
mail-person-unnamed = Name unknown
mail-person-erased = Erased person
mail-of-others = A mailing outside of the team
mail-address = Address
mail-why = Why
mail-when = When
mail-in-outbox = It is a file in the outbox folder; no mail server is set up.
mail-goes-at = goes { $at }
mail-goes-soon = goes when its turn comes
mail-on = { $day }
mail-at = { $at }
mail-history-of = Letters to { $person }
mail-history-lead = What this person was sent and was not sent, and why; what came to a merged record counts too.
mail-history-refused = They want no more mail from us. What still waits is held back when its moment comes.
mail-history-refused-greetings = They want no more greetings. One that still waits is held back when its moment comes.
mail-history-refused-news = They want no more news. What still waits of it is held back when its moment comes.
mail-history-none = No mailing has looked at this person yet
mail-history-none-why = As soon as one does, its answer and the reason stand here.
mail-title = Letters

# Letters whose fate is unknown
unknown-title = Did they arrive?
unknown-lead-greeting = The line broke after the letter and before the answer. A greeting is never sent twice, so these count as sent unless evidence says otherwise.
unknown-lead-news = The line broke after the letter and before the answer. Most of such letters have arrived. Take them as sent, or send them once more: some people will then get it twice.
unknown-young = { $n ->
    [one] One of them is younger than a day: a late answer may still settle it.
   *[other] { $n } of them are younger than a day: a late answer may still settle them.
}
unknown-evidence = Evidence
unknown-try = Try { $n }, { $at }
unknown-neighbours = { $n ->
    [0] No other letter of this mailing to { $domain } was taken.
    [one] One other letter of this mailing to { $domain } was taken.
   *[other] { $n } other letters of this mailing to { $domain } were taken.
}
unknown-none = Nothing is unknown
unknown-none-why = Of every letter of this mailing it is known what became of it.
unknown-choose = Choose
unknown-all = All { $n }
unknown-chosen = Only the chosen ones
unknown-sent = Take as sent
unknown-resend = Send once more
unknown-resend-sure = Whoever got it already gets it twice. The message keeps its number, so that some mailboxes show it once.
unknown-done-sent = { $n ->
    [one] One letter counts as sent.
   *[other] { $n } letters count as sent.
}
unknown-done-resend = { $n ->
    [one] One letter waits to go once more.
   *[other] { $n } letters wait to go once more.
}

# For whom
mailing-audience-lead = Grades, and whatever else a company must be. Who must not be written to stays out by itself.
mailing-grades = Grades
mailing-grades-hint = A is usually written to by its rep by hand.
mailing-criteria = Only
mailing-count = Who would that be?
mailing-count-hint = Counts everybody by the rules of the run; nothing is kept.
mailing-found-hint = Choose, then ask who that would be.
mailing-found-nobody = Nobody would get it. Widen the choice, or look at the reasons.
mailing-audience-save = Keep this and decide
mailing-sample = Some of them

# News
news-title = Title
news-title-hint = It also stands in the subject of the letter.
news-items = Pieces
news-no-items = No pieces yet
news-no-items-why = Each piece can be for some industries and grades; a person gets only what concerns them, in their language.
news-write = Write the pieces
news-write-lead = A person gets the pieces of their language, industry and grade. Who has none gets no letter.
news-write-after = An empty piece is taken away. Whoever was decided is decided again.
news-save = Save
news-saved = Saved. Ask who gets it.
news-saved-empty = The title is saved. There are no pieces yet: write one before you ask who gets it.
news-item-n = Piece { $n }
news-item-title = Heading
news-item-language = Language
news-item-text = Text
news-item-text-hint = An empty line begins a new paragraph.
news-item-link = Where to read on
news-item-industries = Industries
news-item-industries-hint = Codes or names of GB/T 4754, with a semicolon between them. None: every industry.
news-item-grades = Grades
news-item-grades-hint = None: every grade that gets the mailing.
news-language-zh-cn = Chinese
news-language-en = English

# Why a letter went, waits or did not go
mail-reason-in = Grade { $grade }; ground: { $ground }. In 30 days: { $touches ->
    [one] one contact
   *[other] { $touches } contacts
}, { $waiting ->
    [one] one letter
   *[other] { $waiting } letters
} waiting, at most { $at_most }.
mail-reason-missing-field = The letter could not be written for this person: “{ $field }” is not known.
mail-reason-refused-by-server = The receiver’s server refused it for good.
mail-reason-never-taken = The receiver’s server put it off until its time was over.
mail-reason-fate-unknown = The line broke after the letter and before the answer; it may have arrived.
mail-reason-window-missed = Its time was over before it could go; it is not sent late.
mail-reason-has-letter = This person had the letter already under another record.
mail-reason-slower = The server asked for a slower pace.
mail-reason-other = Reason: { $code }

# Refusals
error-mailing-state = A mailing in the state “{ $state ->
    [draft] draft
    [planning] deciding who gets it
    [planned] to be approved
    [scheduled] approved
    [sending] going out
    [paused] paused
    [done] done
   *[cancelled] called off
}” cannot do that; nothing was changed.
error-mailing-state-remedy = Look at how it stands now: somebody may have moved it meanwhile.
error-mailing-needs-letter = A mailing needs a letter; nothing was made.
error-mailing-needs-letter-remedy = Name one of the letters by its code.
error-mailing-letter-unfit = This mailing cannot go with that letter; nothing was changed.
error-mailing-letter-unfit-remedy = Reload the page and choose one of the letters it offers.
error-mailing-needs-grades = A mailing needs at least one grade; nothing was changed.
error-mailing-needs-grades-remedy = Tick the grades that get it.
error-mailing-needs-occasion = A greeting needs its occasion; nothing was made.
error-mailing-needs-occasion-remedy = Name one of the occasions of the calendar.
error-mailing-needs-issue = News needs its pieces; nothing was made.
error-mailing-needs-issue-remedy = Send a title and the pieces.
error-mailing-needs-name = A mailing needs a name; nothing was changed.
error-mailing-needs-name-remedy = Give it one by which you know it again.
error-mailing-occasion-taken = There is a mailing for this occasion already; an occasion is greeted once a year.
error-mailing-occasion-taken-remedy = Open it in the list. If it must not go, call it off first.
error-mailing-nobody = Nobody would get it; it was not approved.
error-mailing-nobody-remedy = Change whom it is for, or what it says, and decide again.
error-mailing-moment-passed = Its moment is over; a letter that comes too late is not sent.
error-mailing-moment-passed-remedy = Give it another moment.
error-mailing-moment-unreadable = Day and hours could not be read; nothing was changed.
error-mailing-moment-unreadable-remedy = Choose a day, and from when to when.
error-mailing-moment-far = The day, or the end of the moment, lies more than { $days } days ahead; nothing was changed.
error-mailing-moment-far-remedy = Look at the year, and choose a day within the next { $days } days.
error-mailing-moment-closed = None of the hours of news lies in this time: news goes on working days, from { $from } to { $to }. Nothing was changed.
error-mailing-moment-closed-remedy = Choose another working day; a manager sets the hours of news under Settings, Rhythm of contacts.
error-mailing-window-empty = It would end before it begins; nothing was changed.
error-mailing-window-empty-remedy = Let it end later than it begins.
error-mailing-greeting-has-a-day = A greeting goes at its own moment, not now.
error-mailing-greeting-has-a-day-remedy = Approve it; it goes on the last working day before the occasion.
error-mailing-pause-needs-reason = Say why it is paused; it was not paused.
error-mailing-pause-needs-reason-remedy = One sentence is enough. Whoever opens the page reads it.
error-unknown-none-chosen = No letter is ticked; nothing was changed.
error-unknown-none-chosen-remedy = Tick some, or choose all.
error-text-too-long = What was typed is too long; nothing was saved.
error-text-too-long-remedy = Write it shorter.
error-news-needs-title = An issue needs a title; nothing was saved.
error-news-needs-title-remedy = It stands in the subject, so say what is new.
error-news-title-too-long = The title is longer than { $most } characters; nothing was saved.
error-news-title-too-long-remedy = Mailboxes cut long subjects; shorten it.
error-news-too-many-items = An issue has at most { $most } pieces; nothing was saved.
error-news-too-many-items-remedy = Make two issues of it.
error-news-item-needs-title = Piece { $n } has no heading; nothing was saved.
error-news-item-needs-title-remedy = Give it one, or empty its text to take it away.
error-news-item-title-too-long = The heading of piece { $n } is longer than { $most } characters; nothing was saved.
error-news-item-title-too-long-remedy = Shorten it.
error-news-item-needs-text = Piece { $n } has no text; nothing was saved.
error-news-item-needs-text-remedy = Write it, or empty its heading to take it away.
error-news-item-too-long = The text of piece { $n } is longer than { $most } characters; nothing was saved.
error-news-item-too-long-remedy = Say the main thing, and link to the rest.
error-news-item-language = Piece { $n } is in a language that is not supported; nothing was saved.
error-news-item-language-remedy = Use zh-CN or en.
error-news-item-industry = “{ $value }” in piece { $n } is no industry; nothing was saved.
error-news-item-industry-remedy = Give codes or names of GB/T 4754, such as C34.
error-news-item-link = The link of piece { $n } is no address of the web; nothing was saved.
error-news-item-link-remedy = It begins with https:// and has no blanks.
error-mailing-test-failed = The trial could not be sent to { $to }: { $why }
error-mailing-test-failed-remedy = Check the settings of the mail server, then try again.
error-news-no-items-in-language = There are no pieces yet; nothing was sent.
error-news-no-items-in-language-remedy = Write the pieces first.
error-delivery-needs-mailing = Say of which mailing: ?mailing=…
error-delivery-needs-mailing-remedy = Add the id of the mailing.
error-audience-nobody = The list names nobody.
error-audience-nobody-remedy = Name at least one, or leave the list out: then everybody is meant who fits the rest.
error-delivery-state-unknown = There is no such state of a delivery.
error-delivery-state-unknown-remedy = Use one of those in /api/openapi.json.
