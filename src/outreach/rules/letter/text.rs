//! The part of a letter for those who read plain text. It is made from the MJML and not from the tables that mail
//! programs want, so that it reads like a letter.

use super::fault::LetterFault;

/// Nothing is broken into lines here; mail programs fold as wide as their window.
const WIDTH: usize = 20_000;

/// The text of a letter and its foot, whose fields were taken out; two dashes part them, as under every signature.
pub(super) fn plain(letter: &str, foot: &str) -> Result<String, LetterFault> {
    // Only the body of a whole document is text.
    let start = letter.find("<mj-body").unwrap_or(0);
    let text = |mjml: &str| {
        html2text::config::plain_no_decorate()
            .allow_width_overflow()
            .string_from_read(simple_html(mjml).as_bytes(), WIDTH)
            .map_err(|_| LetterFault::Unwritable)
    };
    Ok(format!(
        "{}\n\n--\n{}",
        text(&letter[start..])?,
        text(foot)?
    ))
}

/// Paragraphs without empty lines in rows, as conditions leave them that did not hold.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut is_gap = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && is_gap {
            continue;
        }
        is_gap = line.is_empty();
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

/// MJML as the few elements that text has; a link shows where it goes behind its words.
fn simple_html(body: &str) -> String {
    let (mut html, mut rest, mut links) = (String::from("<div>"), body, Vec::new());
    while let Some(open) = rest.find('<') {
        html.push_str(&rest[..open]);
        if let Some(comment) = rest[open..].strip_prefix("<!--") {
            // The words of fields count; comments of the author do not.
            let end = comment.find("-->").unwrap_or(comment.len());
            if comment[..end].starts_with("zq") {
                html.push_str(&comment[..end]);
            }
            rest = comment.get(end + 3..).unwrap_or_default();
            continue;
        }
        let end = rest[open..]
            .find('>')
            .map_or(rest.len(), |end| open + end + 1);
        html.push_str(&element(&rest[open..end], &mut links));
        rest = &rest[end..];
    }
    html.push_str(rest);
    html.push_str("</div>");
    html
}

fn element(tag: &str, links: &mut Vec<String>) -> String {
    let inner = tag.trim_matches(['<', '>', '/']).trim();
    let name = inner.split([' ', '\n', '\t']).next().unwrap_or_default();
    let (is_end, is_empty) = (tag.starts_with("</"), tag.ends_with("/>"));
    match name {
        "a" | "mj-button" | "mj-navbar-link" => {
            let (before, after) = if name == "a" {
                ("", "")
            } else {
                ("<p>", "</p>")
            };
            if is_end {
                let url = links.pop().filter(|url| !url.is_empty());
                let url = url.map(|url| format!(" &lt;{url}&gt;"));
                format!("{}{after}", url.unwrap_or_default())
            } else {
                links.push(attribute(inner, "href"));
                before.to_owned()
            }
        }
        "mj-image" | "img" => format!("<p>{}</p>", attribute(inner, "alt")),
        "mj-divider" | "mj-spacer" | "hr" => "<p></p>".to_owned(),
        "h1" | "h2" | "h3" | "h4" => if is_end { "</p>" } else { "<p>" }.to_owned(),
        "mj-table" => if is_end { "</table>" } else { "<table>" }.to_owned(),
        _ if name.starts_with("mj") && is_empty => String::new(),
        _ if name.starts_with("mj") => if is_end { "</div>" } else { "<div>" }.to_owned(),
        _ => tag.to_owned(),
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let begin = format!("{name}=\"");
    let value = tag.split_once(&begin).map_or("", |(_, rest)| rest);
    value.split('"').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_reads_like_one() {
        let body = "<mj-section css-class=\"a\"><mj-column><mj-text><p>zq0qz：</p><!--zq1qz--><p>好&amp;安</p><!--zq2qz--></mj-text>\
            <mj-image src=\"x.png\" alt=\"月亮\" /><mj-button href=\"zq3qz\">看看</mj-button></mj-column></mj-section>";
        let text = plain(body, "<p>再见</p>").expect("text");
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect();
        assert_eq!(
            lines,
            [
                "zq0qz：",
                "zq1qz",
                "好&安",
                "zq2qz",
                "月亮",
                "看看 <zq3qz>",
                "--",
                "再见"
            ]
        );
        assert_eq!(tidy("\n\na \n\n\n\nb\n\n"), "a\n\nb\n");
    }
}
