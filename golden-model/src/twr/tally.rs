//! Counting and summing what is read and written.

use std::io::{self, Read, Write};

/// Counts and sums all bytes that pass.
#[derive(Debug)]
pub(super) struct Tally<T> {
    pub inner: T,
    pub bytes: u64,
    pub crc: crc32fast::Hasher,
}

impl<T> Tally<T> {
    pub fn new(inner: T) -> Tally<T> {
        Tally { inner, bytes: 0, crc: crc32fast::Hasher::new() }
    }

    pub fn crc(&self) -> u32 {
        self.crc.clone().finalize()
    }
}

impl<R: Read> Read for Tally<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.crc.update(&buffer[..got]);
        self.bytes += got as u64;
        Ok(got)
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let put = self.inner.write(bytes)?;
        self.crc.update(&bytes[..put]);
        self.bytes += put as u64;
        Ok(put)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
