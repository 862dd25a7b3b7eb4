//! Quoted-printable (RFC 2045, 6.7) for the parts of a letter.
//!
//! The library's own way there counts a text several times, inserts its line ends one by one and asks for room at every
//! line: half of the time in which a letter is made.

/// Longest line, without the sign that it goes on.
const WIDTH: usize = 75;
/// How wide a byte is that does not stand for itself.
const QUOTED: usize = 3;
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Bytes that stand for themselves; what depends on their place is seen to by itself.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = byte != b'=';
        byte += 1;
    }
    plain[b'\t' as usize] = true;
    plain
};

/// The text in lines of ASCII. No line begins with a dot, so that none has to be doubled on the wire.
pub(super) fn quoted_printable(text: &str) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(text.len() + text.len() / 2);
    for line in text.split_inclusive('\n') {
        let ended = line.strip_suffix('\n');
        // A carriage return without the end of a line is a sign like any other.
        let words = ended.map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        quote_line(words.as_bytes(), &mut quoted);
        if ended.is_some() {
            quoted.extend_from_slice(b"\r\n");
        }
    }
    quoted
}

fn quote_line(line: &[u8], quoted: &mut Vec<u8>) {
    let (mut rest, mut column) = (line, 0);
    while let Some(&first) = rest.first() {
        let plain = match first {
            b'.' if column == 0 => 0,
            _ => plain_part(rest, WIDTH - column),
        };
        if plain > 0 {
            quoted.extend_from_slice(&rest[..plain]);
            rest = &rest[plain..];
            column += plain;
        } else if column + QUOTED > WIDTH {
            quoted.extend_from_slice(b"=\r\n");
            column = 0;
        } else {
            // A Chinese sign is three of them, and seldom alone.
            let reach = &rest[..rest.len().min((WIDTH - column) / QUOTED)];
            let others = reach.iter().position(|byte| PLAIN[usize::from(*byte)]);
            let (others, behind) = rest.split_at(others.unwrap_or(reach.len()).max(1));
            for byte in others {
                let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
                quoted.extend_from_slice(&[b'=', HEX[high], HEX[low]]);
            }
            rest = behind;
            column += QUOTED * others.len();
        }
    }
}

/// How much of a line stands for itself, of so many bytes. A gap at the end of a line would be lost on the way.
fn plain_part(line: &[u8], most: usize) -> usize {
    let reach = &line[..most.min(line.len())];
    let (parts, _) = reach.as_chunks::<16>();
    let begins = 16 * parts.iter().take_while(|part| is_plain(part)).count();
    let rest = &reach[begins..];
    let plain = rest.iter().position(|byte| !PLAIN[usize::from(*byte)]);
    let plain = begins + plain.unwrap_or(rest.len());
    let ends_in_gap = plain == line.len() && matches!(line.last(), Some(b' ' | b'\t'));
    plain - usize::from(ends_in_gap)
}

/// Whether all of these stand for themselves; without a table, so that they are looked at together.
fn is_plain(part: &[u8; 16]) -> bool {
    let is_other = |byte: &u8| !(b' '..=b'~').contains(byte) | (*byte == b'=');
    !part
        .iter()
        .fold(false, |other, byte| other | is_other(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(text: &str) -> String {
        String::from_utf8(quoted_printable(text)).expect("ASCII")
    }

    #[test]
    fn a_text_is_quoted_as_the_standard_says() {
        assert_eq!(quoted("a=b\nc\r\n"), "a=3Db\r\nc\r\n");
        assert_eq!(quoted("好"), "=E5=A5=BD");
        assert_eq!(quoted("gap \nend\t"), "gap=20\r\nend=09");
        assert_eq!(quoted("a\rb\r\n\nc\r"), "a=0Db\r\n\r\nc=0D");
        assert_eq!(quoted(""), "");
        assert_eq!(quoted(".\na.\n..."), "=2E\r\na.\r\n=2E..");
        assert_eq!(quoted(&"a".repeat(75)), "a".repeat(75));
        assert_eq!(quoted(&"a".repeat(76)), format!("{}=\r\na", "a".repeat(75)));
        let dots = format!("{}.{}", "a".repeat(75), "b");
        assert_eq!(quoted(&dots), format!("{}=\r\n=2Eb", "a".repeat(75)));
    }

    proptest! {
        #[test]
        fn what_is_quoted_is_read_again(text in "([a-z .=\t\n]|\r\n|好|é){0,400}") {
            let quoted = quoted(&text);
            prop_assert!(quoted.split("\r\n").all(|line| line.len() <= WIDTH + 1 && !line.starts_with('.')));
            prop_assert!(quoted.replace("\r\n", "").chars().all(|c| c.is_ascii_graphic() || c == ' ' || c == '\t'));
            let read = mail_parser::decoders::quoted_printable::quoted_printable_decode(quoted.as_bytes());
            prop_assert_eq!(
                String::from_utf8(read.expect("quoted")).expect("UTF-8").replace("\r\n", "\n"),
                text.replace("\r\n", "\n")
            );
        }
    }
}
