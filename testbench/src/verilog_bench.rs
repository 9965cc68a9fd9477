//! A test bench in plain Verilog, for any simulator: what `tierwire export --testbench` writes.
//!
//! It offers the samples of one file to the exported core, with pauses on both sides, compares
//! every word with another file, and ends with a line `PASS`, or with a line `FAIL` and `$stop`,
//! which a simulator in a script reports as an error. The files are `$readmemh`'s: a sample a line
//! with its `tlast` above it, a word a line with `tlast` and `tkeep` above it. The expected words
//! come from the golden model. Tables that are loaded are written first, from a third file: a word a line
//! with its register's address above it.

use hdl::Profile;

use crate::driver::{self, Access, Question};
use crate::packets::{expected, expected_frames, synthetic};
use crate::simulator::PacketWords;

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
    /// Contents of `NAME_writes.hex`; empty where tables are fixed.
    pub writes: String,
}

impl VerilogBench {
    /// The bench of a profile on a synthetic recording: packets, or whole frames, of about
    /// `samples` samples.
    pub fn new(profile: &Profile, seed: u64, samples: usize) -> VerilogBench {
        let name = format!("{}_tb", hdl::verilog::export::top_name(profile));
        let (samples, sent) = stimulus(profile, seed, samples);
        let words: Vec<String> = sent.iter().flat_map(packet_lines).collect();
        let writes = writes(profile);
        VerilogBench {
            verilog: verilog(profile, &name, samples.len(), words.len(), writes.len()),
            samples: samples.iter().map(|&(sample, last)| sample_line(sample, last)).collect(),
            words: words.concat(),
            writes: writes.concat(),
            name,
        }
    }

    /// Its files beside the Verilog: name and contents.
    pub fn vectors(&self) -> impl Iterator<Item = (String, &str)> {
        let all = [("samples", &self.samples), ("words", &self.words), ("writes", &self.writes)];
        let some = all.into_iter().filter(|(_, text)| !text.is_empty());
        some.map(|(what, text)| (format!("{}_{what}.hex", self.name), text.as_str()))
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

/// 38 bits a write that loads the profile's own tables: a register's address, the word.
fn writes(profile: &Profile) -> Vec<String> {
    let line = |access: Access| match access.question {
        Question::Write { address, word } => Some(format!("{address:02x}{word:08x}\n")),
        Question::Until { .. } => None,
    };
    driver::own(profile).into_iter().filter_map(line).collect()
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

fn verilog(profile: &Profile, name: &str, samples: usize, words: usize, writes: usize) -> String {
    let [registers, register_ports, load_writes, is_loading] =
        if writes > 0 { driver_text(name, writes) } else { Default::default() };
    let not_loading = if writes > 0 { " || !loaded" } else { "" };
    let top = hdl::verilog::export::top_name(profile);
    // The counters that the core has, and what they have to be at the end.
    let counters: Vec<(&str, usize)> = match profile.layout() {
        Some(layout) => {
            let frames = samples / layout.frame_samples();
            vec![("frames", frames), ("broken_frames", 0), ("overruns", 0), ("misaligned", 0)]
        }
        None if profile.shape().channel.is_some() => {
            ["frames", "broken_frames", "overruns", "misaligned"].map(|name| (name, 0)).into()
        }
        None => vec![],
    };
    let lines = |line: &dyn Fn(&str, usize) -> String| {
        counters.iter().map(|&(counter, value)| line(counter, value)).collect::<String>()
    };
    let wires = lines(&|counter, _| format!("   wire [15:0] {counter};\n"));
    let ports = lines(&|counter, _| format!(",\n      .{counter}({counter})"));
    let checks = lines(&|counter, value| {
        format!(
            "         else if ({counter} !== 16'd{value}) begin
            $display(\"FAIL: {counter} is %h, not {value}\", {counter});
            $fatal;
         end
"
        )
    });
    // Bits that count to the end and one beyond.
    let bits = |count: usize| count.ilog2() + 1;
    let load = |what: &str, width: usize, count: usize| load(name, what, width, count);
    format!(
        "\
// {name}: compares {top} with the golden model.
//
// Written by tierwire {version}; do not edit. For any Verilog simulator that knows $fatal, with
// {top}.v, and with {name}_*.hex in the working directory. Ends with a line PASS, or with a line FAIL and $fatal, so that the
// simulator's exit code says it too.

module {name};
   localparam SAMPLES = {samples};
   localparam WORDS = {words};
   localparam [{sample_high}:0] LAST_SAMPLE = {sample_bits}'d{samples};
   localparam [{word_high}:0] LAST_WORD = {word_bits}'d{words};

   reg [16:0] samples [0:(1 << {sample_bits}) - 1];  // tlast, sample
   reg [36:0] words [0:(1 << {word_bits}) - 1];      // tlast, tkeep, tdata

   reg         aclk;
   reg         aresetn;
   reg  [15:0] s_axis_tdata;
   reg         s_axis_tlast;
   reg         s_axis_tvalid;
   wire        s_axis_tready;
   wire [31:0] m_axis_tdata;
   wire [3:0]  m_axis_tkeep;
   wire        m_axis_tlast;
   wire        m_axis_tvalid;
   reg         m_axis_tready;
{wires}{registers}
   {top} core(
      .aclk(aclk),
      .aresetn(aresetn),
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tlast(s_axis_tlast),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tready(s_axis_tready),
      .m_axis_tdata(m_axis_tdata),
      .m_axis_tkeep(m_axis_tkeep),
      .m_axis_tlast(m_axis_tlast),
      .m_axis_tvalid(m_axis_tvalid),
      .m_axis_tready(m_axis_tready){ports}{register_ports}
   );

   // The vectors. A file that is missing, too short or too long fails by its name.
   integer file;
   integer line;
   integer found;
   integer newline;
   reg [16:0] sample;
   reg [36:0] word;
   initial begin
{load_samples}{load_words}{load_writes}   end
{is_loading}
   reg [{sample_high}:0] offered;
   reg [{word_high}:0] received;
   integer clocks;
   integer idle;
   reg [15:0] noise;  // x^16 + x^14 + x^13 + x^11 + 1
   wire [36:0] seen = {{m_axis_tlast, m_axis_tkeep, m_axis_tdata}};

   initial begin
      aclk = 1'b0;
      aresetn = 1'b0;
      s_axis_tdata = 16'd0;
      s_axis_tlast = 1'b0;
      s_axis_tvalid = 1'b0;
      m_axis_tready = 1'b0;
      offered = {sample_bits}'d0;
      received = {word_bits}'d0;
      clocks = 0;
      idle = 0;
      noise = 16'hace1;
   end

   always begin
      #1 aclk = 1'b1;
      #1 aclk = 1'b0;
   end

   // The source and the sink, both with pauses.
   always @(posedge aclk) begin
      clocks <= clocks + 1;
      aresetn <= clocks > 3;
      noise <= {{noise[14:0], noise[15] ^ noise[13] ^ noise[12] ^ noise[10]}};
      m_axis_tready <= noise[3:0] != 4'd0;
      if (aresetn && (s_axis_tready || !s_axis_tvalid)) begin
         // A sample that is offered stays until it is taken.
         s_axis_tvalid <= offered != LAST_SAMPLE && noise[7:4] != 4'd0;
         if (offered != LAST_SAMPLE && noise[7:4] != 4'd0) begin
            {{s_axis_tlast, s_axis_tdata}} <= samples[offered];
            offered <= offered + {sample_bits}'d1;
         end
      end
   end

   // The checks. `!==` tells an X from both 0 and 1, so no X passes.
   always @(posedge aclk) begin
      idle <= m_axis_tvalid{not_loading} ? 0 : idle + 1;
      if (aresetn && (m_axis_tvalid !== 1'b0) && (m_axis_tvalid !== 1'b1)) begin
         $display(\"FAIL: m_axis_tvalid is %b\", m_axis_tvalid);
         $fatal;
      end
      if (aresetn && (s_axis_tready !== 1'b0) && (s_axis_tready !== 1'b1)) begin
         $display(\"FAIL: s_axis_tready is %b\", s_axis_tready);
         $fatal;
      end
      if (m_axis_tvalid === 1'b1 && m_axis_tready) begin
         received <= received + {word_bits}'d1;
         if (received == LAST_WORD) begin
            $display(\"FAIL: a word %h after the last of %0d\", seen, WORDS);
            $fatal;
         end else if (seen !== words[received]) begin
            $display(\"FAIL: word %0d is %h, not %h\", received, seen, words[received]);
            $fatal;
         end
      end
      if (idle > 5000) begin
         if (received != LAST_WORD || offered != LAST_SAMPLE || s_axis_tvalid) begin
            $display(\"FAIL: no word for %0d clocks, %0d of %0d received\", idle, received, WORDS);
            $fatal;
         end
{checks}         else begin
            $display(\"PASS: %0d samples, %0d words, %0d clocks\", SAMPLES, WORDS, clocks);
            $finish;
         end
      end
   end
endmodule
",
        version = env!("CARGO_PKG_VERSION"),
        sample_bits = bits(samples),
        sample_high = bits(samples) - 1,
        word_bits = bits(words),
        word_high = bits(words) - 1,
        load_samples = load("sample", bits(samples) as usize, samples),
        load_words = load("word", bits(words) as usize, words),
    )
}

/// A driver that writes the tables: what it declares, its ports, how its file is read, and what it does.
fn driver_text(name: &str, writes: usize) -> [String; 4] {
    let bits = writes.ilog2() + 1;
    let high = bits - 1;
    let ports = [
        ("awaddr", "s_axil_awaddr"),
        ("awvalid", "s_axil_valid"),
        ("awready", "s_axil_awready"),
        ("wdata", "s_axil_wdata"),
        ("wstrb", "4'hf"),
        ("wvalid", "s_axil_valid"),
        ("wready", "s_axil_wready"),
        ("bresp", "s_axil_bresp"),
        ("bvalid", "s_axil_bvalid"),
        ("bready", "1'b1"),
        ("araddr", "6'd0"),
        ("arvalid", "1'b0"),
        ("arready", "s_axil_arready"),
        ("rdata", "s_axil_rdata"),
        ("rresp", "s_axil_rresp"),
        ("rvalid", "s_axil_rvalid"),
        ("rready", "1'b1"),
    ];
    let port = |(port, signal): (&str, &str)| format!(",\n      .s_axil_{port}({signal})");
    let declared = format!(
        "
   // The registers that tables are loaded by.
   localparam WRITES = {writes};
   localparam [{high}:0] LAST_WRITE = {bits}'d{writes};
   reg [37:0] writes [0:(1 << {bits}) - 1];  // address, word
   reg [37:0] write;
   reg [{high}:0] written;
   reg  [5:0]  s_axil_awaddr;
   reg  [31:0] s_axil_wdata;
   reg         s_axil_valid;
   wire        s_axil_awready;
   wire        s_axil_wready;
   wire [1:0]  s_axil_bresp;
   wire        s_axil_bvalid;
   wire        s_axil_arready;
   wire [31:0] s_axil_rdata;
   wire [1:0]  s_axil_rresp;
   wire        s_axil_rvalid;
   // Nothing is read.
   wire unused = &{{1'b0, s_axil_arready, s_axil_rdata, s_axil_rresp, s_axil_rvalid}};
   reg         loaded;
"
    );
    let drives = format!(
        "
   // The driver: one write after the other.
   initial begin
      written = {bits}'d0;
      s_axil_valid = 1'b0;
      loaded = 1'b0;
   end
   always @(posedge aclk) begin
      if (aresetn && s_axil_valid && (s_axil_awready !== 1'b0) && (s_axil_wready !== 1'b0)) begin
         s_axil_valid <= 1'b0;
      end else if (aresetn && !s_axil_valid && written != LAST_WRITE) begin
         {{s_axil_awaddr, s_axil_wdata}} <= writes[written];
         s_axil_valid <= 1'b1;
         written <= written + {bits}'d1;
      end
      loaded <= written == LAST_WRITE && !s_axil_valid;
      if (aresetn && s_axil_bvalid !== 1'b0 && s_axil_bresp !== 2'd0) begin
         $display(\"FAIL: write %0d of %0d was refused\", written, WRITES);
         $fatal;
      end
   end
"
    );
    let load = load(name, "write", bits as usize, writes);
    [declared, ports.map(port).concat(), load, drives]
}

/// Reads a file of one value a line into the memory of this name with an s.
fn load(name: &str, what: &str, index_bits: usize, count: usize) -> String {
    let file = format!("{name}_{what}s.hex");
    let high = index_bits - 1;
    format!(
        "      file = $fopen(\"{file}\", \"r\");
      if (file == 0) begin
         $display(\"FAIL: {file} cannot be read\");
         $fatal;
      end
      for (line = 0; line < {count}; line = line + 1) begin
         found = $fscanf(file, \"%h\", {what});
         newline = $fgetc(file);
         if (found != 1 || newline != 10) begin
            $display(\"FAIL: {file} ends at line %0d of {count}\", line + 1);
            $fatal;
         end
         {what}s[line[{high}:0]] = {what};
      end
      if ($fgetc(file) != -1) begin
         $display(\"FAIL: {file} has more than {count} lines\");
         $fatal;
      end
      $fclose(file);
"
    )
}
