//! The HTML of a letter without what MJML writes for programs that are gone, and for columns, pictures and drawings that
//! this letter does not have, and without the rules for them. It looks the same in every program; it is a third smaller.

use std::collections::BTreeSet;

use super::tokens::WORD;

/// For Internet Explorer, Outlook 2003 and Hotmail.
const GONE: [&str; 3] = [
    "<!--[if !mso]><!--><meta http-equiv=\"X-UA-Compatible\" content=\"IE=edge\"><!--<![endif]-->",
    "<!--[if lte mso 11]>\n<style type=\"text/css\">\n.mj-outlook-group-fix { width:100% !important; }\n</style>\n<![endif]-->\n",
    "#outlook a { padding: 0; }\n",
];
/// How what only Outlook reads begins.
const OUTLOOK: &str = "<!--[if mso | IE]>";
/// Where it ends and begins again at once.
const SEAM: &str = "<![endif]--><!--[if mso | IE]>";
/// How wide columns are on a wide screen. Where all of them take the whole width they do so without being told; with any
/// other column the rules read differently, and stay.
const FULL_WIDTH: [&str; 2] = [
    "<style type=\"text/css\">@media only screen and (min-width:480px) { .mj-column-per-100 { width:100% !important; max-width:100%; }  }</style>",
    "<style media=\"screen and (min-width:480px)\">.moz-text-html .mj-column-per-100 { width:100% !important; max-width:100%; } </style>",
];
/// What those rules are about.
const COLUMN: &str = " class=\"mj-outlook-group-fix mj-column-per-100\"";
const PICTURES: &str = "img { border: 0; height: auto; line-height: 100%; outline: none; text-decoration: none; -ms-interpolation-mode: bicubic; }\n";
const DRAWINGS: &str = " xmlns:v=\"urn:schemas-microsoft-com:vml\"";

/// Leaves it out. What is written differently one day stays.
pub(super) fn lean(html: &str) -> String {
    let mut lean = html.to_owned();
    for gone in GONE {
        lean = lean.replace(gone, "");
    }
    if FULL_WIDTH.iter().all(|rule| lean.contains(*rule)) {
        for rule in FULL_WIDTH.into_iter().chain([COLUMN]) {
            lean = lean.replace(rule, "");
        }
    }
    if !lean.contains("<img") {
        lean = lean.replace(PICTURES, "");
    }
    if !lean.contains("<v:") {
        lean = lean.replace(DRAWINGS, "");
    }
    without_idle_rules(&with_close_styles(&without_seams(&lean)))
}

/// Parts for Outlook that follow each other, as one.
fn without_seams(html: &str) -> String {
    let mut whole = String::with_capacity(html.len());
    for (n, piece) in html.split(SEAM).enumerate() {
        let begins = whole.rfind("<!--[if ");
        let is_one = begins.is_some_and(|at| whole[at..].starts_with(OUTLOOK));
        if n > 0 && !is_one {
            whole.push_str(SEAM);
        }
        whole.push_str(piece);
    }
    whole
}

/// Every `<style>` without its indentation.
fn with_close_styles(html: &str) -> String {
    let (mut close, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(begin) = rest.find("<style") {
        let end = rest[begin..].find("</style>");
        let end = end.map_or(rest.len(), |end| begin + end);
        close.push_str(&rest[..begin]);
        close.push_str(&close_rules(&rest[begin..end]));
        rest = &rest[end..];
    }
    close.push_str(rest);
    close
}

/// One gap means as much as many, and beside what parts rules none is needed.
fn close_rules(style: &str) -> String {
    let words: Vec<&str> = style.split_whitespace().collect();
    let mut rules = words.join(" ");
    for sign in ["{", "}", ";", ",", ">"] {
        rules = rules.replace(&format!(" {sign}"), sign);
        rules = rules.replace(&format!("{sign} "), sign);
    }
    rules
}

/// Signs after which a brace may be none.
const UNREAD: [&str; 2] = ["/*", "\\"];

/// Every `<style>` without rules for classes that nothing in the letter has.
fn without_idle_rules(html: &str) -> String {
    let classes = classes(html);
    // A field stands for what it will be.
    if classes.iter().any(|class| class.contains(WORD)) {
        return html.to_owned();
    }
    let (mut kept, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(begin) = rest.find("<style") {
        let Some(tag) = rest[begin..].find('>').map(|at| begin + at + 1) else {
            break;
        };
        let end = rest[tag..].find("</style>");
        let end = end.map_or(rest.len(), |end| tag + end);
        let css = &rest[tag..end];
        kept.push_str(&rest[..tag]);
        match UNREAD.iter().any(|sign| css.contains(*sign)) {
            true => kept.push_str(css),
            false => kept.push_str(&rules_for(&classes, css)),
        }
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept
}

/// The classes of all elements, those in comments for Outlook included.
fn classes(html: &str) -> BTreeSet<&str> {
    let values = html.split("class=").skip(1).map(|rest| {
        let end = |sign: char| match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => sign == quote,
            _ => sign.is_whitespace() || sign == '>',
        };
        let value = rest.trim_start_matches(['"', '\'']);
        value.split(end).next().unwrap_or_default()
    });
    values.flat_map(str::split_whitespace).collect()
}

/// The rules that may be about something; those within `@media` likewise.
fn rules_for(classes: &BTreeSet<&str>, css: &str) -> String {
    let (mut kept, mut rest) = (String::new(), css);
    while let Some((head, body, behind)) = next_rule(rest) {
        if head.trim_start().starts_with('@') {
            let inner = rules_for(classes, body);
            if !inner.trim().is_empty() {
                kept.push_str(&format!("{head}{{{inner}}}"));
            }
        } else {
            let selectors: Vec<&str> = head
                .split(',')
                .filter(|selector| may_match(classes, selector))
                .collect();
            if !selectors.is_empty() {
                kept.push_str(&format!("{}{{{body}}}", selectors.join(",")));
            }
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// A rule: what it is about, what stands between its braces, and what follows.
fn next_rule(css: &str) -> Option<(&str, &str, &str)> {
    let open = css.find('{')?;
    let (mut depth, mut quote) = (0_usize, None);
    for (at, sign) in css.bytes().enumerate().skip(open) {
        match sign {
            sign if quote.is_some() => quote = quote.filter(|quote| *quote != sign),
            b'"' | b'\'' => quote = Some(sign),
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some((&css[..open], &css[open + 1..at], &css[at + 1..])),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether every class that a selector names is that of something. What is no plain name counts as one.
fn may_match(classes: &BTreeSet<&str>, selector: &str) -> bool {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let is_plain =
        |sign: char| is_name(sign) || sign.is_ascii_whitespace() || ".>:#".contains(sign);
    let mut named = selector.split('.').skip(1).map(|rest| {
        let end = rest.find(|sign| !is_name(sign)).unwrap_or(rest.len());
        &rest[..end]
    });
    !selector.chars().all(is_plain) || named.all(|class| classes.contains(class))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::word;
    use super::*;

    #[test]
    fn what_nobody_reads_is_left_out_and_nothing_else() {
        let column = format!("<div{COLUMN}>a</div>");
        let style = format!("<style>\n{PICTURES}p > b, a :hover {{\n  margin: 0;\n}}\n</style>");
        let outlook = "<!--[if mso | IE]><td><![endif]-->";
        let whole = [
            GONE[0],
            &style,
            FULL_WIDTH[0],
            FULL_WIDTH[1],
            outlook,
            &column,
        ]
        .concat();
        assert_eq!(
            lean(&whole),
            format!("<style>p>b,a :hover{{margin: 0;}}</style>{outlook}<div>a</div>")
        );
        let seam = format!("{OUTLOOK}<tr>{SEAM}<td><![endif]--><p>a  ; b</p>");
        assert_eq!(
            lean(&seam),
            format!("{OUTLOOK}<tr><td><![endif]--><p>a  ; b</p>")
        );
        let other = format!("<!--[if !mso]><!--><p>a</p><!--{SEAM}<td><![endif]-->");
        assert_eq!(lean(&other), other);
    }

    #[test]
    fn rules_for_what_the_letter_does_not_have_are_left_out() {
        let style = "p{margin: 0;}.band .wish,.sheet p{a: b;}.band{a: b;}@media (max-width: 480px){.band,td.foot{a: b;}}\
                     @media (prefers-color-scheme: dark){.wish{a: b;}}a[href^=\".band\"]{a: b;}";
        let letter = format!(
            "<style type=\"text/css\">{style}</style><td class=\"quiet foot\">.band</td><p class=\"sheet\">"
        );
        let kept = "p{margin: 0;}.sheet p{a: b;}@media (max-width: 480px){td.foot{a: b;}}a[href^=\".band\"]{a: b;}";
        assert_eq!(without_idle_rules(&letter), letter.replace(style, kept));
        let chosen = letter.replace("quiet", &word(0));
        assert_eq!(without_idle_rules(&chosen), chosen);
        let quoted = "<style>.a{content: \"}\";}.b{a: b;}</style><i class='b'>";
        let kept = "<style>.b{a: b;}</style><i class='b'>";
        assert_eq!(without_idle_rules(quoted), kept);
        let told = quoted.replace(".a{", "/* } */.a{");
        assert_eq!(without_idle_rules(&told), told);
        let cut_off = "<p class=\"a\"></p><style>.b{c: d;";
        assert_eq!(without_idle_rules(cut_off), cut_off);
    }

    #[test]
    fn two_columns_a_picture_and_a_drawing_keep_what_they_need() {
        let halves = FULL_WIDTH.map(|rule| rule.replace("100", "50")).concat();
        for kept in [
            format!("<style>{PICTURES}</style><img src=\"a\">"),
            format!("<html{DRAWINGS}><v:rect>"),
            format!("{halves}<div{COLUMN}>"),
        ] {
            let left = lean(&kept);
            for word in ["border: 0;", "xmlns:v", "min-width:480px", "per-100\""] {
                assert_eq!(left.contains(word), kept.contains(word), "{word} in {left}");
            }
        }
    }
}
