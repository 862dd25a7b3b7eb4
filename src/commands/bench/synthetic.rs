//! Invented companies and people, always the same ones for the same number, with the spread of real lists: a few big
//! cities, many small firms, one landline a firm, one mobile a person.

use serde_json::json;

use crate::registry::model::{Field, Said};

/// City as lists write it, prefecture, area code.
const CITIES: [(&str, &str, &str); 24] = [
    ("苏州", "320500", "0512"),
    ("无锡", "320200", "0510"),
    ("常州", "320400", "0519"),
    ("南京", "320100", "025"),
    ("南通", "320600", "0513"),
    ("扬州", "321000", "0514"),
    ("杭州", "330100", "0571"),
    ("宁波", "330200", "0574"),
    ("温州", "330300", "0577"),
    ("嘉兴", "330400", "0573"),
    ("绍兴", "330600", "0575"),
    ("台州", "331000", "0576"),
    ("合肥", "340100", "0551"),
    ("厦门", "350200", "0592"),
    ("泉州", "350500", "0595"),
    ("青岛", "370200", "0532"),
    ("济南", "370100", "0531"),
    ("郑州", "410100", "0371"),
    ("武汉", "420100", "027"),
    ("长沙", "430100", "0731"),
    ("广州", "440100", "020"),
    ("东莞", "441900", "0769"),
    ("佛山", "440600", "0757"),
    ("成都", "510100", "028"),
];
/// A word of the trade, and its division of GB/T 4754.
const TRADES: [(&str, &str); 20] = [
    ("精密机械", "C34"),
    ("自动化设备", "C35"),
    ("模具", "C35"),
    ("电子科技", "C39"),
    ("电气", "C38"),
    ("汽车零部件", "C36"),
    ("塑胶制品", "C29"),
    ("五金制品", "C33"),
    ("新材料", "C30"),
    ("化工", "C26"),
    ("纺织", "C17"),
    ("服饰", "C18"),
    ("食品", "C14"),
    ("医药", "C27"),
    ("包装印刷", "C23"),
    ("家具", "C21"),
    ("物流", "G58"),
    ("软件", "I65"),
    ("贸易", "F51"),
    ("建设工程", "E48"),
];
const FORMS: [&str; 3] = ["有限公司", "股份有限公司", "(集团)有限公司"];
const BRAND: &str = "恒宏远瑞泰鑫盛华嘉联创智博明德信诚达通力精锐凯奥安康丰润泽源天海星辰东方立新金银玉石松柏竹梅云峰岭川江河湖";
const FAMILIES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建文志国海燕春雪慧";
const TITLES: [&str; 10] = [
    "总经理",
    "采购经理",
    "信息部主任",
    "财务总监",
    "生产厂长",
    "行政主管",
    "副总经理",
    "工程师",
    "销售经理",
    "IT主管",
];
const NEEDS: [&str; 6] = [
    "库存与生产排程",
    "报价与订单",
    "成本核算",
    "设备联网",
    "质量追溯",
    "财务业务一体化",
];
const HEADS: [i64; 8] = [12, 18, 35, 60, 85, 180, 420, 1_500];
const MOBILES: [&str; 8] = ["136", "137", "139", "150", "158", "159", "186", "188"];

/// One contact of one company, as a list has it.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    pub company: String,
    pub city: &'static str,
    pub region: &'static str,
    pub trade: &'static str,
    pub industry: &'static str,
    pub heads: i64,
    pub switchboard: String,
    pub person: String,
    pub title: &'static str,
    pub mobile: String,
    pub email: String,
    pub need: Option<&'static str>,
    /// The bucket and the day that it means, counted from [`super::queue::opening`].
    pub urgency: Option<(&'static str, Option<&'static str>)>,
}

impl Lead {
    /// The `contact`th contact of the `company`th company. No two companies have the same name.
    pub(super) fn new(company: u64, contact: u64) -> Self {
        let brands: Vec<char> = BRAND.chars().collect();
        let (firm, human) = (mixed(company), mixed(company * 64 + contact + 1));
        let (city, region, area) = CITIES[squared(firm, CITIES.len())];
        let (trade, industry) = TRADES[pick(firm >> 8, TRADES.len())];
        // Four signs tell companies apart: a number written to the base of the signs, its neighbours far away.
        let base = brands.len() as u64;
        let number = company * 48_271 % base.pow(4);
        let brand: String = (0..4)
            .map(|place| brands[pick(number / base.pow(place), brands.len())])
            .collect();
        let form = FORMS[if firm % 20 == 0 {
            2
        } else {
            usize::from(firm % 7 == 0)
        }];
        let line = format!("{:08}", 52_000_000 + mixed(company + 7) % 36_000_000);
        let line =
            &line[..if area.len() == 3 || region.starts_with("32") || region.starts_with("33") {
                8
            } else {
                7
            }];
        let serial = (company * 4 + contact) * 7_919 % 800_000_000;
        Self {
            company: format!("{city}{brand}{trade}{form}"),
            city,
            region,
            trade,
            industry,
            heads: HEADS[squared(firm >> 16, HEADS.len())],
            switchboard: format!("{area}-{line}"),
            person: person(human),
            title: TITLES[pick(human >> 24, TITLES.len())],
            mobile: format!(
                "{}{:08}",
                MOBILES[(serial / 100_000_000) as usize],
                serial % 100_000_000
            ),
            email: format!("contact{contact}@c{company}.example.com"),
            need: (firm % 3 == 0).then(|| NEEDS[pick(firm >> 32, NEEDS.len())]),
            urgency: match firm % 50 {
                0 => Some(("M1", Some("2026-10-12"))),
                1 | 2 => Some(("M3", Some("2026-12-01"))),
                3..=6 => Some(("M4_6", Some("2027-02-15"))),
                7..=10 => Some(("M7_12", Some("2027-06-30"))),
                11..=14 => Some(("GT12", None)),
                _ => None,
            },
        }
    }

    /// The headings of a list of leads.
    pub(super) const HEADINGS: &'static str =
        "公司名称,姓名,职务,手机,电话,邮箱,城市,行业,员工人数,需求";

    /// As a line of that list.
    pub(super) fn line(&self) -> String {
        format!(
            "{},{},{},{},{},{},{},{},{},{}",
            self.company,
            self.person,
            self.title,
            self.mobile,
            self.switchboard,
            self.email,
            self.city,
            self.trade,
            self.heads,
            self.need.unwrap_or_default()
        )
    }

    /// As a record of the registry.
    pub(super) fn said(&self) -> Said {
        let mut said = Said::new()
            .with(Field::Name, self.company.as_str())
            .with(Field::Region, self.region)
            .with(Field::Industry, self.industry)
            .with(Field::Headcount, self.heads)
            .with(Field::SizeClass, size_class(self.heads))
            .with(Field::Phone, json!([e164(&self.switchboard)]))
            .with(Field::PersonName, self.person.as_str())
            .with(Field::Title, self.title)
            .with(Field::Mobile, json!([format!("+86{}", self.mobile)]))
            .with(Field::Email, json!([self.email.as_str()]));
        if let Some(need) = self.need {
            said.put_certain(Field::NeedText, need, 1);
        }
        if let Some((urgency, sign_by)) = self.urgency {
            said.put_certain(Field::Urgency, urgency, 2);
            if let Some(day) = sign_by {
                said.put_certain(Field::SignBy, day, 2);
            }
        }
        said
    }
}

/// Splitmix64: a number that looks like chance and is the same every time.
pub(super) fn mixed(n: u64) -> u64 {
    let mut z = n
        .wrapping_add(0x9E37_79B9_7F4A_7C15)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn pick(n: u64, of: usize) -> usize {
    (n % of as u64) as usize
}

/// A place in a list whose first entries are the common ones.
fn squared(n: u64, of: usize) -> usize {
    let share = (n % 1_000) as f64 / 1_000.0;
    (share * share * of as f64) as usize
}

fn person(n: u64) -> String {
    let (families, given): (Vec<char>, Vec<char>) =
        (FAMILIES.chars().collect(), GIVEN.chars().collect());
    let mut name = String::from(families[pick(n, families.len())]);
    name.push(given[pick(n >> 8, given.len())]);
    if !n.is_multiple_of(4) {
        name.push(given[pick(n >> 16, given.len())]);
    }
    name
}

fn size_class(heads: i64) -> i64 {
    1 + [20, 100, 300, 1_000]
        .iter()
        .filter(|from| heads >= **from)
        .count() as i64
}

fn e164(line: &str) -> String {
    format!("+86{}", line.trim_start_matches('0').replace('-', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_companies_and_no_two_people_share_a_name_or_a_number() {
        let leads: Vec<Lead> = (0..20_000).map(|n| Lead::new(n, n % 4)).collect();
        let names: HashSet<&str> = leads.iter().map(|lead| lead.company.as_str()).collect();
        let mobiles: HashSet<&str> = leads.iter().map(|lead| lead.mobile.as_str()).collect();
        assert_eq!((names.len(), mobiles.len()), (leads.len(), leads.len()));
        assert_eq!(Lead::new(7, 1).line(), Lead::new(7, 1).line());
        assert!(leads.iter().all(|lead| lead.mobile.len() == 11));
    }
}
