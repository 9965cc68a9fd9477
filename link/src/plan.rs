//! What a session writes: outputs, sidecar, and what the user sees meanwhile.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::page::{Page, PageError};
use crate::recorder::RecorderError;
use crate::watch::Watch;
use crate::{Destination, Gaps, Observer, Recorder, Sidecar, State, StreamFormat};

/// What a session writes.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Where samples go.
    pub outputs: &'a [Destination],
    /// What stands for missing ones.
    pub gaps: Gaps,
    /// Where the list of them goes; `None`: beside the first output that is a file.
    pub sidecar: Option<&'a Path>,
    /// The state goes to standard output, as lines of JSON.
    pub json_lines: bool,
    /// The link is drawn in the terminal.
    pub watch: bool,
    /// The link is shown on a page at this port.
    pub page: Option<u16>,
}

/// Arguments that do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Floats into a file that holds none.
    #[error("--gaps nan: a .twr file holds no floats; use hold, zero or skip")]
    NoFloats,
    /// No file to be beside.
    #[error(
        "--sidecar FILE is needed: no output is a file that the list of missing samples could be beside"
    )]
    NoSidecar,
    /// Two things on standard output.
    #[error("--json and -o - cannot both be written to standard output")]
    OneStandardOutput,
}

impl Plan<'_> {
    /// Whether all of it goes together.
    ///
    /// # Errors
    /// [`PlanError`].
    pub fn check(&self) -> Result<(), PlanError> {
        if !self.outputs.iter().all(|output| output.takes(self.gaps.encoding())) {
            return Err(PlanError::NoFloats);
        }
        let standard = self.outputs.iter().filter(|output| output.is_standard()).count();
        if standard + usize::from(self.json_lines) > 1 {
            return Err(PlanError::OneStandardOutput);
        }
        self.sidecar_path().map(|_| ())
    }

    fn sidecar_path(&self) -> Result<PathBuf, PlanError> {
        let beside = || self.outputs.iter().find_map(Destination::path).map(Sidecar::path_for);
        self.sidecar.map(Path::to_owned).or_else(beside).ok_or(PlanError::NoSidecar)
    }

    /// Opens everything that is written.
    ///
    /// # Errors
    /// [`RecorderError`].
    pub fn open(&self, format: &StreamFormat) -> Result<Recorder, RecorderError> {
        let encoding = self.gaps.encoding();
        let sinks = self.outputs.iter().map(|output| output.open(format, encoding));
        let sinks = sinks.collect::<Result<_, _>>()?;
        let path = self.sidecar_path().unwrap_or_else(|_| PathBuf::from("-"));
        let sidecar = Sidecar::create(&path, format, self.gaps)?;
        Ok(Recorder::new(format.channels(), self.gaps, sinks, sidecar))
    }

    /// Whether standard output has something else than the state at the end.
    pub fn is_quiet(&self) -> bool {
        self.json_lines || self.outputs.iter().any(Destination::is_standard)
    }

    /// All that shows how the link is.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn observers(&self, format: &StreamFormat) -> Result<Vec<Box<dyn Observer>>, PageError> {
        let mut observers: Vec<Box<dyn Observer>> = vec![Box::new(self.lines())];
        if self.watch {
            observers.push(Box::new(Watch::new(format)));
        }
        if let Some(port) = self.page {
            observers.push(Box::new(Page::serve(format, port)?));
        }
        Ok(observers)
    }

    /// The state as a line: on standard error when that is a terminal, or as JSON.
    fn lines(&self) -> Lines {
        let lines = if self.json_lines {
            Some((Form::Json, Duration::from_secs(1)))
        } else if !self.watch && std::io::stderr().is_terminal() {
            Some((Form::Terminal, Duration::from_millis(200)))
        } else {
            None
        };
        Lines { lines, shown: None }
    }
}

/// The state of the link, line by line.
struct Lines {
    lines: Option<(Form, Duration)>,
    shown: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Json,
    /// One line that changes.
    Terminal,
}

impl Observer for Lines {
    fn state(&mut self, state: &State, last: bool) -> bool {
        let Some((form, every)) = self.lines else { return true };
        if !last && self.shown.is_some_and(|shown| shown.elapsed() < every) {
            return true;
        }
        self.shown = Some(Instant::now());
        match form {
            Form::Json => {
                let line = serde_json::to_string(state).expect("numbers under names");
                // Who no longer reads wants no more.
                writeln!(std::io::stdout(), "{line}").is_ok()
            }
            Form::Terminal => {
                let end = if last { "\r\x1b[2K" } else { "" };
                let _ = write!(std::io::stderr(), "\r\x1b[2K{state}{end}");
                true
            }
        }
    }
}
