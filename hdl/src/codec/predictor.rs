//! # Predictor
//!
//! ## Purpose
//! Predicts the token from the channel's past and computes how far off the prediction was. Twin of
//! [`golden_model::predictor`] and of
//! [`Converter::offset`](golden_model::Converter::offset).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `last` | in | `TOKEN` | the channel's last token |
//! | `token` | in | `TOKEN` | the current token |
//! | `prediction` | out | `TOKEN` | the expected token |
//! | `offset` | out | `TOKEN` | `token - prediction` modulo `2^TOKEN` |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
//! The plain bigram: the prediction is the last token.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/predictor.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/predictor.rs`: all 1,048,576 pairs of last token and token.

use rust_hdl::prelude::*;

/// The token expected next, and how far from it the token was.
#[derive(LogicBlock, Default)]
pub struct Predictor<const TOKEN: usize> {
    /// The channel's last token.
    pub last: Signal<In, Bits<TOKEN>>,
    /// The token that came.
    pub token: Signal<In, Bits<TOKEN>>,

    /// The token that was expected.
    pub prediction: Signal<Out, Bits<TOKEN>>,
    /// `token - prediction`, modulo `2^TOKEN`.
    pub offset: Signal<Out, Bits<TOKEN>>,
}

impl<const TOKEN: usize> Logic for Predictor<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        self.prediction.next = self.last.val();
        self.offset.next = self.token.val() - self.last.val();
    }
}
