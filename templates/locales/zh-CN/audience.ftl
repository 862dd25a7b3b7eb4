# 谁收到信、谁不收到，以及为什么
audience-no-company = 不知道在哪家公司
audience-ungraded = 还没有评级
audience-other-grade = 等级不在寄送范围
audience-great-only = D级只在春节和中秋问候
audience-not-kept = 当地不过这个节
audience-no-ground = 没有联系依据
audience-ask-first = 要先征得同意
audience-not-carried = 联系依据不允许
audience-refused = 退订或要求不再联系
audience-silenced = 邮箱、域名或公司免打扰
audience-complaint = 投诉未了结，先不打扰
audience-quotation = 报价未了结，由业务亲自联系
audience-same-morning = 同一个上午已有另一张贺卡
audience-capped = 30天内触达已达上限
audience-news-too-soon = 上一期新知刚寄出
audience-no-address = 没有邮箱
audience-bad-address = 地址退信，已停用
audience-same-mailbox = 同一邮箱已有人收信
audience-maybe-same = 疑似同一个人，等人判断
audience-no-salutation = 没有姓名，无法称呼
audience-no-field = 信里提到的内容缺失
audience-no-item = 这一期没有与其相关的内容
audience-too-late = 当地的寄送时间已过
audience-by-hand = A级，由业务亲手写

audience-why-no-company = 不知道此人在哪家公司，因此没有等级。
audience-why-ungraded = 公司还没有评级。
audience-why-other-grade = { $grade }级不在这次的寄送范围。
audience-why-great-only = { $grade }级只在春节和中秋收到问候。
audience-why-not-kept = 公司所在地不过这个节。
audience-why-no-ground = 没有记录可以联系此人的依据。
audience-why-ask-first = 依据是“{ $ground }”，寄之前要先征得同意。
audience-why-not-carried = 依据是“{ $ground }”，不允许寄这类邮件。
audience-why-refused = 此人要求不再收到邮件。
audience-why-silenced-address = 这个邮箱在免打扰名单上。
audience-why-silenced-domain = 这个邮箱的域名在免打扰名单上。
audience-why-silenced-company = 公司在免打扰名单上。
audience-why-complaint = 公司有一件投诉还没有了结。
audience-why-quotation = 公司有一份报价还没有了结，由业务亲自联系。
audience-why-same-morning = 同一个上午此人会收到“{ $occasion }”的贺卡，一个上午只寄一封。
audience-why-capped = { $grade }级{ $days }天内最多触达{ $most }次：已触达{ $touches }次，另有{ $waiting }封待寄。
audience-why-news-too-soon = 上一期新知是{ $days ->
    [0] 今天
   *[other] { $days }天前
}寄的，两期之间至少隔{ $every }天。
audience-why-no-address = 没有邮箱。
audience-why-bad-address = { $address } 会退信或不属于此人。
audience-why-same-mailbox = 同一个邮箱里已有另一人收到这封信，一个邮箱只寄一封。
audience-why-maybe-same = 可能与另一位收信人是同一个人，判断之前只寄一封。
audience-why-no-salutation = 没有姓名，信的开头无法称呼。
audience-why-no-field = 信里提到“{ $field }”，但这个人没有。
audience-why-no-item = 这一期里没有适合此人语言、行业和等级的内容。
audience-why-too-late = 此人所在时区的寄送时间已过，不补寄。
audience-why-by-hand = A级由业务亲手写，不由系统寄。

# 联络节奏
cadence-caller-rep = 业务
cadence-caller-agent = 电话行销
cadence-caller-either = 业务，没有业务的由电话行销
cadence-caller-nobody = 不打
cadence-greetings-all = 全部
cadence-greetings-great = 只有春节和中秋
cadence-greetings-by-hand = 业务亲手写
cadence-greetings-none = 不寄
cadence-method-call = 打电话
cadence-method-visit = 拜访

settings-cadence = 联络节奏
settings-cadence-about = 每一级多久打一次电话、多久拜访、多久寄新知，一个月最多触达几次。
settings-cadence-lead = 改动立即生效：下一次计划和今天的到期名单都按新的；已定好收信人的邮件仍按当时的版本。
settings-cadence-table = 每一级怎么保持联系
settings-cadence-table-hint = 上限按{ $days }天内真正到达的触达计算
settings-cadence-grade = 等级
settings-cadence-caller = 谁打电话
settings-cadence-call-days = 电话（天）
settings-cadence-visit-days = 拜访（天）
settings-cadence-news-days = 新知（天）
settings-cadence-at-most = 最多（次）
settings-cadence-greetings = 节日问候
settings-cadence-empty = 天数留空表示不做，次数留空表示不设上限。
settings-cadence-mail = 贺卡与新知
settings-cadence-complaint-holds = 投诉未了结时什么都不寄
settings-cadence-quotation-holds-greetings = 报价未了结时系统不寄节日问候，由业务亲自问候
settings-cadence-quotation-holds-news = 报价未了结时不寄新知
settings-cadence-hours = 新知在什么时候寄
settings-cadence-from = 从
settings-cadence-to = 到
settings-cadence-hours-hint = 收信人当地工作日的时间；节日问候另有自己的上午。
error-cadence-number-wrong = { $grade }级的数字不对：天数在1到{ $days }之间，次数在0到{ $touches }之间。没有保存。
error-cadence-number-wrong-remedy = 改好再保存；不需要的留空。
error-mail-hours-wrong = 寄新知的时间要在07:00到21:00之间，至少半小时。没有保存。
error-mail-hours-wrong-remedy = 改好再保存。

# 本周到期
shell-nav-due = 本周到期
due-title = 本周到期
due-lead = { $day }之前该联系的有{ $due }家，其中{ $late }家已逾期。
due-whose = 谁的
due-view-team = 团队全部
due-view-free = 没有业务的
due-view-own = 我名下的
due-view-known = 我谈过的
due-method = 方式
due-any-method = 电话和拜访
due-show = 查看
due-shown = 本页{ $n }条
due-none = 本周没有到期的
due-none-why = 每一级多久联系一次，由主管在设置里的“联络节奏”决定。
due-none-why-known = 这里列出您谈过、还没有业务的公司。谈得越多，到期的越多。
due-choose = 选择
due-company = 公司
due-when = 什么时候
due-why = 为什么
due-used = 30天内触达
due-late = 逾期{ $days }天
due-today = 今天
due-on = { $day }
due-why-call = { $grade }级，上次联系在{ $days ->
    [0] 今天
   *[other] { $days }天前
}，每{ $every }天一次。
due-why-first-call = { $grade }级，评级{ $days }天了还没有联系过，每{ $every }天一次。
due-why-visit = { $grade }级，上次拜访在{ $days ->
    [0] 今天
   *[other] { $days }天前
}，每{ $every }天一次。
due-why-first-visit = { $grade }级，评级{ $days }天了还没有拜访过，每{ $every }天一次。
due-cap = { $days }天内{ $touches }次，上限{ $most }次
due-cap-none = { $days }天内{ $touches }次
due-charge-agents = 电话行销
due-charge-nobody = 还没有业务
due-campaign = 专案
due-into-campaign = 放进呼叫队列
due-into-hint = 已达上限的不能选；放进队列时照常检查免打扰和业务归属。
due-added = 已放进队列{ $n }家。
due-added-some = 已放进队列{ $n }家；没有进来的：{ $reasons }
error-due-nobody-chosen = 没有选中公司。
error-due-nobody-chosen-remedy = 返回名单，先勾选公司。

# 一家公司的联络节奏
rhythm-title = 联络节奏
rhythm-call = 每{ $days }天打一次电话
rhythm-visit = 每{ $days }天拜访一次
rhythm-last = 上次在{ $day }
rhythm-never = 还没有过
rhythm-used = 触达次数
rhythm-news = 最多每{ $days }天一期
rhythm-news-none = 不寄
rhythm-letters = 节日问候：{ $greetings } · 新知：{ $news }
rhythm-complaint = 客户投诉了？
rhythm-complaint-text = 投诉什么
rhythm-complaint-hint = 会给业务（没有业务的给团队）排一件待办；办完之前什么都不寄。
rhythm-complaint-note = 记下投诉
rhythm-complaint-noted = 已记下投诉，了结之前不再寄任何邮件。
rhythm-complaint-open = 有一件投诉还没有了结，先不寄任何邮件。
task-kind-complaint = 客户投诉：了结它
company-task-complaint = 客户投诉：了结它
error-complaint-needs-words = 投诉要写几个字，最多约三百字。没有记下。
error-complaint-needs-words-remedy = 写下客户说了什么，再记一次。
due-into-mailing = 给选中的写一期新知
due-mailing-title = 新知的标题
due-mailing-name = 给到期客户的新知 { $day }
due-mailing-made = 已建好一期新知，收件范围是选中的公司。写好内容后再计划。
