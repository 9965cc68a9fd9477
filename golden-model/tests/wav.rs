//! WAV files: what is read from them, and errors.

use crate::wav_file::{WavFile, chunk};
use std::io::{self, Read};
use tierwire_codec::wav::{
    Content, CutShort, Data, Error, Head, Integers, Recording, Unsupported, standard_head,
};

fn head(bytes: &[u8]) -> Head {
    Head::read(&mut &bytes[..], None).unwrap()
}

/// What reading the samples behind `head` to their end says.
fn cut_short(file: &[u8], head: &Head) -> Option<CutShort> {
    let mut data = Data::new(&file[head.bytes.len()..], head);
    while data.read(1 << 20, &mut Vec::new()).unwrap() > 0 {}
    data.cut_short()
}

fn refusal(bytes: &[u8]) -> String {
    Recording::read(bytes).unwrap_err().to_string()
}

#[test]
fn the_standard_head_is_the_one_that_hound_writes() {
    for (rate, channels, samples) in [(19531, 1, 5u32), (48000, 2, 0), (u32::MAX / 4, 2, 8)] {
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
        (0..samples * u32::from(channels)).for_each(|n| writer.write_sample(n as i16).unwrap());
        writer.finalize().unwrap();
        let length = samples * u32::from(channels) * 2;
        assert_eq!(file.get_ref()[..44], standard_head(rate, channels, length));
        assert_eq!(Recording::read(&file.get_ref()[..]).unwrap().rate, rate);
    }
}

#[test]
fn chunks_before_the_samples_are_passed_over_whatever_their_size() {
    for body in [&b""[..], b"x", b"xy", b"dat", b"\0\0\0", b"data\0\0\0"] {
        let mut file = WavFile::new(1, &[1, -2, 3]);
        file.before = [chunk(b"LIST", body), chunk(b"fact", b"12345")].concat();
        let head = head(&file.bytes());
        assert_eq!(head.content, Content::Samples { rate: 19531, channels: 1 });
        assert_eq!((head.data_length(), head.bytes.len()), (Some(6), 44 + file.before.len()));
        assert_eq!(Recording::read(&file.bytes()[..]).unwrap().samples, [1, -2, 3]);
        // Without the pad byte that belongs there.
        file.before = [b"LIST\x03\0\0\0abc", &chunk(b"fact", b"1234")[..]].concat();
        assert_eq!(Recording::read(&file.bytes()[..]).unwrap().samples, [1, -2, 3]);
    }
}

#[test]
fn a_format_chunk_may_be_longer_than_required() {
    for extra in [0, 2, 4, 5, 24, 100] {
        let file = WavFile { format_extra: vec![0; extra], ..WavFile::new(2, &[7; 8]) };
        assert_eq!(head(&file.bytes()).content, Content::Samples { rate: 19531, channels: 2 });
    }
    let mut file = WavFile::new(3, &[7; 9]).extensible(16, 1);
    assert_eq!(head(&file.bytes()).content, Content::Samples { rate: 19531, channels: 3 });
    file.format_extra.extend([1, 2, 3, 4]);
    assert_eq!(head(&file.bytes()).content, Content::Samples { rate: 19531, channels: 3 });
}

#[test]
fn formats_other_than_16_bit_pcm_are_named() {
    use Unsupported::{Bits, BitsIn, Float, Malformed, NoFormat, OtherCoding};
    let of = |bits| WavFile::of_bytes(1, bits, vec![0; 12]);
    let whole = of(16).bytes();
    let without_format = [&whole[..12], &whole[36..]].concat();
    let half_a_format = [&whole[..12], &chunk(b"fmt ", &whole[20..30]), &whole[36..]].concat();
    for (bytes, why, said) in [
        (of(8).bytes(), Bits(8), "8-bit samples"),
        (of(24).bytes(), Bits(24), "24-bit samples"),
        (of(32).bytes(), Bits(32), "32-bit samples"),
        (
            of(24).extensible(16, 1).bytes(),
            BitsIn { bits: 16, width: 24 },
            "16-bit samples in 24 bits",
        ),
        (of(24).extensible(24, 1).bytes(), Bits(24), "24-bit samples"),
        (WavFile { tag: 3, ..of(32) }.bytes(), Float(32), "32-bit float samples"),
        (of(32).extensible(32, 3).bytes(), Float(32), "32-bit float samples"),
        (
            WavFile { tag: 3, ..of(64) }.bytes(),
            Malformed("bits per sample is not 32"),
            "Ill-formed WAVE file: bits per sample is not 32",
        ),
        (
            WavFile { tag: 2, ..of(16) }.bytes(),
            OtherCoding,
            "The wave format of the file is not supported.",
        ),
        (
            WavFile { channels: 0, ..of(16) }.bytes(),
            Malformed("file contains zero channels"),
            "Ill-formed WAVE file: file contains zero channels",
        ),
        (without_format, NoFormat, "no format chunk before the samples"),
        (
            half_a_format,
            Malformed("invalid fmt chunk size"),
            "Ill-formed WAVE file: invalid fmt chunk size",
        ),
    ] {
        assert_eq!(head(&bytes).content, Content::Other(why));
        assert_eq!(why.to_string(), said);
        assert!(matches!(Recording::read(&bytes[..]), Err(Error::OtherSamples(w)) if w == why));
    }
}

#[test]
fn whole_numbers_of_other_widths_are_described() {
    let of = |bits| WavFile::of_bytes(2, bits, vec![0; 24]);
    for (file, bytes) in [
        (of(8), Some(1)),
        (of(16), Some(2)),
        (of(24), Some(3)),
        (of(32), Some(4)),
        (of(24).extensible(16, 1), Some(3)),
        (WavFile { tag: 3, ..of(32) }, None),
        (WavFile { before: chunk(b"LIST", b"odd"), ..of(24) }, Some(3)),
        // Without the pad byte that belongs there.
        (WavFile { before: b"LIST\x03\0\0\0abc".to_vec(), ..of(24) }, Some(3)),
    ] {
        let expected = bytes.map(|bytes| Integers { rate: 19531, channels: 2, bytes });
        assert_eq!(head(&file.bytes()).integers(), expected, "{file:?}");
    }
    let file = of(16).bytes();
    assert_eq!(head(&[&file[..12], &file[36..]].concat()).integers(), None);
}

#[test]
fn an_unknown_length_means_up_to_the_end() {
    for (declared, riff_size) in
        [(0, 0), (0, 36), (0, u32::MAX), (u32::MAX, u32::MAX), (0x7fff_f000, 0x7fff_f024)]
    {
        let file = WavFile {
            declared: Some(declared),
            riff_size: Some(riff_size),
            ..WavFile::new(2, &[1, 2, 3, 4])
        };
        assert_eq!(head(&file.bytes()).data_length(), None, "{declared}");
        assert_eq!(Recording::read(&file.bytes()[..]).unwrap().samples, [1, 2, 3, 4]);
    }
    // sox rounds its number down to whole rounds.
    let sox = WavFile { declared: Some(0x7fff_f000 / 6 * 6), ..WavFile::new(3, &[1, 2, 3]) };
    assert_eq!(Recording::read(&sox.bytes()[..]).unwrap().samples, [1, 2, 3]);
    // An empty recording before other chunks is empty.
    let file = WavFile { after: chunk(b"LIST", b"abcd"), ..WavFile::new(1, &[]) };
    assert_eq!(head(&file.bytes()).data_length(), Some(0));
}

#[test]
fn a_truncated_file_is_reported_with_its_lengths() {
    let mut file = WavFile::new(1, &[5; 50]).bytes();
    file.truncate(40);
    assert_eq!(
        refusal(&file),
        "truncated WAV file: its RIFF header declares 144 bytes, 40 are there"
    );
    file.truncate(11);
    assert_eq!(refusal(&file), "not a WAV file: it holds 11 bytes, a header takes 44");
    assert_eq!(refusal(b""), "not a WAV file: it is empty");
    assert_eq!(
        refusal(b"OggS\0\0\0\0\0\0\0\0\0"),
        "not a WAV file: it begins with \"OggS\", not with \"RIFF\""
    );
    assert_eq!(refusal(b"RIFF\x04\0\0\0AVI "), "not a WAV file: RIFF of kind \"AVI \"");
    // A chunk's claim allocates nothing.
    let hostile =
        [&b"RIFF\xff\xff\xff\xffWAVELIST"[..], &1_000_000u32.to_le_bytes(), b"x"].concat();
    assert!(refusal(&hostile).contains("declares 4294967303 bytes, 21 are there"));
}

#[test]
fn a_file_without_a_data_chunk_is_complete_if_its_length_is_right() {
    let file = WavFile::new(1, &[]).bytes();
    let mut file = file[..36].to_vec();
    file[4..8].copy_from_slice(&28u32.to_le_bytes());
    assert_eq!(head(&file).content, Content::Other(Unsupported::NoData));
    assert!(matches!(Recording::read(&file[..]), Err(Error::OtherSamples(Unsupported::NoData))));
}

#[test]
fn a_written_recording_reads_back_the_same() {
    let recording = Recording { rate: 20_000, channels: 3, samples: (-30..30).collect() };
    let mut file = Vec::new();
    recording.write(&mut file).unwrap();
    assert_eq!(Recording::read(&file[..]).unwrap(), recording);
    let second: Vec<i16> = (-29..30).step_by(3).collect();
    assert_eq!(recording.channel(1).collect::<Vec<_>>(), second);
    // A partial round is left out.
    file[40] += 1;
    file.extend([0; 4]);
    assert_eq!(Recording::read(&file[..]).unwrap(), recording);
}

#[test]
fn a_file_that_ends_before_its_header_says_has_the_samples_that_are_there() {
    let whole = WavFile::new(2, &[1, 2, 3, 4, 5, 6]).bytes();
    for missing in 1..12 {
        let file = &whole[..whole.len() - missing];
        let samples = Recording::read(file).unwrap().samples;
        let rounds = (12 - missing) / 4;
        assert_eq!(samples, (1..=2 * rounds as i16).collect::<Vec<_>>(), "{missing} missing");
        let head = Head::read(&mut &file[..], Some(file.len() as u64)).unwrap();
        let found = 12 - missing as u64;
        assert_eq!(head.data_length(), None);
        assert_eq!(cut_short(file, &head), Some(CutShort { declared: 12, found }));
    }
    // A header that claims 16 or 44 bytes too many is the same.
    for more in [16, 44] {
        let file = WavFile { declared: Some(12 + more), ..WavFile::new(2, &[1, 2, 3, 4, 5, 6]) };
        assert_eq!(Recording::read(&file.bytes()[..]).unwrap().samples, [1, 2, 3, 4, 5, 6]);
    }
}

#[test]
fn sizes_that_live_recorders_make_up_mean_up_to_the_end() {
    for declared in [0x8000_0000, 0x7fff_ffff, 0x7fff_fffe, 0xffff_fffe, 0xffff_ffdb_u32] {
        let riff_size = Some(declared.wrapping_add(36));
        let file =
            WavFile { declared: Some(declared), riff_size, ..WavFile::new(1, &[7, 8, 9]) }.bytes();
        for length in [None, Some(file.len() as u64)] {
            let head = Head::read(&mut &file[..], length).unwrap();
            assert_eq!((head.data_length(), head.declared), (None, None), "{declared:#x}");
        }
        assert_eq!(Recording::read(&file[..]).unwrap().samples, [7, 8, 9]);
        // In a file that is as long, the size is true.
        let length = Some(44 + u64::from(declared));
        let head = Head::read(&mut &file[..], length).unwrap();
        assert_eq!(head.data_length(), Some(declared), "{declared:#x}");
    }
}

#[test]
fn a_size_that_has_wrapped_at_4_gb_is_corrected() {
    let file = WavFile { declared: Some(100), ..WavFile::new(1, &[1; 50]) };
    let declared = |file: &WavFile, bytes: u64| {
        Head::read(&mut &file.bytes()[..], Some(44 + bytes)).unwrap().declared
    };
    assert_eq!(declared(&file, 100), Some(100));
    assert_eq!(declared(&file, (1 << 32) + 100), Some((1 << 32) + 100));
    assert_eq!(declared(&file, (2 << 32) + 100), Some((2 << 32) + 100));
    // More bytes behind the samples are chunks.
    assert_eq!(declared(&file, (1 << 32) + 99), Some(100));
    // Where the size of the file has wrapped too, the samples end before such chunks.
    let wrapped = WavFile { riff_size: Some(100 + 36 + 20), ..file };
    assert_eq!(declared(&wrapped, (1 << 32) + 120), Some((1 << 32) + 100));
}

/// 4.4 GB of samples and a chunk behind them, in a file whose sizes have wrapped: made as they are
/// read, since no disk is needed to see where they end.
#[test]
fn over_4_gb_behind_a_wrapped_size_are_read_to_their_end() {
    let samples: u64 = 4_400_000_000;
    let tail = chunk(b"LIST", b"abcd");
    let wrapped = |size: u64| Some(size as u32);
    let start = WavFile {
        declared: wrapped(samples),
        riff_size: wrapped(36 + samples + tail.len() as u64),
        ..WavFile::new(2, &[])
    }
    .bytes();
    let length = start.len() as u64 + samples + tail.len() as u64;
    let mut file = (&start[..]).chain(io::repeat(0).take(samples)).chain(&tail[..]);
    let head = Head::read(&mut file, Some(length)).unwrap();
    assert_eq!(head.content, Content::Samples { rate: 19531, channels: 2 });
    assert_eq!(head.data_length(), None, "no header of a .twr file has room for it");
    let mut data = Data::new(&mut file, &head);
    let (mut bytes, mut found) = (Vec::new(), 0);
    while data.read(1 << 20, &mut bytes).unwrap() > 0 {
        found += bytes.len() as u64;
        bytes.clear();
    }
    assert_eq!((found, data.cut_short()), (samples, None));
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, tail);
}

#[test]
fn files_of_over_4_gb_have_two_other_names_and_a_size_of_64_bits() {
    for magic in [b"RF64", b"BW64"] {
        let file = |size: u64, after: &[u8]| {
            let sizes = [&[0; 8][..], &size.to_le_bytes(), &[0; 12]].concat();
            let plain = WavFile {
                declared: Some(u32::MAX),
                riff_size: Some(u32::MAX),
                after: after.to_vec(),
                ..WavFile::new(2, &[1, 2, 3, 4])
            };
            let bytes = plain.bytes();
            [magic, &bytes[4..12], &chunk(b"ds64", &sizes), &bytes[12..]].concat()
        };
        let tail = chunk(b"LIST", b"abcd");
        let read = |bytes: &[u8]| Recording::read(bytes).unwrap().samples;
        assert_eq!(read(&file(8, &tail)), [1, 2, 3, 4]);
        assert_eq!(head(&file(8, &tail)).content, Content::Samples { rate: 19531, channels: 2 });
        // A recorder that could not go back to write it has left 0, or all ones.
        for unknown in [0, u64::MAX] {
            let file = file(unknown, &[]);
            assert_eq!(read(&file), [1, 2, 3, 4]);
            assert_eq!(cut_short(&file, &head(&file)), None);
        }
        // One that was cut short is no other than a WAV file.
        for declared in [9, 5 << 32] {
            let file = file(declared, &[]);
            assert_eq!(read(&file), [1, 2, 3, 4]);
            for length in [None, Some(file.len() as u64)] {
                let head = Head::read(&mut &file[..], length).unwrap();
                assert_eq!(cut_short(&file, &head), Some(CutShort { declared, found: 8 }));
            }
        }
    }
    let why = "not a WAV file: RF64 of kind \"AVI \"";
    assert_eq!(refusal(b"RF64\xff\xff\xff\xffAVI "), why);
}

#[test]
fn byte_rate_block_align_and_valid_bits_may_be_wrong() {
    let samples = Content::Samples { rate: 19531, channels: 2 };
    for (at, bytes) in [(28, &[0; 4][..]), (28, &[9; 4]), (32, &[0; 2]), (32, &[7, 0])] {
        let mut file = WavFile::new(2, &[1, 2, 3, 4]).bytes();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        assert_eq!(head(&file).content, samples, "byte {at}");
        assert_eq!(Recording::read(&file[..]).unwrap().samples, [1, 2, 3, 4]);
    }
    for valid in [1, 10, 12, 15] {
        let file = WavFile::new(2, &[1, 2, 3, 4]).extensible(valid, 1).bytes();
        assert_eq!(head(&file).content, samples, "{valid} valid bits");
    }
}
