### Letters of greetings and news

letter-kind-greeting = Greeting
letter-kind-news = News

letter-field-salutation = How the letter begins; by surname and title where the title is known, else by the full name
letter-field-addressee = What they are called, without “Dear”
letter-field-name = Full name
letter-field-title = Title at the company
letter-field-company = Short name of the company, without “Co., Ltd.”
letter-field-years = Which anniversary it is; only in letters of anniversaries
letter-field-rep-name = The rep who has the company
letter-field-rep-phone = The rep’s number
letter-field-rep-mail = The rep’s address
letter-field-occasion = Name of the occasion
letter-field-also = A second occasion that this letter greets as well
letter-field-year = Year of the occasion
letter-field-zodiac = Animal of that year
letter-field-issue = Title of the issue of news
letter-field-office = Who signs: your office
letter-field-postal-address = Address of your office
letter-field-opt-out = Link that ends all mail
letter-field-preferences = Link on which they choose what they receive

letter-also-birthday = your birthday
letter-also-anniversary = your company’s anniversary

error-letter-no-subject = The letter has no subject.
error-letter-no-subject-remedy = Write one and save again.
error-letter-subject-long = The subject is too long, or has more than one line.
error-letter-subject-long-remedy = Write it in one line of 200 characters at most.
error-letter-empty = The letter has no text.
error-letter-empty-remedy = Write one, or start from an earlier version.
error-letter-too-long = The text is too long.
error-letter-too-long-remedy = It may have 100 kB; link pictures instead of putting them in.
error-letter-field-unknown = There is no field “{ $name }”.
error-letter-field-unknown-remedy = All fields stand in the table beside the letter; write one of them.
error-letter-field-mistyped = There is no field “{ $name }”.
error-letter-field-mistyped-remedy = You may have meant “{ $near }”.
error-letter-brace-open = A brace in line { $line } has no end.
error-letter-brace-open-remedy = A field is written “{"{{"} name {"}}"}”, a condition “{"{%"} if company {"%}"} … {"{%"} endif {"%}"}”.
error-letter-merge-wrong = The field or condition in line { $line } cannot be read: { $near }
error-letter-merge-wrong-remedy = Look whether brackets, quotation marks, “endif” and “endfor” come in pairs.
error-letter-markup-wrong = The MJML in line { $line } cannot be read: { $near }
error-letter-markup-wrong-remedy = Look whether the elements are spelt right and closed; or leave them all out and write plain paragraphs.
error-letter-unwritable = The letter cannot be written even for the sample.
error-letter-unwritable-remedy = It may use a part of a piece of news that there is not, or a loop without end; a piece has title, body and url.
error-letter-forbidden = A letter must not have “{ $name }”.
error-letter-forbidden-remedy = No mail program shows it, and filters take the letter for fraud; remove it.
error-letter-name-wrong = A letter needs a name of 60 characters at most.
error-letter-name-wrong-remedy = Write one that your colleagues understand at once.

optout-title = What you receive from us
optout-none-lead = One press is enough: no log-in, no reason asked.
optout-none = No more mail from you
optout-choose = Or keep only what you want
optout-what-greetings = Greetings
optout-hint-greetings = A few a year, good wishes only
optout-what-news = News
optout-hint-news = What concerns your line of business
optout-what-calls = Calls
optout-hint-calls = By our colleagues
optout-save = Save my choice
optout-done = Your choice is saved and holds from now on.
optout-done-none = Done: you will get no more mail from us.
optout-is-none = You have opted out and get no mail from us. Tick below what you would like to have again.
optout-fixed = What is greyed out you told us in another way; to change it, please write or call us.
optout-trial = This is the trial of a letter that a colleague sent to themselves; what is chosen here is not saved.
optout-below = Opening this page changes nothing; only the buttons do.

error-link-unknown = This link is incomplete, or not one of ours.
error-link-unknown-remedy = Please copy the whole link out of the letter; or just answer that letter, and we will see to it.
