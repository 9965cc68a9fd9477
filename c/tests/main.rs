//! The header is current; the example in C, compiled and run, gives exactly the golden model's samples.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use golden_model::frames::{Framer, Layout};
use golden_model::shipped;
use golden_model::synthetic::Synthetic;

const TABLE_SET: &str = "bigram-32";
const CHANNELS: usize = 32;
const ROUNDS: usize = 19;
const INTERVAL: u64 = 10;
const FRAMES: usize = 40;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_header_is_what_cbindgen_makes_of_the_source() {
    let mut made = Vec::new();
    cbindgen::generate(here("")).expect("the source can be read").write(&mut made);
    let made = String::from_utf8(made).unwrap();
    let file = here("include/tierwire_decoder.h");
    if std::env::var_os("TIERWIRE_REDRAW").is_some() {
        fs::write(&file, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(file).unwrap_or_default(), made, "TIERWIRE_REDRAW=1 writes it");
}

/// The example, compiled and linked with the static library; `None` without a C compiler, which is said, and
/// in CI fails.
fn example(folder: &Path) -> Option<PathBuf> {
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let program = folder.join("receive");
    // This test is in target/PROFILE/deps, the library in target/PROFILE or beside the test.
    let test = std::env::current_exe().unwrap();
    let library = test.ancestors().skip(1).take(2).map(|dir| dir.join("libtierwire_decoder.a"));
    let library = library.into_iter().find(|file| file.is_file()).expect("the static library");
    let compiled = Command::new(&compiler)
        .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I"])
        .arg(here("include"))
        .arg(here("examples/receive.c"))
        .arg(library)
        .args(["-lpthread", "-ldl", "-lm", "-o"])
        .arg(&program)
        .output();
    match compiled {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(program)
        }
        Err(why) if std::env::var_os("CI").is_none() => {
            // Not by `eprintln!`: cargo keeps to itself what a test that passes prints by that.
            let told = format!("the example in C IS NOT TESTED: {compiler}: {why}\n");
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            None
        }
        Err(why) => panic!("{compiler}: {why}"),
    }
}

fn receive(program: &Path, table_set: &str, frames: &[Vec<u32>]) -> Output {
    let numbers = [CHANNELS as u64, ROUNDS as u64, INTERVAL].map(|number| number.to_string());
    let mut child = Command::new(program)
        .arg(table_set)
        .args(numbers)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes: Vec<u8> = frames.iter().flatten().flat_map(|word| word.to_be_bytes()).collect();
    let writing = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = writing.join().unwrap();
    output
}

#[test]
fn the_example_gives_every_sample_that_arrived_and_names_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = example(folder.path()) else { return };
    let set = shipped(TABLE_SET).unwrap();
    let layout = Layout::new(CHANNELS, ROUNDS, INTERVAL).unwrap();
    let samples = Synthetic::default().rounds(1, CHANNELS, ROUNDS * FRAMES);
    let mut frames = Vec::new();
    Framer::new(&set, layout).extend(&samples, |frame| frames.push(frame.to_vec()));

    let bytes = |samples: &[i16]| samples.iter().flat_map(|s| s.to_ne_bytes()).collect::<Vec<u8>>();
    let whole = receive(&program, TABLE_SET, &frames);
    assert!(whole.status.success());
    assert!(whole.stdout == bytes(&samples), "a whole stream is not restored");

    // One frame lost, one damaged: everything from there to the next keyframe is missing, nothing wrong.
    frames[25][3] ^= 1;
    frames.remove(13);
    let torn = receive(&program, TABLE_SET, &frames);
    let told = String::from_utf8(torn.stderr).unwrap();
    let per_frame = layout.frame_samples();
    let kept =
        |range: std::ops::Range<usize>| &samples[range.start * per_frame..range.end * per_frame];
    assert!(torn.stdout == bytes(&[kept(0..13), kept(20..25), kept(30..40)].concat()), "{told}");
    for line in [
        "missing: 1 frames from 13 on, reason 1",
        "missing: 6 frames from 14 on, reason 5",
        "missing: 1 frames from 25 on, reason 2",
        "missing: 4 frames from 26 on, reason 5",
    ] {
        assert!(told.lines().any(|said| said == line), "no {line:?} in {told}");
    }

    // Tables of another set: not one sample.
    let foreign = receive(&program, "bigram-128", &frames);
    assert!(foreign.status.success() && foreign.stdout.is_empty());
    assert!(String::from_utf8(foreign.stderr).unwrap().contains("refused: reason 3"));

    let unknown = receive(&program, "no-such-set", &frames);
    assert_eq!(unknown.status.code(), Some(1));
    let told = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(told, "receive: no-such-set: no table set of this name is shipped\n");
}
