//! The HTML of a letter without what MJML writes for programs that are gone, and for columns, pictures and drawings that
//! this letter does not have. It looks the same in every program; it is a third smaller.

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
    with_close_styles(&without_seams(&lean))
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

#[cfg(test)]
mod tests {
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
