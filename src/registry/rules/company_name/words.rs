//! The words that names are made of.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Legal forms at the end of a Chinese name, longest first.
pub(super) const LEGAL_FORMS: [&str; 14] = [
    "集团股份有限公司",
    "集团有限责任公司",
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "股份公司",
    "有限公司",
    "集团公司",
    "总公司",
    "公司",
    "集团",
    "企业社",
    "实业社",
    "有限合伙",
];

/// Legal forms at the end of a name in Latin letters, folded word by word.
const LATIN_FORMS: [&str; 29] = [
    "co",
    "company",
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "corp",
    "corporation",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "mbh",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "pty",
    "pte",
    "kk",
];

/// What a part of a company is called; the place before it tells which.
pub(super) const BRANCHES: [&str; 7] = ["分公司", "分厂", "分店", "分行", "支行", "营业部", "分部"];

/// What an unregistered office is called: it is the company itself.
pub(super) const OFFICES: [&str; 3] = ["办事处", "联络处", "代表处"];

/// Words that say what a company does; the longest that fits counts.
const TRADES: &str = "精密机械 机械设备 机械制造 重型机械 机械 自动化设备 自动化科技 自动化 智能装备 智能科技 智能制造 装备制造 装备 设备制造 设备 机电 电机 电气 电器 电子科技 电子材料 \
     电子 电路 光电 光学 半导体 集成电路 仪器仪表 仪器 仪表 阀门 泵业 轴承 液压 紧固件 五金制品 五金 金属制品 金属材料 金属 钢铁 钢结构 铸造 铸件 锻造 模具 工具 刀具 铝业 铜业 线缆 电缆 电线 \
     汽车零部件 汽车配件 汽车部件 汽车 汽配 车业 摩托车 自行车 船舶 航空 轨道交通 纺织科技 纺织 针织 印染 服饰 服装 制衣 鞋业 皮革 家纺 家居 家具 木业 竹业 纸业 造纸 包装材料 包装制品 包装 印刷 印务 \
     塑料制品 塑料 塑业 塑胶 橡胶 橡塑 涂料 油漆 颜料 化工科技 化工 化学 化纤 新材料 材料科技 材料 复合材料 陶瓷 玻璃 建材 水泥 石材 建筑工程 建筑 建设 装饰 工程 幕墙 门窗 \
     食品 粮油 饮料 酒业 乳业 茶业 农业 农牧 饲料 水产 生物科技 生物医药 生物 医药 药业 制药 医疗器械 医疗科技 医疗 口腔 健康 环保科技 环保 环境 能源科技 新能源 能源 光伏 电力 电池 储能 \
     供应链管理 供应链 物流 运输 货运 快递 仓储 港务 国际贸易 进出口 贸易 商贸 实业 工贸 百货 超市 连锁 餐饮 酒店 旅游 文化传媒 传媒 广告 文化 教育科技 教育 培训 软件科技 软件 信息技术 信息科技 信息 \
     网络科技 网络 数据 通信 通讯 电信 科技 技术 咨询 管理 投资 控股 金融 保险 租赁 房地产 置业 物业 服务 工艺品 玩具 文具 体育用品 日用品 化妆品 洗涤 珠宝 礼品 精密 用品 灯饰 照明 家居用品 制品 制造 加工 机床 数控机床 泵阀 工业 企业 \
     商行 经营部 工作室 事务所 研究院 研究所 设计院 医院 学校 学院 大学 银行 合作社 中心";

/// No trade word has more characters.
const LONGEST_TRADE: usize = 8;

static TRADE_WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| TRADES.split_whitespace().collect());

/// The longest trade word at the end of a folded name, with something before it.
pub(super) fn trade_of(core: &str) -> Option<&'static str> {
    let mut longest = None;
    for (at, _) in core.char_indices().rev().take(LONGEST_TRADE) {
        if at > 0 {
            longest = TRADE_WORDS.get(&core[at..]).copied().or(longest);
        }
    }
    longest
}

/// The whole text is a trade word.
pub(super) fn is_trade(text: &str) -> bool {
    TRADE_WORDS.contains(text)
}

/// A word, folded, that only says the legal form.
pub(super) fn is_latin_form(word: &str) -> bool {
    LATIN_FORMS.contains(&word)
}
