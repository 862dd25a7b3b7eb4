//! Making, approving, starting, pausing and calling off mailings.
