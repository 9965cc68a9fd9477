//! The SPI bridge between hosts of any speed and slaves of any latency, against a model; every clock of it again
//! in Verilator on the exported Verilog.

use ::synth::Tools;
use hdl::circuit::rest;
use hdl::tables::spi_bridge::{ERROR, HALF_PERIOD, LATE, STATUS, SpiBridge, WRITE};
use hdl::verilog::export::block_verilog;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::replay::{Ports, replay};
use testbench::seed::{generator, seed};
use testbench::spi_master::{SpiHabits, SpiPins, bits_of, message, number_of};

/// Time within a clock: the pins change at any of these.
const CLOCK: u64 = 16;
/// From a clock's edge to a stable level at the host.
const OUTPUT_DELAY: u64 = CLOCK / 2;
/// Address of a register whose every answer is an error.
const BAD: u8 = 0x3C;

const PORTS: Ports<'_> = Ports {
    top: "tierwire_spi_bridge",
    clock: "aclk",
    inputs: &[
        "aresetn",
        "spi_sck",
        "spi_cs_n",
        "spi_mosi",
        "m_axil_awready",
        "m_axil_wready",
        "m_axil_bresp",
        "m_axil_bvalid",
        "m_axil_arready",
        "m_axil_rdata",
        "m_axil_rresp",
        "m_axil_rvalid",
    ],
    outputs: &[
        "spi_miso",
        "m_axil_awaddr",
        "m_axil_awvalid",
        "m_axil_wdata",
        "m_axil_wstrb",
        "m_axil_wvalid",
        "m_axil_bready",
        "m_axil_araddr",
        "m_axil_arvalid",
        "m_axil_rready",
    ],
};

/// A slave: takes what it is offered now and then, and answers after a while.
struct Slave {
    random: StdRng,
    /// Clocks from a request to its answer, at most.
    latency: u32,
    address: Option<u8>,
    word: Option<u32>,
    /// Clocks until a write's answer, and the answer; likewise a read's.
    write_due: Option<(u32, u8)>,
    read_due: Option<(u32, u8, u32)>,
    writes: Vec<(u8, u32)>,
    reads: Vec<(u8, u32)>,
}

/// The bridge with its slave, and what its host does.
struct Bench {
    block: SpiBridge,
    slave: Slave,
    random: StdRng,
    pins: SpiPins,
    time: u64,
    next_edge: u64,
    reset_at: Option<u64>,
    offered: [Option<u64>; 3],
    inputs: Vec<Vec<u64>>,
    outputs: Vec<Vec<u64>>,
}

impl Bench {
    fn new(latency: u32, seed: u64) -> Bench {
        let mut block = SpiBridge::default();
        block.connect_all();
        let slave = Slave {
            random: generator(seed ^ 1),
            latency,
            address: None,
            word: None,
            write_due: None,
            read_due: None,
            writes: Vec::new(),
            reads: Vec::new(),
        };
        let pins = SpiPins { sck: false, cs_n: true, mosi: false };
        let mut bench = Bench {
            block,
            slave,
            random: generator(seed),
            pins,
            time: 0,
            next_edge: CLOCK,
            reset_at: Some(0),
            offered: [None; 3],
            inputs: Vec::new(),
            outputs: Vec::new(),
        };
        bench.hold(10 * CLOCK);
        bench
    }

    /// One clock: the slave's levels, the bridge's, the edge.
    fn clock(&mut self) {
        let reset = self.reset_at.is_some_and(|at| at <= self.next_edge);
        if reset {
            self.reset_at = None;
        }
        let slave = &mut self.slave;
        let answers = |due: Option<u32>| due == Some(0);
        let b = slave.write_due.filter(|due| answers(Some(due.0)));
        let r = slave.read_due.filter(|due| answers(Some(due.0)));
        let level = |high: bool| u64::from(high);
        let inputs = vec![
            level(!reset),
            level(self.pins.sck),
            level(self.pins.cs_n),
            level(self.pins.mosi),
            level(slave.address.is_none() && slave.random.random_ratio(1, 3)),
            level(slave.word.is_none() && slave.random.random_ratio(1, 3)),
            b.map_or(slave.random.random_range(0..4), |due| due.1.into()),
            level(b.is_some()),
            level(slave.read_due.is_none() && slave.random.random_ratio(1, 3)),
            r.map_or_else(|| slave.random.random::<u32>().into(), |due| due.2.into()),
            r.map_or(slave.random.random_range(0..4), |due| due.1.into()),
            level(r.is_some()),
        ];
        let block = &mut self.block;
        block.aresetn.next = inputs[0] == 1;
        block.spi_sck.next = inputs[1] == 1;
        block.spi_cs_n.next = inputs[2] == 1;
        block.spi_mosi.next = inputs[3] == 1;
        block.m_axil_awready.next = inputs[4] == 1;
        block.m_axil_wready.next = inputs[5] == 1;
        block.m_axil_bresp.next = inputs[6].into();
        block.m_axil_bvalid.next = inputs[7] == 1;
        block.m_axil_arready.next = inputs[8] == 1;
        block.m_axil_rdata.next = inputs[9].into();
        block.m_axil_rresp.next = inputs[10].into();
        block.m_axil_rvalid.next = inputs[11] == 1;
        block.aclk.next = false.into();
        rest(block);
        let outputs = vec![
            level(block.spi_miso.val()),
            block.m_axil_awaddr.val().to_u64(),
            level(block.m_axil_awvalid.val()),
            block.m_axil_wdata.val().to_u64(),
            block.m_axil_wstrb.val().to_u64(),
            level(block.m_axil_wvalid.val()),
            level(block.m_axil_bready.val()),
            block.m_axil_araddr.val().to_u64(),
            level(block.m_axil_arvalid.val()),
            level(block.m_axil_rready.val()),
        ];
        self.watch(&inputs, &outputs, reset);
        self.slave.take(&inputs, &outputs, reset);
        self.block.aclk.next = true.into();
        rest(&mut self.block);
        self.inputs.push(inputs);
        self.outputs.push(outputs);
    }

    /// An offer stays, unchanged, until it is taken.
    fn watch(&mut self, inputs: &[u64], outputs: &[u64], reset: bool) {
        let [aw, w, ar] = [(2, 1, 4), (5, 3, 5), (8, 7, 8)].map(|(valid, what, ready)| {
            ((outputs[valid] == 1).then_some(outputs[what]), inputs[ready] == 1)
        });
        for (was, (offer, ready)) in self.offered.iter_mut().zip([aw, w, ar]) {
            assert!(was.is_none() || offer == *was, "{was:?} was withdrawn: {offer:?}");
            *was = offer.filter(|_| !ready && !reset);
        }
    }

    /// Holds the pins for some time; the level of `spi_miso` at the end of it, as it is at the host.
    fn hold(&mut self, time: u64) -> bool {
        let end = self.time + time;
        let mut seen = self.block.spi_miso.val();
        while self.next_edge <= end {
            self.clock();
            if self.next_edge + OUTPUT_DELAY <= end {
                seen = self.block.spi_miso.val();
            }
            self.next_edge += CLOCK;
        }
        self.time = end;
        seen
    }

    /// Sends a message, each half period this long or up to as much longer.
    fn send(&mut self, bits: &[bool], habits: SpiHabits, more: u64) -> Vec<bool> {
        let shortest = u64::from(HALF_PERIOD) * CLOCK;
        message(bits, habits, &mut |pins| {
            self.pins = pins;
            let more = self.random.random_range(0..=more);
            self.hold(shortest + more)
        })
    }

    /// The clocks again in Verilator; the first one that differs.
    fn differs(&self, verilog: &str) -> Option<usize> {
        let verilator = Tools::locate().verilator().unwrap();
        let came = replay(&verilator, PORTS, verilog, &self.inputs).unwrap();
        assert_eq!(came.len(), self.outputs.len());
        (0..came.len()).find(|&clock| came[clock] != self.outputs[clock])
    }
}

impl Slave {
    fn take(&mut self, inputs: &[u64], outputs: &[u64], reset: bool) {
        let moves = |valid: u64, ready: u64| valid == 1 && ready == 1;
        if let Some(due) = &mut self.write_due {
            due.0 = due.0.saturating_sub(1);
        }
        if let Some(due) = &mut self.read_due {
            due.0 = due.0.saturating_sub(1);
        }
        if moves(inputs[7], outputs[6]) {
            self.write_due = None;
        }
        if moves(inputs[11], outputs[9]) {
            self.read_due = None;
        }
        if moves(outputs[2], inputs[4]) {
            self.address = Some(outputs[1] as u8);
        }
        if moves(outputs[5], inputs[5]) {
            assert_eq!(outputs[4], 15);
            self.word = Some(outputs[3] as u32);
        }
        if let (Some(address), Some(word)) = (self.address, self.word) {
            (self.address, self.word) = (None, None);
            self.writes.push((address, word));
            let after = self.random.random_range(self.latency / 2..=self.latency);
            self.write_due = Some((after, response(address)));
        }
        if moves(outputs[8], inputs[8]) {
            let (address, word) = (outputs[7] as u8, self.random.random());
            self.reads.push((address, word));
            let after = self.random.random_range(self.latency / 2..=self.latency);
            self.read_due = Some((after, response(address), word));
        }
        if reset {
            (self.address, self.word, self.write_due, self.read_due) = (None, None, None, None);
        }
    }
}

/// OKAY or SLVERR.
fn response(address: u8) -> u8 {
    if address == BAD { 2 } else { 0 }
}

/// Messages of any kind and length from one host, each judged against what the slave saw.
fn any_messages(bench: &mut Bench, messages: usize) {
    let mut status = STATUS;
    for number in 0..messages {
        let random = &mut bench.random;
        let address = if random.random_ratio(1, 4) { BAD } else { random.random_range(0..15) << 2 };
        let write = random.random_bool(0.5);
        let refused = random.random_ratio(1, 20);
        let words: Vec<u32> = (0..random.random_range(0..4)).map(|_| random.random()).collect();
        let mut bytes = vec![address | if write { WRITE } else { 0 } | u8::from(refused) << 6];
        if !write {
            bytes.push(random.random());
        }
        bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        let mut bits = bits_of(&bytes);
        if random.random_bool(0.3) {
            bits.truncate(random.random_range(0..=bits.len()));
        }
        let habits = SpiHabits { idle: random.random(), abrupt: random.random_ratio(1, 4) };
        let more = [0, 0, CLOCK, 9 * CLOCK][random.random_range(0..4)];
        bench.slave.writes.clear();
        bench.slave.reads.clear();
        let back = bench.send(&bits, habits, more);
        let said = format!("message {number}: {bits:?}, {habits:?}");

        let (mut expected, told) = (bits_of(&[status]), bits.len() >= 8);
        expected.truncate(bits.len());
        assert_eq!(back[..bits.len().min(8)], expected, "the status of {said}");
        if told {
            status = STATUS;
        }
        let whole = bits.len().saturating_sub(8) / 32;
        let (reads, writes) = (&bench.slave.reads, &bench.slave.writes);
        if told && refused {
            status |= ERROR;
            assert!(reads.is_empty() && writes.is_empty(), "{said}");
        } else if write {
            let right = words[..whole].iter().map(|&word| (address, word));
            assert_eq!(*writes, right.collect::<Vec<_>>(), "{said}");
            assert!(reads.is_empty());
            assert!(back.iter().skip(8).all(|bit| !bit), "{said}");
            if whole > 0 && address == BAD {
                status |= ERROR;
            }
        } else {
            assert!(writes.is_empty());
            assert!(reads.iter().all(|read| read.0 == address), "{said}");
            assert_eq!(reads.is_empty(), !told, "{said}");
            assert!(back.iter().skip(8).take(8).all(|bit| !bit), "{said}");
            let came = back.get(16..).unwrap_or_default().chunks_exact(32).map(number_of);
            for (came, read) in came.zip(reads) {
                assert_eq!(came, read.1, "{said}");
            }
            if bits.len() >= 16 && address == BAD {
                status |= ERROR;
            }
        }
        // The last answer is in before the next message.
        bench.hold(100 * CLOCK);
    }
}

#[test]
fn messages_of_any_kind_that_end_at_any_bit() {
    let seed = seed("spi_bridge: messages of any kind");
    let mut bench = Bench::new(30, seed);
    any_messages(&mut bench, 400);
    let verilog = block_verilog(SpiBridge::default(), PORTS.top);
    assert_eq!(bench.differs(&verilog), None);
    for (right, wrong) in [
        ("word_next = shifted;", "word_next = {shifted[30:0], 1'b0};"),
        ("place == 5'h1f", "place == 5'h1e"),
        ("idle = ~write_open & ~read_open;", "idle = 1'b1;"),
    ] {
        assert_eq!(verilog.matches(right).count(), 1, "{right}: {verilog}");
        let differs = bench.differs(&verilog.replace(right, wrong));
        // With a slave as fast as this one, the bus is always idle in time.
        assert_eq!(differs.is_some(), !right.starts_with("idle"), "{wrong}");
    }
}

/// A write of these words to this register.
fn writes(address: u8, words: &[u32]) -> Vec<bool> {
    let bytes = words.iter().flat_map(|word| word.to_be_bytes());
    bits_of(&[address | WRITE].into_iter().chain(bytes).collect::<Vec<u8>>())
}

#[test]
fn a_slave_that_is_too_slow_loses_words_and_the_host_is_told() {
    let habits = SpiHabits { idle: false, abrupt: false };
    let seed = seed("spi_bridge: a slow slave");
    // Up to 1200 clocks; a word takes 256.
    let mut bench = Bench::new(1200, seed);
    let words = [1, 2, 3, 4, 5, 6];
    bench.send(&writes(0x18, &words), habits, 0);
    bench.hold(1500 * CLOCK);
    let written: Vec<u32> = bench.slave.writes.iter().map(|write| write.1).collect();
    assert!(written.len() < words.len() && written[0] == 1, "{written:?}");
    assert!(written.is_sorted(), "{written:?}");

    // A read of two words: neither is there in time, and what comes later is for nobody.
    let read = [bits_of(&[0x14]), vec![false; 8 + 64]].concat();
    let back = bench.send(&read, habits, 0);
    assert_eq!(number_of(&back[..8]), u32::from(STATUS | LATE));
    assert!(back[16..].iter().all(|bit| !bit));
    bench.hold(1500 * CLOCK);

    // Fast again: the status tells it once, and the answers are their own.
    bench.slave.latency = 10;
    bench.slave.reads.clear();
    let back = bench.send(&read, habits, 0);
    assert_eq!(number_of(&back[..8]), u32::from(STATUS | LATE));
    assert_eq!(number_of(&back[16..48]), bench.slave.reads[0].1);
    assert_eq!(number_of(&back[48..]), bench.slave.reads[1].1);
    let back = bench.send(&[false; 8], habits, 0);
    assert_eq!(number_of(&back), u32::from(STATUS));

    let verilog = block_verilog(SpiBridge::default(), PORTS.top);
    assert_eq!(bench.differs(&verilog), None);
    let (right, wrong) = ("idle = ~write_open & ~read_open;", "idle = 1'b1;");
    assert!(bench.differs(&verilog.replace(right, wrong)).is_some());
}

#[test]
fn a_reset_at_any_moment_ends_the_message_and_leaves_nothing() {
    let habits = SpiHabits { idle: false, abrupt: false };
    let seed = seed("spi_bridge: resets");
    let mut random = generator(seed);
    for _ in 0..60 {
        let mut bench = Bench::new(30, random.random());
        let words = [0x0123_4567, 0x89ab_cdef, 0xdead_beef];
        let bits = writes(BAD, &words);
        let lasts = bits.len() as u64 * 2 * u64::from(HALF_PERIOD) * CLOCK;
        let at = bench.time + random.random_range(0..lasts);
        bench.reset_at = Some(at);
        bench.send(&bits, habits, 0);
        bench.hold(100 * CLOCK);
        let expected = words.map(|word| (BAD, word));
        let came = &bench.slave.writes;
        assert!(expected.starts_with(came), "{came:?}");
        assert!(came.len() < words.len());
        // Of the words before nothing is left, not even their errors.
        bench.slave.writes.clear();
        let back = bench.send(&writes(0x18, &[7]), habits, 0);
        assert_eq!(number_of(&back[..8]), u32::from(STATUS));
        bench.hold(100 * CLOCK);
        assert_eq!(bench.slave.writes, [(0x18, 7)]);
    }
}

#[test]
fn verilator_finds_nothing_to_warn_of() {
    let verilog = block_verilog(SpiBridge::default(), PORTS.top);
    let flags = ["--top-module", PORTS.top];
    let found = Tools::locate().verilator().unwrap().lint(PORTS.top, &verilog, &[], &flags);
    assert_eq!(found.unwrap(), "");
}
