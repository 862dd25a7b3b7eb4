//! Headings and what they mean: simplified (traditional ones are folded to it) and English words, as data.

use super::field::Field;

/// The words of each field, as `words::folded` makes them: simplified, lower case, no spaces and no punctuation.
#[rustfmt::skip]
pub(super) const WORDS: &[(Field, &[&str])] = &[
    (Field::Company, &[
        "公司", "公司名称", "公司名", "公司全称", "公司中文名", "公司中文名称", "企业", "企业名称", "企业全称", "单位", "单位名称", "单位全称",
        "工作单位", "所属单位", "所属公司", "所在单位", "所在公司", "客户", "客户名称", "客户公司", "客户全称", "名称", "厂商", "厂商名称", "厂家",
        "厂名", "供应商", "供应商名称", "参展商", "参展商名称", "参展单位", "参展企业", "展商", "展商名称", "机构", "机构名称", "组织名称", "商户名称",
        "店名", "商号", "公司行号", "工厂名称", "委托单位", "会员单位", "会员名称", "抬头", "开票名称", "company", "companyname", "companies",
        "organization", "organisation", "organizationname", "organisationname", "org", "firm", "firmname", "account", "accountname",
        "business", "businessname", "employer", "customer", "customername", "client", "clientname", "exhibitor", "exhibitorname", "supplier",
        "vendor", "nameofcompany", "legalname", "companyoraccount", "corporatename", "enterprise",
        "公司简称", "单位简称", "企业简称", "客户简称", "甲方", "买方", "买家", "采购商", "经销商", "代理商", "渠道商", "合作单位", "用户单位", "用户名称", "服务单位", "就职公司",
        "任职公司", "任职单位", "就职单位", "所在企业", "商家", "商家名称", "商户", "店铺名称", "来访单位", "来访公司", "参观单位", "参展公司", "参会单位", "参会企业", "学校名称",
        "医院名称", "buyername", "institution", "institutionname", "affiliation", "orgname", "companytitle",
        "accountcompany", "nameoffirm", "nameoforganization",
    ]),
    (Field::Person, &[
        "姓名", "联系人", "联络人", "联系人姓名", "联络人姓名", "主要联系人", "第一联系人", "客户姓名", "您的姓名", "您的名字", "你的姓名", "尊姓大名",
        "名字", "称呼", "负责人", "负责人姓名", "参会人", "参会人员", "参会者", "嘉宾", "嘉宾姓名", "代表", "报名人", "报名人姓名", "窗口", "收件人",
        "受访者", "采购联系人", "业务联系人", "法人", "法定代表人", "法人代表", "经办人", "contact", "contactname", "contactperson", "name",
        "fullname", "person", "personname", "attendee", "attendeename", "attention", "attn", "participant", "representative", "lead",
        "leadname", "primarycontact", "maincontact", "yourname", "fn", "personincharge", "pic", "displayname",
        "对接人", "接口人", "参观者", "参观人", "来宾", "来宾姓名", "访客", "访客姓名", "观众姓名", "学员", "学员姓名", "与会者", "与会人员", "出席人", "出席者", "来访人",
        "来访者", "拜访对象", "采购负责人", "项目负责人", "收货人", "申请人", "填写人", "买家姓名", "联系人1", "联系人一", "客户联系人", "企业联系人", "单位负责人", 
        "visitorname", "guestname", "delegatename", "registrant", "membername", "keycontact",
        "contactpersonname", "buyercontact",
    ]),
    (Field::GivenName, &["名", "firstname", "givenname", "forename"]),
    (Field::Surname, &["姓", "姓氏", "lastname", "surname", "familyname"]),
    (Field::CompanyAndPerson, &["公司姓名", "单位姓名", "公司联系人", "单位联系人", "公司及联系人", "客户联系人信息"]),
    (Field::Title, &[
        "职务", "职位", "职称", "职衔", "称谓", "岗位", "头衔", "职务名称", "职级", "您的职位", "您的职务", "title", "jobtitle", "position", "job",
        "role", "jobrole", "jobposition", "designation", "function", "jobfunction",
    ]),
    (Field::Department, &["部门", "所在部门", "所属部门", "科室", "处室", "department", "orgunit", "dept", "division", "businessunit"]),
    (Field::Mobile, &[
        "手机", "手机号", "手机号码", "移动电话", "行动电话", "行动", "手提电话", "手提", "联系手机", "联络手机", "联系人手机", "个人手机", "您的手机",
        "您的手机号", "手机电话", "mobile", "mobilephone", "mobileno", "mobilenumber", "mobilephonenumber", "cell", "cellphone", "cellular",
        "handphone", "handphoneno", "hp", "gsm",
        "手机1", "手机2", "手机一", "手机二", "本人手机", "移动号码", "手机号1", "mob", "mobno", "cellno", "cellphoneno", "cellphonenumber",
        "cellnumber", "mobile1", "mobile2", "phonemobile", "mobiletel",
    ]),
    (Field::Phone, &[
        "电话", "电话号码", "联系电话", "联络电话", "公司电话", "办公电话", "固定电话", "固话", "座机", "座机号", "市话", "总机", "公司总机", "单位电话",
        "直线", "分机电话", "号码", "联系方式", "联络方式", "联系号码", "客户电话", "热线", "服务热线", "咨询电话", "电话1", "电话2", "电话一", "电话二",
        "其他电话", "备用电话", "phone", "phoneno", "phonenumber", "phones", "tel", "telno", "telephone", "telephoneno", "telephonenumber",
        "officephone", "workphone", "businessphone", "companyphone", "directphone", "directline", "direct", "landline", "mainphone",
        "switchboard", "contactno", "contactnumber", "hotline", "number", "phone1", "phone2", "tel1", "tel2", "contactphone",
        "联系电话1", "联系电话2", "座机号码", "办公座机", "固定电话号码", "办公室电话", "电联", "通讯方式", "联络电话号码", "公司座机", "电话三", "电话3", "officetel",
        "officeno", "officenumber", "contactdetails", "contactinfo", "contactinformation", "directdial", "worktel",
        "businesstel", "companytel", "phone3", "tel3", "telephone1", "telephone2", "phoneandext",
    ]),
    (Field::Extension, &[
        "分机", "分机号", "分机号码", "内线", "内线号码", "ext", "extn", "extno", "extension", "extensionno", "phoneext", "phoneextension", "telext",
    ]),
    (Field::Fax, &["传真", "传真号", "传真号码", "传真电话", "公司传真", "fax", "faxno", "faxnumber", "telefax", "telfax", "facsimile", "传真机", "办公传真", "公司传真号", "单位传真", "homefax", "officefax", "workfax", "businessfax", "faxno1"]),
    (Field::Email, &[
        "邮箱", "电子邮箱", "电子邮件", "邮件", "邮箱地址", "邮件地址", "电邮", "电子信箱", "信箱", "联系邮箱", "企业邮箱", "个人邮箱", "您的邮箱",
        "电子邮件地址", "email", "emailaddress", "emails", "mail", "mailaddress", "workemail", "businessemail", "emailid", "contactemail",
        "youremail", "eml",
        "邮件信箱", "邮箱号", "邮箱号码", "公司邮箱", "单位邮箱", "工作邮箱", "emailid1", "officialemail", "companyemail", "personalemail",
        "primaryemail",
    ]),
    (Field::Wechat, &["微信", "微信号", "微信号码", "微信id", "个人微信", "wechat", "wechatid", "weixin"]),
    (Field::Qq, &["qq", "qq号", "qq号码", "扣扣", "qqno"]),
    (Field::Website, &[
        "网站", "网址", "官网", "公司网址", "公司网站", "主页", "公司主页", "企业网站", "website", "web", "webpage", "webpages", "url", "homepage",
        "companywebsite", "site", "domain", "域名", "www",
    ]),
    (Field::Address, &[
        "地址", "公司地址", "单位地址", "通讯地址", "通信地址", "联系地址", "联络地址", "详细地址", "注册地址", "企业地址", "办公地址", "经营地址",
        "工厂地址", "厂址", "邮寄地址", "收件地址", "营业地址", "住址", "地址1", "address", "postaladdress", "mailingaddress", "streetaddress",
        "street", "companyaddress", "officeaddress", "adr", "address1", "addressline1", "businessaddress", "businessstreet", "location",
    ]),
    (Field::Postcode, &["邮编", "邮政编码", "邮递区号", "区号", "邮区", "postcode", "zip", "zipcode", "postalcode", "postal"]),
    (Field::Country, &["国家", "国别", "国家地区", "所在国家", "country", "countryregion", "nation"]),
    (Field::Region, &[
        "地区", "区域", "所在地区", "所在区域", "所属区域", "所属地区", "所在地", "省市", "省市区", "省份城市", "城市地区", "籍贯", "地域", "位置", "region",
        "area", "territory",
    ]),
    (Field::Province, &["省", "省份", "所在省", "所在省份", "所属省份", "州省", "province", "state", "stateprovince", "provincestate"]),
    (Field::City, &["市", "城市", "所在城市", "所在市", "所属城市", "您所在的城市", "县市", "地市", "city", "town", "citytown", "所在地市", "城市名称", "所在市区", "locationcity"]),
    (Field::County, &["区", "县", "区县", "县区", "所属区县", "所在区", "乡镇", "市区", "county", "district"]),
    (Field::Industry, &[
        "行业", "所属行业", "行业类别", "行业分类", "所在行业", "企业行业", "产业", "产业别", "行业类型", "industry", "sector", "industrysector",
        "businesstype", "lineofbusiness", "trade",
    ]),
    (Field::Headcount, &[
        "人数", "员工人数", "员工数", "员工数量", "公司人数", "企业人数", "人数规模", "规模", "企业规模", "公司规模", "员工规模", "职工人数", "从业人数",
        "employees", "noofemployees", "numberofemployees", "employeecount", "headcount", "companysize", "size", "staff", "staffsize",
        "公司人员数", "人员规模", "staffcount", "companyheadcount",
    ]),
    (Field::Revenue, &[
        "营业额", "年营业额", "营业收入", "年营收", "营收", "销售额", "年销售额", "产值", "年产值", "revenue", "annualrevenue", "turnover",
        "annualturnover", "sales",
    ]),
    (Field::CreditCode, &[
        "统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "统一编号", "统编", "税号", "纳税人识别号", "税务登记号", "营业执照号",
        "营业执照号码", "组织机构代码", "creditcode", "unifiedsocialcreditcode", "uscc", "vat", "vatno", "taxid", "taxno", "registrationnumber",
        "companyno", "companynumber", "registrationno",
        "vatnumber", "taxnumber", "taxidnumber",
    ]),
    (Field::NameEn, &["英文名称", "英文名", "公司英文名", "公司英文名称", "企业英文名", "英文全称", "englishname", "nameen", "companynameen", "companyenglishname"]),
    (Field::FormerName, &["曾用名", "原名", "原名称", "原公司名", "原公司名称", "旧名", "旧名称", "formername", "formerly", "oldname", "previousname"]),
    (Field::PresentSystem, &[
        "现用系统", "现有系统", "使用系统", "当前系统", "在用系统", "现用软件", "使用软件", "现有软件", "系统", "软件", "erp", "现用erp", "presentsystem",
        "currentsystem", "existingsystem", "system", "software", "currentsoftware",
    ]),
    (Field::PresentSystemYear, &[
        "系统启用年份", "启用年份", "上线年份", "系统上线年份", "使用年份", "系统年份", "systemyear", "presentsystemyear", "currentsystemyear", "insince",
    ]),
    (Field::Need, &[
        "需求", "主要需求", "大致需求", "采购需求", "业务需求", "意向", "意向产品", "需求描述", "感兴趣产品", "感兴趣的产品", "关注点", "您的需求", "痛点",
        "解决的问题", "想解决的问题", "希望解决的问题", "主要问题",
        "need", "needs", "requirement", "requirements", "interest", "interests", "interestedin",
    ]),
    (Field::Timeline, &[
        "上线时间", "计划上线时间", "计划时间", "采购时间", "实施时间", "预计采购时间", "什么时候上线", "上线", "迫切度", "timeline", "timeframe",
        "urgency", "golive", "purchasetimeframe",
    ]),
    (Field::Budget, &["预算", "预算金额", "项目预算", "采购预算", "budget", "budgetrange"]),
    (Field::Decider, &["决策人", "拍板", "拍板人", "谁拍板", "决策者", "谁决定", "decider", "decisionmaker", "whodecides"]),
    (Field::Remark, &[
        "备注", "备注信息", "说明", "附注", "名片备注", "其他", "其它", "其他信息", "补充说明", "留言", "想说", "主营产品", "主营", "主营业务", "产品", "主要产品",
        "经营范围", "跟进记录", "沟通记录", "内容", "描述", "remark", "remarks", "note", "notes", "comment", "comments", "memo", "description",
        "other", "products", "product", "mainproducts", "message", "feedback",
        "跟进", "跟进情况", "跟踪情况", "联系情况", "沟通情况", "拜访情况", "客户情况", "情况说明", "反馈", "反馈情况", "回访记录", "拜访记录", "联系记录", "业务备注", "客户备注",
        "其他说明", "followup", "followupnotes", "followupremarks", "callnotes", "additionalinfo",
        "additionalinformation",
    ]),
    (Field::Booth, &["展位号", "展位", "展台号", "展台", "摊位号", "摊位", "展台编号", "展位编号", "booth", "boothno", "boothnumber", "stand", "standno"]),
    (Field::ListNumber, &[
        "序号", "编号", "序", "项次", "行号", "客户编号", "企业编号", "会员编号", "no", "id", "nr", "seq", "sn", "sno", "serialno", "index", "rowno",
        "customerid", "customerno", "leadid", "contactid", "recordid", "答卷编号", "答题序号",
        "流水号", "记录编号", "索引", "档案号", "refno", "reference", "referenceno", "recordno", "itemno", 
    ]),
    (Field::Birthday, &["生日", "出生日期", "出生年月日", "生日日期", "联系人生日", "birthday", "birthdate", "dateofbirth", "dob", "bday"]),
    (Field::Date, &[
        "日期", "时间", "登记日期", "登记时间", "录入日期", "录入时间", "创建日期", "创建时间", "提交时间", "提交答卷时间", "填写时间", "报名时间", "签约日期",
        "更新时间", "拜访日期", "date", "time", "timestamp", "createdat", "createddate", "submittedat", "createdon", "registeredon",
        "日期时间", "参展日期", "参会日期", "入库日期", "来访日期", "添加时间", "添加日期", "dateadded", "dateofregistration", "registrationdate",
        "visitdate",
    ]),
    (Field::Gender, &["性别", "gender", "sex", "salutation", "称谓性别"]),
    (Field::Language, &["语言", "language", "preferredlanguage", "lang"]),
    (Field::Ignore, &[
        "来源", "渠道", "展馆", "馆号", "参会场次", "场次", "是否签到", "签到", "状态", "业务员", "负责业务员", "负责业务", "业务代表", "业务负责人", "跟进人", "跟进人员", "客户经理", "所属销售", "负责销售", "销售代表", "归属人", "销售员", "录入人", "答题时长", "所用时间",
        "行业代码", "来源详情", "ip", "source", "channel", "status", "owner", "salesrep", "hall", "createdby",
    ]),
];
