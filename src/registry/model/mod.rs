//! The words of the registry: what is stored about companies, persons, their numbers, and who said it.

mod company;
mod field;
mod merge;
mod person;
mod point;
mod record;
mod said;

pub use company::{CHANNELS, Company, CompanyState, channel_bit, flags};
pub use field::{FIELDS, Field, FieldShape, Part};
pub use merge::Merge;
pub use person::{Contact, Person};
pub use point::{ContactPoint, NewPoint, Owner, PointKind, PointState, SaidPoint};
pub use record::{NewSaid, Record, RecordKind};
pub(crate) use said::whole;
pub use said::{Said, SaidValue};
