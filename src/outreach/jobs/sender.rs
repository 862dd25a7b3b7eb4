//! Workers that claim deliveries and send them.
