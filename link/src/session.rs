//! A receiving session: source, receiver and recorder, until the source ends, or the user wants it to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::receiver::{Event, Options, Receiver};
use crate::recorder::{Recorder, RecorderError};
use crate::source::{Next, Source, SourceError};
use crate::{Address, Misfit, State, StreamFormat};

/// How often the state is told.
const TOLD_EVERY: Duration = Duration::from_millis(100);
/// What speeds are taken over.
const SPEED_OVER: Duration = Duration::from_secs(1);
/// A silence of so many frames: beyond it 16 bits of sequence number need the clock's help.
const SILENCE: f64 = 16384.0;

/// Looks on.
pub trait Observer {
    /// Something was received, or is missing.
    fn event(&mut self, _event: &Event<'_>) {}

    /// How the link is, several times a second, and a last time at the end; false ends the session.
    fn state(&mut self, state: &State, last: bool) -> bool;
}

impl Observer for Vec<Box<dyn Observer>> {
    fn event(&mut self, event: &Event<'_>) {
        self.iter_mut().for_each(|observer| observer.event(event));
    }

    fn state(&mut self, state: &State, last: bool) -> bool {
        let mut go_on = true;
        self.iter_mut().for_each(|observer| go_on &= observer.state(state, last));
        go_on
    }
}

/// Why nothing can be received any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The transport.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// What is written.
    #[error(transparent)]
    Recorder(#[from] RecorderError),
    /// The stream is of another profile.
    #[error("{name}: {misfit}")]
    Misfit {
        /// The source.
        name: String,
        /// What does not fit.
        misfit: Misfit,
    },
}

/// What to receive, and for how long.
pub struct Session<'a> {
    /// The format.
    pub format: &'a StreamFormat,
    /// The transport.
    pub address: &'a Address,
    /// How to receive.
    pub options: Options,
    /// Ends when set.
    pub stop: &'a AtomicBool,
    /// Ends after so long.
    pub most: Option<Duration>,
}

impl Session<'_> {
    /// Receives until the source or the sender ends, and completes what was written. It does that too when
    /// the transport fails, before it returns that error.
    ///
    /// # Errors
    /// [`ReceiveError`].
    pub fn run(
        &self,
        source: &Source,
        mut recorder: Recorder,
        observer: &mut dyn Observer,
    ) -> Result<State, ReceiveError> {
        let options = Options { datagrams: self.address.is_datagrams(), ..self.options };
        let mut receiver = Receiver::new(self.format, options);
        let began = Instant::now();
        let mut clock = Clock::new(self.format);
        let mut told = began;
        let mut failed = None;
        let misfit = |misfit| ReceiveError::Misfit { name: self.address.to_string(), misfit };
        loop {
            let over = self.most.is_some_and(|most| began.elapsed() >= most);
            if over || self.stop.load(Ordering::Relaxed) || receiver.ended() {
                break;
            }
            match source.next(TOLD_EVERY / 2) {
                Ok(Next::Input(input)) => {
                    clock.arrived();
                    let silent = clock.silence(self.address.is_live());
                    if let Some(frames) = silent {
                        receiver.silent_for(frames);
                    }
                    write(&mut recorder, observer, &mut clock, |report| {
                        receiver.push(&input, report);
                    })?;
                    if let Some(why) = receiver.misfit() {
                        return Err(misfit(why));
                    }
                }
                Ok(Next::Quiet) => {}
                Ok(Next::End) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
            if told.elapsed() >= TOLD_EVERY {
                told = Instant::now();
                clock.tick();
                if !observer.state(&clock.state(&receiver, source), false) {
                    break;
                }
            }
        }
        write(&mut recorder, observer, &mut clock, |report| receiver.finish(report))?;
        if let Some(why) = receiver.nothing() {
            return Err(failed.map_or_else(|| misfit(why), ReceiveError::Source));
        }
        let state = clock.state(&receiver, source);
        recorder.finish(*receiver.counters())?;
        observer.state(&state, true);
        failed.map_or(Ok(state), |error| Err(error.into()))
    }
}

/// Records what `receive` reports.
fn write(
    recorder: &mut Recorder,
    observer: &mut dyn Observer,
    clock: &mut Clock,
    receive: impl FnOnce(&mut dyn FnMut(Event<'_>)),
) -> Result<(), RecorderError> {
    let mut result = Ok(());
    receive(&mut |event| {
        clock.event(&event);
        observer.event(&event);
        if result.is_ok() {
            result = recorder.take(&event);
        }
    });
    result
}

/// Speeds and delays.
struct Clock {
    samples_per_s: f64,
    channels: usize,
    frame_seconds: f64,
    /// When the first input arrived, and the last.
    first: Option<Instant>,
    last: Option<Instant>,
    /// Between the last input and the one before.
    pause: Duration,
    /// How far a frame's arrival is from its time in the recording: least, and of the last one.
    earliest: f64,
    offset: f64,
    /// Rounds that were decoded.
    rounds: u64,
    /// `rounds` a while ago, and when.
    before: (u64, Instant),
    rounds_per_s: f64,
}

impl Clock {
    fn new(format: &StreamFormat) -> Clock {
        Clock {
            samples_per_s: format.samples_per_s,
            channels: format.channels(),
            frame_seconds: format.frame_seconds(),
            first: None,
            last: None,
            pause: Duration::ZERO,
            earliest: f64::INFINITY,
            offset: 0.0,
            rounds: 0,
            before: (0, Instant::now()),
            rounds_per_s: 0.0,
        }
    }

    fn arrived(&mut self) {
        let now = Instant::now();
        if self.first.is_none() {
            self.before.1 = now;
        }
        self.first.get_or_insert(now);
        self.pause = self.last.map_or(Duration::ZERO, |last| now - last);
        self.last = Some(now);
    }

    /// Frames that must have been sent during the last pause, when they are too many for sequence numbers.
    fn silence(&self, live: bool) -> Option<u64> {
        let frames = self.pause.as_secs_f64() / self.frame_seconds;
        (live && frames >= SILENCE).then_some(frames as u64)
    }

    fn event(&mut self, event: &Event<'_>) {
        if let (Event::Samples { round, samples }, Some(first)) = (event, self.first) {
            let rounds = (samples.len() / self.channels) as u64;
            self.rounds += rounds;
            let time = (round + rounds) as f64 / self.samples_per_s;
            self.offset = first.elapsed().as_secs_f64() - time;
            self.earliest = self.earliest.min(self.offset);
        }
    }

    fn tick(&mut self) {
        let (rounds, since) = self.before;
        if since.elapsed() >= SPEED_OVER {
            self.rounds_per_s = (self.rounds - rounds) as f64 / since.elapsed().as_secs_f64();
            self.before = (self.rounds, Instant::now());
        }
    }

    fn state(&self, receiver: &Receiver<'_>, source: &Source) -> State {
        let seconds = self.first.map_or(0.0, |first| first.elapsed().as_secs_f64());
        // Of less than a second, what there is.
        let rounds_per_s = match self.rounds_per_s {
            0.0 if seconds > 0.0 => self.rounds as f64 / seconds,
            speed => speed,
        };
        State {
            seconds,
            counters: *receiver.counters(),
            rounds_per_s,
            samples_per_s: rounds_per_s * self.channels as f64,
            delay_ms: if self.earliest.is_finite() {
                1e3 * (self.offset - self.earliest)
            } else {
                0.0
            },
            backlog_bytes: source.backlog(),
        }
    }
}
