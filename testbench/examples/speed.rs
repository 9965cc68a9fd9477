//! Measures the rust-hdl simulator: `cargo run --release -p testbench --example speed`.

use hdl::Profile;
use std::time::Instant;
use testbench::Stalls;
use testbench::packets::synthetic;
use testbench::rust_hdl_engine::simulate;

fn main() {
    for profile in Profile::all().map(Profile::in_packets) {
        let samples = synthetic(&profile, 1, 200_000);
        let start = Instant::now();
        let packets = std::slice::from_ref(&samples);
        let simulation = simulate(&profile, packets, Stalls::NONE, |_| {}).expect("no fault");
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{:10} {:.0} thousand clocks per second, {:.3} clocks per sample",
            profile.name(),
            simulation.cycles as f64 / seconds / 1e3,
            simulation.cycles as f64 / samples.len() as f64,
        );
    }
}
