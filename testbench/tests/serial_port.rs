//! The serial port compared with a queue: recorders of any speed and phase, rounds that break off
//! within a sample, stalls and resets.

use golden_model::Converter;
use hdl::boards::board::SamplePort;
use hdl::boards::board_circuit::BoardInputs;
use hdl::circuit::rest;
use hdl::ports::serial_port::SerialPort;
use rand::RngExt as _;
use rust_hdl::prelude::*;
use testbench::recorder::{Pace, Recorder};
use testbench::seed::{generator, seed};

/// Period of the port's clock; the recorder's is anything.
const CLOCK: u64 = 1000;

fn port() -> SerialPort {
    let mut block = SerialPort::default();
    block.connect_all();
    block.aresetn.next = true;
    block.cs_n.next = true;
    rest(&mut block);
    block
}

fn drive(block: &mut SerialPort, pins: &BoardInputs) {
    block.cs_n.next = pins.sample_cs_n;
    block.mosi.next = pins.sample_mosi;
    block.sclk.next = pins.sample_sclk.into();
    block.clock.next = pins.clock.into();
    rest(block);
}

/// Clocks the port and returns the sample taken at the edge.
fn clock(block: &mut SerialPort, pins: &mut BoardInputs, ready: bool) -> Option<(i16, bool)> {
    block.m_axis_tready.next = ready;
    pins.clock = false;
    drive(block, pins);
    let offered = (block.m_axis_tdata.val().to_u16() as i16, block.m_axis_tlast.val());
    let taken = (ready && block.m_axis_tvalid.val()).then_some(offered);
    pins.clock = true;
    drive(block, pins);
    taken
}

#[test]
fn recorders_of_any_speed_and_phase() {
    let mut random = generator(seed("serial_port: recorders of any speed and phase"));
    let converter = Converter::challenge();
    for _ in 0..60 {
        let channels = random.random_range(1..6);
        let samples: Vec<i16> = (0..channels * 20).map(|_| random.random()).collect();
        let pace = Pace {
            half_period: random.random_range(CLOCK / 2..3 * CLOCK),
            between_rounds: 8 * CLOCK,
            jitter: random.random_range(0..20 * CLOCK),
            seed: random.random(),
        };
        let mut recorder = Recorder::new(SamplePort::Serial, &converter, &samples, channels, pace);
        let mut block = port();
        let mut pins = BoardInputs { sample_cs_n: true, host_cs_n: true, ..BoardInputs::default() };
        let mut taken = Vec::new();
        let (mut clock_due, mut recorder_due) = (0, 20 * CLOCK + random.random_range(0..CLOCK));
        let (mut quiet, mut clocks) = (0, 0);
        while quiet < 40 {
            if clock_due <= recorder_due {
                // The pipeline stalls, but for less time than a sample takes at full speed.
                let ready = clocks % 12 == 0 || random.random_ratio(1, 4);
                taken.extend(clock(&mut block, &mut pins, ready));
                clocks += 1;
                clock_due += CLOCK;
                quiet = if recorder.is_done() { quiet + 1 } else { 0 };
            } else {
                recorder_due += recorder.act(&mut pins);
                drive(&mut block, &pins);
            }
        }
        let ends = |at: usize| (at + 1).is_multiple_of(channels);
        let sent: Vec<(i16, bool)> =
            samples.iter().enumerate().map(|(at, &sample)| (sample, ends(at))).collect();
        assert_eq!(block.lost.val().to_u8(), 0);
        assert_eq!(taken, sent, "{pace:?}");
    }
}

/// Sends so many bits of a sample.
fn send(block: &mut SerialPort, pins: &mut BoardInputs, sample: u16, bits: u32) {
    for bit in 0..bits {
        pins.sample_mosi = sample >> (15 - bit) & 1 == 1;
        pins.sample_sclk = false;
        drive(block, pins);
        clock(block, pins, false);
        pins.sample_sclk = true;
        drive(block, pins);
    }
    pins.sample_sclk = false;
    drive(block, pins);
}

fn select(block: &mut SerialPort, pins: &mut BoardInputs, selected: bool) {
    pins.sample_cs_n = !selected;
    drive(block, pins);
    for _ in 0..8 {
        clock(block, pins, false);
    }
}

#[test]
fn a_round_that_breaks_off_within_a_sample_does_not_shift_the_next() {
    for bits in 1..16 {
        let mut block = port();
        let mut pins = BoardInputs { sample_cs_n: true, ..BoardInputs::default() };
        select(&mut block, &mut pins, false);
        select(&mut block, &mut pins, true);
        send(&mut block, &mut pins, 0xabcd, bits);
        select(&mut block, &mut pins, false);
        select(&mut block, &mut pins, true);
        send(&mut block, &mut pins, 0x1234, 16);
        select(&mut block, &mut pins, false);
        assert_eq!(clock(&mut block, &mut pins, true), Some((0x1234, true)), "{bits} bits");
        assert_eq!(clock(&mut block, &mut pins, true), None);
    }
}

#[test]
fn when_too_many_samples_wait_one_is_lost_and_counted_and_reset_drops_the_rest() {
    let mut block = port();
    let mut pins = BoardInputs { sample_cs_n: true, ..BoardInputs::default() };
    select(&mut block, &mut pins, false);
    select(&mut block, &mut pins, true);
    (1..=9).for_each(|sample| send(&mut block, &mut pins, sample, 16));
    select(&mut block, &mut pins, false);
    // One waits at the output, six may wait behind it.
    let lost = block.lost.val().to_u16();
    assert!(lost > 0);
    assert_eq!(clock(&mut block, &mut pins, true), Some((1, false)));
    for sample in 2 + lost..=9 {
        let taken = clock(&mut block, &mut pins, true);
        assert_eq!(taken, Some((sample as i16, sample == 9)), "{lost} lost");
    }
    assert_eq!(clock(&mut block, &mut pins, true), None);
    select(&mut block, &mut pins, true);
    (10..=12).for_each(|sample| send(&mut block, &mut pins, sample, 16));
    block.aresetn.next = false;
    (0..4).for_each(|_| assert_eq!(clock(&mut block, &mut pins, false), None));
    block.aresetn.next = true;
    assert_eq!(block.lost.val().to_u8(), 0);
    select(&mut block, &mut pins, false);
    assert_eq!(clock(&mut block, &mut pins, true), None);
}
