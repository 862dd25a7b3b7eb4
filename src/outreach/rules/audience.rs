//! Who is in a mailing, who is not, and why: one function decides and explains.
