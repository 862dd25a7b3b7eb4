//! Pure normal forms: how a value on a list is read and compared. Nothing here knows a database.

pub mod birthday;
pub mod company_name;
pub mod completeness;
pub mod credit_code;
pub mod email;
pub mod fold;
pub mod hash;
pub mod industry;
pub mod needs;
pub mod person_name;
pub mod phone;
pub mod pinyin;
pub mod placing;
pub mod read_value;
pub mod region;
pub mod script;
pub mod size;
pub mod sought;
pub mod standing;
pub mod urgency;
pub mod values;
