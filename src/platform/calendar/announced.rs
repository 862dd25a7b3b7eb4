//! Public holidays and moved working days as announced, one table a country and year.

use chrono::NaiveDate;

use super::holidays::{CalendarYear, Holiday};
use super::packs::Country;

/// A year as it stands in the source: months and days, and names in both languages.
pub(super) struct Announced {
    pub(super) year: i32,
    /// First day, last day, Chinese name, English name.
    holidays: &'static [(MonthDay, MonthDay, &'static str, &'static str)],
    workdays: &'static [MonthDay],
}

type MonthDay = (u32, u32);

impl Announced {
    fn date(&self, (month, day): MonthDay) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, month, day)
            .expect("a date written in the source; a test reads all of them")
    }

    pub(super) fn read(&self) -> CalendarYear {
        let holidays = self
            .holidays
            .iter()
            .map(|(from, to, name_zh, name_en)| Holiday {
                from: self.date(*from),
                to: self.date(*to),
                name_zh: (*name_zh).to_owned(),
                name_en: (*name_en).to_owned(),
            });
        CalendarYear {
            holidays: holidays.collect(),
            workdays: self.workdays.iter().map(|day| self.date(*day)).collect(),
        }
    }
}

pub(super) fn years(country: Country) -> &'static [Announced] {
    match country {
        Country::Cn => CN,
        Country::Gb => GB,
        Country::Us => US,
        Country::Tw => TW,
        Country::Hk => HK,
        Country::Mo | Country::Other => &[],
    }
}

const CN: &[Announced] = &[
    Announced {
        year: 2025,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((1, 28), (2, 4), "春节", "Spring Festival"),
            ((4, 4), (4, 6), "清明节", "Tomb-Sweeping Day"),
            ((5, 1), (5, 5), "劳动节", "Labour Day"),
            ((5, 31), (6, 2), "端午节", "Dragon Boat Festival"),
            (
                (10, 1),
                (10, 8),
                "国庆节、中秋节",
                "National Day and Mid-Autumn Festival",
            ),
        ],
        workdays: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    },
    Announced {
        year: 2026,
        holidays: &[
            ((1, 1), (1, 3), "元旦", "New Year's Day"),
            ((2, 15), (2, 23), "春节", "Spring Festival"),
            ((4, 4), (4, 6), "清明节", "Tomb-Sweeping Day"),
            ((5, 1), (5, 5), "劳动节", "Labour Day"),
            ((6, 19), (6, 21), "端午节", "Dragon Boat Festival"),
            ((9, 25), (9, 27), "中秋节", "Mid-Autumn Festival"),
            ((10, 1), (10, 7), "国庆节", "National Day"),
        ],
        workdays: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    },
];

const GB: &[Announced] = &[
    Announced {
        year: 2025,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((4, 18), (4, 18), "耶稣受难日", "Good Friday"),
            ((4, 21), (4, 21), "复活节星期一", "Easter Monday"),
            ((5, 5), (5, 5), "五月初银行假日", "Early May bank holiday"),
            ((5, 26), (5, 26), "春季银行假日", "Spring bank holiday"),
            ((8, 25), (8, 25), "夏季银行假日", "Summer bank holiday"),
            ((12, 25), (12, 25), "圣诞节", "Christmas Day"),
            ((12, 26), (12, 26), "节礼日", "Boxing Day"),
        ],
        workdays: &[],
    },
    Announced {
        year: 2026,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((4, 3), (4, 3), "耶稣受难日", "Good Friday"),
            ((4, 6), (4, 6), "复活节星期一", "Easter Monday"),
            ((5, 4), (5, 4), "五月初银行假日", "Early May bank holiday"),
            ((5, 25), (5, 25), "春季银行假日", "Spring bank holiday"),
            ((8, 31), (8, 31), "夏季银行假日", "Summer bank holiday"),
            ((12, 25), (12, 25), "圣诞节", "Christmas Day"),
            ((12, 26), (12, 26), "节礼日", "Boxing Day"),
            (
                (12, 28),
                (12, 28),
                "节礼日（补假）",
                "Boxing Day (substitute day)",
            ),
        ],
        workdays: &[],
    },
    Announced {
        year: 2027,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((3, 26), (3, 26), "耶稣受难日", "Good Friday"),
            ((3, 29), (3, 29), "复活节星期一", "Easter Monday"),
            ((5, 3), (5, 3), "五月初银行假日", "Early May bank holiday"),
            ((5, 31), (5, 31), "春季银行假日", "Spring bank holiday"),
            ((8, 30), (8, 30), "夏季银行假日", "Summer bank holiday"),
            ((12, 25), (12, 25), "圣诞节", "Christmas Day"),
            ((12, 26), (12, 26), "节礼日", "Boxing Day"),
            (
                (12, 27),
                (12, 27),
                "圣诞节（补假）",
                "Christmas Day (substitute day)",
            ),
            (
                (12, 28),
                (12, 28),
                "节礼日（补假）",
                "Boxing Day (substitute day)",
            ),
        ],
        workdays: &[],
    },
];

const US: &[Announced] = &[
    Announced {
        year: 2025,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            (
                (1, 20),
                (1, 20),
                "马丁·路德·金日",
                "Martin Luther King Jr. Day",
            ),
            ((2, 17), (2, 17), "总统日", "Washington's Birthday"),
            ((5, 26), (5, 26), "阵亡将士纪念日", "Memorial Day"),
            ((6, 19), (6, 19), "六月节", "Juneteenth"),
            ((7, 4), (7, 4), "独立日", "Independence Day"),
            ((9, 1), (9, 1), "劳动节", "Labor Day"),
            ((10, 13), (10, 13), "哥伦布日", "Columbus Day"),
            ((11, 11), (11, 11), "退伍军人节", "Veterans Day"),
            ((11, 27), (11, 27), "感恩节", "Thanksgiving Day"),
            ((12, 25), (12, 25), "圣诞节", "Christmas Day"),
        ],
        workdays: &[],
    },
    Announced {
        year: 2026,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            (
                (1, 19),
                (1, 19),
                "马丁·路德·金日",
                "Martin Luther King Jr. Day",
            ),
            ((2, 16), (2, 16), "总统日", "Washington's Birthday"),
            ((5, 25), (5, 25), "阵亡将士纪念日", "Memorial Day"),
            ((6, 19), (6, 19), "六月节", "Juneteenth"),
            ((7, 3), (7, 4), "独立日", "Independence Day"),
            ((9, 7), (9, 7), "劳动节", "Labor Day"),
            ((10, 12), (10, 12), "哥伦布日", "Columbus Day"),
            ((11, 11), (11, 11), "退伍军人节", "Veterans Day"),
            ((11, 26), (11, 26), "感恩节", "Thanksgiving Day"),
            ((12, 25), (12, 25), "圣诞节", "Christmas Day"),
        ],
        workdays: &[],
    },
    Announced {
        year: 2027,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            (
                (1, 18),
                (1, 18),
                "马丁·路德·金日",
                "Martin Luther King Jr. Day",
            ),
            ((2, 15), (2, 15), "总统日", "Washington's Birthday"),
            ((5, 31), (5, 31), "阵亡将士纪念日", "Memorial Day"),
            ((6, 18), (6, 19), "六月节", "Juneteenth"),
            ((7, 4), (7, 5), "独立日", "Independence Day"),
            ((9, 6), (9, 6), "劳动节", "Labor Day"),
            ((10, 11), (10, 11), "哥伦布日", "Columbus Day"),
            ((11, 11), (11, 11), "退伍军人节", "Veterans Day"),
            ((11, 25), (11, 25), "感恩节", "Thanksgiving Day"),
            ((12, 24), (12, 25), "圣诞节", "Christmas Day"),
            (
                (12, 31),
                (12, 31),
                "元旦（补假）",
                "New Year's Day (observed)",
            ),
        ],
        workdays: &[],
    },
];

const TW: &[Announced] = &[
    Announced {
        year: 2025,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((1, 27), (2, 2), "春节", "Lunar New Year"),
            ((2, 28), (2, 28), "和平纪念日", "Peace Memorial Day"),
            (
                (4, 3),
                (4, 6),
                "儿童节、清明节",
                "Children's Day and Tomb-Sweeping Day",
            ),
            ((5, 1), (5, 1), "劳动节", "Labour Day"),
            ((5, 30), (6, 1), "端午节", "Dragon Boat Festival"),
            ((9, 27), (9, 29), "教师节", "Teachers' Day"),
            ((10, 6), (10, 6), "中秋节", "Mid-Autumn Festival"),
            ((10, 10), (10, 10), "双十节", "Double Tenth Day"),
            ((10, 24), (10, 26), "光复节", "Retrocession Day"),
            ((12, 25), (12, 25), "行宪纪念日", "Constitution Day"),
        ],
        workdays: &[(2, 8)],
    },
    Announced {
        year: 2026,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((2, 14), (2, 22), "春节", "Lunar New Year"),
            ((2, 27), (3, 1), "和平纪念日", "Peace Memorial Day"),
            (
                (4, 3),
                (4, 6),
                "儿童节、清明节",
                "Children's Day and Tomb-Sweeping Day",
            ),
            ((5, 1), (5, 1), "劳动节", "Labour Day"),
            ((6, 19), (6, 19), "端午节", "Dragon Boat Festival"),
            ((9, 25), (9, 25), "中秋节", "Mid-Autumn Festival"),
            ((9, 28), (9, 28), "教师节", "Teachers' Day"),
            ((10, 9), (10, 11), "双十节", "Double Tenth Day"),
            ((10, 24), (10, 26), "光复节", "Retrocession Day"),
            ((12, 25), (12, 25), "行宪纪念日", "Constitution Day"),
        ],
        workdays: &[],
    },
];

const HK: &[Announced] = &[
    Announced {
        year: 2025,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((1, 29), (1, 31), "农历新年", "Lunar New Year"),
            ((4, 4), (4, 4), "清明节", "Ching Ming Festival"),
            (
                (4, 18),
                (4, 19),
                "耶稣受难节",
                "Good Friday and the day following",
            ),
            ((4, 21), (4, 21), "复活节星期一", "Easter Monday"),
            ((5, 1), (5, 1), "劳动节", "Labour Day"),
            ((5, 5), (5, 5), "佛诞", "Buddha's Birthday"),
            ((5, 31), (5, 31), "端午节", "Tuen Ng Festival"),
            (
                (7, 1),
                (7, 1),
                "香港特别行政区成立纪念日",
                "HKSAR Establishment Day",
            ),
            ((10, 1), (10, 1), "国庆日", "National Day"),
            (
                (10, 7),
                (10, 7),
                "中秋节翌日",
                "The day following Mid-Autumn Festival",
            ),
            ((10, 29), (10, 29), "重阳节", "Chung Yeung Festival"),
            ((12, 25), (12, 26), "圣诞节", "Christmas"),
        ],
        workdays: &[],
    },
    Announced {
        year: 2026,
        holidays: &[
            ((1, 1), (1, 1), "元旦", "New Year's Day"),
            ((2, 17), (2, 19), "农历新年", "Lunar New Year"),
            (
                (4, 3),
                (4, 4),
                "耶稣受难节",
                "Good Friday and the day following",
            ),
            (
                (4, 6),
                (4, 6),
                "清明节翌日",
                "The day following Ching Ming Festival",
            ),
            (
                (4, 7),
                (4, 7),
                "复活节星期一翌日",
                "The day following Easter Monday",
            ),
            ((5, 1), (5, 1), "劳动节", "Labour Day"),
            (
                (5, 25),
                (5, 25),
                "佛诞翌日",
                "The day following Buddha's Birthday",
            ),
            ((6, 19), (6, 19), "端午节", "Tuen Ng Festival"),
            (
                (7, 1),
                (7, 1),
                "香港特别行政区成立纪念日",
                "HKSAR Establishment Day",
            ),
            (
                (9, 26),
                (9, 26),
                "中秋节翌日",
                "The day following Mid-Autumn Festival",
            ),
            ((10, 1), (10, 1), "国庆日", "National Day"),
            (
                (10, 19),
                (10, 19),
                "重阳节翌日",
                "The day following Chung Yeung Festival",
            ),
            ((12, 25), (12, 26), "圣诞节", "Christmas"),
        ],
        workdays: &[],
    },
];
