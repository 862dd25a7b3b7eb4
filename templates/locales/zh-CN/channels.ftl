### 渠道和名单种类的名称

channel-AD = 广告
channel-DIST = 经销渠道
channel-GOV = 政商引介
channel-EXPO = 展会、研讨会
channel-OWN = 自办活动
channel-CANV = 扫街
channel-DM = 直邮名单
channel-TEL = 电话名单
list-kind-leads = 客户线索
list-kind-customers = 老客户
list-kind-suppressions = 免打扰名单
list-kind-target = 目标市场
