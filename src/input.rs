//! Where bytes come from: a file, or standard input for `-`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;

/// An open input and its name.
pub struct Input {
    /// As messages call it.
    pub name: String,
    reader: Box<dyn Read>,
}

impl Input {
    /// Opens `path`, or standard input for `-`.
    pub fn open(path: &Path) -> anyhow::Result<Input> {
        if path == Path::new("-") {
            return Ok(Input { name: "standard input".into(), reader: Box::new(io::stdin()) });
        }
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| name.clone())?;
        Ok(Input { name, reader: Box::new(io::BufReader::with_capacity(1 << 16, file)) })
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}
