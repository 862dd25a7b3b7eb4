//! How deep a letter may go. Markup and conditions are read by calls within calls: a letter of some thousand levels would
//! end the whole process, for everybody, at its first preview.

use super::fault::LetterFault;

/// Elements within each other; a table in a column has a dozen.
const DEEPEST: usize = 50;
/// Characters of one field or condition: a chain of so many is read safely.
const LONGEST: usize = 1_000;
/// Elements that hold nothing and need no end.
const EMPTY: [&str; 8] = ["area", "br", "col", "hr", "img", "input", "source", "wbr"];

/// Whether each field and condition is short enough to be read.
pub(super) fn check_fields(text: &str) -> Result<(), LetterFault> {
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|found| at + found) {
        let inside = open + 2;
        let end = match text.as_bytes().get(open + 1) {
            Some(b'{') => end_of(&text[inside..], "}}"),
            Some(b'%') => end_of(&text[inside..], "%}"),
            Some(b'#') => {
                let end = text[inside..].find("#}");
                at = end.map_or(text.len(), |end| inside + end);
                continue;
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        let line = text[..open].matches('\n').count() + 1;
        match end {
            Some(end) if end <= LONGEST => at = inside + end,
            None if text.len() - inside <= LONGEST => return Ok(()),
            None => return Err(LetterFault::Unclosed { line }),
            Some(_) => {
                let near = text[open..].chars().take(60).collect();
                return Err(LetterFault::Merge { line, near });
            }
        }
    }
    Ok(())
}

/// Where a field ends; what stands in quotation marks is none of it.
fn end_of(inside: &str, close: &str) -> Option<usize> {
    let (mut quote, mut is_escaped) = (None, false);
    for (at, c) in inside.char_indices() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if c == '\\' => is_escaped = true,
            Some(mark) if c == mark => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if inside[at..].starts_with(close) => return Some(at),
            None => {}
        }
    }
    None
}

/// The first line in which elements stand within each other deeper than any letter needs; its fields are taken out.
pub(super) fn too_deep(letter: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, _) in letter.match_indices('<') {
        let tag = &letter[at + 1..];
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if tag.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_empty(tag) {
            depth += 1;
        }
        if depth > DEEPEST {
            return Some(letter[..at].matches('\n').count() + 1);
        }
    }
    None
}

fn is_empty(tag: &str) -> bool {
    let end = tag.find('>').unwrap_or(tag.len());
    let name = tag.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let name = tag[..name.unwrap_or(tag.len())].to_ascii_lowercase();
    tag[..end].ends_with('/') || EMPTY.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_ends_outside_of_its_quotation_marks() {
        for (text, end) in [
            (" name }} x", Some(6)),
            (r#" name|default("}}") }}"#, Some(20)),
            (r#" name|default("\"}}") }}"#, Some(22)),
            (" name", None),
            (" name|default(\" }}", None),
        ] {
            assert_eq!(end_of(text, "}}"), end, "{text}");
        }
    }

    #[test]
    fn what_is_read_by_calls_within_calls_is_short_and_flat() {
        let chain = |n: usize| format!("a\n{{{{ name|default(\"}}}}\"){} }}}}", "|upper".repeat(n));
        assert_eq!(check_fields(&chain(100)), Ok(()));
        let long = check_fields(&chain(10_000));
        assert!(
            matches!(long, Err(LetterFault::Merge { line: 2, .. })),
            "{long:?}"
        );
        let open = check_fields(&format!("{{{{ name{}", "|upper".repeat(10_000)));
        assert_eq!(open, Err(LetterFault::Unclosed { line: 1 }));
        assert_eq!(check_fields("{# a note #} {{ name }} {"), Ok(()));
        let nested = |n: usize| format!("\n{}x{}", "<b>".repeat(n), "</b>".repeat(n));
        assert_eq!(too_deep(&nested(40)), None);
        assert_eq!(too_deep(&nested(5_000)), Some(2));
        assert_eq!(
            too_deep(&"<p>a<br>b<img src=\"x\"><hr/></p>".repeat(100)),
            None
        );
    }
}
