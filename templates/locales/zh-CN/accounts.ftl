role-admin = 管理员
role-manager = 主管
role-marketing = 市场
role-agent = 电话行销
role-rep = 业务
