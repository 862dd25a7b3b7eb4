//! `/mailings` and `/deliveries`.
