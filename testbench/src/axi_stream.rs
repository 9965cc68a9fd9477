//! The rules of an AXI4-Stream, checked clock by clock.
//!
//! 1. An offered word stays, unchanged, until it is taken.
//! 2. Right after reset, nothing is offered.
//! 3. `tkeep` has all lanes, except in a packet's last word, where it has the lanes from 0 on.

/// A rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenRule {
    /// Rule 1.
    #[error("an offer was withdrawn before it was taken")]
    Withdrawn,
    /// Rule 1.
    #[error("an offer changed before it was taken")]
    Changed,
    /// Rule 2.
    #[error("something was offered right out of reset")]
    OfferedInReset,
    /// Rule 3.
    #[error("tkeep is {0:#06b}, and that is no valid selection of lanes here")]
    Keep(u8),
}

/// One word of the stream as it stands on the wires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// `tdata`, lane 0 in bits 7:0.
    pub data: u32,
    /// `tkeep`.
    pub keep: u8,
    /// `tlast`.
    pub last: bool,
}

/// Watches one stream.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// The word offered at the last clock and not taken.
    waiting: Option<Beat>,
    was_reset: bool,
}

impl Watch {
    /// Checks one clock: the word offered, whether it is taken, whether reset is active.
    ///
    /// # Errors
    /// The rule that was broken.
    pub fn clock(
        &mut self,
        offer: Option<Beat>,
        taken: bool,
        in_reset: bool,
    ) -> Result<(), BrokenRule> {
        if self.was_reset && offer.is_some() {
            return Err(BrokenRule::OfferedInReset);
        }
        if let Some(waiting) = self.waiting
            && !self.was_reset
        {
            match offer {
                None => return Err(BrokenRule::Withdrawn),
                Some(beat) if beat != waiting => return Err(BrokenRule::Changed),
                Some(_) => {}
            }
        }
        if let Some(beat) = offer {
            let valid: &[u8] = if beat.last { &[0b1, 0b11, 0b111, 0b1111] } else { &[0b1111] };
            if !valid.contains(&beat.keep) {
                return Err(BrokenRule::Keep(beat.keep));
            }
        }
        self.waiting = offer.filter(|_| !taken);
        self.was_reset = in_reset;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_is_found() {
        let beat = Beat { data: 1, keep: 0b1111, last: false };
        let offered = || {
            let mut watch = Watch::default();
            watch.clock(Some(beat), false, false).unwrap();
            watch
        };
        assert_eq!(offered().clock(None, false, false), Err(BrokenRule::Withdrawn));
        let other = Beat { data: 2, ..beat };
        assert_eq!(offered().clock(Some(other), true, false), Err(BrokenRule::Changed));
        assert_eq!(offered().clock(Some(beat), true, false), Ok(()));

        let mut watch = offered();
        watch.clock(Some(beat), false, true).unwrap();
        assert_eq!(watch.clone().clock(Some(beat), false, false), Err(BrokenRule::OfferedInReset));
        assert_eq!(watch.clock(None, false, false), Ok(()));

        let keep = |keep, last| {
            Watch::default().clock(Some(Beat { keep, last, ..beat }), true, false).is_ok()
        };
        assert!(keep(0b0011, true) && !keep(0b0011, false) && !keep(0b0101, true));
    }
}
