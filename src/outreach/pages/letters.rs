//! Letters: list, editor, preview.
