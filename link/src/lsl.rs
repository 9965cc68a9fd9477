//! Lab Streaming Layer: an outlet that other programs on the network find by its name.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use lsl::{ChannelFormat, ExPushable, StreamInfo, StreamOutlet};

use crate::{Encoding, Sink, SinkError, StreamFormat};

/// Pieces that the outlet may be behind before it loses some: a recording never waits for it.
const BEHIND: usize = 256;
/// Seconds that the outlet keeps for a slow reader.
const KEPT: i32 = 10;

/// An outlet, on a thread of its own, which it may not leave.
pub struct Lsl {
    pieces: SyncSender<Vec<u8>>,
}

impl Lsl {
    pub fn open(name: &str, format: &StreamFormat, encoding: Encoding) -> Result<Lsl, SinkError> {
        let (pieces, receiver) = sync_channel(BEHIND);
        let (opened, open) = sync_channel(1);
        let (own, channels, rate) = (name.to_owned(), format.channels(), format.samples_per_s);
        let source = format!("tierwire {}", format.profile);
        std::thread::spawn(move || {
            let form = match encoding {
                Encoding::I16 => ChannelFormat::Int16,
                Encoding::F32 => ChannelFormat::Float32,
            };
            let info = StreamInfo::new(&own, "EEG", channels as u32, rate, form, &source);
            match info.and_then(|info| StreamOutlet::new(&info, 0, KEPT)) {
                Ok(outlet) => {
                    // Nobody waits for the answer any more when this fails.
                    let _ = opened.send(Ok(()));
                    push(&outlet, &receiver, channels, encoding);
                }
                Err(error) => drop(opened.send(Err(error.to_string()))),
            }
        });
        let answer = open.recv().unwrap_or_else(|_| Err("its thread failed".into()));
        let failed = |why: String| SinkError::io(&format!("lsl:{name}"))(io::Error::other(why));
        answer.map_err(failed)?;
        Ok(Lsl { pieces })
    }
}

/// Pushes what comes, until nothing comes any more.
fn push(outlet: &StreamOutlet, pieces: &Receiver<Vec<u8>>, channels: usize, encoding: Encoding) {
    for piece in pieces {
        let rounds = piece.chunks_exact(channels * encoding.bytes());
        // An outlet that nobody reads takes everything.
        let _ = match encoding {
            Encoding::I16 => {
                let round = |round: &[u8]| {
                    round.as_chunks().0.iter().map(|&two| i16::from_le_bytes(two)).collect()
                };
                outlet.push_chunk_ex(&rounds.map(round).collect::<Vec<Vec<i16>>>(), 0.0, true)
            }
            Encoding::F32 => {
                let round = |round: &[u8]| {
                    round.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect()
                };
                outlet.push_chunk_ex(&rounds.map(round).collect::<Vec<Vec<f32>>>(), 0.0, true)
            }
        };
    }
}

impl Sink for Lsl {
    fn write(&mut self, rounds: &[u8]) -> Result<(), SinkError> {
        match self.pieces.try_send(rounds.to_vec()) {
            Ok(()) | Err(TrySendError::Full(_)) => Ok(()),
            Err(TrySendError::Disconnected(_)) => {
                Err(SinkError::io("lsl")(io::Error::other("the outlet has ended")))
            }
        }
    }

    fn finish(self: Box<Self>) -> Result<(), SinkError> {
        Ok(())
    }
}
