//! The proofs: what holds for the hardware with every possible input.
//!
//! A proof is a SystemVerilog file in `testbench/proofs/` that has a block in it as it is exported,
//! assumes what the block's neighbours guarantee, and asserts what the block guarantees. What one
//! file assumes, another one asserts. [`proofs`] lists them all.
//!
//! Each proof comes with deliberately wrong copies of its block, the [`Mutant`]s, which must fail,
//! and with events that must be reachable (`cover`): a proof that cannot fail, or whose assumptions
//! cannot be met, proves nothing.
//!
//! Where a design is cut (`Design::cut`), the outputs of the modules cut out may be anything at any
//! clock. That allows more than the modules do; so the proof covers them too.

mod blocks;
mod line;
mod pipelines;
mod proof;
mod rounds;
mod tables;

use hdl::Profile;

pub use line::Line;
pub use proof::{Design, Mutant, Proof};

/// All of them, of the profiles that come with tierwire.
pub fn proofs() -> Vec<Proof> {
    vec![
        blocks::bit_packer(),
        blocks::encoder(),
        blocks::packer(),
        blocks::word_fifo(),
        blocks::tier_coder(Profile::all()),
        rounds::rounds(),
        rounds::one_port(),
        blocks::spi_bridge(),
        tables::loader(),
        tables::axi_lite(),
        pipelines::packets(),
        pipelines::frames(),
    ]
}

/// All of one profile, perhaps a user's own. The blocks that every profile has are proved in all the
/// sizes that tierwire has them in.
pub fn proofs_of(profile: &Profile) -> Vec<Proof> {
    vec![
        blocks::bit_packer(),
        blocks::encoder(),
        blocks::packer(),
        blocks::word_fifo(),
        blocks::tier_coder([profile.clone()]),
        rounds::rounds(),
        rounds::one_port(),
        blocks::spi_bridge(),
        tables::loader(),
        tables::axi_lite(),
        match profile.frames() {
            Some(_) => pipelines::frames_of([profile.clone()]),
            None => pipelines::packets_of([profile.clone()]),
        },
    ]
}
