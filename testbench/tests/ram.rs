//! The memory of a field against a vector: random reads and writes, never both of one address.

use hdl::ram::Ram;
use rand::RngExt as _;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

#[test]
fn random_reads_and_writes() {
    let mut random = generator(seed("random_reads_and_writes"));
    let mut block = Ram::<5, 14>::new();
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
        block.read_address.next = (read_address as u64).into();
        block.write_address.next = (write_address as u64).into();
        block.write_data.next = written.into();
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
