//! zarr, format 3: an array of samples x channels in chunks of about a second, compressed as the Python
//! package compresses them, so that it reads them.
//!
//! Each chunk is written whole before the array's metadata says that it is there. So the array can be
//! opened while it grows, and a program that is killed leaves all of it but the last second.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use golden_model::archive::{Entry, Writer};
use golden_model::layout::{Channel, Group, Layout, SampleFormat};
use recorders::output::{Output, OutputError, OutputFault};
use serde_json::json;

use crate::{Encoding, Sink, SinkError, StreamFormat};

/// What the Python package gives a chunk: its rate, its name, and how many samples are coded for trial.
const CHUNK_RATE: &str = "30000";
const CHUNK_NAME: &str = "chunk";
const LOOKED_AT: usize = 1 << 18;

/// A growing array.
pub struct Zarr {
    path: PathBuf,
    name: String,
    channels: usize,
    encoding: Encoding,
    layout: Layout,
    samples_per_s: f64,
    profile: String,
    chunk_rounds: usize,
    /// Of the chunk that is being filled.
    chunk: Vec<u8>,
    rounds: u64,
}

impl Zarr {
    pub fn create(
        path: &Path,
        format: &StreamFormat,
        encoding: Encoding,
    ) -> Result<Zarr, SinkError> {
        let name = path.display().to_string();
        let fault = |fault| OutputError { name: name.clone(), fault };
        match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
            Ok(true) => return Err(fault(OutputFault::Full).into()),
            Ok(false) => {}
            Err(_) => fs::create_dir(path).map_err(|error| fault(error.into()))?,
        }
        let channels = format.channels();
        let group = Group {
            format: SampleFormat::I16,
            rate: CHUNK_RATE.parse().expect("a rate"),
            channels: vec![Channel::default(); channels],
        };
        let zarr = Zarr {
            path: path.into(),
            name,
            channels,
            encoding,
            layout: Layout::interleaved(0, group),
            samples_per_s: format.samples_per_s,
            profile: format.profile.clone(),
            chunk_rounds: format.whole_rate() as usize,
            chunk: Vec::new(),
            rounds: 0,
        };
        zarr.describe()?;
        Ok(zarr)
    }

    fn chunk_bytes(&self) -> usize {
        self.chunk_rounds * self.channels * self.encoding.bytes()
    }

    /// Writes the array's metadata.
    fn describe(&self) -> Result<(), SinkError> {
        let (data_type, codec, fill) = match self.encoding {
            Encoding::I16 => {
                ("int16", json!({"name": "tierwire", "configuration": {"max_error": 0}}), json!(0))
            }
            Encoding::F32 => (
                "float32",
                json!({"name": "bytes", "configuration": {"endian": "little"}}),
                json!("NaN"),
            ),
        };
        let metadata = json!({
            "zarr_format": 3,
            "node_type": "array",
            "shape": [self.rounds, self.channels],
            "data_type": data_type,
            "chunk_grid": {
                "name": "regular",
                "configuration": {"chunk_shape": [self.chunk_rounds, self.channels]},
            },
            "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
            "fill_value": fill,
            "codecs": [codec],
            "dimension_names": ["time", "channel"],
            "attributes": {"sampling_frequency": self.samples_per_s, "profile": self.profile},
        });
        self.file(&self.path.join("zarr.json"), format!("{metadata:#}\n").as_bytes())
    }

    fn file(&self, path: &Path, bytes: &[u8]) -> Result<(), SinkError> {
        let mut output = Output::create(path)?;
        let written = output.write_all(bytes);
        written.map_err(|error| output.cannot_be_written(error))?;
        Ok(output.finish()?)
    }

    /// Writes what there is of the chunk, filled up to its whole length.
    fn flush(&mut self) -> Result<(), SinkError> {
        let mut chunk = std::mem::take(&mut self.chunk);
        let round_bytes = self.channels * self.encoding.bytes();
        let (rounds, number) = (chunk.len() / round_bytes, self.rounds / self.chunk_rounds as u64);
        let bytes = match self.encoding {
            Encoding::I16 => {
                chunk.resize(self.chunk_bytes(), 0);
                self.compress(&chunk)?
            }
            Encoding::F32 => {
                let fill = f32::NAN.to_le_bytes();
                let missing = (self.chunk_bytes() - chunk.len()) / fill.len();
                chunk.extend(std::iter::repeat_n(fill, missing).flatten());
                chunk.clone()
            }
        };
        let folder = self.path.join("c").join(number.to_string());
        fs::create_dir_all(&folder).map_err(SinkError::io(&folder.display().to_string()))?;
        self.file(&folder.join("0"), &bytes)?;
        self.rounds += rounds as u64;
        chunk.clear();
        self.chunk = chunk;
        self.describe()
    }

    fn compress(&self, chunk: &[u8]) -> Result<Vec<u8>, SinkError> {
        let mut bytes = Vec::new();
        let mut compress = || {
            let mut writer = Writer::new(&mut bytes)?;
            let entry = Entry::new(CHUNK_NAME, Some(&self.layout));
            let entry = Entry { looked_at: LOOKED_AT, ..entry };
            writer.file(entry, &mut &*chunk, &mut |_| ())?;
            writer.finish()
        };
        compress().map_err(|error| SinkError::Archive { name: self.name.clone(), error })?;
        Ok(bytes)
    }
}

impl Sink for Zarr {
    fn write(&mut self, mut rounds: &[u8]) -> Result<(), SinkError> {
        while !rounds.is_empty() {
            let room = self.chunk_bytes() - self.chunk.len();
            let (now, later) = rounds.split_at(room.min(rounds.len()));
            self.chunk.extend(now);
            rounds = later;
            if self.chunk.len() == self.chunk_bytes() {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), SinkError> {
        if self.chunk.is_empty() { Ok(()) } else { self.flush() }
    }
}
