//! The blocks that load tables.

use super::{hold, when};
use golden_model::frames::crc;
use hdl::tables::axi_lite::AxiLite;
use hdl::tables::loader::Loader;
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Hex, Number};
use testbench::waveform::Waveform;
use testbench::{settle, tick};

#[test]
fn loader() {
    let names = [
        "start",
        "word_valid",
        "word",
        "load_at",
        "complete",
        "commit",
        "pending",
        "frame_over",
        "keyframe",
        "bank",
        "digest",
    ];
    let mut waveform = Waveform::new(&names);
    let layout = 0x1a;
    let mut block = Loader::new(layout, &[2]);
    block.connect_all();
    let mut image = vec![layout, 0xd1, 0xc2, 0xe0, 0xe1];
    image.push(crc(0, &image));
    // The first image is in use at once; the second one, the same again, waits for a keyframe.
    for clock in 0..26_usize {
        let (start, at) = (clock % 10 == 1, clock % 10);
        let word = image.get(at.wrapping_sub(2)).copied().filter(|_| clock < 18);
        let commit = clock == 10 || clock == 20;
        let (over, keyframe) = (clock == 22 || clock == 24, clock >= 24);
        block.aresetn.next = clock > 0;
        block.start.next = start && clock < 20;
        block.word_valid.next = word.is_some();
        block.word.next = u64::from(word.unwrap_or(0)).into();
        block.commit.next = commit;
        block.frame_over.next = over;
        block.keyframe.next = keyframe;
        settle!(block);
        let at = block.load_at.val().to_u64();
        waveform.clock(&[
            Bit(start && clock < 20),
            Bit(word.is_some()),
            word.map_or(super::Nothing, |word| Hex(word.into())),
            when(at >> 20 & 1 == 1, Hex(at)),
            Bit(block.complete.val()),
            Bit(commit),
            Bit(block.pending.val()),
            Bit(over),
            Bit(keyframe),
            Bit(block.bank.val()),
            Hex(block.digest.val().to_u64()),
        ]);
        tick!(block);
    }
    assert!(block.active.val() && !block.bank.val(), "the banks have changed twice");
    hold("loader", &waveform);
}

#[test]
fn axi_lite() {
    let names = [
        "s_axil_awvalid",
        "s_axil_awaddr",
        "s_axil_bvalid",
        "s_axil_bresp",
        "write",
        "write_index",
        "s_axil_arvalid",
        "s_axil_araddr",
        "s_axil_rvalid",
        "s_axil_rresp",
        "s_axil_rdata",
    ];
    let mut waveform = Waveform::new(&names);
    let mut block = AxiLite::default();
    block.connect_all();
    for clock in 0..9_u64 {
        let writes = clock == 1;
        let reads = [4, 6].contains(&clock);
        let read_at = if clock < 5 { 16 } else { 60 };
        block.aresetn.next = clock > 0;
        block.s_axil_awvalid.next = writes;
        block.s_axil_wvalid.next = writes;
        block.s_axil_awaddr.next = 16.into();
        block.s_axil_wdata.next = 7.into();
        block.s_axil_wstrb.next = 15.into();
        block.s_axil_bready.next = true;
        block.s_axil_arvalid.next = reads;
        block.s_axil_araddr.next = read_at.into();
        block.s_axil_rready.next = true;
        settle!(block);
        block.read_word.next = 7.into();
        block.read_refused.next = block.read_index.val() == 15;
        settle!(block);
        let (written, read) = (block.s_axil_bvalid.val(), block.s_axil_rvalid.val());
        waveform.clock(&[
            Bit(writes),
            when(writes, Number(16)),
            Bit(written),
            when(written, Number(block.s_axil_bresp.val().to_u64() as i64)),
            Bit(block.write.val()),
            when(block.write.val(), Number(block.write_index.val().to_u64() as i64)),
            Bit(reads),
            when(reads, Number(read_at as i64)),
            Bit(read),
            when(read, Number(block.s_axil_rresp.val().to_u64() as i64)),
            when(read, Number(block.s_axil_rdata.val().to_u64() as i64)),
        ]);
        tick!(block);
    }
    hold("axi_lite", &waveform);
}
