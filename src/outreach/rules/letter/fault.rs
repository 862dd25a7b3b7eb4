//! What is wrong with a letter that somebody wrote, with the place.

use crate::platform::error::AppError;

/// Why a letter is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterFault {
    /// No subject.
    NoSubject,
    /// A subject of several lines, or of more than [`super::SUBJECT`] characters.
    SubjectLong,
    /// No text.
    Empty,
    /// More than [`super::SOURCE`] bytes.
    TooLong,
    /// A field that there is not.
    UnknownField {
        /// As it was written.
        name: String,
        /// What was probably meant.
        near: Option<&'static str>,
    },
    /// `{{` or `{%` without its end.
    Unclosed {
        /// Line of the text, from 1.
        line: usize,
    },
    /// A field or condition that cannot be read.
    Merge {
        /// Line of the text, from 1.
        line: usize,
        /// What is there.
        near: String,
    },
    /// MJML that cannot be read.
    Markup {
        /// Line of the text, from 1.
        line: usize,
        /// What is there.
        near: String,
    },
    /// Elements within each other, deeper than any letter needs.
    TooDeep {
        /// Line of the text, from 1.
        line: usize,
    },
    /// Any of these about a field, in the subject.
    InSubject(Box<LetterFault>),
    /// It cannot be written even for the sample: endless, or a part of a piece of news that there is not.
    Unwritable,
    /// Script, form, frame or a font from elsewhere: no mail program shows them, and filters take them for fraud.
    Forbidden {
        /// The element.
        name: &'static str,
    },
}

impl LetterFault {
    /// Told at the field of the form that it is about.
    pub fn error(self) -> AppError {
        match self {
            Self::InSubject(fault) => fault.told_at("subject"),
            Self::NoSubject | Self::SubjectLong => self.told_at("subject"),
            _ => self.told_at("source"),
        }
    }

    fn told_at(self, field: &'static str) -> AppError {
        match self {
            Self::InSubject(fault) => fault.told_at(field),
            Self::NoSubject => AppError::invalid("letter_no_subject", field),
            Self::SubjectLong => AppError::invalid("letter_subject_long", field),
            Self::Empty => AppError::invalid("letter_empty", field),
            Self::TooLong => AppError::invalid("letter_too_long", field),
            Self::UnknownField { name, near: None } => {
                AppError::invalid("letter_field_unknown", field).with("name", name)
            }
            Self::UnknownField {
                name,
                near: Some(near),
            } => AppError::invalid("letter_field_mistyped", field)
                .with("name", name)
                .with("near", near),
            Self::Unclosed { line } => {
                AppError::invalid("letter_brace_open", field).with("line", line)
            }
            Self::Merge { line, near } => AppError::invalid("letter_merge_wrong", field)
                .with("line", line)
                .with("near", near),
            Self::Markup { line, near } => AppError::invalid("letter_markup_wrong", field)
                .with("line", line)
                .with("near", near),
            Self::TooDeep { line } => {
                AppError::invalid("letter_too_deep", field).with("line", line)
            }
            Self::Unwritable => AppError::invalid("letter_unwritable", field),
            Self::Forbidden { name } => {
                AppError::invalid("letter_forbidden", field).with("name", name)
            }
        }
    }
}
