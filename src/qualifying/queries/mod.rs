//! SQL of qualifying: what evidence is read from, grades and their history, contradictions.

pub(in crate::qualifying) mod contradictions;
pub(in crate::qualifying) mod events;
pub(in crate::qualifying) mod evidence;
pub(in crate::qualifying) mod grades;
