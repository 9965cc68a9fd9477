//! Sends a long synthetic recording through encoder and decoder and prints the memory in use:
//!
//! ```sh
//! cargo run --release -p tierwire-codec --example long_run -- CHANNELS SECONDS
//! ```
//!
//! One thread makes rounds and compresses them into a pipe, the other decompresses what comes out of
//! it. Every byte is compared with the one that went in.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::time::Instant;

use tierwire_codec::converter::{Converter, Token};
use tierwire_codec::shipped::DEFAULT;
use tierwire_codec::synthetic::{RATE, Synthetic};
use tierwire_codec::twr::{self, Original};
use tierwire_codec::{TableSet, shipped};

type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (channels, seconds) = match &arguments[..] {
        [] => (1, 60),
        [channels, seconds] => (channels.parse()?, seconds.parse()?),
        _ => return Err("usage: long_run CHANNELS SECONDS".into()),
    };
    let set = shipped(DEFAULT).ok_or("no default table set")?;
    run(&set, channels, seconds * u64::from(RATE))
}

/// Compresses and decompresses this many rounds, and prints time and memory.
pub fn run(set: &TableSet, channels: u16, rounds: u64) -> Result<(), Error> {
    let start = Instant::now();
    let reel = Reel::new(channels);
    let bytes = 2 * u64::from(channels) * rounds;
    let (mut made, mut due) = (reel.play(bytes), reel.play(bytes));
    let (input, output) = io::pipe()?;
    let original = Original::Raw { rate: RATE, channels };
    let (there, back) = std::thread::scope(|scope| {
        let there = scope.spawn(move || {
            twr::compress(&mut made, output, &twr::Options { original, ..twr::Options::new(set) })
        });
        let mut check = Check { due: &mut due, bytes: 0, told: 0, start };
        let back = twr::decompress(input, &mut check, |_| Some(Cow::Borrowed(set)));
        (there.join(), back)
    });
    let there = there.map_err(|_| "the encoder panicked")??;
    let back = back?;
    if back.original_bytes != bytes || due.left > 0 {
        return Err(format!("{} bytes of {bytes} came back", back.original_bytes).into());
    }
    let seconds = start.elapsed().as_secs_f64();
    let per_second = |time: std::time::Duration| back.samples as f64 / time.as_secs_f64() / 1e6;
    println!(
        "{} samples of {channels} channels, all right; ratio {:.3}\n\
         {seconds:.0} s; encoder {:.1}, decoder {:.1} million samples per second of one core\n\
         peak memory {:.1} MB",
        back.samples,
        bytes as f64 / there.compressed_bytes as f64,
        per_second(there.codec_time),
        per_second(back.codec_time),
        memory("VmHWM:"),
    );
    Ok(())
}

/// Some synthetic rounds that are repeated, each time shifted by some steps of the converter.
/// (Generating new ones would take ten times as long as the codec.)
struct Reel {
    converter: Converter,
    tokens: Vec<Token>,
}

impl Reel {
    fn new(channels: u16) -> Reel {
        let samples =
            Synthetic::default().rounds(1, channels.into(), (1 << 22) / usize::from(channels));
        let converter = Converter::challenge();
        let tokens = samples.into_iter().filter_map(|sample| converter.token(sample)).collect();
        Reel { converter, tokens }
    }

    fn play(&self, bytes: u64) -> Playing<'_> {
        Playing { reel: self, turn: 0, at: 0, left: bytes, ready: io::Cursor::default() }
    }
}

/// The bytes of the repeated rounds.
struct Playing<'r> {
    reel: &'r Reel,
    turn: u64,
    at: usize,
    left: u64,
    ready: io::Cursor<Vec<u8>>,
}

impl Read for Playing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut got = self.ready.read(buffer)?;
        if got == 0 && self.left > 0 {
            if self.at == self.reel.tokens.len() {
                (self.at, self.turn) = (0, self.turn + 1);
            }
            let tokens = &self.reel.tokens[self.at..];
            let tokens = &tokens[..tokens.len().min(1 << 15).min(self.left as usize / 2)];
            let shift = (self.turn * 37 % 201) as i16 - 100;
            let converter = &self.reel.converter;
            let samples =
                tokens.iter().map(|&token| converter.sample(converter.at_offset(token, shift)));
            self.ready = io::Cursor::new(samples.flat_map(i16::to_le_bytes).collect());
            self.at += tokens.len();
            self.left -= 2 * tokens.len() as u64;
            got = self.ready.read(buffer)?;
        }
        Ok(got)
    }
}

/// Compares the output with the expected bytes, and prints time and memory on the way.
struct Check<'p, 'r> {
    due: &'p mut Playing<'r>,
    bytes: u64,
    told: u64,
    start: Instant,
}

impl Write for Check<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut due = vec![0; bytes.len()];
        self.due.read_exact(&mut due)?;
        if due != bytes {
            return Err(io::Error::other("not what went in"));
        }
        self.bytes += bytes.len() as u64;
        if self.bytes - self.told >= 1 << 29 {
            self.told = self.bytes;
            println!(
                "{:6.1} s {:12} samples, memory {:.1} MB",
                self.start.elapsed().as_secs_f64(),
                self.bytes / 2,
                memory("VmRSS:")
            );
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Memory of this program in megabytes, if the system reports it.
fn memory(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kilobytes = line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse().ok());
    kilobytes.unwrap_or(f64::NAN) / 1000.0
}
