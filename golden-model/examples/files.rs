//! Files over `std::io`: samples and whole WAV files into `.twr` files and out of them:
//! `cargo run -p tierwire-codec --example files`.

use std::borrow::Cow;
use std::io::Seek;

use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::twr::{self, SampleReader, SampleWriter};
use tierwire_codec::wav::Recording;
use tierwire_codec::{DEFAULT, shipped};

/// Writes and reads samples, then a WAV file.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = shipped(DEFAULT).ok_or("no such table set")?;
    let (rate, channels) = (19531, 4);
    let samples = Synthetic::default().rounds(1, channels.into(), 10_000);

    // Samples, as they come from a recorder: any number at a time.
    let mut file = tempfile::tempfile()?;
    let mut writer = SampleWriter::new(&file, &set, rate, channels)?;
    for some in samples.chunks(1000) {
        writer.write(some)?;
    }
    let summary = writer.finish()?;
    println!("{} bytes became {}", summary.original_bytes, summary.compressed_bytes);

    file.rewind()?;
    let mut reader = SampleReader::new(&file, &set)?;
    assert_eq!((reader.rate(), reader.channels()), (rate, channels));
    let mut back = Vec::new();
    while reader.read(&mut back)? > 0 {}
    assert_eq!(back, samples);

    // A WAV file is restored byte for byte, whatever else is in it.
    let mut wav = Vec::new();
    Recording { rate, channels, samples }.write(&mut wav)?;
    let mut small = Vec::new();
    twr::compress(&wav[..], &mut small, &twr::Options::new(&set))?;
    let mut again = Vec::new();
    twr::decompress(&small[..], &mut again, |wanted| shipped(&wanted.name).map(Cow::Owned))?;
    assert_eq!(again, wav);
    Ok(())
}
