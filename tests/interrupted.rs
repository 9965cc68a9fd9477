//! Interrupted writing: the input stays, the output's name has a complete file or the old one, and
//! no temporary files are left.

use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rand::RngExt;
use testbench::seed::{generator, seed};

use crate::program::{Folder, TIERWIRE, WavFile, recording, text};

/// Kills with each signal: `TIERWIRE_KILLS`, or this many.
const KILLS: usize = 100;

/// A folder with a recording of every kind, and the expected results.
struct Bench {
    folder: Folder,
    /// Arguments, and the name of what they write.
    runs: Vec<(&'static str, &'static str, &'static str)>,
}

type Contents = Vec<(PathBuf, Option<Vec<u8>>)>;

impl Bench {
    fn new() -> Bench {
        let folder = Folder::new();
        folder.write("in.wav", &recording(1, 500_000).bytes());
        fs::create_dir(folder.path("channels")).unwrap();
        for channel in 0..20 {
            let wav: WavFile = recording(1, 20_000);
            folder.write(&format!("channels/{channel}.wav"), &wav.bytes());
        }
        let runs = vec![
            ("compress", "in.wav", "out.twr"),
            ("decompress", "in.twr", "out.wav"),
            ("compress", "channels", "folder.twr"),
            ("decompress", "channels.twr", "back"),
        ];
        for (from, to) in [("in.wav", "in.twr"), ("channels", "channels.twr")] {
            assert_eq!(folder.run(&["compress", from, "-o", to]).code, Some(0));
        }
        Bench { folder, runs }
    }

    /// The content of a name: a file, or all files of a folder.
    fn under(&self, name: &str) -> Contents {
        let path = self.folder.path(name);
        self.folder.contents().into_iter().filter(|(p, _)| p.starts_with(&path)).collect()
    }

    fn remove(&self, name: &str) {
        let path = self.folder.path(name);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else if path.exists() {
            fs::remove_file(path).unwrap();
        }
    }

    fn unfinished(&self) -> Vec<PathBuf> {
        let names = fs::read_dir(self.folder.path(".")).unwrap().map(|e| e.unwrap().path());
        names
            .filter(|p| p.file_name().unwrap().to_str().unwrap().starts_with(".tierwire-"))
            .collect()
    }
}

/// Kills at random moments, some of them behind the end.
fn kill_at_random_moments(signal: &str, number: i32) {
    let kills = std::env::var("TIERWIRE_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let mut rng = generator(seed(signal));
    let bench = Bench::new();
    let whole: Vec<(Contents, Duration)> = (bench.runs.iter())
        .map(|(command, input, output)| {
            let start = Instant::now();
            assert_eq!(bench.folder.run(&[command, input, "-o", output]).code, Some(0));
            let time = start.elapsed();
            let whole = bench.under(output);
            bench.remove(output);
            (whole, time)
        })
        .collect();
    let before = bench.folder.contents();
    let mut in_time = 0;
    for kill in 0..kills {
        let which = kill % bench.runs.len();
        let ((command, input, output), (whole, time)) = (bench.runs[which], &whole[which]);
        // Every other time a file is there already.
        let old = output != "back" && kill / bench.runs.len() % 2 == 1;
        if old {
            bench.folder.write(output, b"old");
        }
        let there = bench.under(output);
        let mut program = Command::new(TIERWIRE);
        program.args([command, input, "-o", output]).current_dir(bench.folder.path("."));
        let mut child = program.stderr(Stdio::null()).spawn().unwrap();
        sleep(time.mul_f64(rng.random_range(0.0..1.1)));
        send(signal, &child);
        let ended = child.wait().unwrap();
        in_time += usize::from(ended.signal() == Some(number));
        assert!(ended.success() || ended.signal() == Some(number), "{ended}");
        let after = bench.under(output);
        let what = format!("kill {kill}: {command} {input}");
        assert!(after == *whole || !ended.success() && after == there, "{what}");
        if number == 9 {
            // At most one per name, because the next writer cleaned up first.
            assert!(bench.unfinished().len() <= bench.runs.len(), "{what}");
        } else {
            assert_eq!(bench.unfinished(), [""; 0].map(PathBuf::from), "{what}");
        }
        bench.remove(output);
    }
    // The next writers of these names clean up.
    for (command, input, output) in &bench.runs {
        assert_eq!(bench.folder.run(&[command, input, "-o", output]).code, Some(0));
        bench.remove(output);
    }
    assert!(bench.folder.contents() == before, "an input has changed, or something is left");
    println!("{signal}: {in_time} of {kills} kills came before the end");
}

/// Kills while half of the input has been fed, so that the output is certain to be unfinished.
fn kill_at_work(signal: &str, number: i32) {
    let bench = Bench::new();
    let before = bench.folder.contents();
    for (command, input, output) in [
        ("compress", "in.wav", "out.twr"),
        ("decompress", "in.twr", "out.wav"),
        ("decompress", "channels.twr", "back"),
    ] {
        let fed = bench.folder.read(input);
        let mut program = Command::new(TIERWIRE);
        program.args([command, "-", "-o", output]).current_dir(bench.folder.path("."));
        let mut child = program.stdin(Stdio::piped()).spawn().unwrap();
        // Held open until the program is dead.
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&fed[..fed.len() / 2]).unwrap();
        while bench.unfinished().is_empty() {
            assert_eq!(child.try_wait().unwrap(), None, "{command} {input}");
            sleep(Duration::from_millis(1));
        }
        send(signal, &child);
        assert_eq!(child.wait().unwrap().signal(), Some(number), "{command} {input}");
        // Only a program that could not know of its end leaves something, for the next writer.
        assert_eq!(bench.unfinished().len(), usize::from(number == 9), "{command} {input}");
        drop(stdin);
        assert_eq!(bench.folder.run(&[command, input, "-o", output]).code, Some(0));
        bench.remove(output);
        assert!(bench.folder.contents() == before, "{command} {input}");
    }
}

fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    Command::new("kill").args([signal, &id]).stderr(Stdio::null()).status().unwrap();
}

#[test]
fn killed_outright() {
    kill_at_work("-KILL", 9);
    kill_at_random_moments("-KILL", 9);
}

#[test]
fn terminated() {
    kill_at_work("-TERM", 15);
    kill_at_random_moments("-TERM", 15);
}

#[test]
fn interrupted() {
    kill_at_work("-INT", 2);
    kill_at_random_moments("-INT", 2);
}

/// A disk that is really full: a small tmpfs of its own, where the system lets a test have one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing() {
    let bench = Bench::new();
    let before = bench.folder.contents();
    fs::create_dir(bench.folder.path("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=8k tmpfs disk";
    let in_own_namespace = |script: &str| {
        let mut shell = Command::new("unshare");
        shell.args(["--map-root-user", "--mount", "sh", "-c", script, TIERWIRE]);
        shell.current_dir(bench.folder.path(".")).output()
    };
    if !in_own_namespace(mount).is_ok_and(|ran| ran.status.success()) {
        // The limit on the size of a file in tests/bad_input.rs is then all there is.
        // Not by `eprintln!`: cargo keeps to itself what a test that passes prints by that.
        let told = b"FULL DISKS ARE NOT TESTED: no tmpfs can be mounted here\n";
        std::io::stderr().write_all(told).unwrap();
        return;
    }
    let mut rng = generator(seed("full disks"));
    for number in 0..KILLS {
        let (command, input, _) = bench.runs[number % bench.runs.len()];
        // Every output is longer.
        let kilobytes = rng.random_range(8..200);
        let folder = input == "channels.twr";
        // A folder is restored only where none exists.
        let old = if folder { "" } else { "echo before > disk/out;" };
        let script = format!(
            "mount -t tmpfs -o size={kilobytes}k tmpfs disk && {old}
             \"$0\" {command} {input} -o disk/out; echo $?; ls -A disk; cat disk/out"
        );
        let ran = in_own_namespace(&script).unwrap();
        let (stdout, stderr) = (String::from_utf8(ran.stdout), String::from_utf8(ran.stderr));
        let left = if folder { "1\n" } else { "1\nout\nbefore\n" };
        assert_eq!(stdout.unwrap(), left, "{command} {input}, {kilobytes} KB");
        let stderr = stderr.unwrap();
        let full = "tierwire: disk/out: cannot be written: ";
        assert!(stderr.starts_with(full) && stderr.contains("No space left"), "{stderr}");
        assert_eq!(stderr.lines().count(), if folder { 2 } else { 1 }, "{stderr}");
    }
    fs::remove_dir(bench.folder.path("disk")).unwrap();
    assert!(bench.folder.contents() == before, "an input has changed, or something is left");
}

/// Nobody reads on: as many times as there are kills, after any number of bytes.
#[test]
fn a_pipe_may_close_at_any_byte() {
    let bench = Bench::new();
    let before = bench.folder.contents();
    let mut rng = generator(seed("closed pipes"));
    for number in 0..KILLS {
        let (command, input, whole) =
            [("compress", "in.wav", "in.twr"), ("decompress", "in.twr", "in.wav")][number % 2];
        let size = bench.folder.read(whole).len();
        let bytes = rng.random_range(0..size - 70_000);
        let script = format!(
            "{{ \"$0\" {command} {input} -o - 2> error.txt; echo $? > code.txt; }} | head -c {bytes} > /dev/null"
        );
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, TIERWIRE]).current_dir(bench.folder.path("."));
        assert!(shell.status().unwrap().success());
        let error = String::from_utf8(bench.folder.read("error.txt")).unwrap();
        let line = "tierwire: standard output: cannot be written: Broken pipe (os error 32)\n";
        assert_eq!(
            (&bench.folder.read("code.txt")[..], &error[..]),
            (&b"1\n"[..], line),
            "{bytes}"
        );
        bench.remove("error.txt");
        bench.remove("code.txt");
    }
    assert!(bench.folder.contents() == before);
}

/// Two programs that write the same name: the last one to end wins, and neither removes the other's
/// file.
#[test]
fn two_programs_that_write_the_same_name_do_not_harm_each_other() {
    let bench = Bench::new();
    let output = text(&bench.folder.path("same.twr")).to_owned();
    let start = || {
        let mut program = Command::new(TIERWIRE);
        program.args(["compress", "in.wav", "-o", &output]).current_dir(bench.folder.path("."));
        program.spawn().unwrap()
    };
    for _ in 0..10 {
        let both = [start(), start(), start()];
        for mut one in both {
            assert!(one.wait().unwrap().success());
        }
        assert!(bench.folder.read("same.twr") == bench.folder.read("in.twr"));
        assert!(bench.unfinished().is_empty());
    }
}
