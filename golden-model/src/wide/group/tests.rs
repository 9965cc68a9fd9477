use super::*;
use crate::wide::choose::choose_for;
use proptest::prelude::*;

/// Noise of so many steps around zero, the same on every machine.
fn noise(seed: u64) -> impl FnMut(i64) -> i64 {
    let mut x = seed | 1;
    move |width| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 20) as i64 % (2 * width + 1) - width
    }
}

fn comes_back<T: Width>(group: &Group, samples: &[T]) -> usize {
    let bytes = group.encode_of(samples);
    let rounds = samples.len() / group.channels();
    assert_eq!(group.decode_of::<T>(rounds, &bytes).unwrap(), samples);
    bytes.len()
}

/// What was chosen for samples, after a way through its bytes, and how many bytes it makes of them.
fn chosen<T: Width>(samples: &[T], channels: usize, bits: u32) -> (Group, usize) {
    let group = choose_for(samples, channels, bits, 0);
    let stored = group.to_bytes();
    let mut rest = &stored[..];
    let read = Group::from_bytes(&mut rest, channels, bits).unwrap();
    assert!(rest.is_empty());
    assert_eq!(Group { hole_distance: group.hole_distance, ..read.clone() }, group);
    comes_back(&read, samples);
    let len = comes_back(&group, samples);
    (group, len)
}

fn wandering(channels: usize, rounds: usize, step: i64, seed: u64) -> Vec<i16> {
    let mut random = noise(seed);
    let mut at = vec![0; channels];
    (0..channels * rounds)
        .map(|i| {
            at[i % channels] = (at[i % channels] + random(9)).clamp(-500, 500);
            (at[i % channels] * step + 3) as i16
        })
        .collect()
}

#[test]
fn a_dead_channel_takes_next_to_nothing() {
    let mut samples = wandering(16, 4000, 1, 5);
    let (_, alive) = chosen(&samples, 16, 16);
    samples.iter_mut().skip(4).step_by(16).for_each(|sample| *sample = 0);
    let (_, with_a_dead_one) = chosen(&samples, 16, 16);
    assert!(with_a_dead_one < alive, "{with_a_dead_one} {alive}");
    let (_, all_dead) = chosen(&[0i16; 200_000], 16, 16);
    assert!(all_dead < 200, "{all_dead}");
}

#[test]
fn lost_packets_cost_their_list_alone() {
    let samples = wandering(8, 6000, 1, 9);
    let (_, whole) = chosen(&samples, 8, 16);
    let mut lost = samples.clone();
    for packet in 0..3 {
        lost[(1000 + 2000 * packet) * 8..][..400 * 8].fill(0);
    }
    let (_, len) = chosen(&lost, 8, 16);
    assert!(len < whole, "{len} {whole}");
}

#[test]
fn zeros_here_and_there_are_cheap_exceptions() {
    for step in [1, 7] {
        let samples: Vec<i16> = wandering(2, 20_000, step, 3).iter().map(|s| s + 7000).collect();
        let mut random = noise(8);
        let lost: Vec<i16> = samples.iter().map(|&s| if random(10) == 0 { 0 } else { s }).collect();
        let zeros = lost.iter().filter(|s| **s == 0).count();
        let ((_, whole), (group, len)) = (chosen(&samples, 2, 16), chosen(&lost, 2, 16));
        assert_eq!((group.set.hole(), zeros > 1000), (0, true));
        // Where the zeros are takes about 0.3 bits a sample; each saves its own code.
        assert!(len < whole + samples.len() / 16, "{step}: {len} {whole}");
    }
}

#[test]
fn gaps_of_a_converter_are_taken_out() {
    let (_, fine) = chosen(&wandering(4, 5000, 1, 2), 4, 16);
    let (group, coarse) = chosen(&wandering(4, 5000, 12, 2), 4, 16);
    assert!(group.converters.iter().all(|c| *c != Converter::Direct));
    assert!(coarse < fine + 40, "{coarse} {fine}");
}

#[test]
fn samples_far_apart_and_not_evenly_so_are_listed() {
    let even = wandering(3, 5000, 1, 6);
    let companded: Vec<i16> = even
        .iter()
        .map(|&s| (i32::from(s) * i32::from(s).abs() / 64 + i32::from(s)) as i16)
        .collect();
    let ((_, even), (group, listed)) = (chosen(&even, 3, 16), chosen(&companded, 3, 16));
    let list = group.list.as_ref().expect("a list");
    // As small as the codes themselves, but for a few that stand for the same sample.
    assert!(listed < even + even / 50, "{listed} {even}");
    // Samples that the list lacks come back as well.
    let lacks: Vec<i16> = (0..).filter(|&s| list.token(s.into()).is_none()).take(900).collect();
    comes_back(&group, &lacks);
    let (near_lossless, samples) = (choose_for(&companded, 3, 16, 2), &mut companded.clone());
    near_lossless.coarsen(samples, 2);
    assert!(near_lossless.list.is_none());
    comes_back(&near_lossless, samples);
}

#[test]
fn channels_that_are_alike_go_together() {
    let mut random = noise(11);
    let mut samples = Vec::new();
    for _ in 0..4000 {
        let kinds = [0; 8].map(|_: i16| random(200) as i16);
        samples.extend((0..32).map(|channel| kinds[channel % 8] + random(20) as i16));
    }
    let (group, ordered) = chosen(&samples, 32, 16);
    let natural = Group { order: (0..32).collect(), ..group.clone() };
    let natural = comes_back(&natural, &samples);
    assert!(
        group.order != (0..32).collect::<Vec<u16>>() && ordered < natural * 9 / 10,
        "{ordered} {natural}"
    );
}

#[test]
fn channels_go_in_any_order() {
    let samples = wandering(5, 300, 4, 1);
    for exceptions in [false, true] {
        let mut samples = samples.clone();
        if exceptions {
            samples.iter_mut().step_by(41).for_each(|s| *s += 1);
            samples[500..1000].iter_mut().step_by(5).for_each(|s| *s = 77);
        }
        let mut group = choose_for(&samples, 5, 16, 0);
        group.order = vec![3, 0, 4, 1, 2];
        comes_back(&group, &samples);
        let stored = group.to_bytes();
        assert_eq!(Group::from_bytes(&mut &stored[..], 5, 16).unwrap().order, group.order);
    }
}

#[test]
fn noise_is_stored_as_it_is() {
    let mut random = noise(4);
    let samples: Vec<i32> = (0..3000).map(|_| random(1 << 23) as i32 >> 1).collect();
    let (_, len) = chosen(&samples, 1, 24);
    assert!(len <= 9001, "{len}");
    let (_, len) = chosen(&[i32::MIN, i32::MAX, 0, -1], 1, 32);
    assert!(len <= 17, "{len}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_group_comes_back(
        seed in any::<u64>(),
        channels in 1usize..12,
        rounds in 1usize..300,
        width in 0i64..1 << 15,
        quiet in any::<bool>(),
    ) {
        let mut random = noise(seed);
        let mut samples: Vec<i16> = (0..channels * rounds).map(|_| random(width) as i16).collect();
        if quiet {
            for i in channels..samples.len() {
                if (i / channels) % 97 < 80 {
                    samples[i] = samples[i - channels];
                }
            }
        }
        chosen(&samples, channels, 16);
        let bytes: Vec<i16> = samples.iter().map(|&s| s as i8 as i16).collect();
        chosen(&bytes, channels, 8);
        let wide: Vec<i32> = samples.iter().map(|&s| i32::from(s) << 7).collect();
        chosen(&wide, channels, 24);
    }

    #[test]
    fn hostile_bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let _ = Group::from_bytes(&mut &bytes[..], 3, 16);
        let samples = wandering(3, 200, 1, 1);
        let group = choose_for(&samples, 3, 16, 0);
        let mut codes = group.encode_of(&samples);
        let mut stored = group.to_bytes();
        for (at, byte) in changes {
            *at.get_mut(&mut codes) = byte;
            *at.get_mut(&mut stored) ^= byte;
        }
        let _ = group.decode_of::<i16>(200, &codes);
        if let Ok(other) = Group::from_bytes(&mut &stored[..], 3, 16) {
            let _ = other.decode_of::<i16>(200, &codes);
        }
        let _ = group.decode_of::<i16>(200, &bytes);
    }
}
