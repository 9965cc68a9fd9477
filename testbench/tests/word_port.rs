//! The word port compared with a queue: hosts of any speed, phase and delay, on every number of
//! lanes.

use hdl::boards::board_circuit::{BoardInputs, BoardOutputs};
use hdl::circuit::rest;
use hdl::ports::word_port::WordPort;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::spi_host::{Habits, SpiHost, StatusWord};

/// Period of the port's clock; the host's is anything that the port allows.
const CLOCK: u64 = 1000;

fn port<const LANES: usize>() -> WordPort<LANES> {
    let mut block = WordPort::default();
    block.connect_all();
    block.aresetn.next = true;
    block.cs_n.next = true;
    rest(&mut block);
    block
}

fn drive<const LANES: usize>(block: &mut WordPort<LANES>, pins: &BoardInputs) -> BoardOutputs {
    block.cs_n.next = pins.host_cs_n;
    block.sclk.next = pins.host_sclk.into();
    block.clock.next = pins.clock.into();
    rest(block);
    BoardOutputs { host_miso: block.miso.val().to_u8(), host_ready: block.ready.val() }
}

fn hosts_of_any_habits<const LANES: usize>(random: &mut StdRng) {
    for _ in 0..20 {
        let frame = random.random_range(1..200);
        let writes = random.random_range(1..=100);
        let words: Vec<u32> = (0..frame * (1 + 400 / frame)).map(|_| random.random()).collect();
        // A word takes seven clocks at the least.
        let shortest = 7 * CLOCK * LANES as u64 / 64 + 1;
        let habits = Habits {
            lanes: LANES as u32,
            half_period: random.random_range(shortest..3 * shortest),
            settle: 8 * CLOCK,
            pause: (0, random.random_range(0..300 * CLOCK)),
            pauses: u32::MAX,
            breaks_off: random.random_range(0..=50),
            seed: random.random(),
        };
        let mut host = SpiHost::new(habits);
        let mut block = port::<LANES>();
        let counters: [u8; 4] = core::array::from_fn(|_| random.random_range(0..64));
        block.lost.next = u64::from(counters[0]).into();
        block.broken_frames.next = u64::from(counters[1]).into();
        block.overruns.next = u64::from(counters[2]).into();
        block.misaligned.next = u64::from(counters[3]).into();
        let mut pins = BoardInputs { host_cs_n: true, ..BoardInputs::default() };
        let mut outputs = drive(&mut block, &pins);
        let (mut clock_due, mut host_due) = (0, random.random_range(1..CLOCK));
        let (mut written, mut quiet) = (0, 0);
        let mut fetched = Vec::new();
        while quiet < 100 {
            if clock_due <= host_due {
                pins.clock = false;
                let offers = written < words.len() && random.random_ratio(writes, 100);
                block.s_axis_tvalid.next = offers;
                if offers {
                    block.s_axis_tdata.next = u64::from(words[written].swap_bytes()).into();
                    block.s_axis_tlast.next = (written + 1).is_multiple_of(frame);
                }
                drive(&mut block, &pins);
                written += usize::from(offers && block.s_axis_tready.val());
                pins.clock = true;
                outputs = drive(&mut block, &pins);
                clock_due += CLOCK;
                let busy = written < words.len() || outputs.host_ready || !host.is_idle();
                quiet = if busy { 0 } else { quiet + 1 };
            } else {
                host_due += host.act(&mut pins, &outputs);
                fetched.extend(host.take_word());
                outputs = drive(&mut block, &pins);
            }
        }
        assert!(fetched == words, "{habits:?}");
        let [lost, broken_frames, overruns, misaligned] = counters;
        let status = StatusWord::read(host.status());
        let words = status.words;
        assert_eq!(status, StatusWord { words, lost, broken_frames, overruns, misaligned });
    }
}

#[test]
fn hosts_of_any_speed_phase_and_delay() {
    let mut random = generator(seed("word_port: hosts of any speed, phase and patience"));
    hosts_of_any_habits::<1>(&mut random);
    hosts_of_any_habits::<2>(&mut random);
    hosts_of_any_habits::<4>(&mut random);
}

/// A port with these words, and a host that has selected it.
fn selected(words: &[u32]) -> (WordPort<1>, BoardInputs) {
    let mut block = port::<1>();
    let mut pins = BoardInputs { host_cs_n: true, ..BoardInputs::default() };
    clocks(&mut block, &mut pins, 8);
    for word in words {
        block.s_axis_tdata.next = u64::from(word.swap_bytes()).into();
        block.s_axis_tvalid.next = true;
        clocks(&mut block, &mut pins, 1);
    }
    block.s_axis_tvalid.next = false;
    select(&mut block, &mut pins, true);
    (block, pins)
}

fn clocks(block: &mut WordPort<1>, pins: &mut BoardInputs, clocks: usize) {
    for _ in 0..clocks {
        pins.clock = false;
        drive(block, pins);
        pins.clock = true;
        drive(block, pins);
    }
}

fn select(block: &mut WordPort<1>, pins: &mut BoardInputs, selected: bool) {
    pins.host_cs_n = !selected;
    clocks(block, pins, 8);
}

fn fetch(block: &mut WordPort<1>, pins: &mut BoardInputs, bits: u32) -> u32 {
    (0..bits).fold(0, |word, _| {
        pins.host_sclk = true;
        let bit = u32::from(drive(block, pins).host_miso);
        clocks(block, pins, 1);
        pins.host_sclk = false;
        drive(block, pins);
        word << 1 | bit
    })
}

#[test]
fn reading_past_the_waiting_words_gives_zeros_and_loses_none() {
    let (mut block, mut pins) = selected(&[1, 2]);
    let fetched: Vec<u32> = (0..5).map(|_| fetch(&mut block, &mut pins, 32)).collect();
    assert_eq!(fetched, [2 << 24, 1, 2, 0, 0]);
    block.s_axis_tdata.next = u64::from(3_u32.swap_bytes()).into();
    block.s_axis_tvalid.next = true;
    clocks(&mut block, &mut pins, 1);
    block.s_axis_tvalid.next = false;
    assert_eq!(fetch(&mut block, &mut pins, 32), 0, "it came after the status");
    select(&mut block, &mut pins, false);
    select(&mut block, &mut pins, true);
    assert_eq!([0; 2].map(|_| fetch(&mut block, &mut pins, 32)), [1 << 24, 3]);
}

#[test]
fn after_an_interrupted_transaction_the_next_begins_with_its_status() {
    for bits in 0..32 {
        let (mut block, mut pins) = selected(&[1, 2, 3]);
        assert_eq!(fetch(&mut block, &mut pins, 32), 3 << 24);
        fetch(&mut block, &mut pins, bits);
        select(&mut block, &mut pins, false);
        // A transaction without a bit changes nothing.
        select(&mut block, &mut pins, true);
        select(&mut block, &mut pins, false);
        select(&mut block, &mut pins, true);
        // A word counts as read from its first bit on.
        let left = if bits == 0 { 3 } else { 2 };
        assert_eq!(fetch(&mut block, &mut pins, 32), left << 24, "{bits} bits");
        assert_eq!(fetch(&mut block, &mut pins, 32), 4 - left);
    }
}

#[test]
fn ready_says_that_a_frame_ends_or_many_words_wait() {
    let mut block = port::<1>();
    let mut pins = BoardInputs { host_cs_n: true, ..BoardInputs::default() };
    block.s_axis_tvalid.next = true;
    for words in 1..=70 {
        clocks(&mut block, &mut pins, 1);
        block.s_axis_tvalid.next = false;
        clocks(&mut block, &mut pins, 1);
        assert_eq!(block.ready.val(), words >= 64, "{words} words");
        block.s_axis_tvalid.next = true;
    }
    let mut block = port::<1>();
    block.s_axis_tvalid.next = true;
    for last in [false, true, false] {
        block.s_axis_tlast.next = last;
        clocks(&mut block, &mut pins, 1);
    }
    block.s_axis_tvalid.next = false;
    clocks(&mut block, &mut pins, 8);
    assert!(block.ready.val());
    select(&mut block, &mut pins, true);
    assert_eq!(fetch(&mut block, &mut pins, 32), 3 << 24);
    for word in 0..3 {
        clocks(&mut block, &mut pins, 8);
        assert_eq!(block.ready.val(), word < 2, "{word} words fetched");
        fetch(&mut block, &mut pins, 32);
    }
}
