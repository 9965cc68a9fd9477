//! The proofs of the input: the order of channels, the interlock of their state, memories of one port.

use super::proof::{Design, Mutant, Proof};
use hdl::Profile;
use hdl::codec::{bigram_model, mean_model, means_model};
use hdl::shape::CHANNEL;
use hdl::stream::framer::Frames;
use hdl::stream::rounds::Rounds;
use hdl::verilog::export::block_verilog;

pub(super) fn rounds() -> Proof {
    let design = rounds_of;
    let few = Some(Frames { rounds: 2, keyframe_interval: 2 });
    let frames_of = |name| Profile::named(name).and_then(|profile| profile.frames());
    let (streaming, at_30_khz) = (frames_of("nano"), frames_of("neuropixels384"));
    Proof {
        block: "rounds",
        says: "channels in order, none taken before its state is back; whole frames are full",
        designs: vec![
            design(3, means_model::STATE_LOOP, few),
            design(3, means_model::STATE_LOOP, None),
            design(32, bigram_model::STATE_LOOP, streaming),
            design(256, means_model::STATE_LOOP, streaming),
            design(1024, means_model::STATE_LOOP, streaming),
            design(128, means_model::STATE_LOOP, at_30_khz),
            design(384, means_model::STATE_LOOP, at_30_khz),
        ],
        horizon: 16,
        properties: include_str!("../../proofs/rounds.sv"),
        top: "rounds_proof",
        mutants: vec![
            Mutant {
                says: "one sample too many under way",
                right: "(under_way < channels_at_once)",
                wrong: "(under_way <= channels_at_once)",
            },
            Mutant {
                says: "the interlock forgets a clock",
                right: "recent_next = shifted;",
                wrong: "recent_next = {1'b0, shifted[3:0]};",
            },
            Mutant {
                says: "the next frame does not wait for the last one",
                right: "gap_next = 1'b1;",
                wrong: "gap_next = 1'b0;",
            },
            Mutant {
                says: "a round with a sample too few goes unseen",
                right: "(last_of_channels ^ s_axis_tlast)",
                wrong: "(last_of_channels & ~s_axis_tlast)",
            },
            Mutant {
                says: "every round starts afresh",
                right: "fresh = ~round_over & keyframe;",
                wrong: "fresh = keyframe;",
            },
        ],
    }
}

/// `Rounds` of so many channels.
fn rounds_of(channels: usize, state_loop: usize, frames: Option<Frames>) -> Design {
    let kind = if frames.is_some() { "frames" } else { "packets" };
    let rounds = frames.map_or(1, |frames| frames.rounds);
    Design {
        name: format!("rounds {channels} {kind}"),
        clocks: 7,
        defines: vec![
            ("CHANNELS", channels.to_string()),
            ("CHANNEL_BITS", CHANNEL.to_string()),
            ("STATE_LOOP", state_loop.to_string()),
            ("FRAMED", u8::from(frames.is_some()).to_string()),
            ("ROUNDS", rounds.to_string()),
            ("ONE_PORT", "0".into()),
        ],
        verilog: block_verilog(Rounds::<CHANNEL>::new(channels, state_loop, frames), "rounds"),
        cut: vec![],
    }
}

/// The same with states in memories of one port.
fn one_port_of(channels: usize, frames: Option<Frames>) -> Design {
    let two = rounds_of(channels, mean_model::STATE_LOOP, frames);
    let rounds = Rounds::<CHANNEL>::new(channels, mean_model::STATE_LOOP, frames);
    let mut defines = two.defines;
    defines.retain(|(name, _)| *name != "ONE_PORT");
    defines.push(("ONE_PORT", "1".into()));
    Design {
        name: format!("{} of one port", two.name),
        defines,
        verilog: block_verilog(rounds.with_one_port(), "rounds"),
        ..two
    }
}

/// What `rounds` proves, and that no clock needs a memory of one port twice.
pub(super) fn one_port() -> Proof {
    let few = Some(Frames { rounds: 2, keyframe_interval: 2 });
    let streaming = Profile::named("nano").and_then(|profile| profile.frames());
    Proof {
        block: "one_port",
        says: "no clock reads and writes the same memory; none waits for that without need",
        designs: vec![
            one_port_of(6, few),
            one_port_of(256, streaming),
            one_port_of(1024, streaming),
        ],
        horizon: 24,
        mutants: vec![
            Mutant {
                says: "no sample waits for its memory",
                right: "bank_is_free = ~one_port",
                wrong: "bank_is_free = one_port",
            },
            Mutant {
                says: "the write of three clocks ago is forgotten",
                right: "(writes_3 == 3'h0)",
                wrong: "(1'b1)",
            },
            Mutant {
                says: "the write of five clocks ago is forgotten",
                right: "(writes_5 == 3'h0)",
                wrong: "(1'b1)",
            },
            Mutant {
                says: "a gap is counted as a sample",
                right: "between_3 = bit_0 ^ bit_1;",
                wrong: "between_3 = bit_0;",
            },
        ],
        ..rounds()
    }
}
