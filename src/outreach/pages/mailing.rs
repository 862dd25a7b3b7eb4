//! One mailing and how it goes.
