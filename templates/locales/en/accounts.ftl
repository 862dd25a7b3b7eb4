role-admin = Administrator
role-manager = Manager
role-marketing = Marketing
role-agent = Telemarketer
role-rep = Sales rep
