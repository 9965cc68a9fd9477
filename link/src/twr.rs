//! `.twr` files: raw samples in an archive, compressed on a thread of its own while they arrive.

use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use golden_model::archive::{self, Entry, Writer};
use golden_model::layout::{Channel, Group, Layout, SampleFormat};
use recorders::output::Output;

use crate::{Sink, SinkError, StreamFormat};

/// Pieces that wait to be compressed, of about a megabyte.
const WAITING: usize = 16;
const PIECE: usize = 1 << 20;

/// A `.twr` file.
pub struct Twr {
    name: String,
    piece: Vec<u8>,
    sender: SyncSender<Vec<u8>>,
    writer: JoinHandle<Result<Output, archive::Error>>,
}

impl Twr {
    pub fn create(path: &Path, format: &StreamFormat) -> Result<Twr, SinkError> {
        let mut output = Output::create(path)?;
        let name = output.name.clone();
        let channels = vec![Channel::default(); format.channels()];
        let group = Group { format: SampleFormat::I16, rate: format.rate(), channels };
        let layout = Layout::interleaved(0, group);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let entry = format!("{stem}.raw");
        let (sender, receiver) = sync_channel(WAITING);
        let writer = std::thread::spawn(move || {
            let mut pieces = Pieces { receiver, piece: io::Cursor::default() };
            let mut writer = Writer::new(&mut output)?;
            writer.file(Entry::new(&entry, Some(&layout)), &mut pieces, &mut |_| ())?;
            writer.finish()?;
            Ok(output)
        });
        Ok(Twr { name, piece: Vec::new(), sender, writer })
    }

    fn archive(name: String) -> impl Fn(archive::Error) -> SinkError {
        move |error| SinkError::Archive { name: name.clone(), error }
    }
}

impl Sink for Twr {
    fn write(&mut self, rounds: &[u8]) -> Result<(), SinkError> {
        self.piece.extend(rounds);
        if self.piece.len() < PIECE {
            return Ok(());
        }
        // The writer ends early only with an error, which `finish` has.
        let gone = || SinkError::io(&self.name)(io::Error::other("cannot be written"));
        self.sender.send(std::mem::take(&mut self.piece)).map_err(|_| gone())
    }

    fn finish(self: Box<Self>) -> Result<(), SinkError> {
        let Twr { name, piece, sender, writer } = *self;
        // Without a taker the error follows.
        let _ = sender.send(piece);
        drop(sender);
        let output = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok(output.map_err(Twr::archive(name))?.finish()?)
    }
}

/// Pieces, read one after the other.
struct Pieces {
    receiver: Receiver<Vec<u8>>,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = self.piece.read(buffer)?;
            if got > 0 || buffer.is_empty() {
                return Ok(got);
            }
            match self.receiver.recv() {
                Ok(piece) => self.piece = io::Cursor::new(piece),
                Err(_) => return Ok(0),
            }
        }
    }
}
