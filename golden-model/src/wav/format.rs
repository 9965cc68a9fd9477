//! What the format chunk of a WAV file says of its samples.

use hound::SampleFormat;

use super::error::Unsupported;

/// The tag of a format chunk with a field for valid bits.
const EXTENSIBLE: u16 = 0xfffe;
/// Bits of a sample.
const SAMPLE_BITS: u16 = 16;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Samples of 16 bits.
    Samples {
        /// Rounds per second.
        rate: u32,
        /// Channels, 1..=32767.
        channels: u16,
    },
    /// Something else.
    Other(Unsupported),
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

/// What the body of a format chunk says of whole numbers.
pub(super) fn integers(format: &[u8]) -> Option<Integers> {
    let (spec, bytes) = any_spec(format).ok()?;
    let (rate, channels) = (spec.sample_rate, spec.channels);
    (spec.sample_format == SampleFormat::Int).then_some(Integers { rate, channels, bytes })
}

/// What hound makes of the body of a format chunk.
pub(super) fn content(format: &[u8]) -> Content {
    match spec(format) {
        Ok(spec) => Content::Samples { rate: spec.sample_rate, channels: spec.channels },
        Err(why) => Content::Other(why),
    }
}

fn spec(format: &[u8]) -> Result<hound::WavSpec, Unsupported> {
    let (spec, bytes) = any_spec(format)?;
    let width = bytes.saturating_mul(8);
    match (spec.sample_format, spec.bits_per_sample) {
        (SampleFormat::Int, SAMPLE_BITS) if width == SAMPLE_BITS => Ok(spec),
        (SampleFormat::Int, bits) if bits == width => Err(Unsupported::Bits(bits)),
        (SampleFormat::Int, bits) => Err(Unsupported::BitsIn { bits, width }),
        (SampleFormat::Float, bits) => Err(Unsupported::Float(bits)),
    }
}

/// The same of samples of any kind, and how many bytes each of them takes.
fn any_spec(format: &[u8]) -> Result<(hound::WavSpec, u16), Unsupported> {
    let Some(&[tag_low, tag_high]) = format.first_chunk() else {
        return Err(Unsupported::NoFormat);
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
    let spec = hound::WavReader::new(&small[..]).map_err(unsupported)?.spec();
    let align = u16::from_le_bytes([body[12], body[13]]);
    Ok((spec, align / spec.channels))
}

fn unsupported(error: hound::Error) -> Unsupported {
    match error {
        hound::Error::FormatError(why) => Unsupported::Malformed(why),
        _ => Unsupported::OtherCoding,
    }
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
