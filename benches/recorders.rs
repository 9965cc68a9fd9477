//! Speed of archives on one core, programs for sound beside them, on ten seconds of a recording:
//! `cargo bench -p benches --bench recorders -- RECORDING [PAGE]`, with the page whose table is written.

use std::fs;

const BEGIN: &str =
    "<!-- begin: cargo bench -p benches --bench recorders -- RECORDING docs/recorders.md -->\n";

fn main() {
    // Cargo adds an argument of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(recording) = arguments.next() else {
        eprintln!("no recording is given: nothing is measured");
        return;
    };
    let recording = recorders::open(recording).expect("a recording");
    let speeds = study::comparison::speed::measure(&recording).expect("every method");
    println!("{} channels, {} samples\n\n{}", speeds.channels, speeds.samples, speeds.table());
    let Some(page) = arguments.next() else { return };
    // Cargo runs it in the folder of its package.
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    let text = fs::read_to_string(&page).expect("the page");
    let text = study::marked::with_table(&text, BEGIN, &speeds.table());
    fs::write(page, text.expect("the table's place")).expect("the page");
}
