error-campaign-ends-before-start = The last day is before the first. Nothing was saved.
error-campaign-ends-before-start-remedy = Choose a later one, or leave it empty.
error-campaign-closed = The campaign “{ $campaign }” is closed. Nothing was changed.
error-campaign-closed-remedy = Make a new campaign; the same companies can be filled in there.
error-campaign-not-running = The campaign “{ $campaign }” is not being called now.
error-campaign-not-running-remedy = Choose another one, or ask your manager to let it go on.
error-campaign-state-unknown = There is no such state of a campaign. Nothing was changed.
error-campaign-state-unknown-remedy = Use running, paused or closed.
error-script-unknown = There is no such script. Nothing was saved.
error-script-unknown-remedy = Choose one of the list, or write a text.
error-script-too-long = The script is too long. Nothing was saved.
error-script-too-long-remedy = Shorten it, or make two of it.
error-script-step-id = Step { $step } of the script has no number of its own. Nothing was saved.
error-script-step-id-remedy = Give each step a number of its own.
error-script-step-unknown = The script leads to a step “{ $step }” that does not exist. Nothing was saved.
error-script-step-unknown-remedy = Lead to an existing step, or add this one.
error-agents-unknown = One of the agents is named twice, unknown or switched off. Nothing was saved.
error-agents-unknown-remedy = Choose the agents again, or take everybody.
error-lease-lapsed = The preview took too long and the company went back into the queue.
error-lease-lapsed-remedy = Take the next one; if you did call, record it as a call by number.
error-lease-not-waiting = This call is no longer waiting for its result.
error-lease-not-waiting-remedy = Reload to see what stands now.
error-skips-used-up = You have skipped { $most } today, which is all a day has.
error-skips-used-up-remedy = Call this one; if it does not fit, the result can say so.
error-call-has-result = This call has its result already; nothing was recorded twice.
error-call-has-result-remedy = To change it, take the present result back first.
error-call-needs-company = It is not said which company or contact was called.
error-call-needs-company-remedy = Give a lease, or one of company and contact.
error-call-needs-phone = The number is missing. Everything else is still there.
error-call-needs-phone-remedy = Fill in the number that was dialled or rang.
error-contact-unknown = This contact does not belong to the company. Everything else is still there.
error-contact-unknown-remedy = Choose one of the company's contacts.
error-disposition-unknown = There is no such result. Nothing was saved.
error-disposition-unknown-remedy = Choose one of the list.
error-direction-unknown = The direction is not known. Nothing was saved.
error-direction-unknown-remedy = Write out for calls made, in for calls received.
error-urgency-unknown = There is no such urgency. Nothing was saved.
error-urgency-unknown-remedy = Choose one of the list.
error-grade-unknown = There is no such grade. Nothing was saved.
error-grade-unknown-remedy = Choose A to E.
error-ways-unknown = There is no such way to be reached. Nothing was saved.
error-ways-unknown-remedy = Use call, mail or all.
error-moment-unreadable = The time cannot be read. Everything else is still there.
error-moment-unreadable-remedy = Write 2026-09-24T10:30:00+08:00.
error-phone-unreadable = The number is not complete. Everything else is still there.
error-phone-unreadable-remedy = Add the area code, or begin with +86.
error-fact-unknown = There is no field “{ $fact }”. Nothing was saved.
error-fact-unknown-remedy = The fields are listed in /api/openapi.json.
error-fact-unreadable = What “{ $fact }” says cannot be read. Nothing was saved.
error-fact-unreadable-remedy = { $why ->
    [name] A company needs a name.
    [region] Give a province, city or county, or its code.
    [industry] Give an industry of GB/T 4754, or its code.
    [number] Give a whole number inside a sensible range.
    [year] Give a year with four digits.
    [date] Give a day: 2026-09-22.
    [phone] Look at area code and digits of the number.
    [email] Look at how the mail address is written.
    [choice] Use one of the codes in /api/openapi.json.
    [long] Keep it under 4,000 bytes.
   *[text] Send a plain text without control characters.
}
error-need-unreadable = The need cannot be read. Nothing was saved.
error-need-unreadable-remedy = Write a sentence, or give a list of needs.
error-merge-in-two-hands = { $one } and { $other } have these two companies in hand, so they cannot be merged now.
error-merge-in-two-hands-remedy = Wait until both have recorded their results.
error-merge-in-hand = { $agent } has one of them in hand, so they cannot be merged now.
error-merge-in-hand-remedy = Wait until the result is recorded.
error-task-finished = Somebody has finished this already.
error-task-finished-remedy = Reload to see what is left.
error-draft-too-large = The draft is too long and was not kept.
error-draft-too-large-remedy = Save the result, or shorten it.
error-filter-unknown-code = The filter “{ $field }” knows no “{ $value }”.
error-filter-unknown-code-remedy = Use one of the values of the list.
entry-state-ready = Ready
entry-state-waiting = Waiting
entry-state-barred = Held back
entry-state-leased = In hand
entry-state-needs-outcome = Waiting for a result
entry-state-done = Done
entry-state-exhausted = Called as often as allowed
entry-state-parked = Set aside by a merge
bar-limit = Dial limit
bar-closed = Outside calling hours
bar-resting = Resting
bar-suppressed = Asked not to be contacted
bar-no-ground = No ground for a call
bar-no-phone = No number that works
bar-excluded = Grade E: not a target
bar-owned = A rep has it
bar-exhausted = Called as often as allowed
bar-skipped = Skipped a moment ago
check-calling-entry-in-one-hand = A queue entry is in one hand at a time
check-calling-agent-has-one-lease = An agent holds one entry at a time
check-calling-number-in-one-hand = A number is in one hand at a time
check-calling-company-in-one-hand = A company is in one hand at a time
check-calling-lock-has-live-lease = Every lock belongs to a live lease
check-calling-live-lease-has-locks = Every live lease holds its locks
check-calling-leased-entry-has-lease = An entry in hand has a lease
check-calling-lease-has-leased-entry = A leased entry is in hand
check-calling-suppressed-company-not-ready = No company that asked not to be called is ready
check-calling-suppressed-person-not-ready = No person who asked not to be called is ready
check-calling-no-lease-of-suppressed-number = No preview shows a number that must not be called
check-calling-result-has-event = Every result has its event
check-calling-call-names-its-result = A call names a result that stands
check-calling-one-result-stands = One result of a call stands
check-calling-waiting-entry-has-time = A waiting entry has its time
check-calling-barred-entry-says-why = An entry held back says why
check-calling-callback-owner-exists = An open call-back has a live owner or is the team's
check-calling-result-has-record = The answers of a call stand in a record of that call
check-calling-task-state = A task is open, done by somebody, or undone with its call
check-calling-ids-answer = Every call, lease, call-back and task is about a company or person that exists
check-calling-one-entry-per-company = A merged company has one open entry in a campaign
check-calling-parked-names-merge = An entry set aside names the merge that did it
check-calling-dials-counted = An entry counts no more dials than were made
check-calling-dial-noted = A company that was dialled is not one that was never called
check-calling-touch-has-result = Every talk that counts has a result that stands
check-calling-entries-counted = The figures of a campaign are those of its entries
check-calling-calls-counted = The figures of a campaign are those of its calls
check-calling-entry-state = Every entry is in a state that is known
