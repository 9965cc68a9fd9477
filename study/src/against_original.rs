//! Compares output with the original.

use std::io::{self, Read, Write};

/// Compares bytes with the original's without storing either.
pub struct AgainstOriginal<R> {
    original: R,
    same: u64,
    difference: Option<Difference>,
    buffer: Vec<u8>,
}

/// How they differ.
#[derive(Debug)]
pub enum Difference {
    /// At this byte.
    Byte(u64),
    /// The original ends here, the other continues.
    Longer(u64),
    /// The other ends here, the original continues.
    Shorter(u64),
    /// The original cannot be read.
    Unreadable(io::Error),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Byte(at) => write!(f, "differs from byte {at} on, counted from 0"),
            Difference::Longer(at) => write!(f, "goes on after its {at} bytes"),
            Difference::Shorter(at) => write!(f, "ends after {at} of its bytes"),
            Difference::Unreadable(error) => write!(f, "it cannot be read: {error}"),
        }
    }
}

impl<R: Read> AgainstOriginal<R> {
    /// Compares with `original`.
    pub fn new(original: R) -> AgainstOriginal<R> {
        AgainstOriginal { original, same: 0, difference: None, buffer: Vec::new() }
    }

    /// The difference that made writing fail.
    pub fn difference(self) -> Option<Difference> {
        self.difference
    }

    /// The difference, after the last byte was written.
    pub fn finish(mut self) -> Option<Difference> {
        let more = (&mut self.original).take(1).read_to_end(&mut self.buffer);
        self.difference.or(match more {
            Ok(0) => None,
            Ok(_) => Some(Difference::Shorter(self.same)),
            Err(error) => Some(Difference::Unreadable(error)),
        })
    }

    fn compare(&mut self, bytes: &[u8]) -> Result<(), Difference> {
        self.buffer.clear();
        let mut original = (&mut self.original).take(bytes.len() as u64);
        original.read_to_end(&mut self.buffer).map_err(Difference::Unreadable)?;
        if bytes == self.buffer {
            self.same += bytes.len() as u64;
            return Ok(());
        }
        let same = bytes.iter().zip(&self.buffer).take_while(|(a, b)| a == b).count();
        self.same += same as u64;
        Err(match same {
            _ if same == self.buffer.len() => Difference::Longer(self.same),
            _ => Difference::Byte(self.same),
        })
    }
}

impl<R: Read> Write for AgainstOriginal<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.compare(bytes).map_err(|difference| {
            self.difference = Some(difference);
            io::Error::other("not the original")
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
