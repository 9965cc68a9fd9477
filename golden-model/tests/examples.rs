//! The examples run.

#[path = "../examples/files.rs"]
mod files;
#[path = "../examples/frames.rs"]
mod frames;
#[allow(dead_code, reason = "its `main` reads arguments")]
#[path = "../examples/long_run.rs"]
mod long_run;
#[path = "../examples/words.rs"]
mod words;

#[test]
fn examples_run() {
    words::main().unwrap();
    files::main().unwrap();
    frames::main().unwrap();
}

/// Many blocks on both sides of a pipe, longer than the reel that is played.
#[test]
fn a_run_that_is_not_so_long() {
    let set = tierwire_codec::shipped(tierwire_codec::DEFAULT).unwrap();
    long_run::run(&set, 1, 5_000_000).unwrap();
    long_run::run(&set, 64, 80_001).unwrap();
}
