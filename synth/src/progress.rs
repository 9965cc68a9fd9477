//! Tells the user what takes long, on stderr, in whole lines.

use std::io::{self, Write};
use std::time::Instant;

/// A step that takes long: says so when it starts and when it ends.
pub(crate) struct Progress {
    what: String,
    start: Instant,
    done: bool,
}

impl Progress {
    pub(crate) fn start(what: String) -> Self {
        say(&format!("{what} ..."));
        Progress { what, start: Instant::now(), done: false }
    }

    pub(crate) fn done(mut self) {
        self.done = true;
        say(&format!("{} ... done in {} s", self.what, self.start.elapsed().as_secs_f32().ceil()));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if !self.done {
            say(&format!("{} ... failed", self.what));
        }
    }
}

/// Whole lines, since threads may be at work on several tools. Not `eprintln!`, which a test
/// captures: whoever runs the tests for the first time should see why they take a minute. A closed
/// stderr is no reason to fail.
pub(crate) fn say(line: &str) {
    let _ = io::stderr().write_all(format!("tierwire: {line}\n").as_bytes());
}
