//! Open Ephys: a TCP port in the format of its plugin Ephys Socket, which connects to it.
//!
//! ```text
//! bytes   field, little endian
//! 0..4    0
//! 4..8    bytes of the samples
//! 8..10   depth: 3 for 16 bits signed, 5 for 32-bit floats
//! 10..14  bytes of a sample
//! 14..18  channels
//! 18..22  samples of each channel
//! 22..    the samples, channel after channel
//! ```

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::{Encoding, Sink, SinkError, StreamFormat};

/// Blocks in a second.
const BLOCKS_PER_S: f64 = 100.0;
/// Blocks that a slow viewer may be behind before it loses some.
const BEHIND: usize = 100;

type Viewers = Arc<Mutex<Vec<SyncSender<Arc<Vec<u8>>>>>>;

/// A port that viewers connect to. A viewer that cannot keep up loses blocks; a recording never waits
/// for it.
pub struct Ephys {
    channels: usize,
    encoding: Encoding,
    /// Samples of each channel in a block.
    rounds: usize,
    /// Rounds that do not fill a block yet.
    pending: Vec<u8>,
    viewers: Viewers,
    closed: Arc<AtomicBool>,
}

impl Ephys {
    pub fn listen(
        address: SocketAddr,
        format: &StreamFormat,
        encoding: Encoding,
    ) -> Result<Ephys, SinkError> {
        let name = format!("ephys://{address}");
        let listener = TcpListener::bind(address).map_err(SinkError::io(&name))?;
        listener.set_nonblocking(true).map_err(SinkError::io(&name))?;
        let (viewers, closed) = (Viewers::default(), Arc::new(AtomicBool::new(false)));
        let rounds = (format.samples_per_s / BLOCKS_PER_S).ceil().max(1.0) as usize;
        let accepting = (viewers.clone(), closed.clone());
        std::thread::spawn(move || accept(&listener, &accepting.0, &accepting.1));
        let channels = format.channels();
        Ok(Ephys { channels, encoding, rounds, pending: Vec::new(), viewers, closed })
    }

    fn send(&self, rounds: &[u8]) {
        let block = Arc::new(block(rounds, self.channels, self.rounds, self.encoding));
        let mut viewers = self.viewers.lock().unwrap_or_else(PoisonError::into_inner);
        viewers.retain(|viewer| {
            !matches!(viewer.try_send(block.clone()), Err(TrySendError::Disconnected(_)))
        });
    }
}

impl Sink for Ephys {
    fn write(&mut self, rounds: &[u8]) -> Result<(), SinkError> {
        let bytes = self.rounds * self.channels * self.encoding.bytes();
        self.pending.extend(rounds);
        let mut pending = std::mem::take(&mut self.pending);
        let whole = pending.len() / bytes * bytes;
        pending[..whole].chunks(bytes).for_each(|block| self.send(block));
        pending.drain(..whole);
        self.pending = pending;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), SinkError> {
        Ok(())
    }
}

impl Drop for Ephys {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

/// A block with its header.
fn block(rounds: &[u8], channels: usize, count: usize, encoding: Encoding) -> Vec<u8> {
    let sample = encoding.bytes();
    let depth: u16 = match encoding {
        Encoding::I16 => 3,
        Encoding::F32 => 5,
    };
    let mut bytes = Vec::with_capacity(22 + rounds.len());
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend((rounds.len() as u32).to_le_bytes());
    bytes.extend(depth.to_le_bytes());
    for field in [sample, channels, count] {
        bytes.extend((field as u32).to_le_bytes());
    }
    for channel in 0..channels {
        for round in rounds.chunks_exact(channels * sample) {
            bytes.extend(&round[channel * sample..][..sample]);
        }
    }
    bytes
}

/// Waits for viewers, and gives each a thread that writes to it.
fn accept(listener: &TcpListener, viewers: &Viewers, closed: &AtomicBool) {
    while !closed.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        // Inherited on some systems.
        let _ = stream.set_nonblocking(false);
        let (sender, receiver) = sync_channel(BEHIND);
        viewers.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        std::thread::spawn(move || write(stream, &receiver));
    }
}

fn write(mut stream: TcpStream, blocks: &Receiver<Arc<Vec<u8>>>) {
    while let Ok(block) = blocks.recv() {
        if stream.write_all(&block).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_the_plugins_header_and_channel_after_channel() {
        let mut rounds = Vec::new();
        Encoding::I16.put(&[1, 2, 3, 4, 5, 6], &mut rounds);
        let block = block(&rounds, 2, 3, Encoding::I16);
        let header = [0, 0, 0, 0, 12, 0, 0, 0, 3, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0];
        assert_eq!(block[..22], header);
        assert_eq!(block[22..], [1, 0, 3, 0, 5, 0, 2, 0, 4, 0, 6, 0]);
    }
}
