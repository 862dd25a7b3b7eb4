//! The fields that a letter may name, in one table, and what they are for one person.

use std::collections::BTreeMap;

use minijinja::Value;

use crate::platform::i18n::Lang;

/// What a field is about: how the table of the editor is grouped, and why one may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Who gets the letter.
    Person,
    /// The company that it is about.
    Company,
    /// The rep who has that company.
    Rep,
    /// The occasion, or the issue of news.
    Occasion,
    /// Our own office; always there.
    Office,
}

/// A field that a letter may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// As it is written between the braces.
    pub code: &'static str,
    /// What it is about.
    pub about: About,
    /// The key of its meaning.
    pub meaning: &'static str,
    /// What it is for somebody made up, in Chinese and in English.
    pub sample: (&'static str, &'static str),
}

impl Field {
    /// The sample in a language.
    pub fn sample(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.sample.0,
            Lang::En => self.sample.1,
        }
    }
}

/// The list of pieces of an issue; the one field that is gone through and not printed.
pub const ITEMS: &str = "items";
/// What each of [`ITEMS`] has.
pub const ITEM_PARTS: [&str; 3] = ["title", "body", "url"];

/// Every field.
#[rustfmt::skip] // a table, read line by line
pub const FIELDS: [Field; 18] = [
    field("salutation", About::Person, "letter-field-salutation", ("陈经理，您好", "Dear Chen Liqun")),
    field("addressee", About::Person, "letter-field-addressee", ("陈经理", "Chen Liqun")),
    field("name", About::Person, "letter-field-name", ("陈立群", "Chen Liqun")),
    field("title", About::Person, "letter-field-title", ("信息部经理", "IT manager")),
    field("company", About::Company, "letter-field-company", ("砚川精密机械", "Yanchuan Precision")),
    field("years", About::Company, "letter-field-years", ("10", "10")),
    field("rep_name", About::Rep, "letter-field-rep-name", ("许嘉树", "Xu Jiashu")),
    field("rep_phone", About::Rep, "letter-field-rep-phone", ("0512 6580 1234", "+86 512 6580 1234")),
    field("rep_mail", About::Rep, "letter-field-rep-mail", ("jiashu@chenglan.example", "jiashu@chenglan.example")),
    field("occasion", About::Occasion, "letter-field-occasion", ("中秋", "Mid-Autumn Festival")),
    field("also", About::Occasion, "letter-field-also", ("国庆", "National Day")),
    field("year", About::Occasion, "letter-field-year", ("2026", "2026")),
    field("zodiac", About::Occasion, "letter-field-zodiac", ("马", "Horse")),
    field("issue", About::Occasion, "letter-field-issue", ("秋季新知：产线数据怎么用起来", "Autumn news: putting line data to work")),
    field("office", About::Office, "letter-field-office", ("澄澜软件", "Chenglan Software")),
    field("postal_address", About::Office, "letter-field-postal-address", ("苏州工业园区星湖街328号", "328 Xinghu Street, Suzhou")),
    field("opt_out", About::Office, "letter-field-opt-out", ("https://mail.chenglan.example/u/sample", "https://mail.chenglan.example/u/sample")),
    field("preferences", About::Office, "letter-field-preferences", ("https://mail.chenglan.example/u/sample#choices", "https://mail.chenglan.example/u/sample#choices")),
];

const fn field(
    code: &'static str,
    about: About,
    meaning: &'static str,
    sample: (&'static str, &'static str),
) -> Field {
    Field {
        code,
        about,
        meaning,
        sample,
    }
}

/// A field by the word between the braces.
pub fn by_code(code: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.code == code)
}

/// The field that somebody probably meant who wrote `word`: the nearest by letters that differ, if it is near at all.
pub fn nearest(word: &str) -> Option<&'static str> {
    let known = FIELDS.iter().map(|field| field.code).chain([ITEMS]);
    let near = known.map(|code| (distance(word, code), code));
    near.filter(|(far, code)| *far <= code.len() / 2)
        .min()
        .map(|(_, code)| code)
}

/// Letters to change, add or drop.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// A piece of news.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Title.
    pub title: String,
    /// Plain text; an empty line starts a paragraph.
    pub body: String,
    /// Where it goes on.
    pub url: Option<String>,
}

/// What the fields are for one person. What is `None` or empty is missing, and stops a letter that names it without a
/// fall-back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// How a letter to them begins: `陈经理，您好`, `Dear Chen Liqun`.
    pub salutation: Option<String>,
    /// What they are called: `陈经理`, `Chen Liqun`.
    pub addressee: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Title at the company.
    pub title: Option<String>,
    /// Short name of the company.
    pub company: Option<String>,
    /// Which anniversary it is.
    pub years: Option<i32>,
    /// The rep who has the company.
    pub rep_name: Option<String>,
    /// Their number.
    pub rep_phone: Option<String>,
    /// Their address.
    pub rep_mail: Option<String>,
    /// Name of the occasion.
    pub occasion: Option<String>,
    /// Name of a second occasion that this letter greets as well.
    pub also: Option<String>,
    /// Year of the occasion.
    pub year: Option<i32>,
    /// Animal of that year.
    pub zodiac: Option<String>,
    /// Title of the issue of news.
    pub issue: Option<String>,
    /// Its pieces that concern this person.
    pub items: Vec<Item>,
    /// Who we are.
    pub office: Option<String>,
    /// Where we are.
    pub postal_address: Option<String>,
    /// Link that ends all mail.
    pub opt_out: Option<String>,
    /// Link on which they choose what they get.
    pub preferences: Option<String>,
    /// What the law of the office's country wants in front of the subject; empty: nothing.
    pub mark: String,
}

impl Fields {
    /// Those of somebody made up, with everything there.
    pub fn sample(lang: Lang) -> Self {
        let mut fields = Self::default();
        for field in &FIELDS {
            fields.set(field.code, field.sample(lang));
        }
        fields.items = sample_items(lang);
        fields
    }

    /// Fills a field by its code.
    pub fn set(&mut self, code: &str, text: &str) {
        let text = Some(text.to_owned()).filter(|text| !text.trim().is_empty());
        let number = || text.as_deref().and_then(|text| text.parse().ok());
        match code {
            "years" => self.years = number(),
            "year" => self.year = number(),
            "salutation" => self.salutation = text,
            "addressee" => self.addressee = text,
            "name" => self.name = text,
            "title" => self.title = text,
            "company" => self.company = text,
            "rep_name" => self.rep_name = text,
            "rep_phone" => self.rep_phone = text,
            "rep_mail" => self.rep_mail = text,
            "occasion" => self.occasion = text,
            "also" => self.also = text,
            "zodiac" => self.zodiac = text,
            "issue" => self.issue = text,
            "office" => self.office = text,
            "postal_address" => self.postal_address = text,
            "opt_out" => self.opt_out = text,
            "preferences" => self.preferences = text,
            _ => {}
        }
    }

    /// What a field is; nothing if it is missing.
    pub fn get(&self, code: &str) -> Option<Value> {
        let text = match code {
            "years" => return self.years.map(Value::from),
            "year" => return self.year.map(Value::from),
            ITEMS => return (!self.items.is_empty()).then(|| self.listed()),
            "salutation" => &self.salutation,
            "addressee" => &self.addressee,
            "name" => &self.name,
            "title" => &self.title,
            "company" => &self.company,
            "rep_name" => &self.rep_name,
            "rep_phone" => &self.rep_phone,
            "rep_mail" => &self.rep_mail,
            "occasion" => &self.occasion,
            "also" => &self.also,
            "zodiac" => &self.zodiac,
            "issue" => &self.issue,
            "office" => &self.office,
            "postal_address" => &self.postal_address,
            "opt_out" => &self.opt_out,
            "preferences" => &self.preferences,
            _ => return None,
        };
        let text = text.as_deref().filter(|text| !text.trim().is_empty());
        text.map(Value::from)
    }

    /// The pieces of news as a letter reads them: `body` is a list of paragraphs.
    fn listed(&self) -> Value {
        let one = |item: &Item| {
            let paragraphs = item.body.split("\n\n").map(str::trim);
            let body: Vec<&str> = paragraphs.filter(|p| !p.is_empty()).collect();
            let mut parts = BTreeMap::from([
                ("title", Value::from(item.title.as_str())),
                ("body", Value::from_iter(body)),
            ]);
            if let Some(url) = item.url.as_deref().filter(|url| is_web(url)) {
                parts.insert("url", Value::from(url));
            }
            Value::from(parts)
        };
        self.items.iter().map(one).collect()
    }
}

/// Only a web address becomes a link: no `javascript:` in anybody's mail.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn sample_items(lang: Lang) -> Vec<Item> {
    let texts: [(&str, &str); 2] = match lang {
        Lang::Zh => [
            (
                "报价为什么总是慢半拍",
                "我们跟着三家机械厂走了一遍报价流程：从图纸到价格平均要四天，其中三天在等人。\n\n把等待的环节摊开来看，其实只有两处需要改。",
            ),
            (
                "老设备也能联上网",
                "十年以上的机床不必换，加一个采集盒就能看到开机率。文中有实测数据和费用。",
            ),
        ],
        Lang::En => [
            (
                "Why a quotation takes four days",
                "We followed three machine shops from drawing to price. It took four days on average, and three of them were spent waiting for somebody.\n\nOnce the waiting is laid out, only two steps need to change.",
            ),
            (
                "Old machines can be connected too",
                "A ten-year-old lathe need not be replaced: a small box shows when it is running. With measurements and costs.",
            ),
        ],
    };
    let item = |(title, body): (&str, &str)| Item {
        title: title.to_owned(),
        body: body.to_owned(),
        url: Some("https://www.chenglan.example/news".to_owned()),
    };
    texts.into_iter().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_place_its_sample_and_its_meaning() {
        for lang in Lang::ALL {
            let sample = Fields::sample(lang);
            for field in &FIELDS {
                let there = sample.get(field.code).expect(field.code);
                assert_eq!(there.to_string(), field.sample(lang), "{}", field.code);
                assert!(lang.knows(field.meaning), "{}", field.meaning);
            }
            assert!(sample.get(ITEMS).is_some());
        }
        assert!(Fields::default().get("name").is_none());
    }

    #[test]
    fn a_slip_of_the_pen_is_named() {
        for (word, meant) in [
            ("salutaton", Some("salutation")),
            ("Name", Some("name")),
            ("rep_email", Some("rep_mail")),
            ("optout", Some("opt_out")),
            ("quotation_number", None),
        ] {
            assert_eq!(nearest(word), meant, "{word}");
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        for (url, kept) in [
            ("https://a.example/x", true),
            ("javascript:alert(1)", false),
        ] {
            let item = Item {
                url: Some(url.into()),
                ..Item::default()
            };
            let fields = Fields {
                items: vec![item],
                ..Fields::default()
            };
            let first = fields
                .get(ITEMS)
                .and_then(|all| all.get_item_by_index(0).ok());
            let url = first.and_then(|item| item.get_attr("url").ok());
            assert_eq!(url.is_some_and(|url| !url.is_undefined()), kept);
        }
    }
}
