//! Stretches: records of a file, to bytes and back.

use super::error::Corruption;
use super::limits::{RECORD_BYTES, STRETCH_BYTES, STRETCH_ROUNDS, STRETCH_SAMPLES};
use super::writer::Entry;
use crate::deflate;
use crate::layout::{Layout, Parts, Samples};
use crate::varint;
use crate::wide::choose::{LOOKED_AT, choose};
use crate::wide::group::Group as Coding;

/// Records in a stretch: about a second of the group with the most samples.
pub fn records_in_a_stretch(layout: &Layout) -> usize {
    let samples =
        |group: usize| u64::from(layout.rounds(group)) * layout.groups[group].channels.len() as u64;
    let largest = (0..layout.groups.len()).max_by_key(|&group| samples(group));
    let records = largest.map_or(1, |group| {
        let second = layout.groups[group].rate.as_f64().ceil() as u64;
        let channels = layout.groups[group].channels.len() as u64;
        let rounds = second.max(STRETCH_ROUNDS).max(STRETCH_SAMPLES / channels);
        rounds.div_ceil(u64::from(layout.rounds(group)).max(1))
    });
    let room = STRETCH_BYTES / layout.record_bytes();
    (records as usize).min(room).max(1)
}

/// How many stretches are looked at before a file is coded.
pub fn stretches_to_look_at(layout: &Layout) -> usize {
    let channels = |group: usize| layout.groups[group].channels.len();
    let samples: usize =
        (0..layout.groups.len()).map(|g| channels(g) * layout.rounds(g) as usize).sum();
    LOOKED_AT.div_ceil((samples * records_in_a_stretch(layout)).max(1))
}

/// What to code each group of channels with, from the first stretch.
pub fn choose_codings(layout: &Layout, parts: &Parts, entry: Entry<'_>) -> Vec<Coding> {
    let Entry { max_error, looked_at, .. } = entry;
    let of_group = |(group, samples): (&crate::layout::Group, &Samples)| {
        let (channels, bits) = (group.channels.len(), 8 * group.format.bytes() as u32);
        choose(samples, looked_at, channels, bits, max_error)
    };
    layout.groups.iter().zip(&parts.groups).map(of_group).collect()
}

/// Codes whole records. Returns the stretch, and how many bytes of samples are in it as they are.
pub fn encode(
    layout: &Layout,
    codings: &[Coding],
    records: usize,
    parts: &Parts,
) -> (Vec<u8>, usize) {
    let (mut payload, mut uncoded) = (Vec::new(), 0);
    varint::put(&mut payload, records as u64);
    if layout.plain_bytes() > 0 {
        let plain = deflate::pack(&parts.plain);
        varint::put(&mut payload, plain.len() as u64);
        payload.extend(plain);
    }
    for (coding, samples) in codings.iter().zip(&parts.groups) {
        let bytes = coding.encode(samples);
        uncoded += Coding::uncoded_bytes(&bytes);
        varint::put(&mut payload, bytes.len() as u64);
        payload.extend(bytes);
    }
    (payload, uncoded)
}

/// How many records a stretch holds.
pub fn records(layout: &Layout, payload: &mut &[u8]) -> Result<usize, Corruption> {
    let records = varint::take(payload).ok_or(SHORT)?;
    let fits = |records: &u64| {
        let bytes = records.checked_mul(layout.record_bytes() as u64);
        *records > 0 && bytes.is_some_and(|bytes| bytes <= RECORD_BYTES as u64)
    };
    let records = Some(records).filter(fits).ok_or(Corruption::Field("records of a stretch"))?;
    Ok(records as usize)
}

/// Decodes a stretch; groups of which `wanted` says no are left out, as are the plain bytes then. Not
/// generic: its code would be made anew in each crate that reads archives, as little optimised as that is.
pub fn decode(
    layout: &Layout,
    codings: &[Coding],
    mut payload: &[u8],
    wanted: &dyn Fn(usize) -> bool,
) -> Result<(usize, Parts), Corruption> {
    let payload = &mut payload;
    let records = records(layout, payload)?;
    let mut parts = Parts::default();
    if layout.plain_bytes() > 0 {
        let length = records * layout.plain_bytes();
        let packed = next(payload)?;
        let plain = deflate::unpack(packed, length).filter(|plain| plain.len() == length);
        parts.plain = plain.ok_or(Corruption::Field("plain bytes of a stretch"))?;
    }
    for (index, (coding, group)) in codings.iter().zip(&layout.groups).enumerate() {
        let bytes = next(payload)?;
        let mut samples = Samples::of(group.format);
        if wanted(index) {
            let rounds = records * layout.rounds(index) as usize;
            coding.decode(rounds, bytes, &mut samples)?;
        }
        parts.groups.push(samples);
    }
    if payload.is_empty() {
        Ok((records, parts))
    } else {
        Err(Corruption::Field("a stretch, which goes on"))
    }
}

const SHORT: Corruption = Corruption::Field("a stretch, which ends too early");

/// The next part with its length before it.
fn next<'b>(payload: &mut &'b [u8]) -> Result<&'b [u8], Corruption> {
    let length = varint::take(payload).ok_or(SHORT)?;
    varint::take_bytes(payload, usize::try_from(length).map_err(|_| SHORT)?).ok_or(SHORT)
}
