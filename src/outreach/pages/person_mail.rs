//! What a person was sent, and why or why not.
