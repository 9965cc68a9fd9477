/// A channel on one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The channel.
    pub channel: usize,
    /// The first round of it.
    pub from: usize,
    /// How many.
    pub rounds: usize,
    /// The sample that it holds.
    pub sample: i32,
}
