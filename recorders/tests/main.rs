//! One program of the tests of the readers, but hostile ones. A file is a format; `cargo test -p recorders --test main
//! FILE` runs the tests of one.

mod brainvision;
mod edf;
#[path = "files/folder.rs"]
mod folder;
mod folders;
#[path = "files/headers.rs"]
mod headers;
mod intan;
mod listing;
mod neuralynx;
mod open_ephys;
mod raw;
mod real_files;
mod spikeglx;
mod wav;
