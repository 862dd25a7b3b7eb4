//! Deciding the audience of a mailing, a piece at a time.
