//! The ports of boards.

use super::{hold, number, when};
use golden_model::Converter;
use hdl::circuit::rest;
use hdl::ports::parallel_port::ParallelPort;
use hdl::ports::serial_port::SerialPort;
use hdl::ports::word_port::WordPort;
use hdl::shape::CHALLENGE;
use hdl::tables::spi_bridge::SpiBridge;
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Hex, Number};
use testbench::waveform::Waveform;
use testbench::{settle, tick};

#[test]
fn parallel_port() {
    let names = ["strobe", "code", "round_end", "m_axis_tvalid", "m_axis_tready", "m_axis_tdata"];
    let mut waveform = Waveform::new(&[&names[..], &["m_axis_tlast"]].concat());
    let mut block = ParallelPort::<CHALLENGE>::new(&Converter::challenge());
    block.connect_all();
    block.aresetn.next = true;
    let mut codes = [511, 512, 515].into_iter().enumerate();
    for clock in 0..12 {
        // A strobe every two clocks, high for one.
        let strobe = clock % 2 == 0 && clock < 6;
        if strobe {
            let (number, code) = codes.next().unwrap();
            block.code.next = (code as u64).into();
            block.round_end.next = number == 2;
        }
        block.strobe.next = strobe.into();
        rest(&mut block);
        block.m_axis_tready.next = clock % 3 == 0;
        settle!(block);
        let valid = block.m_axis_tvalid.val();
        let sample = i64::from(block.m_axis_tdata.val().to_u16() as i16);
        waveform.clock(&[
            Bit(strobe),
            when(clock < 6, number(block.code.val())),
            Bit(block.round_end.val()),
            Bit(valid),
            Bit(block.m_axis_tready.val()),
            when(valid, Number(sample)),
            Bit(valid && block.m_axis_tlast.val()),
        ]);
        tick!(block);
    }
    hold("parallel_port", &waveform);
}

#[test]
fn serial_port() {
    let names = ["cs_n", "sclk", "mosi", "m_axis_tvalid", "m_axis_tdata", "m_axis_tlast"];
    let mut waveform = Waveform::new(&names);
    let mut block = SerialPort::default();
    block.connect_all();
    block.aresetn.next = true;
    block.cs_n.next = true;
    block.m_axis_tready.next = true;
    (0..8).for_each(|_| tick!(block));
    // Half a period of sclk per column, and two clocks.
    let samples: u32 = 0x0005_fffe;
    for half in 0..76 {
        let bit = half / 2;
        let sclk = bit < 32 && half % 2 == 1;
        block.cs_n.next = bit >= 32;
        block.mosi.next = bit < 32 && samples >> (31 - bit) & 1 == 1;
        block.sclk.next = sclk.into();
        rest(&mut block);
        settle!(block);
        let mut valid = block.m_axis_tvalid.val();
        let mut levels = (block.m_axis_tdata.val().to_u16() as i16, block.m_axis_tlast.val());
        tick!(block);
        if block.m_axis_tvalid.val() {
            levels = (block.m_axis_tdata.val().to_u16() as i16, block.m_axis_tlast.val());
            valid = true;
        }
        tick!(block);
        // The first sample's lower bits, and all that follows them.
        if half >= 24 && !(36..60).contains(&half) {
            waveform.clock(&[
                Bit(block.cs_n.val()),
                Bit(sclk),
                Bit(block.mosi.val()),
                Bit(valid),
                when(valid, Number(i64::from(levels.0))),
                Bit(valid && levels.1),
            ]);
        }
    }
    hold("serial_port", &waveform);
}

#[test]
fn word_port() {
    let mut waveform = Waveform::new(&["ready", "cs_n", "sclk", "miso"]);
    let mut block = WordPort::<8>::default();
    block.connect_all();
    block.aresetn.next = true;
    block.cs_n.next = true;
    (0..8).for_each(|_| tick!(block));
    block.s_axis_tvalid.next = true;
    block.s_axis_tlast.next = true;
    block.s_axis_tdata.next = u64::from(0x1234_5678_u32.swap_bytes()).into();
    tick!(block);
    block.s_axis_tvalid.next = false;
    // Half a period of sclk per column, and eight clocks: eight lanes, so a byte a period.
    for half in 0..21 {
        let selected = (1..20).contains(&half);
        let sclk = selected && half >= 3 && half % 2 == 1;
        block.cs_n.next = !selected;
        block.sclk.next = sclk.into();
        rest(&mut block);
        let miso = block.miso.val().to_u64();
        waveform.clock(&[
            Bit(block.ready.val()),
            Bit(!selected),
            Bit(sclk),
            when((3..19).contains(&half), Hex(miso)),
        ]);
        (0..8).for_each(|_| tick!(block));
    }
    hold("word_port", &waveform);
}

#[test]
fn spi_bridge() {
    let names = ["spi_cs_n", "spi_mosi", "spi_miso", "araddr", "arvalid", "rready"];
    let mut waveform = Waveform::new(&names);
    let mut block = SpiBridge::default();
    block.connect_all();
    block.aresetn.next = true;
    // 1 + 8 + 8 + 32 periods and one more; the answer is there two clocks after its request.
    let (message, word) = (0x0400_u64 << 32, 0x6000_0005_u64);
    let mut answer_in = None;
    let clocks = |period: i64| 0..if period < 0 { 10 } else { 8 };
    for period in -2..50_i64 {
        let (mut requests, mut takes, mut miso) = (false, false, false);
        let bit = (0..48).contains(&period);
        for clock in clocks(period) {
            block.spi_cs_n.next = !(-1..49).contains(&period);
            block.spi_sck.next = bit && clock >= 4;
            block.spi_mosi.next = bit && message >> (47 - period.max(0)) & 1 == 1;
            block.m_axil_arready.next = true;
            block.m_axil_rvalid.next = answer_in == Some(0);
            block.m_axil_rdata.next = word.into();
            block.aclk.next = false.into();
            rest(&mut block);
            answer_in = answer_in.map(|clocks: u32| clocks.saturating_sub(1));
            if block.m_axil_arvalid.val() {
                (requests, answer_in) = (true, Some(2));
            }
            if block.m_axil_rready.val() && block.m_axil_rvalid.val() {
                (takes, answer_in) = (true, None);
            }
            // What the host sees when its clock rises.
            if clock == 4 {
                miso = block.spi_miso.val();
            }
            block.aclk.next = true.into();
            rest(&mut block);
        }
        if !(20..44).contains(&period) {
            waveform.clock(&[
                Bit(block.spi_cs_n.val()),
                Bit(block.spi_mosi.val()),
                Bit(miso),
                when(requests, Hex(block.m_axil_araddr.val().to_u64())),
                Bit(requests),
                Bit(takes),
            ]);
        }
    }
    hold("spi_bridge", &waveform);
}
