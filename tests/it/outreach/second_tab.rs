//! A mailing that went on in another tab: what cannot be done any more is told where it can be looked at.

use super::mailings::issue;
use crate::app::each_backend;

#[test]
fn what_went_on_in_another_tab_is_told_on_its_page_and_nothing_that_was_written_is_lost() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let id = issue(&marketing, &[]);
        let at = format!("/mailings/{id}");
        marketing.post(&format!("{at}/cancel"), &[]).expect(303);
        let change = [("set", "yes"), ("to", "B")];
        for answer in [
            marketing.get(&format!("{at}/audience")),
            marketing.post(&format!("{at}/audience"), &change),
            marketing.get(&format!("{at}/edit")),
        ] {
            let answer = answer.expect(303);
            assert_eq!(answer.location.as_deref(), Some(at.as_str()));
            let told = answer.told();
            assert!(told.contains("nothing was changed"), "{told}");
        }
        let piece = [
            ("title", "九月新知"),
            ("item_title", "报价快一倍"),
            ("item_language", "zh-CN"),
            ("item_text", "新版本写了很久。"),
            ("item_link", ""),
            ("item_industries", ""),
        ];
        let again = marketing.post(&format!("{at}/edit"), &piece).expect(409);
        assert!(again.body.contains("新版本写了很久。"), "{}", again.body);
        assert!(again.body.contains("nothing was changed"), "{}", again.body);
    });
}
