//! Speed on one core: archives beside programs for sound, on the same samples, one after the other.

use std::time::Duration;

use ::recorders::Recording;
use cpu_time::ProcessTime;

use super::archive::Archive;
use super::recorders::wav;
use super::tables::aligned;
use crate::baselines::pairs::Pairs;
use crate::baselines::wav::{Form, file_of};
use crate::baselines::{Clock, Error as MethodError, Facts, Family, Latency, Method};
use crate::baselines::{flac, wavpack};
use crate::{Error, baselines};

/// Seconds that are measured; shorter recordings are repeated. What a file is coded with is chosen once,
/// on its beginning.
const SECONDS: usize = 10;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Speeds {
    /// Channels.
    pub channels: usize,
    /// Samples of all channels.
    pub samples: usize,
    /// Each method.
    pub methods: Vec<Speed>,
}

/// A method.
#[derive(Clone, Debug)]
pub struct Speed {
    /// Its name.
    pub name: String,
    /// Original bytes per compressed byte.
    pub ratio: f64,
    /// Time of all cores together, choosing and start of programs included.
    pub encode: Duration,
    /// The same back.
    pub decode: Duration,
}

/// Measures the channels that a recording was made for.
///
/// # Errors
/// [`Error`]: there are none, a program is not installed, or something failed.
pub fn measure(recording: &Recording) -> Result<Speeds, Error> {
    let tracks = recording.tracks()?;
    let once = wav(tracks.first().ok_or(Error::NoRecordings)?)?;
    let failed = |method: &str, source: baselines::Error| Error::Method {
        path: recording.folder.clone(),
        method: method.into(),
        source,
    };
    let form = Form::of(&once).map_err(|error| failed("repeated", error))?;
    let samples = &once[form.head..];
    let align = usize::from(form.channels * form.width);
    let wanted = SECONDS * form.rate as usize * align;
    let repeated = samples.repeat(wanted.div_ceil(samples.len().max(1)).max(1));
    let original = file_of(form.rate, form.channels, form.width, &repeated)
        .ok_or_else(|| failed("repeated", MethodError::Wav("too many bytes")))?;
    let mut methods = Vec::new();
    for (method, is_program) in all() {
        let name = method.facts().name.clone();
        let failed = |error| failed(&name, error);
        method.available().map_err(failed)?;
        let (coded, encode) =
            timed(is_program, |clock| method.encode(&original, clock)).map_err(failed)?;
        let (back, decode) =
            timed(is_program, |clock| method.decode(&coded, clock)).map_err(failed)?;
        if back != original {
            return Err(failed(MethodError::Damaged));
        }
        let ratio = original.len() as f64 / coded.bytes.len() as f64;
        methods.push(Speed { name, ratio, encode, decode });
    }
    let samples = repeated.len() / usize::from(form.width);
    Ok(Speeds { channels: form.channels.into(), samples, methods })
}

/// The methods, and whether each is a program.
fn all() -> Vec<(Box<dyn Method>, bool)> {
    let mut all: Vec<(Box<dyn Method>, bool)> =
        vec![(Box::new(Archive::new(false)), false), (Box::new(Archive::new(true)), false)];
    for (name, calls) in
        [("flac -5", flac::CALLS_5), ("flac -8", flac::CALLS), ("wavpack -hh", wavpack::CALLS_HH)]
    {
        let facts = Facts {
            name: format!("{name}, in pairs"),
            family: Family::Sound,
            causal: false,
            state_bytes: 0,
            latency: Latency::Recording,
            note: String::new(),
        };
        all.push((Box::new(Pairs { facts, calls }), true));
    }
    all
}

/// The time of all threads of this process, or of the programs that it called, which the clock is told.
fn timed<T>(
    is_program: bool,
    work: impl FnOnce(&mut Clock) -> Result<T, MethodError>,
) -> Result<(T, Duration), MethodError> {
    let (mut clock, start) = (Clock::default(), ProcessTime::now());
    let done = work(&mut clock)?;
    Ok((done, if is_program { clock.elapsed } else { start.elapsed() }))
}

impl Speeds {
    /// As Markdown.
    pub fn table(&self) -> String {
        let head = ["method", "ratio", "encode, M samples/s", "decode, M samples/s"];
        let mut rows = vec![head.map(String::from).to_vec()];
        let speed = |time: Duration| self.samples as f64 / time.as_secs_f64().max(1e-9) / 1e6;
        rows.extend(self.methods.iter().map(|method| {
            vec![
                method.name.clone(),
                format!("{:.3}", method.ratio),
                format!("{:.1}", speed(method.encode)),
                format!("{:.1}", speed(method.decode)),
            ]
        }));
        aligned(rows, |column| column == 0)
    }
}
