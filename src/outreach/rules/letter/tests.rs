use super::*;
use crate::outreach::model::LetterKind;
use crate::platform::i18n::Lang;

fn plain(subject: &str, source: &str) -> Result<Compiled, LetterFault> {
    compile(LetterKind::Greeting, Lang::Zh, subject, source)
}

#[test]
fn every_shipped_letter_can_be_written_and_carries_its_way_out() {
    for (code, lang) in CODES
        .iter()
        .flat_map(|code| Lang::ALL.map(|lang| (code, lang)))
    {
        let letter = shipped(code, lang).unwrap_or_else(|| panic!("no {code} in {lang:?}"));
        let compiled = compile(letter.kind, lang, &letter.subject, &letter.source)
            .unwrap_or_else(|fault| panic!("{code} {lang:?}: {fault:?}"));
        let sample = Fields::sample(lang);
        let written = write(&compiled, &sample).expect("a letter");
        for part in [&written.html, &written.text] {
            assert!(
                part.contains("/u/sample"),
                "{code} {lang:?} has no way out: {part}"
            );
            assert!(!part.contains("{{") && !part.contains("zq0qz"), "{part}");
        }
        assert!(
            written.html.len() < 7_000,
            "{code} in {lang:?} is heavy: {}",
            written.html.len()
        );
        assert!(
            !written.subject.is_empty() && !written.text.contains('<')
                || written.text.contains("<https")
        );
        let nobody = Fields {
            salutation: None,
            addressee: None,
            name: None,
            ..sample
        };
        assert!(
            write(&compiled, &nobody).is_err(),
            "{code} {lang:?} greets nobody"
        );
    }
}

#[test]
fn each_way_out_has_a_line_of_its_own_in_plain_text() {
    let letter = plain("中秋", "月圆人安。").expect("a letter");
    let written = write(&letter, &Fields::sample(Lang::Zh)).expect("written");
    let lines: Vec<&str> = written.text.lines().collect();
    let foot = [
        "您收到这封信，是因为您与我们有过联系。",
        "选择想收到的邮件 <https://mail.chenglan.example/u/sample#choices>",
        "退订全部邮件 <https://mail.chenglan.example/u/sample>",
    ];
    assert!(lines.ends_with(&foot), "{}", written.text);
}

#[test]
fn the_dragon_boat_festival_wishes_health_and_nothing_merry() {
    let letter = shipped("dragon_boat", Lang::Zh).expect("shipped");
    let whole = format!("{}{}", letter.subject, letter.source);
    assert!(whole.contains("安康") && !whole.contains("快乐"));
}

#[test]
fn what_is_missing_stops_the_letter_unless_it_has_a_fall_back() {
    let strict = plain(
        "{{ name }}",
        "{{ salutation }}：\n\n{% if company %}祝{{ company }}好。{% endif %}",
    )
    .expect("a letter");
    assert_eq!(
        strict.needs(),
        ["salutation", "name", "office", "opt_out", "preferences"]
    );
    let mut fields = Fields::sample(Lang::Zh);
    (fields.company, fields.salutation) = (None, None);
    assert_eq!(
        write(&strict, &fields),
        Err(MissingField {
            field: "salutation"
        })
    );
    let kind = plain(
        "中秋",
        "{{ salutation|default(\"尊敬的朋友，您好\") }}：\n\n月圆人安。",
    )
    .expect("a letter");
    let written = write(&kind, &fields).expect("written");
    assert!(
        written
            .text
            .starts_with("尊敬的朋友，您好：\n\n月圆人安。\n"),
        "{}",
        written.text
    );
}

#[test]
fn names_cannot_break_out_of_a_letter() {
    let letter = plain("{{ name }}", "{{ name }}您好").expect("a letter");
    let fields = Fields {
        name: Some("<b>王</b>\r\nBcc: x@y.example".into()),
        ..Fields::sample(Lang::Zh)
    };
    let written = write(&letter, &fields).expect("written");
    assert_eq!(written.subject, "<b>王</b> Bcc: x@y.example");
    assert!(written.html.contains("&lt;b&gt;王&lt;/b&gt;") && !written.html.contains("<b>王"));
    assert!(written.text.contains("<b>王</b>"));
}

#[test]
fn faults_name_the_field_and_the_place() {
    let unknown = plain("中秋", "{{ salutaton }}").expect_err("no such field");
    assert_eq!(
        unknown,
        LetterFault::UnknownField {
            name: "salutaton".into(),
            near: Some("salutation")
        }
    );
    let in_subject = plain("{{ nam }}，中秋安好", "好").expect_err("no such field");
    assert_eq!(
        in_subject,
        LetterFault::InSubject(Box::new(LetterFault::UnknownField {
            name: "nam".into(),
            near: Some("name")
        }))
    );
    let broken = plain(
        "中秋",
        "<mj-section>\n<mj-column>\n<mj-txt>好</mj-txt>\n</mj-column></mj-section>",
    );
    assert_eq!(
        broken.expect_err("no such element"),
        LetterFault::Markup {
            line: 3,
            near: "<mj-txt>好</mj-txt>".into()
        }
    );
    let condition = plain("中秋", "好\n{% if name %}安");
    assert!(
        matches!(condition, Err(LetterFault::Merge { line: 2, .. })),
        "{condition:?}"
    );
    let part = plain(
        "新知",
        "{% for item in items %}{{ item.author }}{% endfor %}",
    );
    assert_eq!(part.expect_err("no such part"), LetterFault::Unwritable);
    let endless = plain(
        "中秋",
        "{% for i in range(9999999) %}{% for k in range(9999999) %}好{% endfor %}{% endfor %}",
    );
    assert!(endless.is_err());
    for (subject, source, fault) in [
        (" ", "好", LetterFault::NoSubject),
        ("好", " ", LetterFault::Empty),
        ("a\nb", "好", LetterFault::SubjectLong),
        (
            "好",
            "<SCRIPT>x</SCRIPT>",
            LetterFault::Forbidden { name: "script" },
        ),
        (
            "好",
            "{{ name",
            LetterFault::Merge {
                line: 1,
                near: "{{ name".into(),
            },
        ),
    ] {
        assert_eq!(plain(subject, source).expect_err("a fault"), fault);
    }
}

#[test]
fn the_legal_mark_stands_before_the_subject() {
    let letter = plain("中秋安好", "好").expect("a letter");
    let fields = Fields {
        mark: "（广告）".into(),
        ..Fields::sample(Lang::Zh)
    };
    assert_eq!(
        write(&letter, &fields).expect("written").subject,
        "（广告）中秋安好"
    );
}

#[test]
fn a_whole_document_is_a_letter_and_carries_the_way_out_as_well() {
    let whole = |title: &str, text: &str| {
        let head = format!("<mjml>\n<mj-head>{title}</mj-head>\n<mj-body>");
        let body = format!("<mj-section><mj-column>\n{text}\n</mj-column></mj-section>");
        plain("中秋", &format!("{head}\n{body}\n</mj-body></mjml>"))
    };
    let title = "<mj-title>中秋</mj-title>";
    let letter = whole(title, "<mj-text>{{ salutation }}</mj-text>").expect("a letter");
    let written = write(&letter, &Fields::sample(Lang::Zh)).expect("written");
    for part in [&written.html, &written.text] {
        assert!(part.contains("/u/sample"), "no way out: {part}");
        assert!(part.contains("陈经理，您好"), "{part}");
    }
    assert_eq!(
        whole(title, "<mj-txt>好</mj-txt>").expect_err("no such element"),
        LetterFault::Markup {
            line: 5,
            near: "<mj-txt>好</mj-txt>".into()
        }
    );
    let font = "<mj-font name=\"Far\" href=\"https://a.example/far.css\" />";
    assert_eq!(
        whole(font, "<mj-text>好</mj-text>").expect_err("a font from elsewhere"),
        LetterFault::Forbidden { name: "mj-font" }
    );
}
