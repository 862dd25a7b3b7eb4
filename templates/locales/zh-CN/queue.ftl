error-campaign-ends-before-start = 结束日早于开始日，没有保存。
error-campaign-ends-before-start-remedy = 换一个结束日，或留空。
error-campaign-closed = 专案“{ $campaign }”已经关闭，没有改动。
error-campaign-closed-remedy = 请新建一个专案，名单可以再放进去。
error-campaign-not-running = 专案“{ $campaign }”现在不拨打。
error-campaign-not-running-remedy = 选别的专案，或请主管让它继续。
error-campaign-state-unknown = 没有这种专案状态，没有改动。
error-campaign-state-unknown-remedy = 可用 running、paused、closed。
error-script-unknown = 找不到这份话术，没有保存。
error-script-unknown-remedy = 从列表里选一份，或直接写一段。
error-script-too-long = 话术太长，没有保存。
error-script-too-long-remedy = 删去一些，或分成两份。
error-script-step-id = 话术第{ $step }步没有编号，或编号重复，没有保存。
error-script-step-id-remedy = 给每一步一个不同的编号。
error-script-step-unknown = 话术里要跳到的步骤“{ $step }”不存在，没有保存。
error-script-step-unknown-remedy = 改成已有的步骤，或补上这一步。
error-agents-unknown = 指定的坐席有重复、不存在或已停用，没有保存。
error-agents-unknown-remedy = 重新选择坐席，或选“全部”。
error-lease-lapsed = 预览时间已过，这家公司已经放回队列。
error-lease-lapsed-remedy = 取下一家即可；若已经打过，请按号码补记。
error-lease-not-waiting = 这通电话已不在等结果。
error-lease-not-waiting-remedy = 刷新看看现在的情况。
error-skips-used-up = 今天已经跳过{ $most }次，不能再跳。
error-skips-used-up-remedy = 请拨打这一家；真的不合适，打完记结果。
error-call-has-result = 这通电话已有结果，没有重复记录。
error-call-has-result-remedy = 要改，请先撤回原来的结果。
error-call-needs-company = 没有说明是哪家公司或哪位联系人。
error-call-needs-company-remedy = 给出 lease，或 company、contact 之一。
error-call-needs-phone = 缺少电话号码，其余内容都还在。
error-call-needs-phone-remedy = 填上拨打或来电的号码。
error-contact-unknown = 这位联系人不属于这家公司，其余内容都还在。
error-contact-unknown-remedy = 从公司的联系人里选一位。
error-disposition-unknown = 没有这种通话结果，没有保存。
error-disposition-unknown-remedy = 从结果列表里选一个。
error-direction-unknown = 通话方向不对，没有保存。
error-direction-unknown-remedy = 拨出写 out，来电写 in。
error-urgency-unknown = 没有这种迫切度，没有保存。
error-urgency-unknown-remedy = 从列表里选一个。
error-grade-unknown = 没有这个等级，没有保存。
error-grade-unknown-remedy = 可选 A 到 E。
error-ways-unknown = 没有这种联系方式，没有保存。
error-ways-unknown-remedy = 可用 call、mail、all。
error-moment-unreadable = 时间看不懂，其余内容都还在。
error-moment-unreadable-remedy = 写成 2026-09-24T10:30:00+08:00。
error-phone-unreadable = 这个号码不完整，其余内容都还在。
error-phone-unreadable-remedy = 带上区号，或写成 +86 开头。
error-fact-unknown = 没有“{ $fact }”这一项，没有保存。
error-fact-unknown-remedy = 字段名见 /api/openapi.json。
error-fact-unreadable = “{ $fact }”的内容看不懂，没有保存。
error-fact-unreadable-remedy = { $why ->
    [name] 公司总要有个名称。
    [region] 填省、市或区县的名称，或填区划代码。
    [industry] 填国标行业名称或行业代码。
    [number] 填一个合理的整数。
    [year] 填四位年份。
    [date] 填日期，如 2026-09-22。
    [phone] 核对号码的区号和位数。
    [email] 核对邮箱的写法。
    [choice] 改用 /api/openapi.json 里列出的代码。
    [long] 缩短到四千字节以内。
   *[text] 请填普通文字，不要带控制字符。
}
error-need-unreadable = 需求看不懂，没有保存。
error-need-unreadable-remedy = 写一句话，或给出需求列表。
error-merge-in-two-hands = 两家公司正分别由{ $one }和{ $other }跟进，暂时不能合并。
error-merge-in-two-hands-remedy = 等他们记完结果再合并。
error-merge-in-hand = { $agent }正在联系其中一家，暂时不能合并。
error-merge-in-hand-remedy = 等结果记完再合并。
error-task-finished = 这件事已经有人做完了。
error-task-finished-remedy = 刷新看看还剩什么。
error-draft-too-large = 草稿太长，没有存下。
error-draft-too-large-remedy = 先保存结果，或删去一些。
error-filter-unknown-code = 筛选条件“{ $field }”里没有“{ $value }”。
error-filter-unknown-code-remedy = 改用列表里的值。
entry-state-ready = 可拨打
entry-state-waiting = 等待中
entry-state-barred = 暂不能打
entry-state-leased = 拨打中
entry-state-needs-outcome = 等结果
entry-state-done = 已完成
entry-state-exhausted = 次数用完
entry-state-parked = 合并后搁置
bar-limit = 次数上限
bar-closed = 非拨打时间
bar-resting = 在休息期
bar-suppressed = 要求不再联系
bar-no-ground = 没有联系依据
bar-no-phone = 没有能打的号码
bar-excluded = E级，不是目标
bar-owned = 已有业务负责
bar-exhausted = 次数用完
bar-skipped = 刚被跳过
check-calling-entry-in-one-hand = 一个队列项同时只在一人手里
check-calling-agent-has-one-lease = 一名坐席同时只占用一家
check-calling-number-in-one-hand = 一个号码同时只在一人手里
check-calling-company-in-one-hand = 一家公司同时只在一人手里
check-calling-lock-has-live-lease = 每个锁都属于有效的占用
check-calling-live-lease-has-locks = 每个有效的占用都上了锁
check-calling-leased-entry-has-lease = 拨打中的队列项都有占用
check-calling-lease-has-leased-entry = 有占用的队列项都在拨打中
check-calling-suppressed-company-not-ready = 要求不再联系的公司不在可拨打之列
check-calling-suppressed-person-not-ready = 要求不再联系的人不在可拨打之列
check-calling-no-lease-of-suppressed-number = 没有人预览被要求不再拨打的号码
check-calling-result-has-event = 每个通话结果都有事件记录
check-calling-call-names-its-result = 通话指向的结果是有效的
check-calling-one-result-stands = 每通电话只有一个有效结果
check-calling-waiting-entry-has-time = 等待中的队列项都有时间
check-calling-barred-entry-says-why = 暂不能打的队列项都写明原因
check-calling-callback-owner-exists = 未完成的回拨都有在职的人或归团队
check-calling-result-has-record = 通话得到的回答都在这通电话的记录里
check-calling-task-state = 任务要么未完成，要么有人完成，要么随通话撤销
check-calling-ids-answer = 每通电话、占用、回拨和任务都指向存在的公司或人
check-calling-one-entry-per-company = 合并后的公司在一个专案里只有一个有效的队列项
check-calling-parked-names-merge = 搁置的队列项写明是哪次合并造成的
check-calling-dials-counted = 队列项的拨打次数不多于实际拨打
check-calling-dial-noted = 拨打过的公司不会被当作从未拨打
check-calling-touch-has-result = 每次算数的沟通都有有效的结果
check-calling-entries-counted = 专案的数字与其队列项逐条相符
check-calling-calls-counted = 专案的数字与其通话逐条相符
check-calling-entry-state = 每个队列项的状态都明确
