//! Speed of archives on one core, programs for sound beside them, on ten seconds of a recording:
//! `cargo bench -p benches --bench recorders -- RECORDING [PAGE]`, with the page whose table is written.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use study::comparison::speed::measure;
use study::marked::Page;

const BEGIN: &str =
    "<!-- begin: cargo bench -p benches --bench recorders -- RECORDING docs/recorders.md -->\n";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("recorders: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    // Cargo adds an argument of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(recording) = arguments.next() else {
        eprintln!("no recording is given: nothing is measured");
        return Ok(());
    };
    // Cargo runs it in the folder of its package.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = arguments.next().map(|page| root.join(page));
    let page = path.as_deref().map(|path| Page::read(path, BEGIN)).transpose()?;
    let speeds = measure(&recorders::open(recording)?)?;
    println!("{} channels, {} samples\n\n{}", speeds.channels, speeds.samples, speeds.table());
    if let Some(page) = page {
        page.replace(&speeds.table(), false)?;
    }
    Ok(())
}
