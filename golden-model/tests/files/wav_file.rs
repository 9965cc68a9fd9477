//! WAV files of every kind for the tests.
#![allow(dead_code, reason = "every test program uses a part of it")]

/// Builds a WAV file, standard unless told otherwise.
#[derive(Clone, Debug)]
pub struct WavFile {
    pub channels: u16,
    pub rate: u32,
    pub bits: u16,
    pub tag: u16,
    /// Behind the 16 bytes that every format chunk has.
    pub format_extra: Vec<u8>,
    /// Between the format chunk and the samples.
    pub before: Vec<u8>,
    pub data: Vec<u8>,
    /// Instead of the true length of the data.
    pub declared: Option<u32>,
    /// Instead of the true length of the file.
    pub riff_size: Option<u32>,
    /// Behind the samples.
    pub after: Vec<u8>,
}

/// The end of every subformat GUID.
const GUID_TAIL: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

impl WavFile {
    /// 16-bit PCM.
    pub fn new(channels: u16, samples: &[i16]) -> WavFile {
        WavFile::of_bytes(channels, 16, samples.iter().flat_map(|s| s.to_le_bytes()).collect())
    }

    /// PCM of `bits` bits.
    pub fn of_bytes(channels: u16, bits: u16, data: Vec<u8>) -> WavFile {
        WavFile {
            channels,
            rate: 19531,
            bits,
            tag: 1,
            format_extra: Vec::new(),
            before: Vec::new(),
            data,
            declared: None,
            riff_size: None,
            after: Vec::new(),
        }
    }

    /// As `WAVEFORMATEXTENSIBLE`.
    pub fn extensible(self, valid_bits: u16, subformat: u16) -> WavFile {
        let mut extra = 22u16.to_le_bytes().to_vec();
        extra.extend(valid_bits.to_le_bytes());
        extra.extend(0u32.to_le_bytes());
        extra.extend(subformat.to_le_bytes());
        extra.extend(GUID_TAIL);
        WavFile { tag: 0xfffe, format_extra: extra, ..self }
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let align = self.channels.wrapping_mul(self.bits.div_ceil(8));
        let mut body = b"WAVE".to_vec();
        let mut format = self.tag.to_le_bytes().to_vec();
        format.extend(self.channels.to_le_bytes());
        format.extend(self.rate.to_le_bytes());
        format.extend((self.rate * u32::from(align)).to_le_bytes());
        format.extend(align.to_le_bytes());
        format.extend(self.bits.to_le_bytes());
        format.extend(&self.format_extra);
        body.extend(chunk(b"fmt ", &format));
        body.extend(&self.before);
        body.extend(b"data");
        body.extend(self.declared.unwrap_or(self.data.len() as u32).to_le_bytes());
        body.extend(&self.data);
        body.extend(&self.after);
        let riff_size = self.riff_size.unwrap_or(body.len() as u32).to_le_bytes();
        [&b"RIFF"[..], &riff_size, &body].concat()
    }
}

/// A chunk, with a pad byte after an odd body.
pub fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = [&name[..], &(body.len() as u32).to_le_bytes(), body].concat();
    bytes.resize(bytes.len() + body.len() % 2, 0);
    bytes
}
