//! The calendar at work: mailings of occasions, and the word of the owners.
