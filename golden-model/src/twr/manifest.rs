//! The **manifest** of a folder: the mono WAV files that are the channels of one recording.
//!
//! A folder is compressed like one file: its manifest, the samples of all its files in rounds, and the
//! tails of all its files, in the order of the channels. Numbers are written as in every `.twr` file.
//!
//! ```text
//! bytes   field        meaning
//! 4       length       bytes of the manifest from here on, at most 16,777,216
//! varint  rounds       samples in each file
//! for each channel, as many as the header says:
//!   varint  name       its length, 1..=255
//!   ...                UTF-8: see `check_name`; no two are the same
//!   varint  head       its length; 0: the standard header of one channel with these samples
//!   ...                all bytes before the samples
//!   varint  tail       bytes after the samples
//! ```

use std::collections::HashSet;
use std::io::Read;

use super::error::{Damage, Error, FolderError, NameError, Place};
use super::header::Fields;
use crate::varint;
use crate::wav::{self, HEAD_LIMIT};

pub use super::error::NAME_LIMIT;

/// One channel of a folder: a mono WAV file, without its samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelFile {
    /// Its name in the folder.
    pub name: String,
    /// All bytes before its samples.
    pub head: Vec<u8>,
    /// Bytes behind its samples.
    pub tail: u64,
}

/// What a folder of mono WAV files holds, without samples and tails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    rate: u32,
    rounds: u64,
    files: Vec<ChannelFile>,
}

impl Manifest {
    /// A folder of these files, each of `rounds` samples.
    ///
    /// # Errors
    /// Why the folder is invalid.
    pub fn new(rate: u32, rounds: u64, files: Vec<ChannelFile>) -> Result<Manifest, FolderError> {
        if !(1..=usize::from(u16::MAX / 2)).contains(&files.len()) {
            return Err(FolderError::Channels(files.len()));
        }
        let mut names = HashSet::new();
        for file in &files {
            let name = || file.name.clone();
            check_name(&file.name).map_err(|why| FolderError::Name { name: name(), why })?;
            if !names.insert(&file.name) {
                return Err(FolderError::Twice(name()));
            }
            if rounds.max(file.tail) > u32::MAX.into() {
                return Err(FolderError::TooLong(name()));
            }
        }
        let manifest = Manifest { rate, rounds, files };
        match manifest.to_bytes().len() as u64 - 4 {
            length if length > HEAD_LIMIT => Err(FolderError::Heads(length)),
            _ => Ok(manifest),
        }
    }

    /// Rounds per second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Samples in each file.
    pub fn rounds(&self) -> u64 {
        self.rounds
    }

    /// The files, in channel order.
    pub fn files(&self) -> &[ChannelFile] {
        &self.files
    }

    /// How many files: as many as channels.
    pub fn channels(&self) -> u16 {
        self.files.len() as u16
    }

    /// Bytes of the samples of all files.
    pub fn data_length(&self) -> u64 {
        2 * self.rounds * self.files.len() as u64
    }

    /// Bytes of all files.
    pub fn original_bytes(&self) -> u64 {
        let around = |file: &ChannelFile| file.head.len() as u64 + file.tail;
        self.data_length() + self.files.iter().map(around).sum::<u64>()
    }

    /// The manifest as it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        varint::put(&mut body, self.rounds);
        let standard = self.standard_head();
        for file in &self.files {
            varint::put(&mut body, file.name.len() as u64);
            body.extend(file.name.as_bytes());
            let head = if standard.as_ref() == Some(&file.head) { &[][..] } else { &file.head };
            varint::put(&mut body, head.len() as u64);
            body.extend(head);
            varint::put(&mut body, file.tail);
        }
        [&(body.len() as u32).to_le_bytes(), &body[..]].concat()
    }

    /// Reads a manifest of so many channels; no more than it, so that the samples come next.
    ///
    /// # Errors
    /// [`Error`]: the input ends too early, or this is the manifest of no folder.
    pub fn read(input: &mut impl Read, rate: u32, channels: u16) -> Result<Manifest, Error> {
        let place = Place::Manifest;
        let length = u32::from_le_bytes(Fields { input, place }.array()?);
        if u64::from(length) > HEAD_LIMIT {
            return Err(Damage::ManifestLength(length).at(place));
        }
        let body = Fields { input, place }.bytes(length as usize)?;
        let mut fields = Fields { input: &mut &body[..], place };
        let rounds = fields.varint_up_to(u32::MAX.into(), "the rounds")?;
        let bare = Manifest { rate, rounds, files: Vec::new() };
        let standard = bare.standard_head();
        let mut files = Vec::new();
        for _ in 0..channels {
            let length = fields.varint_up_to(NAME_LIMIT as u64, "a name's length")?;
            let name = String::from_utf8(fields.bytes(length as usize)?)
                .map_err(|_| Damage::NotUtf8("a name").at(place))?;
            let head = match fields.varint_up_to(HEAD_LIMIT, "a head's length")? {
                0 => standard.clone().ok_or_else(|| Damage::NoHead.at(place))?,
                length => fields.bytes(length as usize)?,
            };
            let tail = fields.varint_up_to(u32::MAX.into(), "a tail's length")?;
            files.push(ChannelFile { name, head, tail });
        }
        let manifest =
            Manifest::new(rate, rounds, files).map_err(|e| Damage::Folder(e).at(place))?;
        // Nothing follows the files, and every number and header has its only form.
        if manifest.to_bytes()[4..] != body {
            return Err(Damage::OtherForm.at(place));
        }
        Ok(manifest)
    }

    /// The head that is not stored.
    fn standard_head(&self) -> Option<Vec<u8>> {
        let length = u32::try_from(2 * self.rounds).ok().filter(|&l| l <= u32::MAX - 36);
        length.map(|length| wav::standard_head(self.rate, 1, length).to_vec())
    }
}

/// Whether `name` is a plain file name: no folder, no path, no control characters.
///
/// # Errors
/// Why not.
pub fn check_name(name: &str) -> Result<(), NameError> {
    match name {
        "" => Err(NameError::Empty),
        "." | ".." => Err(NameError::Folder),
        _ if name.len() > NAME_LIMIT => Err(NameError::TooLong),
        _ if name.contains(['/', '\\']) => Err(NameError::Path),
        _ if name.contains(char::is_control) => Err(NameError::Control),
        _ => Ok(()),
    }
}
