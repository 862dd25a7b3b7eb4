role-admin = Administrator
role-manager = Manager
role-marketing = Marketing
role-agent = Telemarketer
role-rep = Sales rep

field-email = e-mail
field-password = password
field-again = password again
field-old = present password
field-role = role
field-token-name = name
field-code = one-time code

error-login-wrong = E-mail or password is wrong.
error-login-wrong-remedy = Check capitals and the keyboard layout, and try again.
error-login-wrong-few = E-mail or password is wrong. { $left ->
    [one] One more try
   *[other] { $left } more tries
 }, then a pause of some minutes.
error-login-wrong-few-remedy = If you forgot it, an administrator can give you a reset link.
error-login-wrong-last = E-mail or password is wrong, and that was the last try for now.
error-login-wrong-last-remedy = Wait some minutes, or ask an administrator for a reset link.
error-too-many-attempts = Too many tries; let it rest for a moment.
error-too-many-attempts-remedy = Try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
 }. If you forgot the password, an administrator can give you a reset link.
error-too-many-calls = This token calls too fast; the call was not carried out.
error-too-many-calls-remedy = Send it again in { $seconds } s, and slow down a little.
error-account-off = This account is switched off and cannot log in.
error-account-off-remedy = Ask an administrator if you need it again.
error-user-is-off = This account is switched off; nothing was changed.
error-user-is-off-remedy = Switch it on first.
error-no-such-user = There is no user with the e-mail { $email }; nothing was changed.
error-no-such-user-remedy = See who there is with canvass user list.
error-cannot-switch-off-self = You cannot switch off your own account; nothing was changed.
error-cannot-switch-off-self-remedy = Let another administrator do it.
error-last-administrator = This is the last administrator and has to stay one; nothing was changed.
error-last-administrator-remedy = Make somebody else an administrator first.
error-email-malformed = This does not look like an e-mail address.
error-email-malformed-remedy = Write it like name@company.com.
error-email-taken = There is an account with this e-mail already.
error-email-taken-remedy = Take another address, or find the account in the list.
error-name-empty = The name is still empty.
error-name-empty-remedy = Write the name by which colleagues know this person.
error-name-too-long = The name is too long.
error-name-too-long-remedy = Keep it under 200 characters.
error-roles-empty = No role is ticked.
error-roles-empty-remedy = Tick at least one; without a role no page opens.
error-role-unknown = There is no role { $role }; nothing was changed.
error-role-unknown-remedy = Roles are admin, manager, marketing, agent, rep.
error-password-too-short = The password has { $length } characters; it needs { $least } or more.
error-password-too-short-remedy = A sentence that only you would think of is best.
error-password-too-long = The password is too long; it may have { $most } characters.
error-password-too-long-remedy = Make it a little shorter.
error-password-is-email = The password cannot be your e-mail address.
error-password-is-email-remedy = Take a sentence that nobody would guess.
error-password-common = This password is too common and would be guessed.
error-password-common-remedy = Take a sentence that only you would think of; length helps more than symbols.
error-password-differs = The two passwords are not the same.
error-password-differs-remedy = Type the new password once more.
error-password-old-wrong = The present password is wrong; nothing was changed.
error-password-old-wrong-remedy = If you forgot it, an administrator can give you a reset link.
error-reset-link-dead = This link was used already, or is older than 24 hours.
error-reset-link-dead-remedy = Ask an administrator for a new one; the password stays as it was.
error-first-code-wrong = The code is wrong.
error-first-code-wrong-remedy = Take the one that the server's window printed last; capitals do not matter.
error-first-run-over = There is an account already; this step is over.
error-first-run-over-remedy = Log in, or let an administrator add you.
error-token-name-malformed = A token needs a name of at most 100 characters.
error-token-name-malformed-remedy = Write which program uses it, such as “web form”.
error-token-name-taken = There is a token of this name already.
error-token-name-taken-remedy = Take another name, or revoke the other one first.

accounts-saved = Saved.
accounts-save = Save
accounts-back = Back
accounts-welcome = Welcome to Canvass, { $name }.
accounts-logged-out = You are logged out.
accounts-logged-out-everywhere = You are logged out everywhere.
accounts-me = About you
accounts-name = Name
accounts-name-hint = What colleagues see in records and queues.
accounts-phone = Your number
accounts-phone-hint = Stands under your name in letters to your customers; may be empty
error-own-phone-wrong = This is not a telephone number.
error-own-phone-wrong-remedy = Write digits, spaces, + and - only, 40 characters at most, or leave it empty.
accounts-you = You
accounts-password-change = Change password
accounts-password-old = Present password
accounts-password-new = New password
accounts-password-again = New password again
accounts-password-go = Change password
accounts-password-effect = Log-ins elsewhere end; this one goes on. API tokens keep working.
accounts-password-changed = The password is changed; log-ins elsewhere have ended.
accounts-password-set = The password is set, and you are logged in.
accounts-look = Language and look
accounts-language-auto = As the browser
accounts-theme = Look
accounts-theme-auto = As the system
accounts-theme-light = Light
accounts-theme-dark = Dark
accounts-sessions = Where you are logged in
accounts-session-here = Here
accounts-session-other = Elsewhere
accounts-session-from = since { $at }
accounts-session-seen = last used { $at }
accounts-sessions-end = Log out everywhere
accounts-sessions-end-sure = Every device is logged out, this one too.
accounts-tokens = API tokens
accounts-tokens-none = No tokens yet. You need one only when a program reads or writes on your behalf.
accounts-token-new = New API token
accounts-token-text = Token
accounts-token-once = It is shown here once and never again. Copy it into the program now.
accounts-token-name = Name
accounts-token-hint = Which program uses it. A token may do what your roles may do.
accounts-token-make = Make a token
accounts-token-made = made { $at }
accounts-token-used = last used { $at }
accounts-token-unused = never used
accounts-token-revoke = Revoke
accounts-token-revoke-label = Revoke the token “{ $name }”
accounts-token-revoke-sure = The program that uses “{ $name }” stops working at once. This cannot be undone.
accounts-token-revoked = The token is revoked.

accounts-users-count = { $n ->
    [one] One active
   *[other] { $n } active
 }
accounts-user-add = Add a colleague
accounts-user-add-lead = You get a one-time link to pass on; with it they choose their password.
accounts-user-add-go = Add and get the link
accounts-user-lead = Several roles add up.
accounts-email-hint = For logging in; capitals do not matter.
accounts-roles = Roles
accounts-role-hint-admin = Settings, users, tokens, back-ups, access log; no customers by itself.
accounts-role-hint-manager = Sees all; rules, campaigns, reassignment, undo, lifting do-not-call.
accounts-role-hint-marketing = Imports, sources, campaigns, merges, adding do-not-call.
accounts-role-hint-agent = Works the call queue; sees the companies called.
accounts-role-hint-rep = Own companies, hand-overs and the pool.
accounts-state = State
accounts-state-on = Active
accounts-state-off = Switched off
accounts-state-invited = No password yet
accounts-seen = Last seen
accounts-seen-never = Never logged in
accounts-off-title = Switch off
accounts-off-lead = Log-ins and tokens end at once; numbers in hand go back to the queue, call-backs to the team, companies to the manager to assign again. What was done stays recorded.
accounts-off-sure = Switch off the account of { $name }? Log-ins and tokens end at once.
accounts-off-go = Switch off
accounts-switched-off = The account of { $name } is switched off.
accounts-on-title = Switch on
accounts-on-lead = Password and roles are as before; tokens have to be made anew.
accounts-on-go = Switch on
accounts-switched-on = The account of { $name } is switched on.
accounts-link-title = One-time link
accounts-link-lead = For somebody who forgot the password or never set one. Works once, for 24 hours.
accounts-link-go = Get the link
accounts-link-new = { $name } is added
accounts-link-for = A link for { $name }
accounts-link-how = Send it to them: it lets them choose a password and logs them in.
accounts-link-text = Link
accounts-link-once = It is shown here once. It works for 24 hours and one use; getting another ends this one.
accounts-link-done = Done
accounts-reset-title = Choose a password
accounts-reset-lead = { $name }, please choose a password of your own.
accounts-reset-go = Set it and log in
accounts-reset-after = Log-ins elsewhere end.
accounts-access-title = Access log
accounts-access-lead = Who saw whole numbers, exported what, or searched by number.
accounts-access-who = Who
accounts-access-everybody = Everybody
accounts-access-filter = Filter
accounts-access-when = When
accounts-access-what = What
accounts-access-n = Numbers
accounts-access-detail = Detail
accounts-access-nobody = no. { $id }
accounts-access-none = Nothing yet
accounts-access-none-lead = Looks at whole numbers, exports and searches by number are listed here.
accounts-access-shown = { $n ->
    [one] One entry
   *[other] { $n } entries
 }, newest first
accounts-access-verb-unmask = Saw whole numbers
accounts-access-verb-export = Exported
accounts-access-verb-search-number = Searched by number
accounts-access-verb-other = Looked
accounts-access-object-company = company
accounts-access-object-contact = contact
accounts-access-object-call = call
accounts-access-object-batch = import
accounts-access-object-suppression = do-not-call list
accounts-access-object-other = data

check-accounts-session-without-user = Every session belongs to a user that exists
check-accounts-session-of-disabled = Users who are switched off have no live session
check-accounts-token-of-disabled = Users who are switched off have no working token
check-accounts-no-administrator = At least one administrator is switched on
check-accounts-email-spelling = Log-in addresses are lower case, without blanks

### Teams

accounts-team = Team
accounts-team-hint = A manager sees the campaigns, calls and companies of the own team; empty is the head office
accounts-team-none = Head office
accounts-teams = Teams
accounts-teams-lead = Nothing to do as long as there is one. With more, a manager leads only the own team.
accounts-team-name = Name of the team
accounts-team-rename = Rename
accounts-team-add = Add a team
accounts-team-added = The team is made. Choose it on the page of each of its people.
accounts-team-count = { $n ->
    [one] One person
   *[other] { $n } people
 }
error-team-taken = There is a team of this name already. Nothing was saved.
error-team-taken-remedy = Choose another name.
error-team-unknown = There is no such team. Nothing was saved.
error-team-unknown-remedy = Choose one of the list.
