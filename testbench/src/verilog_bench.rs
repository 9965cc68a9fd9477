//! A test bench in plain Verilog, for any simulator: what `tierwire export --testbench` writes.
//!
//! It offers the samples of one file to the exported core, with pauses on both sides, holds every
//! word against another file, and ends with a line `PASS`, or with a line `FAIL` and `$stop`, which a
//! simulator in a script takes for an error. The files are `$readmemh`'s:
//! a sample a line with its `tlast` above it, a word a line with `tlast` and `tkeep` above it. What
//! the words have to be, the golden model says.

use hdl::Profile;

use crate::packets::{expected, expected_frames, synthetic};
use crate::simulation::PacketWords;

/// The test bench and its two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerilogBench {
    /// Name of the module, and of the file without `.v`.
    pub name: String,
    /// The Verilog.
    pub verilog: String,
    /// Contents of `NAME_samples.hex`.
    pub samples: String,
    /// Contents of `NAME_words.hex`.
    pub words: String,
}

impl VerilogBench {
    /// The bench of a profile on a synthetic recording: packets, or whole frames, of about
    /// `samples` samples.
    pub fn new(profile: &Profile, seed: u64, samples: usize) -> VerilogBench {
        let name = format!("{}_tb", hdl::verilog::export::top_name(profile));
        let (samples, sent) = stimulus(profile, seed, samples);
        let words: Vec<String> = sent.iter().flat_map(packet_lines).collect();
        VerilogBench {
            verilog: verilog(profile, &name, samples.len(), words.len()),
            samples: samples.iter().map(|&(sample, last)| sample_line(sample, last)).collect(),
            words: words.concat(),
            name,
        }
    }
}

/// What the source sends, with `tlast`, and the packets or frames that have to come.
fn stimulus(profile: &Profile, seed: u64, about: usize) -> (Vec<(i16, bool)>, Vec<PacketWords>) {
    let channels = profile.channels();
    let Some(frames) = profile.frames() else {
        let samples = synthetic(profile, seed, about.next_multiple_of(channels));
        // Two packets: the second shows that everything starts anew.
        let (first, second) = samples.split_at(samples.len() / channels / 3 * channels);
        let packets = [first, second].map(<[i16]>::to_vec);
        let marked = packets.iter().flat_map(|packet| {
            let end = packet.len();
            (1..).zip(packet).map(move |(number, &sample)| (sample, number == end))
        });
        return (marked.collect(), expected(profile, &packets));
    };
    let of_a_frame = frames.rounds * channels;
    let samples = synthetic(profile, seed, about.next_multiple_of(of_a_frame));
    let sent = expected_frames(profile, &samples);
    let marked = (1..).zip(samples).map(|(number, sample)| (sample, number % channels == 0));
    (marked.collect(), sent)
}

/// 17 bits: `tlast`, sample.
fn sample_line(sample: i16, last: bool) -> String {
    format!("{:05x}\n", u32::from(last) << 16 | u32::from(sample as u16))
}

/// 37 bits a word: `tlast`, `tkeep`, `tdata`.
fn packet_lines(packet: &PacketWords) -> Vec<String> {
    let end = packet.words.len();
    let line = |(number, word): (usize, &u32)| {
        let last = number == end;
        let bytes = if last { packet.last_word_bytes } else { 4 };
        let keep = (1_u64 << bytes) - 1;
        // The stream's first byte is in tdata[7:0].
        let data = u64::from(word.swap_bytes());
        format!("{:010x}\n", u64::from(last) << 36 | keep << 32 | data)
    };
    (1..).zip(&packet.words).map(line).collect()
}

fn verilog(profile: &Profile, name: &str, samples: usize, words: usize) -> String {
    let top = hdl::verilog::export::top_name(profile);
    format!(
        "\
// {name}: holds {top} against the golden model.
//
// Written by tierwire {version}; do not edit. For any Verilog simulator, beside {top}.v,
// {name}_samples.hex and {name}_words.hex in the working directory. Ends with PASS, or with FAIL
// and $stop (Verilator fails at it; vvp does when called with -N).
`timescale 1ns / 1ps

module {name};
   localparam SAMPLES = {samples};
   localparam WORDS = {words};

   reg [16:0] samples [0:SAMPLES - 1];  // tlast, sample
   reg [36:0] words [0:WORDS - 1];      // tlast, tkeep, tdata

   reg         clock = 1'b0;
   reg         aresetn = 1'b0;
   reg  [15:0] s_axis_tdata = 16'd0;
   reg         s_axis_tlast = 1'b0;
   reg         s_axis_tvalid = 1'b0;
   wire        s_axis_tready;
   wire [31:0] m_axis_tdata;
   wire [3:0]  m_axis_tkeep;
   wire        m_axis_tlast;
   wire        m_axis_tvalid;
   reg         m_axis_tready = 1'b0;

   {top} core(
      .aclk(clock),
      .aresetn(aresetn),
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tlast(s_axis_tlast),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tready(s_axis_tready),
      .m_axis_tdata(m_axis_tdata),
      .m_axis_tkeep(m_axis_tkeep),
      .m_axis_tlast(m_axis_tlast),
      .m_axis_tvalid(m_axis_tvalid),
      .m_axis_tready(m_axis_tready)
   );

   always #100 clock = ~clock;

   integer offered = 0;
   integer taken = 0;
   integer received = 0;
   integer cycles = 0;
   integer idle = 0;
   reg [15:0] noise = 16'hace1;  // x^16 + x^14 + x^13 + x^11 + 1

   initial begin
      $readmemh(\"{name}_samples.hex\", samples);
      $readmemh(\"{name}_words.hex\", words);
   end

   // What moves at a rising edge is what stood before it.
   always @(posedge clock) begin
      cycles <= cycles + 1;
      aresetn <= cycles > 3;
      noise <= {{noise[14:0], noise[15] ^ noise[13] ^ noise[12] ^ noise[10]}};
      m_axis_tready <= noise[3:0] != 4'd0;
      if (aresetn && (s_axis_tready || !s_axis_tvalid)) begin
         // The next sample, now and then after a pause; one that is offered stays until it is taken.
         s_axis_tvalid <= offered < SAMPLES && noise[7:4] != 4'd0;
         if (offered < SAMPLES && noise[7:4] != 4'd0) begin
            {{s_axis_tlast, s_axis_tdata}} <= samples[offered];
            offered <= offered + 1;
         end
      end
      if (s_axis_tvalid && s_axis_tready)
         taken <= taken + 1;
      idle <= m_axis_tvalid && m_axis_tready ? 0 : idle + 1;
      if (m_axis_tvalid && m_axis_tready) begin
         received <= received + 1;
         if (received >= WORDS || {{m_axis_tlast, m_axis_tkeep, m_axis_tdata}} != words[received]) begin
            $display(\"FAIL: word %0d is %h\", received, {{m_axis_tlast, m_axis_tkeep, m_axis_tdata}});
            $stop;
         end else if (received == WORDS - 1) begin
            $display(\"PASS: %0d samples, %0d words, %0d cycles\", taken, WORDS, cycles);
            $finish;
         end
      end else if (idle > 100000) begin
         $display(\"FAIL: no word for %0d cycles, %0d of %0d received\", idle, received, WORDS);
         $stop;
      end
   end
endmodule
",
        version = env!("CARGO_PKG_VERSION"),
    )
}
