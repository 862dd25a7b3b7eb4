# 邮件：是什么，走到哪一步
mailing-kind-greeting = 贺卡
mailing-kind-news = 新知
mailing-state-draft = 草稿
mailing-state-planning = 正在定收信人
mailing-state-planned = 待批准
mailing-state-scheduled = 已批准
mailing-state-sending = 正在寄出
mailing-state-paused = 已暂停
mailing-state-done = 已寄完
mailing-state-cancelled = 已取消
delivery-state-queued = 等待中
delivery-state-claimed = 处理中
delivery-state-on-wire = 传送中
delivery-state-sent = 已寄出
delivery-state-unknown = 不确定
delivery-state-failed = 没寄成
delivery-state-withheld = 寄前拦下
delivery-state-left-out = 不寄
delivery-state-cancelled = 已取消

# 列表
shell-nav-mail = 贺卡与新知
shell-nav-mailings = 邮件
mailings-title = 邮件
mailings-lead = 贺卡由日历准备，新知由您来写。每人一封；不寄的人，各有一条原因。
mailings-which = 邮件
mailings-all = 全部
mailings-open = 进行中
mailings-over = 已结束
mailings-none = 这里还没有邮件
mailings-none-why = 贺卡会在节日前几天自己出现在这里；新知从您写的第一条开始。
mailing-new = 新建一期新知
mailing-new-lead = 先起个标题，再写内容，并说明每条与谁有关。
mailing-new-after = 没有您批准，一封也不会寄出。
mailing-new-go = 去写内容
mailing-created = 这一期已建好，请写内容。
mailing-name = 邮件
mailing-moment = 时间
mailing-progress = 进度
mailing-in = 收信人
mailing-left = 未寄
mailing-state = 状态
mailing-bar = 已寄{ $sent }封，未寄{ $left }封，没寄成{ $wrong }封
mailing-no-moment = 批准之后

# 一次邮件
mailing-lead-draft = 还没有定收信人。先看看寄给谁，再批准。
mailing-lead-planning = 正在逐人判断，请稍候。
mailing-lead-planned = 收信人已定。
mailing-lead-scheduled = 已批准，到时间就寄。
mailing-lead-sending = 正在寄出。
mailing-lead-paused = 已暂停，不再寄出。
mailing-lead-done = 已寄完，没有人还在等。
mailing-lead-cancelled = 已取消。寄出的收不回来。
mailing-lead-nobody = 看了{ $n }人，没有一人会收到。原因列在下面；请调整对象，或者改内容。
mailing-lead-decided = { $all }人里寄{ $in }人，每人一封；其余{ $out }人各有不寄的原因。
mailing-approve = 批准寄出
mailing-resume = 继续
mailing-start = 现在就寄
mailing-start-sure = 不等预定的时间，马上寄出。寄出的收不回来。
mailing-plan = 看看寄给谁
mailing-plan-again = 重新定收信人
mailing-pause = 暂停
mailing-pause-why = 为什么？打开这一页的人都会看到。
mailing-cancel = 取消
mailing-cancel-sure = 还在等的人不再收到，也不能再恢复。已寄出的不受影响。
mailing-more = 更多
mailing-done-plan = 正在定收信人。
mailing-done-approve = 已批准，到时间就寄。
mailing-done-start = 正在寄出。
mailing-done-pause = 已暂停，有人让它继续之前不再寄出。
mailing-done-resume = 已继续。
mailing-done-cancel = 已取消。
mailing-done-schedule = 时间已定。
mailing-sieve = 寄给谁，不寄给谁
mailing-by-person = 按人查看
mailing-considered = 看过的人
mailing-about = 概况
mailing-kind = 类型
mailing-letter = 信件
mailing-letter-look = 看看这封信
mailing-approved = 批准
mailing-approved-by = { $who }，{ $at }
mailing-schedule = 定时间
mailing-day = 日期
mailing-from = 从
mailing-until = 到
mailing-schedule-hint = 按办公室的时间。被服务器要求稍后再来的，最晚试到结束时间，过时不寄。
mailing-schedule-save = 定下
mailing-audience = 寄给谁
mailing-audience-change = 调整
mailing-chosen-companies = 只限选定的{ $n }家公司。
mailing-refusals = 谁退订了邮件
mailing-log = 经过
mailing-by-itself = 自动
mailing-move-create = 新建
mailing-move-edit = 修改
mailing-move-plan = 定收信人
mailing-move-planned = 收信人已定
mailing-move-plan-failed = 没有定完
mailing-move-approve = 批准
mailing-move-schedule = 定时间
mailing-move-start = 开始寄
mailing-move-pause = 暂停
mailing-move-resume = 继续
mailing-move-finish = 寄完
mailing-move-reopen = 有信重新等待
mailing-move-taken-as-sent = 不确定的按已寄算
mailing-move-sent-again = 不确定的再寄一次
mailing-move-approved = 业务同意寄给自己的客户
mailing-move-declined = 业务不同意寄给自己的客户
mailing-move-card-in = 业务放回一张贺卡
mailing-move-card-out = 业务拿掉一张贺卡
mailing-move-answers-closed = 答复截止
mailing-move-cancel = 取消

# 正在寄
mailing-planning-say = 已判断{ $n }人
mailing-settled-say = { $all }封里已处理{ $done }封
mailing-speed = 每分钟{ $n }封，约还要{ $minutes }分钟
mailing-waiting = 等待中
mailing-deferred = 稍后再试
mailing-wrong = 没寄成
mailing-domain = 邮箱域名
mailing-lane = 收信速度
mailing-lane-open = 同时{ $width }路
mailing-lane-slow = 同时{ $width }路，每分钟{ $n }封
mailing-lane-rests = 暂歇到{ $at }
mailing-other-domains = 其余域名合计
mailing-unknown-note = 有{ $n }封不知道到没到：信发出去了，回答之前线断了。
mailing-unknown-look = 看依据
mailing-trouble-since = 自{ $at }起
mail-pause-by-person = 已暂停：{ $text }
mail-pause-window-missed = 已自动取消：到了该寄的那个上午还没有人批准，贺卡不补寄。
mail-pause-nobody = 已自动取消：里面一个人也没有了。
mail-pause-restored = 数据从备份恢复后暂停：这里等待的信，有的可能在备份之后已经寄出。请先核对再继续。
mail-pause-by-program = 由程序暂停。
mail-pause-too-many-refused = 自动暂停：最近{ $of }个地址里有{ $refused }个被永久拒收。名单可能旧了；请先看看退信，再决定是否继续。
mail-pause-server-refuses = 自动暂停：邮件服务器不收我们的信。它说：{ $answer }

# 按人
mailing-people = 按人查看
mailing-people-lead = 看过的每个人：寄或不寄，为什么。
mailing-people-none = 这里没有人
mailing-people-none-why = 换一个状态看，或者先定收信人。
mailing-back = 回到邮件
mailing-everybody = 全部
mailing-take-off = 去掉这一条
mail-person = 人
mail-person-unnamed = 姓名不详
mail-address = 邮箱
mail-why = 原因
mail-when = 时间
mail-goes-at = { $at }寄
mail-on = { $day }
mail-at = { $at }
mail-history-of = 寄给{ $person }的信
mail-history-lead = 这个人收到了什么、没收到什么、为什么；合并过来的记录也算在内。
mail-history-none = 还没有哪批邮件看过这个人
mail-history-none-why = 一旦有，结果和原因就列在这里。
mail-title = 信件

# 不确定的信
unknown-title = 到了没有？
unknown-lead-greeting = 信发出之后、收到回答之前线断了。贺卡绝不寄第二次，所以这些按已寄算，除非另有依据。
unknown-lead-news = 信发出之后、收到回答之前线断了。这样的信多半到了。可以按已寄算，也可以再寄一次：有些人会收到两封。
unknown-young = 其中{ $n }封还不到一天：迟来的回答也许会说清楚。
unknown-evidence = 依据
unknown-try = 第{ $n }次，{ $at }
unknown-neighbours = 同一批邮件寄往{ $domain }的信，另有{ $n }封被收下。
unknown-none = 没有不确定的信
unknown-none-why = 这批邮件的每一封都知道下落。
unknown-choose = 选择
unknown-all = 全部{ $n }封
unknown-chosen = 只限选中的
unknown-sent = 按已寄算
unknown-resend = 再寄一次
unknown-resend-sure = 已经收到的人会收到两封。邮件编号不变，有些邮箱只显示一封。
unknown-done-sent = { $n }封按已寄算。
unknown-done-resend = { $n }封等着再寄一次。

# 对象
mailing-audience-lead = 等级，以及公司还要符合什么。不能写信的人会自己排除在外。
mailing-grades = 等级
mailing-grades-hint = A级通常由业务亲手写。
mailing-criteria = 只限
mailing-count = 会寄给谁？
mailing-count-hint = 按正式寄信的规则算一遍，什么都不保存。
mailing-found-hint = 选好之后，看看会寄给谁。
mailing-found-nobody = 没有人会收到。请放宽条件，或看看原因。
mailing-audience-save = 就这样，定收信人
mailing-sample = 其中一些人

# 新知
news-title = 标题
news-title-hint = 也会出现在邮件主题里。
news-items = 内容
news-no-items = 还没有内容
news-no-items-why = 每条可以只给某些行业和等级；每个人只收到与自己有关的、自己语言的内容。
news-write = 写内容
news-write-lead = 每个人收到自己语言、行业和等级的内容；一条都没有的人不会收到信。
news-write-after = 清空的条目会去掉；已定的收信人会重新定。
news-save = 保存
news-saved = 已保存。请看看寄给谁。
news-item-n = 第{ $n }条
news-item-title = 小标题
news-item-language = 语言
news-item-text = 正文
news-item-text-hint = 空一行就是新的一段。
news-item-link = 继续阅读的网址
news-item-industries = 行业
news-item-industries-hint = 国标行业代码或名称，用分号隔开；不填就是所有行业。
news-item-grades = 等级
news-item-grades-hint = 不选就是这批邮件的所有等级。
news-language-zh-cn = 中文
news-language-en = 英文

# 为什么寄了、在等、没寄
mail-reason-in = { $grade }级；依据：{ $ground }。30天内已触达{ $touches }次，另有{ $waiting }封在等，上限{ $at_most }。
mail-reason-missing-field = 给这个人的信写不完整：不知道“{ $field }”。
mail-reason-refused-by-server = 对方服务器永久拒收。
mail-reason-never-taken = 对方服务器一直要求稍后再来，直到时间过去。
mail-reason-fate-unknown = 信发出去了，回答之前线断了；可能已经收到。
mail-reason-window-missed = 轮到它之前时间已过；迟到的信不寄。
mail-reason-has-letter = 这个人在另一条记录下已经收到这封信。
mail-reason-slower = 对方服务器要求慢一些。
mail-reason-other = 原因：{ $code }

# 拒绝
error-mailing-state = 邮件现在是“{ $state ->
    [draft] 草稿
    [planning] 正在定收信人
    [planned] 待批准
    [scheduled] 已批准
    [sending] 正在寄出
    [paused] 已暂停
    [done] 已寄完
   *[cancelled] 已取消
}”，不能这样做；什么都没有改。
error-mailing-state-remedy = 请刷新页面：也许别人刚刚动过它。
error-mailing-needs-letter = 邮件要有一封信；没有新建。
error-mailing-needs-letter-remedy = 写上信件的代码。
error-mailing-needs-grades = 至少要有一个等级；什么都没有改。
error-mailing-needs-grades-remedy = 勾选要寄的等级。
error-mailing-needs-occasion = 贺卡要有节日；没有新建。
error-mailing-needs-occasion-remedy = 写上日历里的一个节日。
error-mailing-needs-issue = 新知要有内容；没有新建。
error-mailing-needs-issue-remedy = 请带上标题和内容。
error-mailing-needs-name = 邮件要有名称；什么都没有改。
error-mailing-needs-name-remedy = 起一个以后认得出的名称。
error-mailing-occasion-taken = 这个节日已经有一批邮件了；同一个节日一年只问候一次。
error-mailing-occasion-taken-remedy = 在列表里打开它；如果不该寄，先取消它。
error-mailing-nobody = 没有人会收到，所以没有批准。
error-mailing-nobody-remedy = 调整对象或内容，再定一次收信人。
error-mailing-moment-passed = 时间已过；迟到的信不寄。
error-mailing-moment-passed-remedy = 请另定时间。
error-mailing-moment-unreadable = 日期或时间看不懂；什么都没有改。
error-mailing-moment-unreadable-remedy = 选一天，以及从几点到几点。
error-mailing-window-empty = 结束比开始还早；什么都没有改。
error-mailing-window-empty-remedy = 让结束晚于开始。
error-mailing-greeting-has-a-day = 贺卡按自己的时间寄，不能现在就寄。
error-mailing-greeting-has-a-day-remedy = 批准它就好；它在节前最后一个工作日寄出。
error-mailing-pause-needs-reason = 请写为什么暂停；还没有暂停。
error-mailing-pause-needs-reason-remedy = 一句话就够，打开这一页的人都会看到。
error-unknown-none-chosen = 没有选中任何一封；什么都没有改。
error-unknown-none-chosen-remedy = 勾选几封，或选全部。
error-text-too-long = { $field }写得太长；什么都没有保存。
error-text-too-long-remedy = 请写短一些。
error-news-needs-title = 一期新知要有标题；什么都没有保存。
error-news-needs-title-remedy = 它会出现在主题里，请说出新在哪里。
error-news-title-too-long = 标题超过{ $most }个字；什么都没有保存。
error-news-title-too-long-remedy = 邮箱会截断长主题，请写短一些。
error-news-too-many-items = 一期最多{ $most }条；什么都没有保存。
error-news-too-many-items-remedy = 请分成两期。
error-news-item-needs-title = 第{ $n }条没有小标题；什么都没有保存。
error-news-item-needs-title-remedy = 写上小标题，或清空正文去掉这一条。
error-news-item-title-too-long = 第{ $n }条的小标题超过{ $most }个字；什么都没有保存。
error-news-item-title-too-long-remedy = 请写短一些。
error-news-item-needs-text = 第{ $n }条没有正文；什么都没有保存。
error-news-item-needs-text-remedy = 写上正文，或清空小标题去掉这一条。
error-news-item-too-long = 第{ $n }条的正文超过{ $most }个字；什么都没有保存。
error-news-item-too-long-remedy = 说要点，其余用网址。
error-news-item-language = 第{ $n }条用了不支持的语言；什么都没有保存。
error-news-item-language-remedy = 用zh-CN或en。
error-news-item-industry = 第{ $n }条里的“{ $value }”不是行业；什么都没有保存。
error-news-item-industry-remedy = 填国标行业代码或名称，例如C34。
error-news-item-link = 第{ $n }条的网址打不开；什么都没有保存。
error-news-item-link-remedy = 以https://开头，中间没有空格。
error-mailing-test-failed = 样信没能寄到{ $to }：{ $why }
error-mailing-test-failed-remedy = 请检查邮件服务器设置，再试一次。
error-news-no-items-in-language = 还没有内容；什么都没有寄。
error-news-no-items-in-language-remedy = 请先写内容。
error-delivery-needs-mailing = 请指明哪批邮件：?mailing=…
error-delivery-needs-mailing-remedy = 加上邮件的编号。
error-delivery-state-unknown = 没有这种投递状态。
error-delivery-state-unknown-remedy = 用/api/openapi.json里列出的一种。
