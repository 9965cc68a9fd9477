//! What a receiver has counted, and a line of it.

use std::fmt;

use serde::Serialize;

/// What has happened since the receiver began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Frames whose samples were decoded.
    pub frames: u64,
    /// Frames that are missing, for any reason.
    pub missing: u64,
    /// Of these: nothing arrived instead.
    pub lost: u64,
    /// Of these: something damaged, or of another sender, arrived instead.
    pub damaged: u64,
    /// Of these: dropped by the sender.
    pub broken: u64,
    /// Of these: they follow a missing frame, and no keyframe came since.
    pub undecodable: u64,
    /// Frames or pieces that arrived again.
    pub repeated: u64,
    /// Frames or pieces that arrived after their turn.
    pub late: u64,
    /// Frames of which only some pieces arrived.
    pub incomplete: u64,
    /// Inputs that are no frame of this stream: damaged, foreign, or datagrams that cannot be read.
    pub refused: u64,
    /// Bytes between frames.
    pub skipped_bytes: u64,
    /// Times that the sender began anew.
    pub restarts: u64,
    /// Bytes that arrived.
    pub bytes: u64,
}

/// How the link is, for a line or a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct State {
    /// Seconds since the first bytes arrived.
    pub seconds: f64,
    /// What was counted.
    #[serde(flatten)]
    pub counters: Counters,
    /// Samples per second of each channel, over the last second.
    pub rounds_per_s: f64,
    /// Samples per second of all channels, over the last second.
    pub samples_per_s: f64,
    /// How much later than the earliest the last frame came, in milliseconds.
    pub delay_ms: f64,
    /// Waiting between the source and the decoder, in bytes.
    pub backlog_bytes: u64,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counters { frames, lost, damaged, broken, undecodable, .. } = self.counters;
        write!(
            f,
            "{:.0} s: {frames} frames, {lost} lost, {damaged} damaged, {broken} broken, {undecodable} \
             without a keyframe, {:.3e} samples/s, delay {:.1} ms",
            self.seconds, self.samples_per_s, self.delay_ms
        )
    }
}
