//! What stands between the cells of a text.

use super::delimited::split_line;
use super::lines::Line;

/// Tried in this order; the earlier wins where two fit equally well.
pub const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// What was found out about the cells of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DelimiterFound {
    pub delimiter: char,
    /// The first line only says what the delimiter is (`sep=;`).
    pub declared: bool,
    /// How many cells most lines have.
    pub width: usize,
}

/// Decides by the first lines: the delimiter by which most of them have the same number of cells.
pub(crate) fn guess(lines: &[Line], forced: Option<char>) -> DelimiterFound {
    let declared = lines.first().and_then(|line| declaration(&line.text));
    let lines = &lines[usize::from(declared.is_some()).min(lines.len())..];
    if let Some(delimiter) = forced.or(declared) {
        return DelimiterFound {
            delimiter,
            declared: declared.is_some(),
            width: width(lines, delimiter).1,
        };
    }
    let tried = DELIMITERS.map(|delimiter| (width(lines, delimiter), delimiter));
    let mut best = tried[0];
    for one in tried {
        let fits =
            |((agreeing, width), _): ((usize, usize), char)| if width > 1 { agreeing } else { 0 };
        if fits(one) > fits(best) || (fits(one) == fits(best) && one.0.1 > best.0.1 && best.0.1 < 2)
        {
            best = one;
        }
    }
    DelimiterFound {
        delimiter: best.1,
        declared: false,
        width: best.0.1,
    }
}

/// `sep=;`, as Excel writes and obeys it.
fn declaration(line: &str) -> Option<char> {
    let mut rest = line
        .trim_start_matches('\u{FEFF}')
        .trim_end()
        .strip_prefix("sep=")?
        .chars();
    let delimiter = rest.next()?;
    (rest.next().is_none() && DELIMITERS.contains(&delimiter)).then_some(delimiter)
}

/// How many lines agree on a number of cells, and which.
fn width(lines: &[Line], delimiter: char) -> (usize, usize) {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for line in lines.iter().filter(|line| !line.text.trim().is_empty()) {
        let cells = split_line(&line.text, delimiter).len();
        match counts.iter_mut().find(|(_, width)| *width == cells) {
            Some((agreeing, _)) => *agreeing += 1,
            None => counts.push((1, cells)),
        }
    }
    let wide = counts.iter().filter(|(_, width)| *width > 1).max().copied();
    wide.or_else(|| counts.into_iter().max()).unwrap_or((0, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(text: &str) -> (char, usize) {
        let lines: Vec<Line> = text
            .lines()
            .map(|text| Line {
                no: 0,
                text: text.into(),
                bad: false,
                too_long: false,
                had_nul: false,
            })
            .collect();
        let found = guess(&lines, None);
        (found.delimiter, found.width)
    }

    #[test]
    fn the_delimiter_that_cuts_evenly_wins() {
        assert_eq!(guessed("a,b,c\n1,2,3\n4,5,6"), (',', 3));
        assert_eq!(
            guessed("Company;City\nBig, Old & Co.;Köln\nA, B, C;Ulm"),
            (';', 2)
        );
        assert_eq!(guessed("公司\t电话\n甲\t0512-65801234;8001"), ('\t', 2));
        assert_eq!(guessed("号码\n13912345678\n13912345679"), (',', 1));
        assert_eq!(guessed("sep=|\na,b|c"), ('|', 2));
        assert_eq!(guessed(""), (',', 1));
    }
}
