//! `.twr` files, unchanged and with every CRC corrected.

use std::borrow::Cow;
use std::io::Write;

use golden_model::TableSet;
use golden_model::twr::{self, Content, Error, Identity, SampleReader};

use crate::choices::table_sets;

/// Bytes of samples in a full block.
const FULL_BLOCK: u64 = 1 << 23;

/// An input is a byte and a file: even, the file itself; odd, the parts that [`seal`] joins.
pub fn run(input: &[u8]) {
    let Some((mode, file)) = input.split_first() else { return };
    match mode % 2 {
        0 => read(file),
        _ => read(&seal(file)),
    }
}

fn read(file: &[u8]) {
    let report = twr::inspect(file);
    let mut back = Counted::default();
    let summary = twr::decompress(file, &mut back, lookup);
    // A block holds at most 32 bytes for each of its own; one of decisions, a full block's.
    let most = match file.get(3) {
        Some(5) => file.len() as u64 * FULL_BLOCK,
        _ => 32 * file.len() as u64,
    };
    assert!(back.bytes <= most + 44, "{} bytes came out", back.bytes);
    if let Ok((header, _)) = twr::peek(file)
        && let Content::Samples { table_set, .. } = header.content
        && let Some(set) = lookup(&table_set)
    {
        // The reader of samples accepts exactly the files that decompress.
        let samples = samples(file, &set);
        assert_eq!(samples, summary.as_ref().ok().map(|summary| summary.samples));
    }
    match (report, summary) {
        (Ok(report), Ok(summary)) => {
            let Content::Samples { channels, folder, .. } = report.header.content else { return };
            assert_eq!(summary.samples, report.rounds * u64::from(channels));
            assert!(folder || summary.original_bytes == report.original_bytes);
        }
        // Only the program that writes a folder reads its manifest.
        (Err(Error::Corrupt { place, .. }), Ok(_)) => assert_eq!(place, twr::Place::Manifest),
        (Err(Error::Truncated(place)), Ok(_)) => assert_eq!(place, twr::Place::Manifest),
        (Err(error), Ok(_)) => panic!("decompressed, but not inspected: {error}"),
        // `inspect` does not read codes.
        (_, Err(_)) => {}
    }
}

/// The number of samples; `None` if the file is not valid.
fn samples(file: &[u8], set: &TableSet) -> Option<u64> {
    let mut reader = SampleReader::new(file, set).ok()?;
    let (mut samples, mut all) = (Vec::new(), 0);
    loop {
        match reader.read(&mut samples).ok()? {
            0 => return Some(all),
            some => all += some as u64,
        }
        samples.clear();
    }
}

fn lookup(wanted: &Identity) -> Option<Cow<'static, TableSet>> {
    let set = table_sets().iter().find(|set| set.name() == wanted.name);
    set.map(Cow::Borrowed)
}

/// Joins the parts of a file: a byte for the header's length and the header, then for each block two
/// bytes for its length and the block. Every CRC is right, except that of the whole file.
pub fn seal(parts: &[u8]) -> Vec<u8> {
    let mut rest = parts;
    let mut take = |len: usize| {
        let (part, after) = rest.split_at(len.min(rest.len()));
        rest = after;
        part
    };
    let header = match take(1) {
        [len] => take(usize::from(*len)),
        _ => return Vec::new(),
    };
    let mut file = header.to_vec();
    while let [low, high] = take(2) {
        let block = take(usize::from(u16::from_le_bytes([*low, *high])));
        let crc = crc32fast::hash(&[header, block].concat());
        file.extend(block);
        file.extend(crc.to_le_bytes());
    }
    file
}

/// The parts of a small valid file, as [`seal`] takes them.
pub fn unseal(file: &[u8]) -> Option<Vec<u8>> {
    (5..file.len().min(80)).find_map(|header| {
        let (header, mut rest) = file.split_at(header);
        let mut parts = [&[header.len() as u8], header].concat();
        // The end has the CRC of the whole file, not of a block: it is not sealed.
        while rest.len() > 5 {
            let ends_at = |end: &usize| {
                let (block, crc) = rest.split_at(*end);
                let sum = crc32fast::hash(&[header, block].concat());
                crc.starts_with(&sum.to_le_bytes())
            };
            let end = (1..rest.len() - 3).find(ends_at)?;
            parts.extend([&(end as u16).to_le_bytes()[..], &rest[..end]].concat());
            rest = &rest[end + 4..];
        }
        Some(parts)
    })
}

/// Counts bytes.
#[derive(Default)]
struct Counted {
    bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
