//! # Register
//!
//! ## Purpose
//! A register that is not zero at power-up. (`DFFWithInit` of rust-hdl does the same with two
//! inverters around a zero one, which costs the simulator two more passes.)
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `d` | in | any | the value from the next rising edge on |
//! | `q` | out | any | the value |
//!
//! ## Latency and throughput
//! One clock.
//!
//! ## How it works
//! rust-hdl starts a register with the initial value of its output; the Verilog declares the same value.
//!
//! ## Waveform
//! That of any register: `q` is `d` of the clock before.
//!
//! ## Proofs
//! In every block that contains one, in both simulators, from power-up.

use rust_hdl::prelude::*;

/// A register with a value at power-up.
#[derive(LogicBlock)]
pub struct Register<T: Synth> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The value from the next rising edge on.
    pub d: Signal<In, T>,
    /// The value.
    pub q: Signal<Out, T>,
    initial: Constant<T>,
}

impl<T: Synth> Register<T> {
    /// A register that holds `initial` at power-up.
    pub fn new(initial: T) -> Self {
        Self {
            clock: Default::default(),
            d: Default::default(),
            q: Signal::new_with_default(initial),
            initial: Constant::new(initial),
        }
    }
}

impl<T: Synth> Logic for Register<T> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.q.next = self.d.val();
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "initial begin\n   q = {:x};\nend\n\nalways @(posedge clock) begin\n   q <= d;\nend",
            self.initial.val().verilog()
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "register".into(),
            clock: "clock".into(),
            inputs: vec!["d".into()],
            outputs: vec!["q".into()],
        }]
    }
}
