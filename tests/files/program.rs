//! The program under test, in a folder of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use golden_model::synthetic::Synthetic;

#[path = "../../golden-model/tests/files/wav_file.rs"]
pub mod wav_file;

pub use wav_file::{WavFile, chunk};

/// The program.
pub const TIERWIRE: &str = env!("CARGO_BIN_EXE_tierwire");

/// What a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

/// A temporary folder.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Names of all that is in it, with contents.
    pub fn contents(&self) -> Vec<(PathBuf, Option<Vec<u8>>)> {
        let mut all = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                let bytes = fs::read(&path).ok();
                all.push((path, bytes));
            }
        }
        all.sort();
        all
    }

    /// Runs tierwire in this folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_fed(arguments, b"")
    }

    /// Runs tierwire with `fed` on its standard input.
    pub fn run_fed(&self, arguments: &[&str], fed: &[u8]) -> Ran {
        run(Command::new(TIERWIRE).args(arguments).current_dir(self.0.path()), fed)
    }

    /// Runs tierwire from a shell that first runs `preparation`.
    pub fn run_after(&self, preparation: &str, arguments: &[&str]) -> Ran {
        let script = format!("{preparation}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("sh");
        run(shell.args(["-c", &script, TIERWIRE]).args(arguments).current_dir(self.0.path()), b"")
    }

    /// As [`run`](Self::run), with nobody reading standard output.
    pub fn run_unread(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(TIERWIRE);
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Nothing is written before the input has come, so the pipe is closed in time.
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(&recording(1, 100_000).bytes()).unwrap();
        ran(child.wait_with_output().unwrap())
    }
}

fn run(command: &mut Command, fed: &[u8]) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A program that fails early does not read all of it.
        scope.spawn(move || stdin.write_all(fed));
        ran(child.wait_with_output().unwrap())
    })
}

fn ran(output: std::process::Output) -> Ran {
    let stderr = String::from_utf8(output.stderr).unwrap();
    Ran { code: output.status.code(), stdout: output.stdout, stderr }
}

/// What a run without errors and notes printed.
pub fn done(ran: &Ran) -> String {
    assert_eq!((ran.code, &ran.stderr[..]), (Some(0), ""));
    String::from_utf8(ran.stdout.clone()).unwrap()
}

/// A synthetic recording.
pub fn recording(channels: u16, rounds: usize) -> WavFile {
    WavFile::new(channels, &Synthetic::default().rounds(7, channels.into(), rounds))
}

/// The path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
