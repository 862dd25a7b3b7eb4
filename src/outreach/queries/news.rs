//! SQL of issues of news.
