//! What somebody says by the link of a letter.
