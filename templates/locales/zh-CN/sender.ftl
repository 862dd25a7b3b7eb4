# 发信：为什么全都寄不出去，以及台账里必须成立的事。
sender-trouble-no-public-url = 邮件寄不出去：没有设置本单位的网址（CANVASS_PUBLIC_URL），收信人无法用信里的链接退订
sender-trouble-no-sender = 邮件寄不出去：信里没有写明是谁寄的。请在“设置 · 单位”里填写落款，或在 CANVASS_MAIL_FROM 里写上名称
sender-trouble-unreachable = 邮件寄不出去：邮件服务器连不上，或者不让登录

check-outreach-deliveries-counted = 邮件的各项数字等于信件逐封相加
check-outreach-delivery-state = 每封信都处在一个存在的状态
check-outreach-waiting-can-go = 等着寄的信都有地址和时间
check-outreach-held-has-open-claim = 处理中的信都有人在处理
check-outreach-letter-holds-promise = 已经收到或可能收到信的人都记为已收
check-outreach-greeted-once = 同一个节日不给同一个人寄两次贺卡
check-outreach-promise-has-delivery = 记为已收的人确实有那封信
check-outreach-sent-says-when = 寄出的信写明了何时寄出
check-outreach-not-sent-says-why = 没寄的信写明了原因
check-outreach-through-waits-for-nobody = 已寄完的邮件里没有人还在等

error-greeting-goes-once = 贺卡绝不寄第二次，哪怕不知道上一封到没到。
error-greeting-goes-once-remedy = 按已寄处理即可；下一个节日不远。
