//! Where bytes come from: a file, or standard input for `-`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;

/// An open input and its name.
pub struct Input {
    /// As messages call it.
    pub name: String,
    /// Its bytes.
    pub reader: Box<dyn Read>,
}

impl Input {
    /// An input of this name.
    pub fn new(name: String, reader: impl Read + 'static) -> Input {
        Input { name, reader: Box::new(reader) }
    }

    /// Opens `path`, or standard input for `-`.
    pub fn open(path: &Path) -> anyhow::Result<Input> {
        if path == Path::new("-") {
            return Ok(Input::new("standard input".into(), io::stdin()));
        }
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| name.clone())?;
        Ok(Input::new(name, io::BufReader::with_capacity(1 << 16, file)))
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}
