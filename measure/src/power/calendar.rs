//! Future events in order of time: a ring of picoseconds, long enough for the longest delay.
//!
//! No event is further ahead than that, so each place of the ring holds one time. Events in the
//! same picosecond keep the order of insertion.

/// Future events.
#[derive(Debug)]
pub(crate) struct Calendar<T> {
    ring: Vec<Vec<T>>,
    /// A bit for each place of the ring that holds an event.
    filled: Vec<u64>,
    /// The current place, and the number of its events already handled.
    now: usize,
    over: usize,
}

impl<T: Copy> Calendar<T> {
    /// For events at most this far ahead.
    pub(crate) fn new(furthest: u32) -> Calendar<T> {
        let places = (furthest as usize + 1).next_power_of_two().max(64);
        let ring = (0..places).map(|_| Vec::new()).collect();
        Calendar { ring, filled: vec![0; places / 64], now: 0, over: 0 }
    }

    /// Inserts an event this far ahead.
    pub(crate) fn put(&mut self, delay: u32, thing: T) {
        assert!((delay as usize) < self.ring.len(), "{delay} ps is further ahead than was said");
        // A power of two.
        let place = (self.now + delay as usize) & (self.ring.len() - 1);
        self.ring[place].push(thing);
        self.filled[place / 64] |= 1 << (place % 64);
    }

    /// The next event; its time becomes the current time.
    pub(crate) fn next(&mut self) -> Option<T> {
        loop {
            if let Some(&thing) = self.ring[self.now].get(self.over) {
                self.over += 1;
                return Some(thing);
            }
            self.ring[self.now].clear();
            self.filled[self.now / 64] &= !(1 << (self.now % 64));
            self.over = 0;
            self.now = self.next_filled()?;
        }
    }

    /// The first place with an event, from the current one on and once around.
    fn next_filled(&self) -> Option<usize> {
        let words = self.filled.len();
        let first = self.now / 64;
        (0..=words).find_map(|step| {
            let word = (first + step) % words;
            // Places before the current one in its own word come last.
            let mask = if step == 0 { u64::MAX << (self.now % 64) } else { u64::MAX };
            let bits = self.filled[word] & mask;
            (bits != 0).then(|| 64 * word + bits.trailing_zeros() as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_order_of_time_then_of_insertion() {
        let mut calendar = Calendar::new(100);
        for (delay, thing) in [(100, 'e'), (3, 'b'), (70, 'd'), (3, 'c'), (0, 'a')] {
            calendar.put(delay, thing);
        }
        let mut seen = String::new();
        while let Some(thing) = calendar.next() {
            seen.push(thing);
            if thing == 'e' {
                // Around the ring, and into the current place.
                calendar.put(90, 'g');
                calendar.put(0, 'f');
            }
        }
        assert_eq!(seen, "abcdefg");
        calendar.put(127, 'h');
        assert_eq!((calendar.next(), calendar.next()), (Some('h'), None));
    }

    #[test]
    #[should_panic(expected = "further ahead")]
    fn no_event_is_inserted_beyond_the_ring() {
        Calendar::new(100).put(128, ());
    }
}
