//! Several blocks at once.

use std::num::NonZero;
use std::thread;

/// Blocks that are worked on at a time: one for each core.
pub(crate) fn width() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// The results of `work` on each item, in order, `width` at a time.
pub(crate) fn map<T: Send, R: Send>(
    width: usize,
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    if width < 2 || items.len() < 2 {
        return items.into_iter().map(work).collect();
    }
    let mut results = Vec::with_capacity(items.len());
    let mut items = items.into_iter();
    while items.len() > 0 {
        thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> =
                items.by_ref().take(width).map(|item| scope.spawn(move || work(item))).collect();
            let result = |thread: thread::ScopedJoinHandle<'_, R>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            results.extend(threads.into_iter().map(result));
        });
    }
    results
}
