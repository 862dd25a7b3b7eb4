//! Due this week.
