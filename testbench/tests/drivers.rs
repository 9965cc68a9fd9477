//! The drivers in Rust and in C, and what `tierwire tables` writes, load tables into a simulated core, through its own
//! port and through the SPI bridge; the frames that follow are restored by the host's decoder.

use ::synth::Tools;
use golden_model::TableSet;
use golden_model::frames::{Deframer, Event};
use golden_model::synthetic::Synthetic;
use hdl::tables::driver::{DriverError, RegisterBus, commit, load};
use hdl::tables::register_map::{CONTROL, DATA, DIGEST, ID, ID_VALUE, STATUS, control, status};
use hdl::tables::{Format, Image, image};
use hdl::verilog::export::verilog;
use hdl::verilog::spi_top::spi_top;
use hdl::{Channels, Frames, Profile};
use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use testbench::register_server::{RegisterServer, Way, program};

const ROUNDS: usize = 4;
const READS: u32 = 50;

fn mean_32() -> TableSet {
    golden_model::shipped("mean-32").unwrap()
}

/// Few channels in short frames, their tables loaded.
fn small(channels: usize) -> Profile {
    let profile = Profile::new("loaded", mean_32(), Channels::Many(channels)).unwrap();
    let frames = Frames { rounds: ROUNDS, keyframe_interval: 4 };
    profile.with_frames(frames).unwrap().with_loaded_tables().unwrap()
}

const CHANNELS: usize = 3;

fn own_image() -> Image {
    image(&small(CHANNELS), &mean_32()).unwrap()
}

fn server(way: Way) -> RegisterServer {
    let verilator = Tools::locate().verilator().unwrap();
    RegisterServer::start(&program(&verilator, &small(CHANNELS), way).unwrap()).unwrap()
}

/// Sends rounds through the core; every sample comes back from the decoder.
fn restores(server: &mut RegisterServer) {
    let samples = Synthetic::default().rounds(7, CHANNELS, 12 * ROUNDS);
    let frames = server.frames(&samples, CHANNELS).unwrap();
    let (set, layout) = (mean_32(), small(CHANNELS).layout().unwrap());
    let mut deframer = Deframer::new(&set, layout);
    let mut restored = Vec::new();
    for frame in &frames {
        deframer.push(frame, |event| {
            if let Event::Samples { samples, .. } = event {
                restored.extend_from_slice(samples);
            }
        });
    }
    assert_eq!(restored, samples);
}

#[test]
fn the_driver_loads_tables_and_names_what_is_wrong() {
    for way in [Way::Axi, Way::Spi] {
        let mut core = server(way);
        let right = own_image();

        // Nothing is complete yet; a word that changed on the way; half of the words; too many.
        let refused = |error| match error {
            Err(DriverError::Refused(status)) => status,
            other => panic!("{way:?}: {other:?}"),
        };
        let mut wrong = right.clone();
        wrong.words[1] ^= 1;
        assert_eq!(refused(load(&mut core, &wrong, READS)), status::WRONG_CRC);
        assert_ne!(refused(commit(&mut core, &wrong, READS)) & status::NOT_COMPLETE, 0);
        core.write(CONTROL, control::START).unwrap();
        for &word in &right.words[..right.words.len() / 2] {
            core.write(DATA, word).unwrap();
        }
        assert_eq!(refused(commit(&mut core, &right, READS)), status::NOT_COMPLETE);
        load(&mut core, &right, READS).unwrap();
        core.write(DATA, 0).unwrap();
        assert_ne!(core.read(STATUS).unwrap() & status::TOO_LONG, 0);

        // Of another core: the driver sees it, and so does the core itself.
        let foreign = image(&small(CHANNELS + 1), &mean_32()).unwrap();
        let (its, cores) = (foreign.layout(), right.layout());
        let layout = Err(DriverError::Layout { core: cores, image: its });
        assert_eq!(told(load(&mut core, &foreign, READS)), told::<Infallible>(layout));
        core.write(CONTROL, control::START).unwrap();
        core.write(DATA, its).unwrap();
        assert_ne!(core.read(STATUS).unwrap() & status::WRONG_LAYOUT, 0);
        let short = Image { words: right.words[..10].to_vec() };
        assert!(matches!(load(&mut core, &short, READS), Err(DriverError::Length { .. })));
        assert!(matches!(load(&mut core, &right, 0), Err(DriverError::NotDone(0))));
        assert!(core.frames(&[0; 24], CHANNELS).unwrap().is_empty(), "frames without tables");

        // An access that the core refuses: there is no such register, it cannot be written, or not be read.
        assert!(core.read(0x38).is_err() && core.write(ID, 0).is_err() && core.read(DATA).is_err());
        assert_eq!(core.read(ID).unwrap(), ID_VALUE);

        // None of this harmed anything.
        let mut core = server(way);
        load(&mut core, &right, READS).unwrap();
        commit(&mut core, &right, READS).unwrap();
        restores(&mut core);
        assert_eq!(core.read(DIGEST).unwrap(), mean_32().digest());
    }
}

/// An outcome in words, whatever its type.
fn told<E: std::fmt::Debug + std::fmt::Display>(outcome: Result<(), DriverError<E>>) -> String {
    outcome.map_or_else(|error| error.to_string(), |()| "done".into())
}

#[test]
fn something_else_than_a_core_is_refused() {
    /// Reads the same everywhere.
    struct Same(u32);
    impl RegisterBus for Same {
        type Error = Infallible;
        fn read(&mut self, address: u8) -> Result<u32, Infallible> {
            Ok(if address == ID && self.0 != 0 { ID_VALUE } else { self.0 })
        }
        fn write(&mut self, _: u8, _: u32) -> Result<(), Infallible> {
            panic!("nothing is written");
        }
    }
    let image = own_image();
    assert_eq!(load(&mut Same(0), &image, 1), Err(DriverError::NotACore(0)));
    let version = 2 << 16 | 3;
    assert_eq!(load(&mut Same(version), &image, 1), Err(DriverError::Version(version)));
}

#[test]
fn what_tierwire_tables_writes_loads_the_core() {
    let image = own_image();
    let text = |format: Format| format.text(&image, "mean-32", "loaded");
    let sent = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(Into::into).collect()
    };
    let mut core = server(Way::Axi);
    for line in sent(&text(Format::Axi)) {
        assert_eq!(core.ask(&format!("w {line}")).unwrap(), "ok");
    }
    restores(&mut core);

    let mut core = server(Way::Spi);
    for line in sent(&text(Format::Spi)) {
        let back = core.ask(&format!("m {line}")).unwrap();
        assert_eq!(&back[..2], "15", "the status");
    }
    restores(&mut core);

    let words = text(Format::Hex);
    let words: Vec<u32> =
        words.lines().map(|word| u32::from_str_radix(word, 16).unwrap()).collect();
    assert_eq!(words, image.words);
}

/// The example in C with these tables, compiled; `None` without a C compiler, which in CI fails.
fn example(folder: &Path, tables: &str) -> Option<PathBuf> {
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let c = Path::new(env!("CARGO_MANIFEST_DIR")).join("../c");
    let program = folder.join("load_tables");
    std::fs::write(folder.join("tables.h"), tables).unwrap();
    let compiled = Command::new(&compiler)
        .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-I"])
        .arg(c.join("include"))
        .arg("-I")
        .arg(folder)
        .args([c.join("examples/load_tables.c"), c.join("driver/tierwire_tables.c")])
        .arg("-o")
        .arg(&program)
        .output();
    match compiled {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(program)
        }
        Err(why) if std::env::var_os("CI").is_none() => {
            let told = format!("the driver in C IS NOT TESTED: {compiler}: {why}\n");
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            None
        }
        Err(why) => panic!("{compiler}: {why}"),
    }
}

/// Runs the example on a core. Returns whether it succeeded, and what it said.
fn run(program: &Path, words: Option<usize>, core: &mut RegisterServer) -> (bool, String) {
    let mut child = Command::new(program)
        .args(words.map(|words| words.to_string()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = child.stdin.take().unwrap();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let answer = core.ask(&line.unwrap()).unwrap();
        answers.write_all(format!("{answer}\n").as_bytes()).unwrap();
        answers.flush().unwrap();
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().success(), said)
}

#[test]
fn the_driver_in_c_does_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let text = |image: &Image| Format::C.text(image, "mean-32", "loaded");
    let right = own_image();
    let Some(program) = example(folder.path(), &text(&right)) else { return };
    for way in [Way::Axi, Way::Spi] {
        let mut core = server(way);
        // The cable is pulled in the middle.
        let told = run(&program, Some(100), &mut core);
        let failed = "load: an access to a register failed\n\
                      commit: the core says: there are no complete tables\n";
        assert_eq!(told, (false, failed.into()));
        assert!(core.frames(&[0; 24], CHANNELS).unwrap().is_empty(), "frames without tables");
        let mut core = server(way);
        assert_eq!(run(&program, None, &mut core), (true, "load: loaded\ncommit: loaded\n".into()));
        restores(&mut core);
    }
    let mut wrong = right.clone();
    wrong.words[1] ^= 1;
    let foreign = image(&small(CHANNELS + 1), &mean_32()).unwrap();
    let short = Image { words: right.words[..10].to_vec() };
    for (image, with) in [
        (wrong, "load: the core says: a word changed on the way\n"),
        (foreign, "load: the tables are of another core\n"),
        (short, "load: the tables are not whole\n"),
    ] {
        let program = example(folder.path(), &text(&image)).unwrap();
        let (is_done, said) = run(&program, None, &mut server(Way::Axi));
        assert!(!is_done && said.starts_with(with), "{said}");
    }
}

#[test]
fn a_core_behind_the_bridge_is_free_of_warnings() {
    let profile = small(CHANNELS);
    let core = verilog(&profile);
    let [(_, bridge), (name, top)] = spi_top(&profile).unwrap();
    let name = name.trim_end_matches(".v");
    let files = [("bridge.v", &*bridge), ("core.v", &*core)];
    let flags = ["--top-module", name, "bridge.v", "core.v"];
    let found = Tools::locate().verilator().unwrap().lint(name, &top, &files, &flags).unwrap();
    assert_eq!(found, "");
    assert!(spi_top(&Profile::named("nano").unwrap()).is_none());
}
