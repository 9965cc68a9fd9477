//! The proofs of whole pipelines, with their tables and the channels' state cut out.

use super::proof::{Design, Mutant, Proof};
use golden_model::predictor::Shape;
use hdl::Profile;
use hdl::array_pipeline::BigramArray;
use hdl::codec::converter::Input;
use hdl::shape;
use hdl::stream::framer::Frames;
use hdl::verilog::export::{pipeline_verilog, rom_word, top_name, verilog};

/// What is cut out, by the last part of the modules' names: all ROMs, what computes with samples,
/// the CRC.
const CUT: [&str; 9] = [
    "_rom",
    "_rank_table",
    "_activity",
    "_running_mean",
    "_predictor",
    "_neighbours",
    "_channel_state",
    "_share",
    "_crc",
];

/// What the modules of memories are called by, which are cut out too: `_ram_256x16`.
const MEMORY: &str = "_ram_";

/// Clocks from a sample to its code.
fn code_at(shape: Shape, range_coder: bool) -> usize {
    let to_rank = match shape {
        Shape::Bigram | Shape::Mean => 3,
        Shape::Neighbours => 7,
        _ => 6,
    };
    to_rank + if range_coder { 6 } else { 2 }
}

/// A profile's hardware; the induction reaches from a sample to its word.
fn design(what: &str, profile: &Profile) -> Design {
    let shape = profile.shape();
    let verilog = verilog(profile).replace(&top_name(profile), "pipeline");
    let range_coder = profile.table_set().range_code().is_some();
    let name = format!("{what} {}", profile.name());
    let code_at = code_at(shape.predictor, range_coder);
    let design = of_pipeline(&name, verilog, code_at, shape.fifo)
        .with("DIGEST", format!("32'h{:08x}", profile.table_set().digest()));
    let design = if range_coder { design.with("RANGE_CODER", "1".into()) } else { design };
    match shape.channel {
        Some(_) => design.with("FRAMER", "1".into()),
        None => design,
    }
}

fn of_pipeline(name: &str, verilog: String, code_at: usize, fifo_bits: usize) -> Design {
    let modules = verilog.lines().filter_map(|line| line.strip_prefix("module ")?.split_once('('));
    let cut = modules.map(|(module, _)| module.to_owned());
    let is_cut =
        |module: &String| module.contains(MEMORY) || CUT.iter().any(|end| module.ends_with(end));
    let cut = cut.filter(is_cut).collect();
    // ROMs are cut out, so their contents are left out; reading them takes longer than the proof.
    let verilog = verilog.split_inclusive('\n').filter(|line| rom_word(line).is_none()).collect();
    Design {
        name: name.into(),
        clocks: code_at as u32 + 3,
        defines: vec![
            ("CODE_AT", code_at.to_string()),
            ("FIFO_BITS", fifo_bits.to_string()),
            ("OCCUPANCY_BITS", shape::FIFO.to_string()),
        ],
        verilog,
        cut,
    }
}

/// The shipped profile of this name.
fn shipped(name: &str) -> Profile {
    Profile::named(name).expect("a profile that is shipped")
}

/// The shipped pipelines that send packets.
pub(super) fn packets() -> Proof {
    packets_of(["nano", "tile256-lms"].map(|name| shipped(name).in_packets()))
}

/// These pipelines, and a small one before them.
pub(super) fn packets_of(profiles: impl IntoIterator<Item = Profile>) -> Proof {
    let small = shipped("bigram-32");
    Proof {
        block: "packets",
        says: "no sample lost, no word lost, no overflow, never stuck; AXI4-Stream at both ports",
        designs: std::iter::once(small)
            .chain(profiles)
            .map(|profile| design("packets", &profile))
            .collect(),
        horizon: 36,
        properties: include_str!("../../proofs/packets.sv"),
        top: "packets_proof",
        mutants: vec![
            Mutant {
                says: "the input does not wait for room",
                right: "ready = word_fifo_room & ~packet_gap & aresetn;",
                wrong: "ready = ~packet_gap & aresetn;",
            },
            Mutant {
                says: "there is no gap after a packet",
                right: "packet_gap_next = accept & s_axis_tlast;",
                wrong: "packet_gap_next = 1'b0;",
            },
            Mutant {
                says: "a sample is taken twice",
                right: "accept = ready & s_axis_tvalid;",
                wrong: "accept = ready & (s_axis_tvalid | s1_valid);",
            },
            Mutant {
                says: "a packet's end comes a sample late",
                right: "s2_last_next = s1_last;",
                wrong: "s2_last_next = s2_last;",
            },
            Mutant {
                says: "an offered word goes away when it is not taken",
                right: "output_valid_next = read | ~output_free;",
                wrong: "output_valid_next = read;",
            },
        ],
    }
}

/// The shipped pipelines that send frames.
pub(super) fn frames() -> Proof {
    frames_of(Profile::all().filter(|profile| profile.frames().is_some()))
}

/// These pipelines, and a small one before them.
pub(super) fn frames_of(profiles: impl IntoIterator<Item = Profile>) -> Proof {
    // Everything happens soon: 3 channels, 2 rounds a frame, a FIFO of 8 words.
    let nano = shipped("nano-bigram");
    let set = nano.table_set();
    let frames = Frames { rounds: 2, keyframe_interval: 2 };
    let widths = shape::Shape { fifo: 3, ..shape::Shape::new(set, Some(3)) };
    let few =
        BigramArray::<{ shape::CHALLENGE }>::new(set, Input::Samples, widths, 3, Some(frames));
    let small = of_pipeline(
        "frames small",
        pipeline_verilog(few, "pipeline"),
        code_at(Shape::Bigram, false),
        widths.fifo,
    );
    let digest = format!("32'h{:08x}", set.digest());
    // Tables are cut out, so it is all the same whether they are loaded.
    let fixed = profiles.into_iter().map(Profile::with_fixed_tables);
    let profiles = fixed.map(|profile| design("frames", &profile));
    Proof {
        block: "frames",
        says: "no overflow, and no word lost without the broken mark and a count",
        designs: std::iter::once(small.with("DIGEST", digest)).chain(profiles).collect(),
        horizon: 30,
        properties: include_str!("../../proofs/frames.sv"),
        top: "frames_proof",
        mutants: vec![
            Mutant {
                says: "the broken mark is not inverted",
                right: "frame_word = ~crc_crc;",
                wrong: "frame_word = crc_crc;",
            },
            Mutant {
                says: "a word without room is dropped unmarked",
                right: "(condemned | (word_valid & ~room))",
                wrong: "(condemned)",
            },
            Mutant {
                says: "the FIFO keeps a word too few for a frame's end",
                right: "localparam [8:0] full_at = 9'h4;",
                wrong: "localparam [8:0] full_at = 9'h7;",
            },
            Mutant {
                says: "a misaligned frame is sent as a whole one",
                right: "condemned_next = 1'b1;",
                wrong: "condemned_next = 1'b0;",
            },
            Mutant {
                says: "words go on behind the mark",
                right: "word_goes = word_valid & (~framed | (open & ~mark_goes));",
                wrong: "word_goes = word_valid & (~framed | ~mark_goes);",
            },
            Mutant {
                says: "the frame behind a loss is no keyframe",
                right: "was_lost_next = ~word_goes;",
                wrong: "was_lost_next = 1'b0;",
            },
            Mutant {
                says: "a frame not begun is not counted",
                right: "overrun_count_next = overrun_count + 16'h1;",
                wrong: "overrun_count_next = overrun_count;",
            },
        ],
    }
}

impl Design {
    fn with(mut self, name: &'static str, value: String) -> Design {
        self.defines.push((name, value));
        self
    }
}
