//! Inputs made to take as much memory as they can: sizes that they claim take none, and what they
//! hold takes a bounded amount.

use fuzz::Target;
use golden_model::shipped;

/// Memory for a few dozen bytes, whatever they claim.
const LITTLE: usize = 100_000;

/// A header of a `.twr` file: kind, and all after the table set.
fn header(version: u8, kind: u8, fields: &[u8]) -> Vec<u8> {
    let digest = shipped("bigram-32").unwrap().digest().to_le_bytes();
    [&[b'T', b'W', b'R', version, kind, 9], &b"bigram-32"[..], &digest, fields].concat()
}

/// A block with a right CRC.
fn block(header: &[u8], head: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut hasher = crc32fast::Hasher::new();
    [header, head, payload].iter().for_each(|part| hasher.update(part));
    [head, payload, &hasher.finalize().to_le_bytes()].concat()
}

fn container(parts: &[&[u8]]) -> Vec<u8> {
    [&[0][..], &parts.concat()].concat()
}

/// One test, since memory is counted for the program as a whole.
#[test]
fn hostile_input_stays_within_its_memory_bound() {
    claimed_sizes_take_no_memory();
    the_largest_blocks_take_no_more_than_allowed();
}

fn claimed_sizes_take_no_memory() {
    // As varints: 2^32 - 1, 32767, and what blocks may hold at most.
    let (all, most) = (varint(u32::MAX as usize), varint(32767));
    let (one_channel, all_channels) = (varint(2 << 17), varint(6 << 20));
    let (rounds, run) = (varint(1 << 17), varint(1 << 20));
    let one = header(1, 1, &[&[9, 1][..], &all].concat());
    let many = header(1, 1, &[&[9][..], &most, &all].concat());
    let endless = header(1, 5, &[9, 1]);
    let folder = header(2, 0x15, &[&[9][..], &most].concat());
    let manifest = block(&folder, &[3, 8], &[0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]);
    let wav = |from: usize, with: &[u8]| {
        let mut wav = [&[0], &golden_model::wav::standard_head(9, 1, 8)[..], &[1; 8]].concat();
        wav[1 + from..][..with.len()].copy_from_slice(with);
        wav
    };
    let set = |fields: &str| {
        let rest = "name = \"a\"\ndifferences = 0\nmeans = 0\nweights = []\ntiers = []\nrows = []\n\
                    provenance = { method = \"\", files = 0, samples = 0, digest = 0 }\n";
        format!("{rest}{fields}\n").into_bytes()
    };
    let cases: [(&str, &str, Vec<u8>); 12] = [
        ("container", "4 GB of one channel", container(&[&one, &[1], &one_channel])),
        ("container", "4 GB of 32767 channels", container(&[&many, &[1], &all_channels, &[0; 20]])),
        ("container", "verbatim samples", container(&[&one, &[2], &[0; 20]])),
        (
            "container",
            "a block of 2^17 rounds",
            container(&[&endless, &[1], &rounds, &one_channel]),
        ),
        ("container", "a megabyte of other bytes", container(&[&one, &[3], &run, &[0; 20]])),
        ("container", "a manifest of 16 MB", container(&[&folder, &manifest])),
        ("wav", "4 GB of samples", wav(40, &[0xf0, 0xff, 0xff, 0xff])),
        ("wav", "a format chunk of 16 MB", wav(16, &[0, 0, 0xff, 0])),
        ("wav", "65535 channels", wav(22, &[0xff, 0xff])),
        ("table-set", "65535 rows", set("fold = 65535\nwindow = 65535\nactivity = {}")),
        (
            "table-set",
            "the largest window",
            set("fold = 1024\nwindow = 1023\nactivity = { shift = 6, start = 0, thresholds = [] }"),
        ),
        ("deframer", "an endless frame", [&[0, 0, 1, 0xff][..], &[0xa5; 255]].concat()),
    ];
    for (target, what, input) in cases {
        let taken = Target::named(target).unwrap().run(&input);
        println!("{target}: {what}: {} bytes of input, {taken} bytes of memory", input.len());
        assert!(taken < LITTLE, "{target}: {what}");
    }
}

fn the_largest_blocks_take_no_more_than_allowed() {
    let target = Target::named("container").unwrap();
    // Ten full blocks of 32 channels, and one round of the most channels, in as few bytes as possible.
    for (channels, rounds, length, blocks) in [(32, 1 << 17, 2 << 20, 10), (32767, 1, 12 << 10, 1)]
    {
        let header = header(1, 5, &[&[9][..], &varint(channels)].concat());
        let head = [&[1][..], &varint(rounds), &varint(length)].concat();
        let payload = vec![0; length];
        let input = container(&[&header, &block(&header, &head, &payload).repeat(blocks)]);
        let taken = target.run(&input);
        let (length, bound) = (input.len(), target.bound(input.len()));
        println!("{blocks} blocks: {length} bytes of input, {taken} of {bound} bytes of memory");
        assert!(taken > payload.len(), "nothing was decoded");
    }
}

fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
