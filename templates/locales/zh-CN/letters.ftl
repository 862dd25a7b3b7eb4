### 贺卡与新知的信

letter-kind-greeting = 贺卡
letter-kind-news = 新知

letter-field-salutation = 开头的称呼：有职务用姓加职务，没有就用全名
letter-field-addressee = 只要称谓，不带“您好”
letter-field-name = 姓名
letter-field-title = 在该公司的职务
letter-field-company = 公司简称，去掉“有限公司”
letter-field-years = 周年数，只在周年的信里有
letter-field-rep-name = 负责的业务
letter-field-rep-phone = 业务的电话
letter-field-rep-mail = 业务的邮箱
letter-field-occasion = 节日的名称
letter-field-also = 并进这封信的另一个日子
letter-field-year = 节日所在的年份
letter-field-zodiac = 那一年的生肖
letter-field-issue = 这期新知的标题
letter-field-office = 落款：本公司
letter-field-postal-address = 本公司的地址
letter-field-opt-out = 退订链接
letter-field-preferences = 选择想收到哪些邮件的链接

letter-also-birthday = 您的生日
letter-also-anniversary = 贵公司的周年

error-letter-no-subject = 这封信没有主题。
error-letter-no-subject-remedy = 写一句主题再保存。
error-letter-subject-long = 主题太长，或者不止一行。
error-letter-subject-long-remedy = 主题写成一行，不超过200个字。
error-letter-empty = 这封信没有正文。
error-letter-empty-remedy = 写上正文，或者从以前的版本开始改。
error-letter-too-long = 正文太长。
error-letter-too-long-remedy = 正文最多100kB；图片请用链接，不要嵌在里面。
error-letter-field-unknown = 没有“{ $name }”这个字段。
error-letter-field-unknown-remedy = 能用的字段都在旁边的表里，照着写。
error-letter-field-mistyped = 没有“{ $name }”这个字段。
error-letter-field-mistyped-remedy = 您要写的也许是“{ $near }”。
error-letter-brace-open = 第{ $line }行有一个大括号没有收尾。
error-letter-brace-open-remedy = 字段写成“{"{{"} name {"}}"}”，条件写成“{"{%"} if company {"%}"}……{"{%"} endif {"%}"}”。
error-letter-merge-wrong = 第{ $line }行的字段或条件读不懂：{ $near }
error-letter-merge-wrong-remedy = 看看括号、引号和“endif”“endfor”是否成对。
error-letter-markup-wrong = 第{ $line }行的MJML读不懂：{ $near }
error-letter-markup-wrong-remedy = 看看标签是否写对、是否成对；也可以去掉所有标签，直接写段落。
error-letter-unwritable = 这封信连示例都写不出来。
error-letter-unwritable-remedy = 可能用了新知里没有的部分，或者循环没有尽头；每条新知只有title、body和url。
error-letter-forbidden = 信里不能有“{ $name }”。
error-letter-forbidden-remedy = 邮件软件不显示它，过滤器会把信当成诈骗；把它删掉。
error-letter-name-wrong = 这封信要有名称，不超过60个字。
error-letter-name-wrong-remedy = 写一个同事一看就懂的名称。

optout-title = 您想收到什么
optout-none-lead = 按一下就生效，不需要登录，也不需要说明原因。
optout-none = 不再接收任何邮件
optout-choose = 或者，只留下您想要的
optout-what-greetings = 节日问候
optout-hint-greetings = 一年几封，只问候，不推销
optout-what-news = 新知邮件
optout-hint-news = 与您所在行业有关的消息
optout-what-calls = 电话
optout-hint-calls = 我们的同事打给您
optout-save = 保存选择
optout-done = 已按您的选择保存，马上生效。
optout-done-none = 已经退订，您不会再收到我们的邮件。
optout-is-none = 您已经退订，不会再收到我们的邮件。想再收到，在下面勾选即可。
optout-fixed = 灰色的几项是您以别的方式告诉过我们的，在这里改不了；想改的话，请写信或来电。
optout-trial = 这是同事寄给自己看的样信，在这里的选择不会被保存。
optout-below = 打开这个页面不会改变任何东西，按了按钮才会。

error-link-unknown = 这个链接不完整，或者不是我们发出的。
error-link-unknown-remedy = 请从邮件里完整地复制链接再打开；也可以直接回复那封邮件，我们会为您办好。
