//! Measurements of tierwire's hardware: chips, latency, power, and systems with a radio.
//!
//! | module | does |
//! |---|---|
//! | [`chip`] | a profile synthesised, placed and packed for a chip |
//! | [`loads`] | quiet, typical and busy signals for a profile, from recordings |
//! | [`bounds`] | limits of the hardware: bits, words, clocks |
//! | [`latency`] | clocks from a sample to its word, counted in Verilator |
//! | [`power`] | the power model: energies, netlists, toggles, glitches |
//! | [`consumption`] | the power model applied to a profile |
//! | [`toggles`] | what a chip without a power model does per sample, without watts |
//! | [`backtest`] | the power model compared with published measurements |
//! | [`system`] | compressor and radio together |
//! | [`frontier`] | every profile on its chips, as a table |
//! | [`table_sets`] | the shipped table sets, as a table |
//! | [`text`] | all these as a terminal shows them |
//! | [`silicon`] | area, timing and energy of a profile in a process's cells and macros |
//! | [`report`] | everything about a profile on a chip, in one page |

pub mod backtest;
pub mod bounds;
pub mod chip;
pub mod consumption;
mod counting;
mod error;
pub mod frontier;
mod glitches;
pub mod latency;
pub mod loads;
pub mod power;
pub mod report;
pub mod silicon;
pub mod system;
pub mod table_sets;
pub mod text;
pub mod toggles;

pub use error::Error;
