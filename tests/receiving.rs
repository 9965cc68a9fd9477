//! The transcript in docs/receiving.md, run as a user would; and what a signal and wrong arguments do.

use std::net::UdpSocket;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::program::{Folder, TIERWIRE, recording};

const PAGE: &str = include_str!("../docs/receiving.md");

fn free_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Every number as `#`: speeds, delays and losses differ from run to run.
fn without_numbers(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        plain += &rest[..at];
        plain.push('#');
        let number = |c: char| c.is_ascii_digit() || c == '.';
        rest = rest[at..].trim_start_matches(number);
        if let Some(exponent) = rest.strip_prefix('e') {
            rest = exponent.trim_start_matches(number);
        }
    }
    plain + rest
}

#[test]
fn the_transcript_is_what_a_user_sees() {
    let (_, rest) = PAGE.split_once("```console\n").unwrap();
    let (transcript, _) = rest.split_once("```").unwrap();
    let folder = Folder::new();
    folder.write("run.wav", &recording(32, 19 * 1028).bytes());
    let port = free_port().to_string();
    let commands: Vec<&str> =
        transcript.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    assert!(commands.len() > 5);
    let script: String = commands
        .iter()
        .map(|command| format!("echo '$ {command}'\n{}\n", command.replace("4000", &port)))
        .collect();
    let path = Path::new(TIERWIRE).parent().unwrap().display().to_string();
    let path = format!("{path}:{}", std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1\n{script}")]).env("PATH", path);
    let output = shell.current_dir(folder.path(".")).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(without_numbers(&said), without_numbers(transcript), "{said}");
}

#[test]
fn a_signal_completes_what_was_received() {
    let folder = Folder::new();
    folder.write("run.wav", &recording(32, 19 * 4000).bytes());
    for (signal, output) in [("INT", "a.wav"), ("TERM", "b.twr"), ("INT", "c.zarr")] {
        let address = format!("udp://127.0.0.1:{}", free_port());
        let mut receive = Command::new(TIERWIRE);
        receive.args(["receive", &address, "--profile", "nano-bigram", "-o", output, "--json"]);
        let mut receive =
            receive.current_dir(folder.path(".")).stdout(Stdio::piped()).spawn().unwrap();
        let mut send = Command::new(TIERWIRE);
        send.args([
            "send",
            "run.wav",
            "--profile",
            "nano-bigram",
            "--seconds",
            "60",
            "--to",
            &address,
        ]);
        let mut send = send.current_dir(folder.path(".")).stderr(Stdio::null()).spawn().unwrap();
        // Until a line says that frames have come.
        let begin = Instant::now();
        let mut lines = std::io::BufReader::new(receive.stdout.take().unwrap());
        loop {
            let mut line = String::new();
            std::io::BufRead::read_line(&mut lines, &mut line).unwrap();
            let state: serde_json::Value = serde_json::from_str(&line).unwrap();
            if state["frames"].as_u64() > Some(0) {
                break;
            }
            assert!(begin.elapsed() < Duration::from_secs(60));
        }
        let id = receive.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        std::io::copy(&mut lines, &mut std::io::sink()).unwrap();
        assert!(receive.wait().unwrap().success(), "{output}");
        send.kill().unwrap();
        send.wait().unwrap();
        assert!(folder.path(output).exists());
        let list = folder.read(&format!("{output}.gaps.json"));
        let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
        assert!(list["rounds_written"].as_u64() > Some(0));
        let names = folder.contents().into_iter().map(|(path, _)| path.display().to_string());
        assert!(names.into_iter().all(|name| !name.contains(".tierwire-")));
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_cannot_be_received_or_sent_is_said_in_a_line() {
    let folder = Folder::new();
    folder.write("run.wav", &recording(32, 19 * 10).bytes());
    let sent = folder.run(&["send", "run.wav", "--profile", "nano-bigram", "--to", "run.frames"]);
    assert_eq!(sent.code, Some(0), "{}", sent.stderr);
    for (arguments, code, said) in [
        ("receive run.frames --profile tile256 -o a.wav", 1, "run.frames: frames of bigram-32"),
        (
            "receive run.wav --profile nano-bigram -o a.wav",
            1,
            "run.wav: no frame of profile nano-bigram in it",
        ),
        ("receive none --profile nano-bigram -o a.wav", 1, "none: No such file or directory"),
        ("receive run.frames --profile bigram-32 -o a.wav", 1, "sends packets, not frames"),
        ("receive run.frames --profile nano-bigram -o none/a.wav", 1, "none/a.wav: No such file"),
        ("receive run.frames --profile nano-bigram -o a.mp3", 2, "give a file that ends in .wav"),
        ("receive ftp://a --profile nano-bigram -o a.wav", 2, "udp://HOST:PORT"),
        ("receive run.frames --profile nano-bigram -o a.twr --gaps nan", 2, "holds no floats"),
        ("receive run.frames --profile nano-bigram -o -", 2, "--sidecar FILE is needed"),
        ("receive run.frames --profile nano-bigram -o a.wav --seconds=-1", 1, "negative"),
        ("send run.wav --profile nano-bigram --to x --damage melt=1", 2, "such as drop=1"),
        ("send none.wav --profile nano-bigram --to x", 1, "none.wav"),
        ("send run.wav --profile nano-bigram --to run.wav", 1, "run.wav: is the input as well"),
        ("send run.wav --profile nano-bigram --to tcp://127.0.0.1:1", 1, "refused"),
    ] {
        let ran = folder.run(&arguments.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(code), "{arguments}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{arguments}: {}", ran.stderr);
        assert!(code == 2 || ran.stderr.trim_end().lines().count() == 1, "{}", ran.stderr);
        assert!(!folder.path("a.wav").exists() && !folder.path("x").exists(), "{arguments}");
    }
}
