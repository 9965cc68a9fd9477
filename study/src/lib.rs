//! Analyses of recordings, comparisons with other compressors, and the plots and pages that show
//! them.
//!
//! | module | does |
//! |---|---|
//! | [`analysis`] | statistics of a folder of recordings, as figures and as a page |
//! | [`baselines`] | other ways to compress recordings |
//! | [`comparison`] | ratio and speed of the table sets and the baselines on the same recordings |
//! | [`frame_costs`] | what frames and keyframes cost in ratio |
//! | [`plot`], [`page`] | SVG plots and HTML pages |

pub mod analysis;
pub mod baselines;
pub mod comparison;
mod error;
pub mod frame_costs;
pub mod page;
pub mod plot;

pub use error::Error;
