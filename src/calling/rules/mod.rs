//! Pure rules of calling.
