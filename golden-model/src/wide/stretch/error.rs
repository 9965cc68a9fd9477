/// Why codes are no stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StretchError {
    /// The bits end before the last sample.
    #[error("the stream is too short: it ends before its last sample")]
    TooShort,
    /// Bits are left over.
    #[error("the stream is too long: bits follow its last sample")]
    TooLong,
    /// Holds that overlap or reach beyond the stretch.
    #[error("a channel's hold lies outside the stretch or overlaps another")]
    Hold,
    /// Exceptions that do not rise, or lie outside the stretch.
    #[error("an exception lies outside the stretch or out of order")]
    Exception,
    /// A rank beyond the tokens.
    #[error("a code names a rank that no token has")]
    Rank,
}
