//! Pure normal forms: how a value on a list is read and compared. Nothing here knows a database.

pub mod fold;
pub mod placing;
pub mod standing;
pub mod values;
pub mod company_name;
pub mod completeness;
pub mod credit_code;
pub mod email;
pub mod hash;
pub mod industry;
pub mod person_name;
pub mod phone;
pub mod pinyin;
pub mod region;
pub mod script;
pub mod size;
