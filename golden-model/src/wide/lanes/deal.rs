//! Which channels are in which lane, and when they are coded.

use super::vectors::LANES;
use crate::wide::stretch::Hold;

/// Channels dealt to lanes: the first ones to the first lane, and so on. Where they do not come out even,
/// the later lanes have one channel less and leave out their first position.
pub struct Deal {
    /// `[position][lane]`
    channels: Vec<[u16; LANES]>,
    /// The lanes that leave out their first position, a bit for each.
    skipping: u8,
}

impl Deal {
    /// Deals the channels that do not hold for all of the `rounds`.
    pub fn new(channels: usize, rounds: usize, holds: &[Hold]) -> Deal {
        let mut coded = vec![true; channels];
        for hold in holds.iter().filter(|hold| hold.rounds == rounds) {
            coded[hold.channel] = false;
        }
        let mut coded = (0..channels as u16).filter(|&channel| coded[usize::from(channel)]);
        let count = coded.clone().count();
        let (positions, short) = (count.div_ceil(LANES), count.next_multiple_of(LANES) - count);
        let mut dealt = vec![[0; LANES]; positions];
        for lane in 0..LANES {
            let first = usize::from(lane >= LANES - short);
            dealt.iter_mut().skip(first).zip(&mut coded).for_each(|(to, c)| to[lane] = c);
        }
        Deal { channels: dealt, skipping: (0xffu16 << (LANES - short)) as u8 }
    }

    /// Positions of a lane.
    pub fn positions(&self) -> usize {
        self.channels.len()
    }

    /// The channels at a position; arbitrary where a lane leaves it out.
    #[inline(always)]
    pub fn channels(&self, position: usize) -> &[u16; LANES] {
        &self.channels[position]
    }

    /// Whether a lane leaves out its first position.
    pub fn skips(&self, lane: usize) -> bool {
        self.skipping >> lane & 1 != 0
    }

    /// All lanes that do, a bit for each.
    pub fn skipping(&self) -> u8 {
        self.skipping
    }

    /// The place of every channel that is dealt: `[channel]`.
    fn places(&self, channels: usize) -> Vec<Option<(usize, usize)>> {
        let mut places = vec![None; channels];
        for (position, dealt) in self.channels.iter().enumerate() {
            for (lane, &channel) in dealt.iter().enumerate() {
                if position > 0 || !self.skips(lane) {
                    places[usize::from(channel)] = Some((position, lane));
                }
            }
        }
        places
    }

    /// The lane of every channel; 0 for those that are not dealt.
    pub fn lanes(&self, channels: usize) -> Vec<usize> {
        self.places(channels).into_iter().map(|place| place.map_or(0, |(_, lane)| lane)).collect()
    }
}

/// Which lanes are coded at each position, as time goes on.
///
/// At time `t`, lane `l` is in round `t - l`: a lane needs what the one before it has left.
pub struct Timeline {
    /// Lanes that are in no round.
    out: u8,
    /// Of each position, the lanes that hold or leave it out.
    held: Vec<u8>,
    /// By falling time.
    changes: Vec<Change>,
}

/// A lane begins or ends to hold, or to be in a round where `position` is `None`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    time: usize,
    coded: std::cmp::Reverse<bool>,
    position: Option<usize>,
    lane: usize,
}

impl Timeline {
    /// Before the first time.
    pub fn new(deal: &Deal, channels: usize, rounds: usize, holds: &[Hold]) -> Timeline {
        let mut held = vec![0; deal.positions()];
        if let Some(first) = held.first_mut() {
            *first = deal.skipping;
        }
        let change = |time, coded, position, lane| {
            let coded = std::cmp::Reverse(coded);
            Change { time, coded, position, lane }
        };
        let mut changes: Vec<Change> = (0..LANES)
            .flat_map(|l| [change(l, true, None, l), change(rounds + l, false, None, l)])
            .collect();
        let places = deal.places(channels);
        for hold in holds {
            if let Some((position, lane)) = places[hold.channel] {
                let from = hold.from + lane;
                changes.push(change(from, false, Some(position), lane));
                changes.push(change(from + hold.rounds, true, Some(position), lane));
            }
        }
        // The last one first; of those at one time, what begins to be coded goes first.
        changes.sort_unstable_by(|a, b| b.cmp(a));
        Timeline { out: 0xff, held, changes }
    }

    /// Moves on to a time.
    pub fn go_to(&mut self, time: usize) {
        while let Some(change) = self.changes.pop_if(|change| change.time <= time) {
            let absent = match change.position {
                Some(position) => &mut self.held[position],
                None => &mut self.out,
            };
            match change.coded.0 {
                true => *absent &= !(1 << change.lane),
                false => *absent |= 1 << change.lane,
            }
        }
    }

    /// The lanes that are coded at a position.
    #[inline(always)]
    pub fn present(&self, position: usize) -> u8 {
        !(self.out | self.held[position])
    }
}
