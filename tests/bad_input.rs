//! Every bad input gives one line with the file and the reason, and an exit code. Nothing is
//! written under the output's name, and nothing is lost.
//!
//! `cargo test bad_input -- --nocapture` prints the table.

use std::borrow::Cow;

use golden_model::{shipped, twr};

use crate::program::{Folder, Ran, WavFile, chunk, recording, text};

/// What should be said: the code, and the whole line behind `tierwire: `.
type Expected<'e> = (i32, &'e str);

/// A folder with one file of each bad kind.
fn workbench() -> Folder {
    let folder = Folder::new();
    let good = recording(1, 2000);
    let wav = good.bytes();
    folder.write("good.wav", &wav);
    folder.write("empty", b"");
    folder.write("short.wav", &wav[..11]);
    folder.write("ogg.wav", b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0");
    folder.write("avi.wav", b"RIFF\x04\0\0\0AVI ");
    folder.write("cut-in-header.wav", &wav[..30]);
    let list = [b"RIFF\xff\xff\xff\x7fWAVELIST", &10_000_000u32.to_le_bytes()[..]].concat();
    folder.write("claims-list.wav", &list);
    let mut differs = wav.clone();
    differs[1234] ^= 1;
    folder.write("differs.wav", &differs);
    let longer = [&wav[..], b"more"].concat();
    folder.write("longer.wav", &longer);
    folder.write("shorter.wav", &wav[..wav.len() - 2]);
    let samples_24 = WavFile::of_bytes(1, 24, vec![1; 300]).bytes();
    for dir in ["folder", "bad", "wide", "none"] {
        std::fs::create_dir(folder.path(dir)).unwrap();
    }
    folder.write("bad/cut.wav", &wav[..30]);
    folder.write("bad/good.wav", &wav);
    folder.write("wide/wide.wav", &samples_24);

    let set = shipped("bigram-32").unwrap();
    let mut file = Vec::new();
    twr::compress(&wav[..], &mut file, &twr::Options::new(&set)).unwrap();
    folder.write("good.twr", &file);
    folder.write("cut.twr", &file[..file.len() / 2]);
    folder.write("no-end.twr", &file[..file.len() - 5]);
    folder.write("longer.twr", &[&file[..], b"x"].concat());
    let changed = |name: &str, at: usize| {
        let mut changed = file.clone();
        changed[at] ^= 0x40;
        folder.write(name, &changed);
    };
    changed("version.twr", 3);
    changed("channels.twr", 23);
    changed("payload.twr", file.len() / 2);
    changed("whole.twr", file.len() - 1);
    let digest = set.digest().to_le_bytes();
    let named = |name: &str, digest: &[u8]| {
        [b"TWR\x01\x03", &[name.len() as u8][..], name.as_bytes(), digest, &[1, 1, 2]].concat()
    };
    folder.write("unknown.twr", &named("nobody", &digest));
    folder.write("other.twr", &named("bigram-32", &[1, 2, 3, 4]));
    // 32767 channels and 4 GB of samples, in 40 bytes.
    let header = [b"TWR\x01\x03\x09bigram-32", &digest[..], &[1, 0xff, 0xff, 1]].concat();
    let hostile = [&header[..], &[0xfe, 0xff, 0xff, 0xff, 0xf, 1, 0x80, 0xa4, 0xe8, 3, 9]].concat();
    folder.write("hostile.twr", &hostile);
    // Its CRC is right, its codes are invalid.
    let header = [b"TWR\x01\x03\x09bigram-32", &digest[..], &[1, 1, 0x60]].concat();
    let block = [&[1, 6][..], &[0xff; 6]].concat();
    let crc = crc32fast::hash(&[&header[..], &block].concat()).to_le_bytes();
    folder.write("codes.twr", &[&header[..], &block, &crc, &[0; 5]].concat());

    let toml = set.to_toml();
    folder.write("broken.toml", toml.replace("fold = 32", "fold = 33").as_bytes());
    let renamed = toml.replace("\"bigram-32\"", "\"nobody\"");
    let other = renamed.replacen("shift = 7", "shift = 6", 1);
    folder.write("mine.toml", other.as_bytes());
    folder
}

/// Runs, compares, and adds a row to the table.
struct Table {
    folder: Folder,
    rows: Vec<String>,
    wrong: Vec<String>,
}

impl Table {
    fn row(&mut self, what: &str, expected: Expected, run: impl FnOnce(&Folder) -> Ran) {
        let before = self.folder.contents();
        let ran = run(&self.folder);
        if self.folder.contents() != before {
            self.wrong.push(format!("{what}: changed the folder"));
        }
        let mut lines = ran.stderr.lines();
        let line = match ran.code {
            // clap adds the usage below its first line.
            Some(2) => lines.next().unwrap_or("").to_string(),
            _ => lines.by_ref().collect::<Vec<_>>().join(" // "),
        };
        let got = line.strip_prefix("tierwire: ").unwrap_or(&line);
        if ran.code != Some(expected.0) || got != expected.1 {
            self.wrong.push(format!("{what}:\n   got {:?} {got}\n  want {expected:?}", ran.code));
        }
        self.rows.push(format!("| {what} | {} | {got} |", ran.code.unwrap_or(-1)));
    }

    fn end(self) {
        println!("| input | exit code | stderr |\n|---|---|---|\n{}", self.rows.join("\n"));
        assert!(self.wrong.is_empty(), "\n{}", self.wrong.join("\n"));
    }
}

#[test]
fn wrong_wav_files() {
    let mut table = Table { folder: workbench(), rows: vec![], wrong: vec![] };
    let cut = "truncated WAV file: its RIFF header declares 4044 bytes, 30 are there";
    for (what, file, line) in [
        ("no such file", "none.wav", "No such file or directory (os error 2)"),
        (
            "a folder",
            "folder",
            "no recording of a known format in it; raw samples: give the file, --channels, --rate",
        ),
        ("an empty file", "empty", "not a WAV file: it is empty"),
        ("11 bytes", "short.wav", "not a WAV file: it holds 11 bytes, a header takes 44"),
        ("an Ogg file", "ogg.wav", "not a WAV file: it begins with \"OggS\", not with \"RIFF\""),
        ("an AVI file", "avi.wav", "not a WAV file: RIFF of kind \"AVI \""),
        ("a WAV file cut in its header", "cut-in-header.wav", cut),
        (
            "a chunk that claims 10 MB",
            "claims-list.wav",
            "truncated WAV file: its RIFF header declares 2147483655 bytes, 20 are there",
        ),
    ] {
        let line = format!("{file}: {line}");
        table.row(what, (1, &line), |f| f.run(&["compress", file, "-o", "out.twr"]));
    }
    let line = format!("standard input: {cut}");
    table.row("a cut WAV file from a pipe", (1, &line), |f| {
        f.run_fed(&["compress", "-", "-o", "out.twr"], &f.read("cut-in-header.wav"))
    });
    let line = format!(
        "bad/cut.wav: {cut} // tierwire: bad: of 2 recordings, 1 could not be compressed and 0 \
         were not restored"
    );
    table.row("a folder with a cut recording", (1, &line), |f| f.run(&["corpus", "bad"]));
    table.row("training on it", (1, &format!("bad/cut.wav: {cut}")), |f| {
        f.run(&["train", "bad", "--codec", "seed-64", "-o", "out.toml"])
    });
    let line = "wide/wide.wav: no 16-bit samples: 24-bit samples";
    table.row("training on 24 bits", (1, line), |f| {
        f.run(&["train", "wide", "--codec", "seed-64", "-o", "out.toml"])
    });
    table.row("a folder without recordings", (1, "none: no recordings in it"), |f| {
        f.run(&["corpus", "none"])
    });
    let line = "nowhere: No such file or directory (os error 2)";
    table.row("no such folder", (1, line), |f| f.run(&["corpus", "nowhere"]));
    table.end();
}

#[test]
fn wrong_twr_files() {
    let mut table = Table { folder: workbench(), rows: vec![], wrong: vec![] };
    let digest = |name: &str| shipped(name).unwrap().digest();
    let right = digest("bigram-32");
    let unknown =
        format!("made with table set \"nobody\" (digest {right:#010x}), which is not known here");
    let other = format!(
        "made with table set \"bigram-32\" (digest 0x04030201); the one at hand is \"bigram-32\" \
         (digest {right:#010x})"
    );
    for (what, file, line) in [
        ("no such file", "none.twr", "No such file or directory (os error 2)"),
        ("an empty file", "empty", "not a .twr file: it is empty"),
        (
            "a WAV file to decompress",
            "good.wav",
            "not a .twr file: it begins with \"RIF\", not with \"TWR\"",
        ),
        (
            "a later version",
            "version.twr",
            "a .twr file of version 65; this tierwire reads versions up to 5",
        ),
        ("an unknown table set", "unknown.twr", &unknown),
        ("another table set of this name", "other.twr", &other),
        ("a changed header", "channels.twr", "corrupt: block 1: its CRC-32 does not match"),
        ("a changed payload", "payload.twr", "corrupt: block 1: its CRC-32 does not match"),
        (
            "a changed CRC of the whole",
            "whole.twr",
            "corrupt: its end: the CRC-32 of the whole does not match",
        ),
        ("a file cut in a block", "cut.twr", "truncated: it ends in block 1"),
        ("a file without its end", "no-end.twr", "truncated: it ends in block 2"),
        ("a file with a byte more", "longer.twr", "corrupt: its end: more bytes follow"),
        ("32767 channels, 4 GB in 40 bytes", "hostile.twr", "truncated: it ends in block 1"),
        (
            "codes that no encoder sends, with a right CRC",
            "codes.twr",
            "corrupt: block 1: the stream is too short: it ends before its last sample",
        ),
    ] {
        let line = format!("{file}: {line}");
        table.row(what, (1, &line), |f| f.run(&["decompress", file, "-o", "out.wav"]));
    }
    let mine = "unknown.twr: made with table set \"nobody\" (digest ";
    table.row("another own table set of this name", (1, mine), |f| {
        let mut ran = f.run(&["decompress", "unknown.twr", "-o", "o.wav", "--tables", "mine.toml"]);
        assert!(ran.stderr.contains("; the one at hand is \"nobody\" (digest "), "{}", ran.stderr);
        ran.stderr.truncate("tierwire: ".len() + mine.len());
        ran
    });
    for (what, file, line) in [
        ("another recording", "differs.wav", "differs from byte 1234 on, counted from 0"),
        ("a longer recording", "longer.wav", "ends after 4044 of its bytes"),
        ("a shorter recording", "shorter.wav", "goes on after its 4042 bytes"),
    ] {
        let line = format!("good.twr: is not {file}: {line}");
        table.row(what, (1, &line), |f| f.run(&["verify", file, "good.twr"]));
    }
    table.row(
        "info of a WAV file",
        (1, "good.wav: not a .twr file: it begins with \"RIF\", not with \"TWR\""),
        |f| f.run(&["info", "good.wav"]),
    );
    table.end();
}

#[test]
fn wrong_outputs_and_arguments() {
    let mut table = Table { folder: workbench(), rows: vec![], wrong: vec![] };
    let compress =
        |output: &'static str| move |f: &Folder| f.run(&["compress", "good.wav", "-o", output]);
    table.row(
        "no such output folder",
        (1, "no/out.twr: No such file or directory (os error 2)"),
        compress("no/out.twr"),
    );
    table.row("a folder as output", (1, "folder: is a folder"), compress("folder"));
    let line = "none.toml: No such file or directory (os error 2)";
    table.row("no such table file", (1, line), |f| {
        f.run(&["compress", "good.wav", "-o", "out.twr", "--tables", "none.toml"])
    });
    let line = "broken.toml: no valid table set: 32 rows for fold 33";
    table.row("a broken table file", (1, line), |f| {
        f.run(&["compress", "good.wav", "-o", "out.twr", "--tables", "broken.toml"])
    });
    let line = "error: invalid value 'nobody' for '--codec <NAME>'";
    table.row("an unknown codec", (2, line), |f| {
        f.run(&["compress", "good.wav", "-o", "out.twr", "--codec", "nobody"])
    });
    let line = "error: the argument '--codec <NAME>' cannot be used with '--tables <NAME|FILE>'";
    table.row("a codec and a table file", (2, line), |f| {
        f.run(&["compress", "good.wav", "-o", "o", "--codec", "seed", "--tables", "mine.toml"])
    });
    let line = "error: the following required arguments were not provided:";
    table.row("no output named", (2, line), |f| f.run(&["compress", "good.wav"]));
    let line = "error: only one of both can come from standard input";
    table.row("both from one pipe", (2, line), |f| f.run(&["verify", "-", "-"]));
    table.row("an unknown command", (2, "error: unrecognized subcommand 'shrink'"), |f| {
        f.run(&["shrink"])
    });
    let line = "new\\nline\\u{1b}[2J.wav: No such file or directory (os error 2)";
    table.row("a name that breaks lines", (1, line), |f| {
        f.run(&["compress", "new\nline\u{1b}[2J.wav", "-o", "out.twr"])
    });
    table.end();
}

#[cfg(target_os = "linux")]
#[test]
fn full_disks_closed_pipes_and_little_memory() {
    let mut table = Table { folder: workbench(), rows: vec![], wrong: vec![] };
    table.folder.write("long.wav", &recording(1, 200_000).bytes());
    let mut file = Vec::new();
    let set = shipped("bigram-32").unwrap();
    twr::compress(&table.folder.read("long.wav")[..], &mut file, &twr::Options::new(&set)).unwrap();
    table.folder.write("long.twr", &file);
    let line = "/dev/full: cannot be written: No space left on device (os error 28)";
    for arguments in [["compress", "good.wav"], ["decompress", "good.twr"]] {
        table.row(&format!("{} to a full device", arguments[0]), (1, line), |f| {
            f.run(&[arguments[0], arguments[1], "-o", "/dev/full"])
        });
    }
    // A limit on the size of files stands for a disk that fills up half way.
    for (arguments, output) in
        [(["compress", "long.wav"], "out.twr"), (["decompress", "long.twr"], "out.wav")]
    {
        let line = format!("{output}: cannot be written: File too large (os error 27)");
        table.row(&format!("{} to a disk that fills up", arguments[0]), (1, &line), |f| {
            let arguments = [arguments[0], arguments[1], "-o", output];
            f.run_after("trap '' XFSZ; ulimit -f 20", &arguments)
        });
    }
    let line = "standard output: cannot be written: Broken pipe (os error 32)";
    table.row("compress to a closed pipe", (1, line), |f| {
        f.run_unread(&["compress", "-", "-o", "-"])
    });
    table.row(
        "figures to a full device",
        (1, "standard output: cannot be written: No space left on device (os error 28)"),
        |f| f.run_after("exec > /dev/full", &["info", "good.twr"]),
    );
    table.row("an error that nobody reads", (1, ""), |f| {
        f.run_after("exec 2> /dev/full", &["info", "good.wav"])
    });
    // 64 MB of address space, so that no false claim of a file can be believed.
    let line = "hostile.twr: truncated: it ends in block 1";
    table.row("4 GB in 40 bytes, 64 MB of memory", (1, line), |f| {
        f.run_after("ulimit -v 65536", &["decompress", "hostile.twr", "-o", "out.wav"])
    });
    table.end();
}

#[test]
fn an_existing_file_stays_when_its_replacement_fails() {
    let folder = workbench();
    let before = folder.contents();
    for (command, input) in [("compress", "cut-in-header.wav"), ("decompress", "payload.twr")] {
        let ran = folder.run(&[command, input, "-o", "longer.wav"]);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    }
    assert_eq!(folder.contents(), before);
}

/// Every byte of a real file of the program, changed: never a wrong file under the output's name.
#[test]
fn a_changed_byte_never_gives_a_wrong_file() {
    let folder = Folder::new();
    let wav = WavFile { after: chunk(b"LIST", b"odd"), ..recording(2, 20) }.bytes();
    let set = shipped("bigram-32").unwrap();
    let mut file = Vec::new();
    twr::compress(&wav[..], &mut file, &twr::Options::new(&set)).unwrap();
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 0x24;
        folder.write("changed.twr", &changed);
        let output = folder.path("out.wav");
        let ran = folder.run(&["decompress", "changed.twr", "-o", text(&output)]);
        assert_eq!(ran.code, Some(1), "byte {at}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "byte {at}: {}", ran.stderr);
        assert!(!output.exists());
    }
    let lookup = |_: &twr::Identity| Some(Cow::Borrowed(&set));
    let mut back = Vec::new();
    twr::decompress(&file[..], &mut back, lookup).unwrap();
    assert_eq!(back, wav);
}
