//! Measures the rust-hdl simulator: `cargo run --release -p testbench --example speed`.

use hdl::Profile;
use std::time::Instant;
use testbench::packets::synthetic;
use testbench::rust_hdl_engine::RustHdl;
use testbench::{Simulator as _, Stalls};

fn main() {
    for profile in Profile::all().map(Profile::in_packets) {
        let samples = synthetic(&profile, 1, 200_000);
        let start = Instant::now();
        let packets = std::slice::from_ref(&samples);
        let simulation = RustHdl::new(&profile).simulate(packets, Stalls::NONE).expect("no fault");
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{:10} {:.0} thousand clocks per second, {:.3} clocks per sample",
            profile.name(),
            simulation.cycles as f64 / seconds / 1e3,
            simulation.cycles as f64 / samples.len() as f64,
        );
    }
}
