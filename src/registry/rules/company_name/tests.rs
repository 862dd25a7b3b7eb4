//! What a cell is, and which names are one company.

use super::*;
use proptest::prelude::*;

fn key(cell: &str) -> i64 {
    CompanyName::read(cell).name_key()
}

#[test]
fn the_same_company_written_differently() {
    for (one, other) in [
        ("苏州宏远机械有限公司", "蘇州宏遠機械有限公司"),
        ("苏州宏远机械有限公司", "苏州市宏远机械有限责任公司"),
        ("苏州宏远机械有限公司", "苏州宏远机械"),
        ("苏州宏远机械有限公司", "江苏省苏州市宏远机械股份有限公司"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司 王经理"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司（李总）"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司王经理"),
        (
            "苏州宏远机械有限公司",
            "苏州宏远机械有限公司（原苏州宏远五金厂）",
        ),
        (
            "立辉精密机械(无锡)有限公司",
            "立辉精密 机械（无锡）有限公司。",
        ),
        ("立辉精密机械(无锡)有限公司", "立輝精密機械(無錫)有限公司"),
        ("启盛供应链(佛山)有限公司", "启盛供应链佛山有限公司"),
        ("江苏省立峰机械有限公司", "江苏立峰机械有限公司"),
        (
            "Harrow & Finch Tooling Ltd",
            "HARROW & FINCH TOOLING LIMITED",
        ),
        ("Redwood Valve Company, Inc.", "Redwood Valve Co Inc"),
        ("苏州宏远机械厂", "苏州宏远机械有限公司"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司【已签约】"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司(老客户)"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司(总部) VIP"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司-采购部"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司 信息部"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司*"),
        ("苏州宏远机械有限公司", "苏州宏远机械有限公司南昌办事处"),
        (
            "苏州宏远机械有限公司",
            "苏州宏远机械有限公司 / Hongyuan Machinery Co., Ltd.",
        ),
        ("长功光电(广州)厂", "长功光电（广州）有限公司"),
        ("苏州宏远机械有限公司", "宏远机械(苏州)有限公司"),
        (
            "Lombardò Packaging (Yixing) Co., Ltd.",
            "LOMBARDO PACKAGING – YIXING CO LTD",
        ),
    ] {
        assert_eq!(
            key(one),
            key(other),
            "{one} / {other}: {:?} {:?}",
            CompanyName::read(one),
            CompanyName::read(other)
        );
    }
}

#[test]
fn other_companies() {
    for (one, other) in [
        ("苏州宏远机械有限公司", "无锡宏远机械有限公司"),
        ("苏州宏远机械有限公司", "苏州宏远化工有限公司"),
        ("苏州宏远机械有限公司", "苏州宏源机械有限公司"),
        (
            "上海正和汽车零部件有限公司",
            "上海正和汽车零部件有限公司湖州分公司",
        ),
        (
            "上海正和汽车零部件有限公司常州分公司",
            "上海正和汽车零部件有限公司湖州分公司",
        ),
        ("苏州宏远", "苏州宏远机械有限公司"),
        (
            "Höllwarth Präzisionstechnik GmbH",
            "Höllwarth Präzisionstechnik (Taicang) Co., Ltd.",
        ),
        (
            "Schäfling Automotive (Shanghai) Co., Ltd.",
            "Schäfling Automotive (Suzhou) Co., Ltd.",
        ),
    ] {
        assert_ne!(key(one), key(other), "{one} / {other}");
    }
}

#[test]
fn a_cell_is_taken_apart() {
    let name = CompanyName::read("苏州砚川精密机械有限公司（原名：苏州砚川五金厂） 陈经理");
    assert_eq!(name.shown, "苏州砚川精密机械有限公司");
    assert_eq!(name.former.as_deref(), Some("苏州砚川五金厂"));
    assert_eq!(name.person.as_deref(), Some("陈经理"));
    assert_eq!(
        (name.place, name.brand.as_str(), name.trade.as_str()),
        (Some("320500"), "砚川", "精密机械")
    );
    assert!(name.is_full_legal_name && name.branch.is_none());
    let branch = CompanyName::read("上海博峰医疗器械有限公司常州分公司");
    assert_eq!(branch.branch.as_deref(), Some("常州"));
    assert!(!CompanyName::read("宁波亿特").is_full_legal_name);
    assert_eq!(CompanyName::read("海宁家居").place, None);
    assert_eq!(city_at_start_of("海宁家居"), None);
    assert_eq!(city_at_start_of("德阳五金"), None);
    for (name, code) in [
        ("上海诚森精密机械", "310000"),
        ("常熟欧迪塑业", "320581"),
        ("海宁市家居城", "330481"),
        ("江阴創隆汽配", "320281"),
    ] {
        assert_eq!(
            city_at_start_of(name).map(|city| city.code),
            Some(code),
            "{name}"
        );
    }
    let both = CompanyName::read("上海远惠航电气 Yuanhuihang Co. Ltd");
    assert_eq!(both.shown, "上海远惠航电气");
    assert_eq!(both.english.as_deref(), Some("Yuanhuihang Co. Ltd"));
    assert_eq!(CompanyName::read("海宁市顺达家居").place, Some("330481"));
    assert_eq!(CompanyName::read("浙江德阳五金制品有限公司").brand, "德阳");
}

#[test]
fn cells_without_header_are_told_apart() {
    for cell in [
        "宁波鑫晖",
        "顺捷贸易",
        "苏州宏远机械有限公司",
        "诚诺包装(南京)股份有限公司",
        "Acme Tooling Ltd",
        "利润制衣(宁波)",
        "格吕纳精密机械（深圳） 王经理",
        "富拓药业(惠州)厂 周经理",
        "海宁家居",
    ] {
        assert!(
            looks_like_company(cell) && !looks_like_person(cell),
            "{cell}"
        );
    }
    for cell in ["王小明", "李总", "欧阳锋", "陈立群"] {
        assert!(
            looks_like_person(cell) && !looks_like_company(cell),
            "{cell}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC*") {
        let name = CompanyName::read(&text);
        let _ = (name.name_key(), looks_like_company(&text), looks_like_person(&text));
    }
    #[test]
    fn chinese_pieces_never_panic(text in "[苏州市无锡(（)）原名公司有限分王经理 ]{0,24}") {
        let _ = CompanyName::read(&text);
    }
}
