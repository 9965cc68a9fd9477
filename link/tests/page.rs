//! The page, read by an HTTP client and by a browser, where there is one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use link::{Counters, Event, Observer, Page, State};

use crate::sent::{format, samples};

/// Serves a page of a running session while `read` reads it. Without `frames` nothing has arrived yet.
fn while_served<T: Send>(frames: bool, read: impl FnOnce(u16) -> T + Send) -> T {
    let mut page = Page::serve(&format(), 0).unwrap();
    let (port, sent) = (page.port(), samples(400));
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || read(port));
        let mut state = State::default();
        while !reading.is_finished() {
            std::thread::sleep(Duration::from_millis(20));
            if !frames {
                continue;
            }
            page.event(&Event::Samples { round: 0, samples: &sent[..4000] });
            let counters = Counters { frames: 200, missing: 7, lost: 7, ..Counters::default() };
            state = State { seconds: 1.5, counters, samples_per_s: 8e4, ..state };
            page.state(&state, false);
        }
        page.state(&state, true);
        reading.join().unwrap()
    })
}

/// What is answered, as far as it comes before `enough`.
fn get(port: u16, path: &str, host: &str, enough: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let (mut answer, mut buffer) = (String::new(), [0; 4096]);
    while !answer.contains(enough) {
        match stream.read(&mut buffer).unwrap() {
            0 => break,
            got => answer += std::str::from_utf8(&buffer[..got]).unwrap(),
        }
    }
    answer
}

#[test]
fn a_client_reads_the_page_and_its_events() {
    while_served(true, |port| {
        let host = format!("localhost:{port}");
        let page = get(port, "/", &host, "</html>");
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("<canvas"), "{page}");
        let events = get(port, "/events", &host, "}\n\n");
        let (head, event) = events.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("text/event-stream"), "{head}");
        let json = event.lines().next().unwrap().strip_prefix("data: ").unwrap();
        let shown: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!((&shown["profile"], &shown["state"]["frames"]), (&"test".into(), &200.into()));
        assert_eq!(shown["traces"]["channels"], serde_json::json!([0, 1, 2, 3]));
        assert!(shown["traces"]["columns"][3][0].is_array());
    });
}

#[test]
fn another_sites_name_for_this_machine_is_refused() {
    while_served(true, |port| {
        for path in ["/", "/events"] {
            let answer = get(port, path, &format!("evil.example:{port}"), "not this host");
            assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        }
        let answer = get(port, "/other", &format!("127.0.0.1:{port}"), "not here");
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    });
}

#[test]
fn a_browser_shows_the_state_and_draws_the_traces() {
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let is_there = |browser: &&str| {
        let version = Command::new(browser).arg("--version").stdout(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    };
    let Some(browser) = browsers.into_iter().find(is_there) else {
        println!("NO BROWSER HERE: the page was only read by an HTTP client");
        return;
    };
    let photograph = |frames: bool| {
        let folder = tempfile::tempdir().unwrap();
        while_served(frames, |port| {
            let path = folder.path().join("page.png");
            let mut command = Command::new(browser);
            command.args(["--headless", "--no-sandbox", "--disable-gpu", "--timeout=5000"]);
            command.arg(format!("--user-data-dir={}", folder.path().display()));
            command.arg(format!("--screenshot={}", path.display()));
            command.arg(format!("http://127.0.0.1:{port}/"));
            let mut browser = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let begin = Instant::now();
            while browser.try_wait().unwrap().is_none() {
                if begin.elapsed() > Duration::from_secs(60) {
                    browser.kill().unwrap();
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            std::fs::read(path).map_or(0, |picture| picture.len())
        })
    };
    // Eight lanes of traces make a picture large; a page without them is hardly more than its heading.
    let (empty, full) = (photograph(false), photograph(true));
    println!("{browser}: a picture of {empty} bytes without samples, of {full} bytes with them");
    assert!(empty > 0 && full > empty * 3 / 2, "{empty} {full}");
}
