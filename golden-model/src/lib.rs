//! golden model
