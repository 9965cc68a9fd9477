//! Holds of a stretch of samples: found, stored, and read.

use super::error::GroupError;
use crate::wide::predictor::Width;
use crate::wide::stretch::{Exception, Hold};
use crate::{deflate, varint};

/// Rounds on one value from which on a channel holds.
const LEAST_HOLD: usize = 64;
/// Most holds in a stretch.
const MAX_HOLDS: u64 = 1 << 20;

/// Where channels stay on a value; channels are counted in the `order` of their coding.
pub fn find<T: Width>(samples: &[T], order: &[u16]) -> Vec<Hold> {
    let channels = order.len();
    let rounds = samples.len() / channels;
    let mut holds = Vec::new();
    let mut since = vec![0u32; channels];
    let mut place = vec![0; channels];
    order.iter().enumerate().for_each(|(at, &c)| place[usize::from(c)] = at);
    let mut end = |channel: usize, from: usize, round: usize| {
        if round - from >= LEAST_HOLD {
            let sample = samples[from * channels + channel].number() as i32;
            holds.push(Hold { channel: place[channel], from, rounds: round - from, sample });
        }
    };
    for (before, round) in (0..rounds.saturating_sub(1)).zip(1..) {
        let both = &samples[before * channels..][..2 * channels];
        let (last, this) = both.split_at(channels);
        for (channel, since) in since.iter_mut().enumerate() {
            if last[channel] != this[channel] {
                end(channel, *since as usize, round);
                *since = round as u32;
            }
        }
    }
    for (channel, &since) in since.iter().enumerate() {
        end(channel, since as usize, rounds);
    }
    holds.sort_by_key(|hold| (hold.from, hold.channel));
    holds
}

/// Exceptions outside all holds; the channels of holds and of indexes are counted alike.
pub fn without_held(exceptions: Vec<Exception>, holds: &[Hold], channels: usize) -> Vec<Exception> {
    if holds.is_empty() || exceptions.is_empty() {
        return exceptions;
    }
    let mut by_channel: Vec<Vec<(usize, usize)>> = vec![Vec::new(); channels];
    for hold in holds {
        by_channel[hold.channel].push((hold.from, hold.from + hold.rounds));
    }
    let is_held = |index: usize| {
        let (round, holds) = (index / channels, &by_channel[index % channels]);
        // They rise and do not overlap.
        let at = holds.partition_point(|&(_, end)| end <= round);
        holds.get(at).is_some_and(|&(from, _)| from <= round)
    };
    exceptions.into_iter().filter(|exception| !is_held(exception.index)).collect()
}

/// Appends the number of holds and, deflated, the list of them.
pub fn put(bytes: &mut Vec<u8>, holds: &[Hold]) {
    varint::put(bytes, holds.len() as u64);
    if holds.is_empty() {
        return;
    }
    let mut list = Vec::new();
    let (mut from, mut sample) = (0, 0);
    for hold in holds {
        varint::put(&mut list, (hold.from - from) as u64);
        varint::put(&mut list, hold.channel as u64);
        varint::put(&mut list, hold.rounds as u64);
        varint::put_signed(&mut list, i64::from(hold.sample) - sample);
        (from, sample) = (hold.from, hold.sample.into());
    }
    let list = deflate::pack(&list);
    varint::put(bytes, list.len() as u64);
    bytes.extend(list);
}

/// Takes what [`put`] appended.
pub fn take(bytes: &mut &[u8]) -> Result<Vec<Hold>, GroupError> {
    let count = varint::take(bytes).ok_or(GroupError::Short)?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let wrong = GroupError::Field("holds");
    if count > MAX_HOLDS {
        return Err(wrong);
    }
    let length = varint::take(bytes).ok_or(GroupError::Short)? as usize;
    let packed = varint::take_bytes(bytes, length).ok_or(GroupError::Short)?;
    // Four varints, of at most 10 bytes each.
    let list = deflate::unpack(packed, 40 * count as usize).ok_or(wrong)?;
    let mut list = &list[..];
    let mut holds = Vec::new();
    let (mut from, mut sample) = (0u64, 0i64);
    for _ in 0..count {
        let mut number = || varint::take(&mut list).filter(|n| *n < 1 << 32).ok_or(wrong);
        from = from.saturating_add(number()?);
        let (channel, rounds) = (number()? as usize, number()? as usize);
        let step =
            varint::take_signed(&mut list).filter(|n| n.unsigned_abs() < 1 << 34).ok_or(wrong)?;
        sample += step;
        let sample = i32::try_from(sample).map_err(|_| wrong)?;
        holds.push(Hold { channel, from: from as usize, rounds, sample });
    }
    if list.is_empty() { Ok(holds) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        // Of one hold: the first round, the channel, the rounds, the sample.
        for (rounds, sample) in [(1, i64::MIN), (1, i64::MAX), (1, 1 << 32), (1 << 32, 0)] {
            let mut list = vec![0, 0];
            varint::put(&mut list, rounds);
            varint::put_signed(&mut list, sample);
            let list = deflate::pack(&list);
            let mut bytes = vec![1];
            varint::put(&mut bytes, list.len() as u64);
            bytes.extend(list);
            assert_eq!(take(&mut &bytes[..]), Err(GroupError::Field("holds")), "{rounds} {sample}");
        }
    }
}
