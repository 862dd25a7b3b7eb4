//! How lists are really written: blocks, headings of every kind, names and numbers in one cell.

use super::*;
use crate::registry::rules::phone::Home;

/// Company, person and numbers of every valid row.
fn spoken(list: &str) -> Vec<String> {
    spoken_in(list, Home::default())
}

/// The same in an office of a country.
fn spoken_in(list: &str, home: Home) -> Vec<String> {
    let options = Options {
        home,
        ..Options::default()
    };
    let rows = read(list.as_bytes(), &options);
    let valid = rows.iter().filter(|row| row.outcome == Outcome::Valid);
    let one = |row: &RowResult| {
        let company = row.said.company.as_ref().map(|c| c.name.shown.as_str());
        let person = row.said.person.as_ref().map(|p| p.name.shown.as_str());
        let phones: Vec<String> = row
            .said
            .phones
            .iter()
            .map(|p| p.phone.to_string())
            .collect();
        format!(
            "{} {}|{}|{}",
            row.row_no,
            company.unwrap_or("-"),
            person.unwrap_or("-"),
            phones.join(" ")
        )
    };
    valid.map(one).collect()
}

#[test]
fn blocks_with_headings_of_their_own_are_one_list() {
    let list = "华南区 2026 年度渠道客户通讯录（内部资料）,,,,,\n更新日期:,2026-08-31,,制表人:,行政部,13800000001\n广东分部,,,,,\n\
        序号,单位,姓名,职务,联系电话,日期\n1,东莞虎门服装厂,李秀英,厂长,0769-85112233,2026/8/1\n广西分部,,,,,\n\
        序号,单位,姓名,职务,联系电话,日期\n1,南宁青秀贸易有限公司,韦国强,总经理,0771-5881122,2026/8/4\n\
        华南区 2026 年度渠道客户通讯录（内部资料）,,,,,\n小结：本表共 2 条,,,,,\n";
    let names: Vec<String> = outcomes(list.as_bytes(), &Options::default())
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    assert_eq!(
        names,
        [
            "Title",
            "Title",
            "Title",
            "Header",
            "Valid",
            "Title",
            "RepeatedHeader",
            "Valid",
            "Title",
            "Total"
        ]
    );
}

#[test]
fn a_person_is_found_beside_numbers_titles_and_labels() {
    assert_eq!(
        spoken(
            "客户名称\t所在城市\t对接人\t座机\t手机号\t跟进情况\n武汉东湖光电科技有限公司\t武汉\t刘立东（总经理）\t87654320-802\t13607112233\t已联系\n\
             合肥蜀山软件公司\t合肥市\t吴敏/郑爽\t\t13955112233/13955112244\t手机13955115566不通\n\
             重庆渝北汽配有限公司\t重庆\t\t023 6782 3344、67823345\t\t传真:023-67823346\n\
             小计\t\t3户\t\t\t\n"
        ),
        [
            "2 武汉东湖光电科技有限公司|刘立东|+862787654320;ext=802 +8613607112233",
            "3 合肥蜀山软件公司|吴敏|+8613955112233 +8613955112244 +8613955115566",
            "4 重庆渝北汽配有限公司|-|+862367823344 +862367823345",
        ]
    );
    assert_eq!(
        spoken(
            "Name & Phone,Employer,Work Phone,Home Fax,Notes\n张伟 13912340987,苏州园区新材料有限公司,62881122,0512-62881123,M: 13862110987\n\
             李娜:13913550988,常州武进电机厂,0519 8655 1122 - 8011,,\n王芳 小姐 (0512)65221188,昆山精密模具,,,\n"
        ),
        [
            "2 苏州园区新材料有限公司|张伟|+8613912340987 +8651262881122 +8613862110987",
            "3 常州武进电机厂|李娜|+8613913550988 +8651986551122;ext=8011",
            "4 昆山精密模具|王芳|+8651265221188",
        ]
    );
}

#[test]
fn names_and_extensions_may_stand_in_columns_of_their_own() {
    assert_eq!(
        spoken(
            "Company;First Name;Last Name;Business Phone;Ext.;Cell;City\nPudong Instruments Co., Ltd.;Grace;Liu;021 5888 1122;301;139 1776 1122;Shanghai\n\
             Luyang Motors;;Wu;0551-6288-1100;;;Hefei\n"
        ),
        [
            "2 Pudong Instruments Co., Ltd.|Grace Liu|+862158881122;ext=301 +8613917761122",
            "3 Luyang Motors|Wu|+8655162881100",
        ]
    );
    assert_eq!(
        spoken(
            "公司,姓,名,總機,分機,手機\n永豐餘紙業股份有限公司,蔡,宗穎,02-2396-1166,2301,0910-223-344\n台南紡織股份有限公司,侯,,06-275-6116,#12,\n"
        ),
        [
            "2 永豐餘紙業股份有限公司|蔡宗穎|+886223961166;ext=2301 +886910223344",
            "3 台南紡織股份有限公司|侯|+88662756116;ext=12",
        ]
    );
}

#[test]
fn without_a_header_a_cell_may_be_a_company_here_and_a_person_there() {
    assert_eq!(
        spoken(
            "0512-68251122;苏州吴中电子;\n13776051122;王建国;李强\n400 820 1122;上海嘉定传动;\n+86-21-59161122;上海嘉定轴承有限公司;张工\n"
        ),
        [
            "1 苏州吴中电子|-|+8651268251122",
            "2 -|王建国|+8613776051122",
            "3 上海嘉定传动|-|+864008201122",
            "4 上海嘉定轴承有限公司|张工|+862159161122",
        ]
    );
}

#[test]
fn a_number_without_country_code_is_of_the_place_that_its_row_names() {
    let list = "公司名称,地区,联系人,电话\n香港宏达贸易有限公司,香港,陈大文,2345 6780\n新濠实业有限公司,澳門,,28715432\n\
        台中精機股份有限公司,台灣台中,,2350-1234\n苏州宏远机械有限公司,苏州,,65801234\n德昌电子有限公司,,,6580 1235\n";
    let mut numbers = vec![
        "2 香港宏达贸易有限公司|陈大文|+85223456780",
        "3 新濠实业有限公司|-|+85328715432",
        "4 台中精機股份有限公司|-|+886423501234",
        "5 苏州宏远机械有限公司|-|+8651265801234",
    ];
    assert_eq!(spoken(list), numbers);
    // Where a row names no place, the office's country counts.
    numbers.push("6 德昌电子有限公司|-|+85265801235");
    assert_eq!(spoken_in(list, Home::HongKong), numbers);
}

#[test]
fn what_a_row_lost_on_its_way_is_noted_and_nothing_else() {
    let long = "长".repeat(7_000);
    let list = format!(
        "公司,联系人,电话,备注\n苏州宏远机械有限公司,王小明,0512-65801235,{long}\n\
         苏州宏\0大机械有限公司,李大力,0512-65801236,b\n南京宏远机械有限公司,赵小红,025-58012346,\"c\n\0d\"\n"
    );
    let rows = read(list.as_bytes(), &Options::default());
    let notes: Vec<&[Note]> = rows[1..].iter().map(|row| row.notes.as_slice()).collect();
    let (nothing, nul): (&[Note], &[Note]) = (&[], &[Note::NulDropped]);
    assert_eq!(notes, [nothing, nul, nul]);
    // A long remark is taken as it is.
    assert_eq!(rows[1].outcome, Outcome::Valid);
    assert_eq!(rows[1].said.value(Field::Remark), Some(long.as_str()));
    assert_eq!(
        spoken(&list)[1],
        "3 苏州宏大机械有限公司|李大力|+8651265801236"
    );
}
