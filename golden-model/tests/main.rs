//! One program of all integration tests: it is linked once. A file is a module; `cargo test -p
//! golden-model --test main FILE` runs the tests of one.

mod examples;
mod frames;
mod layout;
mod near_lossless;
mod pinned_files;
mod pinned_vectors;
#[path = "files/receiver.rs"]
mod receiver;
mod sample_files;
mod twr;
mod twr_folders;
mod wav;
#[path = "files/wav_file.rs"]
mod wav_file;
mod worked_example;
