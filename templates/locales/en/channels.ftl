### Names of channels and kinds of lists

channel-AD = Advertising
channel-DIST = Distributors
channel-GOV = Introductions
channel-EXPO = Fairs and seminars
channel-OWN = Own events
channel-CANV = Canvassing
channel-DM = Mailing lists
channel-TEL = Phone lists
list-kind-leads = Leads
list-kind-customers = Customers
list-kind-suppressions = Do-not-call list
list-kind-target = Target market
