//! The command line of tierwire.
fn main() {}
