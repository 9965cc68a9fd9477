use crate::wide::set::WideSetError;
use crate::wide::stretch::StretchError;

/// Bytes that are no group or no stretch of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// They end too early.
    #[error("a group of channels that ends too early")]
    Short,
    /// A flag or number out of range.
    #[error("a group of channels with a wrong field: {0}")]
    Field(&'static str),
    /// No wide set.
    #[error(transparent)]
    Set(#[from] WideSetError),
    /// No stretch.
    #[error(transparent)]
    Stretch(#[from] StretchError),
    /// A token without a sample.
    #[error("a token stands for no sample")]
    Token,
}
