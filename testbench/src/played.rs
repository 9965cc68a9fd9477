//! **Played**: the frames of the hardware in a simulator, one after the other, for whoever sends them on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;

use crate::simulator::{EngineError, Event, Simulator};
use crate::stimulus::Stimulus;

/// Frames that the simulator may be ahead.
const AHEAD: usize = 64;

/// Sends samples, each with its `s_axis_tlast`, through hardware with frames, and passes the frames to
/// `play` while they come. When `play` returns, the samples end.
///
/// # Errors
/// [`EngineError`], also when `play` succeeded.
pub fn played<T>(
    simulator: &dyn Simulator,
    samples: impl Iterator<Item = (i16, bool)> + Send,
    play: impl FnOnce(&mut dyn Iterator<Item = Vec<u32>>) -> T,
) -> Result<T, EngineError> {
    let over = AtomicBool::new(false);
    let samples = samples.take_while(|_| !over.load(Ordering::Relaxed));
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        let run = scope.spawn(move || {
            let mut frame = Vec::new();
            simulator.run(Stimulus::samples(samples), &mut |event| {
                if let Event::Word(word) = event {
                    frame.push(word.word);
                    if word.last {
                        // Nobody takes it any more: the samples end, too.
                        let _ = sender.send(std::mem::take(&mut frame));
                    }
                }
            })
        });
        let result = play(&mut receiver.into_iter());
        over.store(true, Ordering::Relaxed);
        run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok(result)
    })
}
