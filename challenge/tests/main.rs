//! Tests of the challenge's executables, one program: linked once.

mod round_trip;
mod tables;
