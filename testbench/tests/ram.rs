//! The memory of a field compared with a vector: random reads and writes, never of the same
//! address; and the delay line compared with a queue.

use hdl::memory::delay_line::DelayLine;
use hdl::memory::ram::Ram;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

#[test]
fn random_reads_and_writes() {
    let mut random = generator(seed("random_reads_and_writes"));
    random_reads_and_writes_of(Ram::<5, 14>::new(), &mut random);
}

#[test]
fn a_small_memory_behind_wide_ports_looks_at_low_bits_only() {
    let mut random = generator(seed("a_small_memory_behind_wide_ports_looks_at_low_bits_only"));
    random_reads_and_writes_of(Ram::<10, 16>::narrow(5, 14), &mut random);
}

#[test]
fn a_memory_in_banks_is_one_to_its_user() {
    let mut random = generator(seed("a_memory_in_banks_is_one_to_its_user"));
    random_reads_and_writes_of(Ram::<10, 16>::banked(5, 14), &mut random);
}

/// Memories of 32 words of 14 bits, in ports of which the upper bits are random.
fn random_reads_and_writes_of<const ADDRESS: usize, const DATA: usize>(
    mut block: Ram<ADDRESS, DATA>,
    random: &mut StdRng,
) {
    block.connect_all();
    let mut held = [(1 << 14) - 1_u64; 32];
    let mut data = 0;
    for _ in 0..20_000 {
        let [read, write] = [2, 2].map(|one_in| random.random_ratio(1, one_in));
        let read_address = random.random_range(0..32_usize);
        let write_address = random.random_range(0..32_usize);
        let write = write && !(read && read_address == write_address);
        let written = random.random_range(0..1 << 14);
        (block.read.next, block.write.next) = (read, write);
        let mut above = |bits: usize, of: usize| random.random_range(0..1 << (of - bits)) << bits;
        let [addressed, address_written] = [read_address, write_address].map(|a| a as u64);
        block.read_address.next = (addressed | above(5, ADDRESS)).into();
        block.write_address.next = (address_written | above(5, ADDRESS)).into();
        block.write_data.next = (written | above(14, DATA)).into();
        tick!(block);
        if read {
            data = held[read_address];
        }
        if write {
            held[write_address] = written;
        }
        assert_eq!(block.data.val().to_u64(), data);
    }
}

#[test]
fn samples_and_pauses_are_output_four_and_six_clocks_later() {
    let mut random = generator(seed("samples_and_pauses_are_output_four_and_six_clocks_later"));
    let mut block = DelayLine::default();
    block.connect_all();
    block.aresetn.next = true;
    let mut given = [None; 6];
    let mut held = [0; 2];
    for _ in 0..20_000 {
        let sample = random.random_bool(0.7).then(|| random.random_range(0..1 << 16));
        given.rotate_right(1);
        given[0] = sample;
        block.write.next = sample.is_some();
        block.write_data.next = sample.unwrap_or(0).into();
        block.read.next = given[3].is_some();
        block.read_late.next = given[5].is_some();
        tick!(block);
        held = [given[3].unwrap_or(held[0]), given[5].unwrap_or(held[1])];
        assert_eq!([&block.data, &block.late_data].map(|data| data.val().to_u64()), held);
    }
}
