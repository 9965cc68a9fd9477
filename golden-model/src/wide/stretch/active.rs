//! Which channels are coded in a round: all but those that hold.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::iter::Peekable;
use std::slice;

use super::error::StretchError;
use super::hold::Hold;

/// The channels that are coded, round by round.
pub(super) struct Active<'h> {
    list: Vec<u16>,
    held: Vec<bool>,
    /// Holds that are still to come.
    coming: Peekable<slice::Iter<'h, Hold>>,
    /// Ends of the holds that have begun, and their channels.
    ends: BinaryHeap<Reverse<(usize, usize)>>,
}

impl<'h> Active<'h> {
    pub fn new(channels: usize, holds: &'h [Hold]) -> Active<'h> {
        Active {
            list: (0..channels as u16).collect(),
            held: vec![false; channels],
            coming: holds.iter().peekable(),
            ends: BinaryHeap::new(),
        }
    }

    /// The channels that are coded in this round.
    #[inline]
    pub fn at(&mut self, round: usize) -> &[u16] {
        let ending = self.ends.peek().is_some_and(|end| end.0.0 == round);
        if ending || self.coming.peek().is_some_and(|hold| hold.from == round) {
            self.change(round);
        }
        &self.list
    }

    #[cold]
    fn change(&mut self, round: usize) {
        while let Some(&Reverse((_, channel))) = self.ends.peek().filter(|end| end.0.0 == round) {
            self.ends.pop();
            self.held[channel] = false;
        }
        while let Some(hold) = self.coming.next_if(|hold| hold.from == round) {
            self.held[hold.channel] = true;
            self.ends.push(Reverse((round + hold.rounds, hold.channel)));
        }
        self.list.clear();
        self.list.extend((0..self.held.len()).filter(|&c| !self.held[c]).map(|c| c as u16));
    }
}

/// Checks the holds, and that there is a bit at least for every sample that they leave.
pub fn check_room(
    channels: usize,
    rounds: usize,
    holds: &[Hold],
    bytes: &[u8],
) -> Result<(), StretchError> {
    let held = check_holds(channels, rounds, holds)?;
    let has_room = (channels * rounds - held).div_ceil(8) <= bytes.len();
    if has_room { Ok(()) } else { Err(StretchError::TooShort) }
}

/// How many samples the holds leave out.
pub fn check_holds(channels: usize, rounds: usize, holds: &[Hold]) -> Result<usize, StretchError> {
    let mut free_from = vec![0; channels];
    let mut last = (0, 0);
    let mut held = 0;
    for hold in holds {
        let inside = hold.channel < channels
            && hold.rounds > 0
            && hold.from.checked_add(hold.rounds).is_some_and(|end| end <= rounds);
        if !inside || (hold.from, hold.channel) < last || hold.from < free_from[hold.channel] {
            return Err(StretchError::Hold);
        }
        last = (hold.from, hold.channel);
        free_from[hold.channel] = hold.from + hold.rounds;
        held += hold.rounds;
    }
    Ok(held)
}
