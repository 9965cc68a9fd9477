//! The codec: a sample becomes a token, a rank, a code and at last bits in words.

pub mod activity;
pub mod bigram_model;
pub mod bit_packer;
pub mod channel_state;
pub mod converter;
pub mod lattice;
mod lms_model;
pub mod lms_predictor;
pub mod mean_model;
pub mod mean_predictor;
pub mod means_model;
mod model;
pub mod multiplier;
pub mod multiply_add;
pub mod neighbour_model;
pub mod neighbours;
pub mod predictor;
pub mod product;
pub mod range_coder;
pub mod rank_table;
pub mod running_mean;
pub mod tier_coder;
pub mod weight_step;
