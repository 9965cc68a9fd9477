//! The parts that blocks are made of.

use super::{FEATURE, SUM, hold, number, when};
use hdl::circuit::rest;
use hdl::codec::multiplier::Multiplier;
use hdl::codec::multiply_add::MultiplyAdd;
use hdl::codec::product::Product;
use hdl::codec::weight_step::WeightStep;
use hdl::memory::delay_line::DelayLine;
use hdl::memory::ram::Ram;
use hdl::stream::crc::{Crc, start_of};
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Hex, Nothing, Number};
use testbench::waveform::Waveform;
use testbench::{settle, tick};

#[test]
fn crc() {
    let mut waveform = Waveform::new(&["restart", "enable", "word", "crc"]);
    let mut block = Crc::default();
    block.connect_all();
    block.from.next = u64::from(start_of(0)).into();
    let words = [None, Some(0x3132_3334), Some(0x3536_3738), Some(0), None, None];
    for (clock, word) in words.into_iter().enumerate() {
        let restart = clock == 0;
        block.restart.next = restart;
        block.enable.next = word.is_some();
        block.word.next = word.unwrap_or(0).into();
        settle!(block);
        waveform.clock(&[
            Bit(restart),
            Bit(word.is_some()),
            word.map_or(Nothing, Hex),
            when(clock == 4, Hex(block.crc.val().to_u64())),
        ]);
        tick!(block);
    }
    hold("crc", &waveform);
}

#[test]
fn ram() {
    let names = ["write", "write_address", "write_data", "read", "read_address", "data"];
    let mut waveform = Waveform::new(&names);
    let mut block = Ram::<5, 10>::new();
    block.connect_all();
    // Two channels are written; both are read, the first one while the second is written.
    let steps = [
        (Some((3, 515)), None),
        (Some((4, 700)), Some(3)),
        (None, None),
        (None, Some(4)),
        (Some((4, 701)), None),
        (None, None),
    ];
    for (clock, (write, read)) in steps.into_iter().enumerate() {
        let (address, data) = write.unwrap_or_default();
        block.write.next = write.is_some();
        block.write_address.next = (address as u64).into();
        block.write_data.next = (data as u64).into();
        block.read.next = read.is_some();
        block.read_address.next = (read.unwrap_or(0) as u64).into();
        settle!(block);
        waveform.clock(&[
            Bit(write.is_some()),
            when(write.is_some(), Number(address)),
            when(write.is_some(), Number(data)),
            Bit(read.is_some()),
            read.map_or(Nothing, Number),
            when(clock > 1, number(block.data.val())),
        ]);
        tick!(block);
    }
    hold("ram", &waveform);
}

#[test]
fn delay_line() {
    let mut waveform =
        Waveform::new(&["write", "write_data", "read", "data", "read_late", "late_data"]);
    let mut block = DelayLine::default();
    block.connect_all();
    block.aresetn.next = true;
    let samples = [None, Some(95), Some(-32), None, Some(159), None, None, None, None, None, None];
    for (clock, &sample) in samples.iter().enumerate() {
        let wanted =
            |clocks: usize| clock.checked_sub(clocks).is_some_and(|c| samples[c].is_some());
        block.write.next = sample.is_some();
        block.write_data.next = u64::from(sample.unwrap_or(0_i16) as u16).into();
        block.read.next = wanted(3);
        block.read_late.next = wanted(5);
        settle!(block);
        waveform.clock(&[
            Bit(sample.is_some()),
            sample.map_or(Nothing, |sample| Number(sample.into())),
            Bit(wanted(3)),
            when(wanted(4), Number((block.data.val().to_u16() as i16).into())),
            Bit(wanted(5)),
            when(wanted(6), Number((block.late_data.val().to_u16() as i16).into())),
        ]);
        tick!(block);
    }
    hold("delay_line", &waveform);
}

#[test]
fn multiplier() {
    let mut waveform = Waveform::new(&["weight", "feature", "product"]);
    let mut block = Multiplier::<FEATURE, SUM>::default();
    block.connect_all();
    let factors = [Some((4096, 3)), Some((4096, -3)), Some((-8192, 1023)), None];
    for (clock, factors) in factors.into_iter().enumerate() {
        let (weight, feature) = factors.unwrap_or((0, 0));
        block.weight.next = (weight as u64 & 0x3fff).into();
        block.feature.next = (feature as u64 & 0x7ff).into();
        settle!(block);
        let product = (block.product.val().to_u32() << 6) as i32 >> 6;
        waveform.clock(&[
            when(factors.is_some(), Number(weight)),
            when(factors.is_some(), Number(feature)),
            when(clock > 0, Number(product.into())),
        ]);
        tick!(block);
    }
    hold("multiplier", &waveform);
}

#[test]
fn product() {
    let mut waveform = Waveform::new(&["weight", "feature", "product"]);
    let mut block = Product::<FEATURE, SUM>::default();
    block.connect_all();
    for (weight, feature) in [(4096, 3), (4096, -3), (-8192, 1023)] {
        block.weight.next = (weight as u64 & 0x3fff).into();
        block.feature.next = (feature as u64 & 0x7ff).into();
        rest(&mut block);
        let product = (block.product.val().to_u32() << 6) as i32 >> 6;
        waveform.clock(&[Number(weight), Number(feature), Number(product.into())]);
    }
    hold("product", &waveform);
}

#[test]
fn multiply_add() {
    let mut waveform = Waveform::new(&["weight", "feature", "addend", "sum"]);
    let mut block = MultiplyAdd::<FEATURE, SUM>::default();
    block.connect_all();
    let factors = [Some((4096, 3)), Some((4096, -3)), Some((-8192, 1023)), None, None];
    for (clock, factors) in factors.into_iter().enumerate() {
        let (weight, feature) = factors.unwrap_or((0, 0));
        block.weight.next = (weight as u64 & 0x3fff).into();
        block.feature.next = (feature as u64 & 0x7ff).into();
        block.addend.next = 2048.into();
        settle!(block);
        let sum = (block.sum.val().to_u32() << 6) as i32 >> 6;
        waveform.clock(&[
            when(factors.is_some(), Number(weight)),
            when(factors.is_some(), Number(feature)),
            when((1..4).contains(&clock), Number(2048)),
            when(clock > 1, Number(sum.into())),
        ]);
        tick!(block);
    }
    hold("multiply_add", &waveform);
}

#[test]
fn weight_step() {
    let mut waveform = Waveform::new(&["weight", "up", "down", "new_weight"]);
    let mut block = WeightStep::default();
    block.connect_all();
    for (weight, step) in [(4096, 1), (4096, -1), (4096, 0), (8190, 1)] {
        block.weight.next = (weight as u64).into();
        block.up.next = step > 0;
        block.down.next = step < 0;
        rest(&mut block);
        let moved = number(block.new_weight.val());
        waveform.clock(&[Number(weight), Bit(step > 0), Bit(step < 0), moved]);
    }
    hold("weight_step", &waveform);
}
