//! Merge fields on their way through MJML and CSS: each is taken out, a word that nobody changes stands for it, and it
//! comes back at the end. So a quotation mark in a fall-back survives being an attribute, and a loop between two rows
//! of a table is not moved out of it.

use super::fault::LetterFault;

/// What was taken out, in order.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    taken: Vec<String>,
}

const PAIRS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

impl Tokens {
    /// Takes the fields out of markup. What prints becomes a word; what only steers (`{% … %}`) a comment outside of
    /// tags, since a table keeps its comments in place.
    pub(super) fn take(&mut self, text: &str) -> Result<String, LetterFault> {
        self.take_out(text, false)
    }

    /// Takes the fields out of plain text: all become words.
    pub(super) fn take_words(&mut self, text: &str) -> Result<String, LetterFault> {
        self.take_out(text, true)
    }

    fn take_out(&mut self, text: &str, is_plain: bool) -> Result<String, LetterFault> {
        let (mut kept, mut rest, mut in_tag) = (String::with_capacity(text.len()), text, is_plain);
        while let Some((before, close)) = next(rest) {
            kept.push_str(&rest[..before]);
            in_tag = is_plain || ends_in_tag(&rest[..before], in_tag);
            let found = &rest[before..];
            let Some(end) = found[2..].find(close) else {
                let line = kept.matches('\n').count() + 1;
                return Err(LetterFault::Unclosed { line });
            };
            let (token, after) = found.split_at(end + 4);
            let word = word(self.taken.len());
            match token.starts_with("{{") || in_tag {
                true => kept.push_str(&word),
                false => kept.push_str(&format!("<!--{word}-->")),
            }
            // Lines keep their numbers, so that a fault names the right one.
            kept.extend(token.matches('\n').map(|_| '\n'));
            self.taken.push(token.to_owned());
            rest = after;
        }
        kept.push_str(rest);
        Ok(kept)
    }

    /// Puts them back.
    pub(super) fn put_back(&self, text: &str) -> String {
        let mut whole = text.to_owned();
        for (n, token) in self.taken.iter().enumerate() {
            let word = word(n);
            whole = whole.replace(&format!("<!--{word}-->"), token);
            whole = whole.replace(&word, token);
        }
        whole
    }
}

/// How every word begins.
pub(super) const WORD: &str = "zq";

/// Words with a letter at each end, so that none is the beginning of another.
pub(super) fn word(n: usize) -> String {
    format!("{WORD}{n}qz")
}

/// Where the next field begins, and how it ends.
fn next(text: &str) -> Option<(usize, &'static str)> {
    let found = PAIRS
        .iter()
        .filter_map(|(open, close)| Some((text.find(open)?, *close)));
    found.min_by_key(|(at, _)| *at)
}

fn ends_in_tag(text: &str, was: bool) -> bool {
    text.chars().fold(was, |is, c| match c {
        '<' => true,
        '>' => false,
        _ => is,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_comes_back_unchanged() {
        let text = "<a href=\"{{ opt_out }}\">{% if a %}{{ name|default(\"<您>\") }}{% endif %}</a>{# no #}";
        let mut tokens = Tokens::default();
        let kept = tokens.take(text).expect("all closed");
        assert_eq!(
            kept,
            "<a href=\"zq0qz\"><!--zq1qz-->zq2qz<!--zq3qz--></a><!--zq4qz-->"
        );
        assert_eq!(tokens.put_back(&kept), text);
    }

    #[test]
    fn a_brace_that_stays_open_is_named_with_its_line() {
        let fault = Tokens::default()
            .take("<p>\n{{ name </p>")
            .expect_err("open");
        assert_eq!(fault, LetterFault::Unclosed { line: 2 });
    }
}
