//! Small lists read from bytes to outcomes.

mod quirks;

use proptest::prelude::*;

use super::rows::MAX_CELL;
use super::*;

fn read(bytes: &[u8], options: &Options) -> Vec<RowResult> {
    let found = inspect(&bytes, "list", options).expect("readable");
    let mut carry = Carry::default();
    let rows = RowReader::open(&bytes, &found.plan.reading).expect("readable twice");
    rows.map(|raw| evaluate(&raw.expect("bytes in memory"), &found.plan, &mut carry))
        .collect()
}

fn outcomes(bytes: &[u8], options: &Options) -> Vec<(u64, String)> {
    let name = |row: &RowResult| match (row.outcome, &row.reason) {
        (Outcome::Skipped(kind), _) => format!("{kind:?}"),
        (_, Some(reason)) => reason.code.code().to_owned(),
        (outcome, None) => format!("{outcome:?}"),
    };
    read(bytes, options)
        .iter()
        .map(|row| (row.row_no, name(row)))
        .collect()
}

fn of_kind(kind: Kind) -> Options {
    Options {
        kind,
        ..Options::default()
    }
}

fn said(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    expected
        .iter()
        .map(|(row, text)| (*row, (*text).to_owned()))
        .collect()
}

#[test]
fn what_is_no_data_is_skipped() {
    let list = "华东展会 参展单位联络表,,,,\n\n序号,展位号,单位名称,联系人,手机\n1,A1,苏州宏远机械有限公司,王小明,13912345679\n\
        2,,,李大力,13912345680\n3,A2,,赵小红,13912345681\n,,,,\n序号,展位号,单位名称,联系人,手机\nA馆小计,,3家,,\n\
        4,A3,同上,钱小云,13912345682\n合计,,共4条,,\n注：电话请致电 021-50000000,,,,\n";
    assert_eq!(
        outcomes(list.as_bytes(), &Options::default()),
        said(&[
            (1, "Title"),
            (2, "Blank"),
            (3, "Header"),
            (4, "Valid"),
            (5, "Valid"),
            (6, "Valid"),
            (7, "Blank"),
            (8, "RepeatedHeader"),
            (9, "Total"),
            (10, "Valid"),
            (11, "Total"),
            (12, "Footer"),
        ])
    );
    let rows = read(list.as_bytes(), &Options::default());
    let company = |at: usize| {
        rows[at]
            .said
            .company
            .as_ref()
            .map(|company| company.name.shown.clone())
    };
    assert_eq!(company(4).as_deref(), Some("苏州宏远机械有限公司"));
    assert_eq!(company(5), None, "a booth of its own takes nothing");
}

#[test]
fn broken_rows_take_nobody_with_them() {
    let mut list = "公司,联系人,电话,备注\n苏州宏远机械有限公司,王小明,0512-65801235,a\n\"南京宏远机械有限公司,李大力,025-58012346,b\n\
        =1+1,,025-58012347,c\n无锡宏远机械有限公司,赵小红,0510-85801238,d,e\n,,0510-85801239,f\n常州宏远\0机械有限公司,,0519-85801231,\"g\n\nh\"\n"
        .repeat(6)
        .into_bytes();
    list.extend_from_slice(b"\xB9\xAB\xCB\xBE,x,0512-65801236,\n");
    list.extend_from_slice(format!("{},x,0512-65801236,\n", "长".repeat(MAX_CELL + 1)).as_bytes());
    let found = outcomes(&list, &Options::default());
    let codes = [
        "Valid",
        "unclosed_quote",
        "formula_in_name",
        "ragged_row",
        "no_name",
        "Valid",
    ];
    assert_eq!(
        found[1..7]
            .iter()
            .map(|(_, code)| code.as_str())
            .collect::<Vec<_>>(),
        codes
    );
    assert_eq!(found[7], (10, "RepeatedHeader".to_owned()));
    let end: Vec<&str> = found[found.len() - 2..]
        .iter()
        .map(|(_, code)| code.as_str())
        .collect();
    assert_eq!(end, ["bad_encoding", "cell_too_long"]);
}

#[test]
fn the_reason_names_the_value() {
    let list = "公司,手机,邮箱\n苏州宏远机械有限公司,1.38E+10,\n苏州宏大机械有限公司,138****5678,\n苏州宏图机械有限公司,,wang#qq.com\n苏州宏业机械有限公司,,\n";
    let rows = read(list.as_bytes(), &Options::default());
    let reason = |at: usize| rows[at].reason.as_ref().expect("rejected");
    assert_eq!(
        (reason(1).code, reason(1).value.as_deref()),
        (ReasonCode::PhoneDigitsLost, Some("1.38E+10"))
    );
    assert_eq!(
        (reason(2).code, reason(2).field),
        (ReasonCode::PhoneInvalid, Some(Field::Mobile))
    );
    assert_eq!(
        (reason(3).code, reason(3).column),
        (ReasonCode::EmailInvalid, Some(2))
    );
    assert_eq!(reason(4).code, ReasonCode::NoContactPoint);
}

#[test]
fn a_list_without_header_is_understood_by_its_cells() {
    let list = "南通宏远印刷有限公司,0513-49530761,南通\n广东思格服饰有限公司,0760-61205123,中山\n上海众和光电有限公司　毛小姐,54046664,上海市\n王小明,13912345679,苏州\n";
    let found = inspect(&list.as_bytes(), "list.csv", &Options::default()).expect("readable");
    let fields: Vec<Field> = found
        .columns
        .iter()
        .map(|column| column.guess.field)
        .collect();
    assert_eq!(
        fields,
        [Field::CompanyAndPerson, Field::Phone, Field::Region]
    );
    let rows = read(list.as_bytes(), &Options::default());
    assert!(rows.iter().all(|row| row.outcome == Outcome::Valid));
    assert_eq!(rows[2].said.phones[0].phone.e164, "+862154046664");
    assert!(rows[2].said.person.is_some() && rows[3].said.company.is_none());
}

#[test]
fn each_kind_has_its_own_rule() {
    let mail = "公司名稱,地址\n弘格家居股份有限公司,高雄市岡山區振興路218號4樓\n弘格針織股份有限公司,高雄市\n";
    assert_eq!(
        outcomes(
            mail.as_bytes(),
            &of_kind(Kind::Leads {
                postal_address_is_enough: true
            })
        )[1..],
        said(&[(2, "Valid"), (3, "no_contact_point")])
    );
    assert_eq!(
        outcomes(mail.as_bytes(), &Options::default())[1..],
        said(&[(2, "no_contact_point"), (3, "no_contact_point")])
    );
    let customers =
        "客户名称,统一社会信用代码\n苏州宏远机械有限公司,\n,\n,91350211M000100Y46\n-,abc\n";
    assert_eq!(
        outcomes(customers.as_bytes(), &of_kind(Kind::Customers))[1..],
        said(&[(2, "Valid"), (3, "Blank"), (4, "Valid"), (5, "no_name")])
    );
    let barred = "号码,邮箱,网站\n13912345679,,\n,a@example.com,\n,@example.com,\n,,www.example.com\n号码不全,,\n";
    let expected = said(&[
        (2, "Valid"),
        (3, "Valid"),
        (4, "Valid"),
        (5, "Valid"),
        (6, "phone_invalid"),
    ]);
    assert_eq!(
        outcomes(barred.as_bytes(), &of_kind(Kind::Suppressions))[1..],
        expected
    );
}

#[test]
fn what_cannot_be_read_says_what_it_is() {
    let code = |bytes: &[u8]| {
        inspect(&bytes, "名单.xlsx", &Options::default())
            .expect_err("unreadable")
            .code
    };
    assert_eq!(code(b""), UnreadableCode::EmptyFile);
    assert_eq!(code(b" \r\n\n"), UnreadableCode::EmptyFile);
    assert_eq!(
        code(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        UnreadableCode::Picture
    );
    assert_eq!(
        code(b"PK\x03\x04\x14\0 cut off"),
        UnreadableCode::TruncatedWorkbook
    );
    assert_eq!(
        code(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 cut off"),
        UnreadableCode::TruncatedWorkbook
    );
    assert_eq!(
        code(b"<html><body>Not found</body></html>"),
        UnreadableCode::HtmlWithoutTable
    );
    let refused = RowResult::refused(
        &inspect(&b"".as_slice(), "a.csv", &Options::default()).expect_err("empty"),
    );
    assert_eq!((refused.row_no, refused.outcome), (0, Outcome::Rejected));
    assert_eq!(
        refused.reason.expect("a reason").code,
        ReasonCode::UnreadableFile
    );
}

#[test]
fn a_person_corrects_what_was_found() {
    let list =
        "甲栏;乙栏\n0512-65801235;苏州宏远机械有限公司\n0512-65801236;苏州宏大机械有限公司\n";
    let mapping = Mapping::from_json(
        "{\"columns\": [{\"heading\": \"甲栏\", \"field\": \"phone\"}, {\"index\": 1, \"field\": \"company\"}], \"header_row\": 1}",
    );
    let options = Options {
        mapping: Some(mapping.expect("valid")),
        ..Options::default()
    };
    let found = inspect(&list.as_bytes(), "list.csv", &options).expect("readable");
    assert_eq!(found.plan.sheets[0].columns, [Field::Phone, Field::Company]);
    assert!(
        found
            .columns
            .iter()
            .all(|column| column.guess.reason == GuessReason::Chosen)
    );
    assert_eq!(
        outcomes(list.as_bytes(), &options),
        said(&[(1, "Header"), (2, "Valid"), (3, "Valid")])
    );
    let plan = serde_json::to_string(&found.plan).expect("a plan is stored");
    assert_eq!(
        serde_json::from_str::<Plan>(&plan).expect("and comes back"),
        found.plan
    );
    let options = Options {
        header_row: Some(HeaderRow::At(9)),
        ..Options::default()
    };
    assert_eq!(
        inspect(&list.as_bytes(), "list.csv", &options)
            .expect_err("no row 9")
            .code,
        UnreadableCode::NoSuchHeaderRow
    );
}

#[test]
fn a_forced_encoding_is_obeyed_and_others_are_offered() {
    let bytes = encoding_rs::GB18030
        .encode("公司,电话\n苏州宏远机械有限公司,0512-65801235\n")
        .0
        .into_owned();
    let found = inspect(&bytes, "list.csv", &Options::default()).expect("readable");
    let encoding = found.encoding.expect("a text");
    assert_eq!(
        (encoding.name.as_str(), encoding.forced),
        ("gb18030", false)
    );
    assert!(
        encoding.tried.iter().any(|one| one.name == "big5") && encoding.tried[0].bad_lines == 0
    );
    assert_eq!(found.decoded_preview[0], "公司,电话");
    let options = Options {
        encoding: Some("windows-1252".into()),
        ..Options::default()
    };
    let encoding = inspect(&bytes, "list.csv", &options)
        .expect("readable")
        .encoding
        .expect("a text");
    assert_eq!(
        (encoding.name.as_str(), encoding.forced),
        ("windows-1252", true)
    );
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_read_whole(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(found) = inspect(&bytes, "x", &Options::default()) {
            for raw in RowReader::open(&bytes, &found.plan.reading).expect("readable twice") {
                let _ = evaluate(&raw.expect("in memory"), &found.plan, &mut Carry::default());
            }
        }
    }

    #[test]
    fn no_line_of_a_text_is_lost(text in "(公司,|电话|王小明,|0512-65801235|13912345679|\"|,|;|\t|\n|\r\n|同上|合计| |=1){0,40}") {
        let bytes = text.as_bytes();
        if let Ok(found) = inspect(&bytes, "x.csv", &Options::default()) {
            let mut next = 1;
            for raw in RowReader::open(&bytes, &found.plan.reading).expect("readable twice") {
                let raw = raw.expect("in memory");
                prop_assert_eq!(raw.row_no, next);
                next += u64::from(raw.lines);
            }
            prop_assert_eq!(next - 1, found.encoding.map_or(0, |_| text.split_inclusive('\n').count() as u64));
        }
    }
}
