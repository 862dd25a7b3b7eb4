//! What is due this week, and putting it into a queue or a mailing.
