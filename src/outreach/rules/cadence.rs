//! How often somebody of a grade is met, by which way, and the caps that count every touch.
