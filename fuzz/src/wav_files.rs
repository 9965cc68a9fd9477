//! WAV files.

use std::borrow::Cow;

use golden_model::twr;
use golden_model::wav::{Content, Head, Recording};

use crate::choices::{choose, table_sets};

/// An input is a table set and a file. A compressed file must be restored.
pub fn run(mut input: &[u8]) {
    let Some(set) = choose(table_sets(), &mut input) else { return };
    let recording = Recording::read(input);
    let Ok(head) = Head::read(&mut &*input, None) else {
        assert!(recording.is_err());
        return;
    };
    assert!(input.starts_with(&head.bytes));
    let mut file = Vec::new();
    let Ok(summary) = twr::compress(input, &mut file, &twr::Options::new(set)) else {
        assert!(recording.is_err() || matches!(head.content, Content::Other(_)));
        return;
    };
    assert_eq!(summary.original_bytes, input.len() as u64);
    assert!(file.len() <= input.len() + 300, "{} bytes became {}", input.len(), file.len());
    let mut back = Vec::new();
    let summary = twr::decompress(&file[..], &mut back, |_| Some(Cow::Borrowed(set)));
    assert!(back == input, "not the same bytes");
    if let Ok(recording) = recording {
        assert_eq!(summary.map(|s| s.samples).ok(), Some(recording.samples.len() as u64));
    }
}
