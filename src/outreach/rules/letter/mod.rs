//! Letters: MJML to HTML, merge fields, text part, legal mark.
