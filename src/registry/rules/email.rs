//! Mail addresses: which are usable, and which domains say nothing about a company.

use super::script::normalise;

/// A valid address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email {
    /// Lower case, without `mailto:` and decoration.
    pub address: String,
}

/// `c***@a.example`, for those who may not see the mailbox; none where it is no mailbox.
pub fn masked(address: &str) -> Option<String> {
    let (name, domain) = address.split_once('@')?;
    let first = name.chars().next().unwrap_or('*');
    Some(format!("{first}***@{domain}"))
}

/// Longest address and longest part before the `@` (RFC 5321 §4.5.3.1).
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

/// Providers of mail boxes for everybody: no evidence of a company.
const FREE: [&str; 33] = [
    "126.com",
    "139.com",
    "163.com",
    "188.com",
    "189.cn",
    "21cn.com",
    "aliyun.com",
    "aol.com",
    "foxmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "googlemail.com",
    "hinet.net",
    "hotmail.com",
    "icloud.com",
    "live.cn",
    "live.com",
    "mail.com",
    "me.com",
    "msn.com",
    "netvigator.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "sina.cn",
    "sina.com",
    "sohu.com",
    "tom.com",
    "wo.cn",
    "yahoo.com",
    "yeah.net",
];

/// Words that say that a mail address follows.
const LABELS: [&str; 7] = ["邮箱", "邮件", "电邮", "email", "e-mail", "mail", "郵箱"];

impl Email {
    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.address
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain)
    }

    /// Compares addresses.
    pub fn key(&self) -> i64 {
        super::hash::hash64(&self.address)
    }

    /// The domain says nothing about the company (`qq.com`).
    pub fn is_free_mail(&self) -> bool {
        is_free_mail(self.domain())
    }
}

/// The first valid address of a cell.
pub fn read_email(cell: &str) -> Option<Email> {
    read_emails(cell).into_iter().next()
}

/// All valid addresses of a cell, in reading order.
pub fn read_emails(cell: &str) -> Vec<Email> {
    if !cell.contains(['@', '＠']) {
        return Vec::new();
    }
    let mut text = normalise(cell);
    if text.contains('\'') {
        text = without_quotes(&text).into();
    }
    let between = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';'
                    | '/'
                    | '、'
                    | '，'
                    | '；'
                    | '|'
                    | '<'
                    | '>'
                    | '('
                    | ')'
                    | '['
                    | ']'
                    | '"'
            )
    };
    let mut found: Vec<Email> = Vec::new();
    for part in text.split(between) {
        if let Some(email) = read_one(part)
            && !found.contains(&email)
        {
            found.push(email);
        }
    }
    found
}

/// Whether an apostrophe between these quotes; one inside of a name is part of it: what is left of `o'brien@…` is
/// somebody else's.
pub(super) fn quotes(before: Option<char>, next: Option<char>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !(is_word(before) && is_word(next))
}

/// Without apostrophes that quote.
fn without_quotes(text: &str) -> String {
    let mut before = None;
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let is_quote = c == '\'' && quotes(before, chars.peek().copied());
        out.push(if is_quote { ' ' } else { c });
        before = Some(c);
    }
    out
}

fn read_one(part: &str) -> Option<Email> {
    // `邮箱:a@b.cn`: what stands before the last colon is a label.
    let part = part.rsplit([':', '：']).next().unwrap_or(part);
    let address = part.trim_matches(['.', '。', '-', '_']).to_lowercase();
    let (local, domain) = address.split_once('@')?;
    let local_char = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-=?^_`{|}~".contains(c);
    let fine = !local.is_empty()
        && local.len() <= LONGEST_LOCAL
        && address.len() <= LONGEST
        && local.chars().all(local_char)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && is_domain(domain);
    fine.then_some(Email { address })
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let label_fine = |l: &&str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    labels.len() >= 2
        && labels.iter().all(label_fine)
        && labels
            .last()
            .is_some_and(|top| top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic()))
}

/// The addresses of a remark that carry a mail label (`邮箱`, `E-mail` …).
pub fn labelled_emails(remark: &str) -> Vec<Email> {
    let lower = remark.to_lowercase();
    if LABELS.iter().any(|label| lower.contains(label)) {
        read_emails(remark)
    } else {
        Vec::new()
    }
}

/// A provider of mail boxes for everybody.
pub fn is_free_mail(domain: &str) -> bool {
    FREE.contains(&domain) || domain.starts_with("yahoo.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_addresses_are_read() {
        for (cell, address) in [
            (" Yuan@JiuRui.com.cn", "yuan@jiurui.com.cn"),
            ("a＠b.cn", "a@b.cn"),
            ("mailto:sales@x-y.example.com", "sales@x-y.example.com"),
            ("邮箱：wang.li@abc.cn；QQ 12345", "wang.li@abc.cn"),
            ("<emma@harrow.co.uk>", "emma@harrow.co.uk"),
            (
                "Sean O'Brien <sean.o'brien@harrow.co.uk>",
                "sean.o'brien@harrow.co.uk",
            ),
            ("'emma@harrow.co.uk'", "emma@harrow.co.uk"),
            ("邮箱'emma@harrow.co.uk'", "emma@harrow.co.uk"),
        ] {
            assert_eq!(
                read_email(cell).map(|e| e.address).as_deref(),
                Some(address),
                "{cell}"
            );
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for cell in [
            "",
            "a@b",
            "@b.cn",
            "a@.cn",
            "a@b..cn",
            "a b@c.cn@d.cn",
            "王@公司.cn",
            "a@@b.cn",
            "a@b.c",
            "a@b.cn.",
            "no address",
        ] {
            let read = read_email(cell).map(|e| e.address);
            assert!(read.is_none() || cell == "a@b.cn.", "{cell} {read:?}");
        }
    }

    #[test]
    fn free_mail_is_no_company() {
        assert!(read_email("x@qq.com").expect("valid").is_free_mail());
        assert!(!read_email("x@jiurui.com.cn").expect("valid").is_free_mail());
    }
}
