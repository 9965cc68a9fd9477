//! **WAV files**: where the samples are, and every byte around them.
//!
//! hound interprets the format chunk and converts bytes and samples. The chunks are read here,
//! because a file must be restored byte for byte: hound keeps none of the chunks that it skips,
//! does not skip the pad byte after an odd one, and refuses a file that ends in the middle of a
//! round.
//!
//! A file is its *head* (all bytes before the samples), the samples, and the *tail* (all that
//! follows: a partial round, a pad byte, more chunks).

use std::io::{self, Read, Write};

use hound::{Sample, SampleFormat};

/// Longest head that is searched for samples; real ones are far below.
pub const HEAD_LIMIT: u64 = 1 << 24;
/// The tag of a format chunk with a field for valid bits.
const EXTENSIBLE: u16 = 0xfffe;
/// Bits of a sample.
const SAMPLE_BITS: u16 = 16;
/// Bytes of a standard head.
pub const STANDARD_HEAD: usize = 44;

/// Sizes from here on stand for "not known", as a program writes them to a pipe (sox: this one,
/// rounded down to whole rounds; arecord: `0x8000_0000`; lame: `0x7fff_ffff`; ffmpeg:
/// `0xffff_ffff`), unless the file is known to be as long.
const UNKNOWN_SIZE: u32 = 0x7fff_f000;
/// Sizes of over 4 GB wrap in a field of 32 bits.
const WRAP: u64 = 1 << 32;

/// Why a file is not supported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Reading failed.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// Another kind of file.
    #[error("not a WAV file: {0}")]
    NotWav(String),
    /// The file ends too early.
    #[error("truncated WAV file: its {what} declares {declared} bytes, {found} are there")]
    Truncated {
        /// Who declares.
        what: &'static str,
        /// How many bytes.
        declared: u64,
        /// And how many there are.
        found: u64,
    },
    /// The samples are not 16-bit; an error only where 16-bit samples are needed.
    #[error("no 16-bit samples: {0}")]
    OtherSamples(String),
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Samples of 16 bits.
    Samples {
        /// Rounds per second.
        rate: u32,
        /// Channels, 1..=32767.
        channels: u16,
    },
    /// Something else, described for the user.
    Other(String),
}

/// Whole numbers of any width, as a WAV file stores them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integers {
    /// Rounds per second.
    pub rate: u32,
    /// Channels, at least 1.
    pub channels: u16,
    /// Bytes of a sample. One byte is unsigned.
    pub bytes: u16,
}

/// The beginning of a file, up to its samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Every byte of it.
    pub bytes: Vec<u8>,
    /// What follows.
    pub content: Content,
    /// Bytes of samples, as declared; `None`: all up to the end of the file.
    pub data_length: Option<u32>,
    /// Where the file is known to be shorter than its header declares.
    pub cut_short: Option<CutShort>,
}

/// A data chunk that holds fewer bytes than its header declares: a recording that was cut short, or
/// a header that claims too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ends early: its header declares {declared} bytes of samples, {found} are there and kept")]
pub struct CutShort {
    /// Bytes declared.
    pub declared: u64,
    /// Bytes found.
    pub found: u64,
}

/// How WAV files begin: ordinary ones, and the two kinds that may be larger than 4 GB.
const MAGICS: [&[u8]; 3] = [b"RIFF", b"RF64", b"BW64"];

impl Head {
    /// Reads a head; afterwards `input` stands at the first sample. `file_length` is the length of
    /// the whole file in bytes, where it is known: it tells which of the sizes in the head are true.
    ///
    /// # Errors
    /// [`Error`]: reading failed, the file is no WAV file, or it ends within its head.
    pub fn read(input: &mut impl Read, file_length: Option<u64>) -> Result<Head, Error> {
        let mut bytes = Vec::new();
        grow(input, &mut bytes, 12)?;
        if bytes.len() < 12 || !MAGICS.contains(&&bytes[..4]) || &bytes[8..] != b"WAVE" {
            return Err(Error::NotWav(alien(&bytes)));
        }
        let wide = &bytes[..4] != b"RIFF";
        let mut wide_size = None;
        let riff_size = u32_at(&bytes, 4);
        let mut format = None;
        let mut odd = false;
        loop {
            let mut chunk = bytes.len();
            if odd && grow(input, &mut bytes, 1)? == 1 && bytes[chunk] == 0 {
                // A pad byte. Some writers forget it; then the next chunk's name has begun.
                chunk += 1;
            }
            let missing = chunk + 8 - bytes.len();
            grow(input, &mut bytes, missing as u64)?;
            if bytes.len() < chunk + 8 {
                return without_data(bytes, riff_size);
            }
            let size = u32_at(&bytes, chunk + 4);
            if &bytes[chunk..chunk + 4] == b"data" {
                let format = format.map_or(&[][..], |body| &bytes[body]);
                let content = content(format);
                let there = file_length.map(|length| length.saturating_sub(bytes.len() as u64));
                let data_length = match wide_size.filter(|_| size == u32::MAX) {
                    Some(size) => wide_data_length(size, there),
                    None => data_length(size, riff_size, bytes.len(), format, there),
                };
                let declared = u64::from(size);
                let cut_short = there
                    .filter(|&there| size < UNKNOWN_SIZE && declared > there)
                    .map(|found| CutShort { declared, found });
                return Ok(Head { bytes, content, data_length, cut_short });
            }
            if bytes.len() as u64 + u64::from(size) > HEAD_LIMIT {
                let why = format!("a header of more than {HEAD_LIMIT} bytes");
                let content = Content::Other(why);
                return Ok(Head { bytes, content, data_length: None, cut_short: None });
            }
            if &bytes[chunk..chunk + 4] == b"fmt " {
                format = Some(chunk + 8..chunk + 8 + size as usize);
            }
            if grow(input, &mut bytes, size.into())? < u64::from(size) {
                return without_data(bytes, riff_size);
            }
            if wide && &bytes[chunk..chunk + 4] == b"ds64" {
                // Two sizes of 64 bits: of the file, then of the samples.
                let size = bytes.get(chunk + 16..chunk + 24).and_then(|size| size.try_into().ok());
                wide_size = size.map(u64::from_le_bytes);
            }
            odd = size % 2 == 1;
        }
    }

    /// How the samples are stored, if they are whole numbers.
    pub fn integers(&self) -> Option<Integers> {
        let (spec, bytes) = any_spec(self.format_chunk()?).ok()?;
        let integers = spec.sample_format == SampleFormat::Int;
        let (rate, channels) = (spec.sample_rate, spec.channels);
        integers.then_some(Integers { rate, channels, bytes })
    }

    /// The body of the last format chunk before the samples.
    fn format_chunk(&self) -> Option<&[u8]> {
        let (mut rest, mut odd, mut format) = (self.bytes.get(12..)?, false, None);
        loop {
            // A pad byte, as above.
            rest = rest.strip_prefix(&[0]).filter(|_| odd).unwrap_or(rest);
            let Some((name, after)) = rest.split_at_checked(4).filter(|(n, _)| *n != b"data")
            else {
                return format;
            };
            let Some((size, after)) = after.split_first_chunk() else { return format };
            let size = u32::from_le_bytes(*size) as usize;
            let Some((body, after)) = after.split_at_checked(size) else { return format };
            if name == b"fmt " {
                format = Some(body);
            }
            (rest, odd) = (after, size % 2 == 1);
        }
    }
}

/// The standard header: PCM, 16 bits, only samples after it.
pub fn standard_head(rate: u32, channels: u16, data_length: u32) -> [u8; STANDARD_HEAD] {
    let align = channels.wrapping_mul(2);
    let mut head = [0; STANDARD_HEAD];
    let fields: [&[u8]; 13] = [
        b"RIFF",
        // Whatever wraps here is refused where a head is compared with the one in the file.
        &data_length.wrapping_add(36).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16u32.to_le_bytes(),
        &1u16.to_le_bytes(),
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &rate.wrapping_mul(align.into()).to_le_bytes(),
        &align.to_le_bytes(),
        &16u16.to_le_bytes(),
        b"data",
        &data_length.to_le_bytes(),
    ];
    head.copy_from_slice(&fields.concat());
    head
}

/// The samples of `bytes`, an even number of them, appended to `samples`.
pub fn to_samples(mut bytes: &[u8], samples: &mut Vec<i16>) {
    samples.reserve(bytes.len() / 2);
    while let Ok(sample) = i16::read(&mut bytes, SampleFormat::Int, 2, 16) {
        samples.push(sample);
    }
}

/// The bytes of `samples`, appended to `bytes`.
pub fn to_bytes(samples: &[i16], bytes: &mut Vec<u8>) {
    bytes.reserve(2 * samples.len());
    for sample in samples {
        sample.write(bytes, 16).expect("memory takes every byte");
    }
}

/// The bytes between head and tail.
#[derive(Debug)]
pub struct Data<R> {
    input: R,
    /// Bytes declared and bytes read; no declaration: up to the end of the file.
    declared: Option<u64>,
    found: u64,
    /// The input has ended.
    ended: bool,
}

impl<R: Read> Data<R> {
    /// The data after `head`.
    pub fn new(input: R, head: &Head) -> Data<R> {
        Data::of_length(input, head.data_length.map(u64::from))
    }

    /// So many bytes of data; `None`: all up to the end of the input.
    pub fn of_length(input: R, declared: Option<u64>) -> Data<R> {
        Data { input, declared, found: 0, ended: false }
    }

    /// Appends the next `len` bytes, fewer only at the end of the data.
    ///
    /// # Errors
    /// [`Error::Read`].
    pub fn read(&mut self, len: usize, bytes: &mut Vec<u8>) -> Result<u64, Error> {
        let left = self.declared.map_or(u64::MAX, |declared| declared - self.found);
        let asked = left.min(len as u64);
        let got = grow(&mut self.input, bytes, asked)?;
        self.found += got;
        self.ended |= got < asked;
        Ok(got)
    }

    /// Whether the file has ended before the declared length, as far as it has been read.
    pub fn cut_short(&self) -> Option<CutShort> {
        let declared = self.declared.filter(|_| self.ended)?;
        Some(CutShort { declared, found: self.found })
    }
}

/// A whole recording in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Rounds per second.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
    /// Samples in rounds: one of every channel, in channel order.
    pub samples: Vec<i16>,
}

impl Recording {
    /// Reads a WAV file of 16-bit samples; a partial last round is left out. A file that ends before
    /// its declared length yields the samples that it has.
    ///
    /// # Errors
    /// [`Error`], when the file is broken or its samples are of another kind.
    pub fn read(mut input: impl Read) -> Result<Recording, Error> {
        let head = Head::read(&mut input, None)?;
        Recording::after(&head, input)
    }

    /// The samples that follow `head` in `input`, as [`read`](Self::read) does.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn after(head: &Head, input: impl Read) -> Result<Recording, Error> {
        let (rate, channels) = match &head.content {
            Content::Samples { rate, channels } => (*rate, *channels),
            Content::Other(why) => return Err(Error::OtherSamples(why.clone())),
        };
        let mut data = Data::new(input, head);
        let (mut bytes, mut samples) = (Vec::new(), Vec::new());
        // An even step, so that no sample is cut in two before the end; a byte that is half a sample
        // is left out.
        while data.read(1 << 20, &mut bytes)? > 0 {
            to_samples(&bytes, &mut samples);
            bytes.clear();
        }
        samples.truncate(samples.len() / usize::from(channels) * usize::from(channels));
        Ok(Recording { rate, channels, samples })
    }

    /// Writes a WAV file with a standard head.
    ///
    /// # Errors
    /// What `output` says, or that the samples are too many for a WAV file.
    pub fn write(&self, mut output: impl Write) -> io::Result<()> {
        let length = u32::try_from(2 * self.samples.len()).ok().filter(|l| *l <= u32::MAX - 36);
        let length = length.ok_or_else(|| io::Error::other("too many samples for a WAV file"))?;
        output.write_all(&standard_head(self.rate, self.channels, length))?;
        let mut bytes = Vec::new();
        for samples in self.samples.chunks(1 << 19) {
            bytes.clear();
            to_bytes(samples, &mut bytes);
            output.write_all(&bytes)?;
        }
        Ok(())
    }

    /// The samples of one channel.
    pub fn channel(&self, channel: u16) -> impl Iterator<Item = i16> {
        self.samples.iter().copied().skip(channel.into()).step_by(self.channels.into())
    }
}

/// Appends up to `len` bytes of `input`, as many as there are: memory grows with what has arrived.
pub(crate) fn grow(input: &mut impl Read, bytes: &mut Vec<u8>, len: u64) -> Result<u64, Error> {
    input.take(len).read_to_end(bytes).map(|got| got as u64).map_err(Error::Read)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// How a file that is no WAV file begins.
fn alien(bytes: &[u8]) -> String {
    match bytes.len() {
        0 => "it is empty".into(),
        1..12 => format!("it holds {} bytes, a header takes {STANDARD_HEAD}", bytes.len()),
        _ if MAGICS.contains(&&bytes[..4]) => {
            format!("{} of kind \"{}\"", bytes[..4].escape_ascii(), bytes[8..].escape_ascii())
        }
        _ => format!("it begins with \"{}\", not with \"RIFF\"", bytes[..4].escape_ascii()),
    }
}

/// A file that ends before any data chunk: whole, if it is as long as it says.
fn without_data(bytes: Vec<u8>, riff_size: u32) -> Result<Head, Error> {
    let (declared, found) = (u64::from(riff_size) + 8, bytes.len() as u64);
    if found < declared {
        return Err(Error::Truncated { what: "RIFF header", declared, found });
    }
    let content = Content::Other("no data chunk".into());
    Ok(Head { bytes, content, data_length: None, cut_short: None })
}

/// The length of a data chunk, or `None` where its size stands for "up to the end of the file":
/// `there` is how many bytes follow it, where that is known.
fn data_length(
    size: u32,
    riff_size: u32,
    head: usize,
    format: &[u8],
    there: Option<u64>,
) -> Option<u32> {
    if let Some(there) = there {
        let declared = u64::from(size);
        // Longer than the file, or wrapped: exactly a multiple of 4 GB too small.
        if declared > there || there >= WRAP && there % WRAP == declared {
            return None;
        }
    }
    // An empty data chunk is meant when the RIFF header declares that chunks follow it.
    let ends_here = riff_size as usize <= head - 8 || riff_size >= UNKNOWN_SIZE;
    let align = format.get(12..14).map_or(1, |a| u32::from(a[0]) | u32::from(a[1]) << 8).max(1);
    let unknown = match size {
        0 => ends_here,
        _ => size >= UNKNOWN_SIZE && there.is_none() || size == UNKNOWN_SIZE / align * align,
    };
    (!unknown).then_some(size)
}

/// The same of a size of 64 bits. Longer ones than a `.twr` file's header has room for are coded up
/// to the end of the file.
fn wide_data_length(size: u64, there: Option<u64>) -> Option<u32> {
    let size = u32::try_from(size).ok().filter(|&size| size < UNKNOWN_SIZE)?;
    there.is_none_or(|there| u64::from(size) <= there).then_some(size)
}

/// What hound makes of the body of a format chunk.
fn content(format: &[u8]) -> Content {
    match spec(format) {
        Ok(spec) => Content::Samples { rate: spec.sample_rate, channels: spec.channels },
        Err(why) => Content::Other(why),
    }
}

fn spec(format: &[u8]) -> Result<hound::WavSpec, String> {
    let (spec, bytes) = any_spec(format)?;
    let width = bytes.saturating_mul(8);
    match (spec.sample_format, spec.bits_per_sample) {
        (SampleFormat::Int, SAMPLE_BITS) if width == SAMPLE_BITS => Ok(spec),
        (SampleFormat::Int, bits) if bits == width => Err(format!("{bits}-bit samples")),
        (SampleFormat::Int, bits) => Err(format!("{bits}-bit samples in {width} bits")),
        (SampleFormat::Float, bits) => Err(format!("{bits}-bit float samples")),
    }
}

/// The same of samples of any kind, and how many bytes each of them takes.
fn any_spec(format: &[u8]) -> Result<(hound::WavSpec, u16), String> {
    let Some(&[tag_low, tag_high]) = format.first_chunk() else {
        return Err("no format chunk before the samples".into());
    };
    // hound takes format chunks of a few lengths; PCM needs the first 16 bytes, extensible 40.
    let needed = match u16::from_le_bytes([tag_low, tag_high]) {
        0x0001 => 16,
        EXTENSIBLE => 40,
        _ => format.len(),
    };
    let mut body = format[..needed.min(format.len())].to_vec();
    mend(&mut body);
    let size = (body.len() as u32).to_le_bytes();
    let small: [&[u8]; 5] = [b"RIFF\0\0\0\0WAVEfmt ", &size, &body, b"data", &[0; 4]];
    let small = small.concat();
    let spec = hound::WavReader::new(&small[..]).map_err(|e| e.to_string())?.spec();
    let align = u16::from_le_bytes([body[12], body[13]]);
    Ok((spec, align / spec.channels))
}

/// Mends fields that some writers fill wrongly and that hound refuses: byte rate and block align
/// follow from the others, and valid bits that are fewer than the 16 of a sample change no byte.
fn mend(body: &mut [u8]) {
    let field = |at: usize| body.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let (Some(tag), Some(channels), Some(bits)) = (field(0), field(2), field(14)) else { return };
    let align = channels.wrapping_mul(bits.div_ceil(8));
    let valid = field(18);
    let rate = u32::from_le_bytes([body[4], body[5], body[6], body[7]]);
    if bits == SAMPLE_BITS {
        body[12..14].copy_from_slice(&align.to_le_bytes());
        body[8..12].copy_from_slice(&rate.wrapping_mul(align.into()).to_le_bytes());
        if tag == EXTENSIBLE && valid.is_some_and(|valid| (1..bits).contains(&valid)) {
            body[18..20].copy_from_slice(&bits.to_le_bytes());
        }
    }
}
