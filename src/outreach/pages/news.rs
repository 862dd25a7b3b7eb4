//! Issues of news.
