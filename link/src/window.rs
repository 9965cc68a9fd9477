//! **Window**: pieces of frames in any order in, frames in the order of their numbers out.
//!
//! A frame goes out when it is whole and all before it have gone out or have been passed over. One is
//! passed over when a frame a whole window later begins to arrive. What comes after that is late.
//! Memory is bounded by the window and the longest frame.

use std::collections::VecDeque;

/// A jump ahead that is no gap any more, but another stream: more than an hour of frames of 1 ms.
const FAR: u64 = 1 << 22;
/// Frames of 1 ms for nine thousand years: room for all arithmetic above it.
const LAST: u64 = 1 << 48;
/// Buffers kept for the next frames.
const SPARE: usize = 4;

/// Frames that wait for those before them.
#[derive(Clone, Debug)]
pub struct Window {
    /// The first is number `next`.
    waiting: VecDeque<Option<Partial>>,
    next: u64,
    started: bool,
    capacity: usize,
    /// Longest frame.
    max_bytes: usize,
    /// Buffers that can be used again.
    spare: Vec<Vec<u8>>,
}

/// A frame of which something has arrived.
#[derive(Clone, Debug)]
struct Partial {
    bytes: Vec<u8>,
    /// What has arrived: ranges that do not touch each other, in order.
    ranges: Vec<(usize, usize)>,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It was new.
    Taken,
    /// All of it was there already.
    Repeated,
    /// Its frame has gone out, or was passed over.
    Late,
    /// So far ahead that it must be of another stream.
    Far,
    /// Its frame is of another length than its other pieces say, or too long, or its number is impossible.
    Misfit,
}

impl Window {
    /// A window of so many frames, at least one, each of at most so many bytes. The first frame to
    /// arrive need not be the first that was sent, unless `from_start`: then frame 0 is waited for.
    pub fn new(capacity: usize, max_bytes: usize, from_start: bool) -> Window {
        Window {
            waiting: VecDeque::new(),
            next: 0,
            started: from_start,
            capacity: capacity.max(1),
            max_bytes,
            spare: Vec::new(),
        }
    }

    /// The number of the frame that goes out next.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Frames that were begun and are not whole, of those in the window.
    pub fn waiting(&self) -> usize {
        self.waiting.iter().flatten().count()
    }

    /// Takes a piece of a frame; passes every frame that goes out, and its number, to `out`. A frame
    /// that is passed over in parts goes out as `None`.
    pub fn put(
        &mut self,
        number: u64,
        length: usize,
        offset: usize,
        piece: &[u8],
        out: &mut impl FnMut(u64, Option<&[u8]>),
    ) -> Placed {
        if length > self.max_bytes || offset + piece.len() > length || number > LAST {
            return Placed::Misfit;
        }
        if !self.started {
            // Those just before it may be on their way still.
            self.next = number.saturating_sub(self.capacity as u64 / 2);
            self.started = true;
        }
        let Some(ahead) = number.checked_sub(self.next) else { return Placed::Late };
        if ahead >= FAR {
            return Placed::Far;
        }
        let passed = (ahead + 1).saturating_sub(self.capacity as u64);
        self.pass(passed, out);
        let place = (number - self.next) as usize;
        if self.waiting.len() <= place {
            self.waiting.resize(place + 1, None);
        }
        let slot = &mut self.waiting[place];
        let partial = slot.get_or_insert_with(|| {
            let mut bytes = self.spare.pop().unwrap_or_default();
            bytes.clear();
            bytes.resize(length, 0);
            Partial { bytes, ranges: Vec::new() }
        });
        if partial.bytes.len() != length {
            return Placed::Misfit;
        }
        if !partial.take(offset, piece) {
            return Placed::Repeated;
        }
        while let Some(Some(first)) = self.waiting.front() {
            if !first.is_whole() {
                break;
            }
            self.pass(1, out);
        }
        Placed::Taken
    }

    /// Lets everything out that waits.
    pub fn flush(&mut self, out: &mut impl FnMut(u64, Option<&[u8]>)) {
        self.pass(self.waiting.len() as u64, out);
    }

    /// Lets out or passes over the next frames.
    fn pass(&mut self, count: u64, out: &mut impl FnMut(u64, Option<&[u8]>)) {
        let end = self.next + count;
        while self.next < end {
            let Some(slot) = self.waiting.pop_front() else {
                self.next = end;
                break;
            };
            if let Some(partial) = slot {
                out(self.next, partial.is_whole().then_some(&partial.bytes));
                if self.spare.len() < SPARE {
                    self.spare.push(partial.bytes);
                }
            }
            self.next += 1;
        }
    }
}

impl Partial {
    fn is_whole(&self) -> bool {
        self.ranges == [(0, self.bytes.len())]
    }

    /// Takes a piece; false when all of it was there.
    fn take(&mut self, offset: usize, piece: &[u8]) -> bool {
        let (begin, end) = (offset, offset + piece.len());
        if self.ranges.iter().any(|&(from, to)| from <= begin && end <= to) {
            return false;
        }
        self.bytes[begin..end].copy_from_slice(piece);
        let (mut begin, mut end) = (begin, end);
        self.ranges.retain(|&(from, to)| {
            let apart = to < begin || end < from;
            if !apart {
                (begin, end) = (begin.min(from), end.max(to));
            }
            apart
        });
        let at = self.ranges.partition_point(|&(from, _)| from < begin);
        self.ranges.insert(at, (begin, end));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What goes out for frames of one byte, their own number.
    fn out_of(window: &mut Window, numbers: &[u64]) -> Vec<(u64, Option<u8>)> {
        let mut out = Vec::new();
        for &number in numbers {
            window.put(number, 1, 0, &[number as u8], &mut |n, bytes| {
                out.push((n, bytes.map(|bytes| bytes[0])));
            });
        }
        out
    }

    fn whole(numbers: &[u64]) -> Vec<(u64, Option<u8>)> {
        numbers.iter().map(|&number| (number, Some(number as u8))).collect()
    }

    #[test]
    fn frames_go_out_in_order_and_once() {
        let mut window = Window::new(4, 100, true);
        assert_eq!(out_of(&mut window, &[1, 2, 1]), []);
        assert_eq!(out_of(&mut window, &[0]), whole(&[0, 1, 2]));
        // Number 3 is passed over when number 7 comes.
        assert_eq!(out_of(&mut window, &[4, 6]), []);
        assert_eq!(out_of(&mut window, &[7]), whole(&[4]));
        assert_eq!(window.put(3, 1, 0, &[3], &mut |_, _| ()), Placed::Late);
        assert_eq!(window.put(6, 1, 0, &[6], &mut |_, _| ()), Placed::Repeated);
        assert_eq!(window.put(5 + FAR, 1, 0, &[6], &mut |_, _| ()), Placed::Far);
        assert_eq!(out_of(&mut window, &[5]), whole(&[5, 6, 7]));
        // A jump passes over everything.
        assert_eq!(out_of(&mut window, &[9, 1000]), whole(&[9]));
        assert_eq!(window.next(), 997);
    }

    #[test]
    fn a_stream_is_joined_at_any_frame() {
        let mut window = Window::new(4, 100, false);
        assert_eq!(out_of(&mut window, &[50, 49, 48]), whole(&[48, 49, 50]));
    }

    #[test]
    fn pieces_come_in_any_order_and_overlap() {
        let mut window = Window::new(4, 100, true);
        let frame: Vec<u8> = (0..10).collect();
        let mut put = |from: usize, to: usize| {
            let mut out = None;
            let piece = &frame[from..to];
            let placed = window.put(0, 10, from, piece, &mut |_, bytes| {
                out = bytes.map(<[u8]>::to_vec);
            });
            (placed, out)
        };
        assert_eq!(put(8, 10), (Placed::Taken, None));
        assert_eq!(put(0, 3), (Placed::Taken, None));
        assert_eq!(put(1, 3), (Placed::Repeated, None));
        assert_eq!(put(2, 5), (Placed::Taken, None));
        assert_eq!(put(6, 9), (Placed::Taken, None));
        assert_eq!(put(5, 6), (Placed::Taken, Some(frame.clone())));
        assert_eq!(window.put(1, 101, 0, &[0], &mut |_, _| ()), Placed::Misfit);
        assert_eq!(window.put(1, 4, 0, &[0], &mut |_, _| ()), Placed::Taken);
        assert_eq!(window.put(1, 5, 0, &[0], &mut |_, _| ()), Placed::Misfit);
        let mut passed = Vec::new();
        window.flush(&mut |number, bytes| passed.push((number, bytes.is_some())));
        assert_eq!((passed, window.waiting()), (vec![(1, false)], 0));
    }
}
