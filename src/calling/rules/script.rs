//! Where a script leads: the test of a branch. The browser asks it while somebody speaks (`script.js`); here it is
//! seen whether it can be read at all.

/// Whether the test can be read: `field in A,B` or `field = A`. An empty test always holds.
pub fn is_readable(when: &str) -> bool {
    let when = when.trim();
    let Some((field, values)) = when.split_once(" in ").or_else(|| when.split_once('=')) else {
        return when.is_empty();
    };
    let field = field.trim();
    let is_code = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !field.is_empty() && field.chars().all(is_code) && !values.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_can_be_read_names_a_field_and_values() {
        for (when, yes) in [
            ("", true),
            ("urgency in M1,M3", true),
            ("urgency = M3", true),
            ("urgency M3", false),
            ("urgency in ", false),
            (" = M3", false),
            ("预算 = none", false),
        ] {
            assert_eq!(is_readable(when), yes, "{when}");
        }
    }
}
