//! **Layouts**: where the samples of a recorder's file are.
//!
//! ```text
//! head | record | record | ... | tail        record: plain bytes and samples, field after field
//! ```
//!
//! A [`Layout`] says how long the head is and what a record holds. What does not fill a record at the
//! end is the tail. Head and tail are plain bytes. [`Layout::split`] turns records into samples and
//! plain bytes, [`Layout::join`] turns them back into the same bytes.

mod rate;
mod record;
mod split;

pub(crate) use rate::greatest_common_divisor;
pub use rate::{Rate, RateError};
pub use record::{Channel, Field, Group, Layout, LayoutError, MAX_RECORD, SampleFormat};
pub use split::{JoinError, Parts, Samples};
