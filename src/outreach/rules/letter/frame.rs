//! What stands around every letter: the look before it, the sender and the way out behind it. Nobody can leave it out.

use super::fault::LetterFault;
use super::tokens::Tokens;
use crate::platform::i18n::Lang;

const LOOK: &str = include_str!("../../../../templates/mail/look.mjml");
/// Styles of what stands inside a text; written into the elements, since many mail programs read nothing else.
pub(super) const STYLES: &str = include_str!("../../../../templates/mail/look.css");

fn foot(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => include_str!("../../../../templates/mail/zh-CN/foot.mjml"),
        Lang::En => include_str!("../../../../templates/mail/en/foot.mjml"),
    }
}

/// A letter in its frame, its fields taken out.
pub(super) struct Framed {
    /// The whole document.
    pub(super) document: String,
    /// Lines of the document before the letter's first one.
    pub(super) lines_before: usize,
    /// The letter, its fields taken out.
    pub(super) letter: String,
    /// What stands behind it.
    pub(super) foot: String,
}

/// Puts a letter into its frame. It is MJML for a body, a whole MJML document, or plain paragraphs.
pub(super) fn frame(tokens: &mut Tokens, lang: Lang, source: &str) -> Result<Framed, LetterFault> {
    let letter = match source.contains("<mj") {
        true => tokens.take(source)?,
        false => paragraphs(&tokens.take_words(source)?),
    };
    let foot = tokens.take(foot(lang))?;
    if let Some(end) = letter.rfind("</mj-body>") {
        let (before, after) = letter.split_at(end);
        return Ok(Framed {
            document: format!("{before}{foot}{after}"),
            lines_before: 0,
            letter,
            foot,
        });
    }
    let (preview, letter) = preview_of(letter);
    let look = tokens.take(LOOK)?;
    let head = format!(
        "<mjml lang=\"{}\"><mj-head>{look}{preview}</mj-head><mj-body background-color=\"#f3f0ea\">",
        lang.code()
    );
    Ok(Framed {
        document: format!("{head}{letter}{foot}</mj-body></mjml>"),
        lines_before: head.matches('\n').count(),
        letter,
        foot,
    })
}

/// The line that a list of mails shows behind the subject belongs to the head.
fn preview_of(letter: String) -> (String, String) {
    const END: &str = "</mj-preview>";
    match (letter.find("<mj-preview>"), letter.find(END)) {
        (Some(from), Some(to)) if from < to => {
            let to = to + END.len();
            let preview = letter[from..to].to_owned();
            let lines = "\n".repeat(preview.matches('\n').count());
            (
                preview,
                format!("{}{lines}{}", &letter[..from], &letter[to..]),
            )
        }
        _ => (String::new(), letter),
    }
}

/// Plain text as it is typed: an empty line starts a paragraph.
fn paragraphs(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let text = text.replace("\r\n", "\n");
    let whole: Vec<String> = text
        .split("\n\n")
        .map(|one| format!("<p>{}</p>", one.trim().replace('\n', "<br>\n")))
        .collect();
    format!(
        "<mj-section mj-class=\"sheet\"><mj-column><mj-text>{}</mj-text></mj-column></mj-section>",
        whole.join("\n\n")
    )
}
