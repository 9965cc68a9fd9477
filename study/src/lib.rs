//! Analyses of recordings, comparisons with other compressors, and the plots and pages that show
//! them.
//!
//! | module | does |
//! |---|---|
//! | [`analysis`] | statistics of a folder of recordings, as figures and as a page |
//! | [`archived`] | recorders' recordings compressed whole, restored and compared |
//! | [`baselines`] | other ways to compress recordings |
//! | [`comparison`] | ratio and speed of the table sets and the baselines on the same recordings |
//! | [`frame_costs`] | what frames and keyframes cost in ratio |
//! | [`round_trips`], [`against_original`], [`verify`] | recordings compressed, restored and compared |
//! | [`plot`], [`page`], [`marked`] | SVG plots, HTML pages, tables in pages of Markdown |

pub mod against_original;
pub mod analysis;
pub mod archived;
pub mod baselines;
pub mod comparison;
mod error;
pub mod frame_costs;
pub mod marked;
pub mod page;
pub mod plot;
pub mod round_trips;
pub mod verify;

pub use error::Error;
