//! How fast one recipient domain is served: slow at first, faster while it goes well, slower when it asks for it.
