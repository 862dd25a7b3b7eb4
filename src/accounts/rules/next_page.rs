//! Where the log-in may send somebody afterwards: to a page of our own, never elsewhere.

/// The page to open after the log-in; anything that is no path of ours becomes the first page.
pub fn next_page(asked: &str) -> &str {
    let is_own = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && !asked.chars().any(char::is_control);
    let is_door = ["/login", "/logout", "/first-run", "/api/", "/assets/"]
        .iter()
        .any(|door| asked.starts_with(door));
    if is_own && !is_door { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_our_own_is_taken() {
        for (asked, page) in [
            ("/companies?q=1", "/companies?q=1"),
            ("", "/"),
            ("https://evil.example/", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("/logout", "/"),
        ] {
            assert_eq!(next_page(asked), page, "{asked:?}");
        }
    }
}
