//! Both ends of every transport that this machine has, with real sockets.

use std::net::UdpSocket;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use golden_model::wav::to_samples;
use link::{
    Address, Damage, Destination, Gaps, Observer, Options, Plan, Player, Session, Source, State,
    Target, TargetOptions, encode,
};

use crate::sent::{format, samples};

/// Frames that are sent.
const FRAMES: usize = 400;

/// Ends the session when all frames have come: not every transport can say that it ends.
struct UntilAllCame;

impl Observer for UntilAllCame {
    fn state(&mut self, state: &State, _: bool) -> bool {
        state.counters.frames < FRAMES as u64
    }
}

/// Where frames are sent to.
enum To {
    Address(String),
    Writer(Box<dyn std::io::Write + Send>),
}

/// A port that nobody has at the moment.
fn free_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Sends over a transport and receives; the samples that were sent, those that were written, and what was
/// counted.
fn through(receive: &str, to: To, damage: &str) -> (Vec<i16>, Vec<i16>, State, serde_json::Value) {
    let (format, sent) = (format(), samples(FRAMES));
    let folder = tempfile::tempdir().unwrap();
    let output: Destination = folder.path().join("a.raw").to_str().unwrap().parse().unwrap();
    let receive: Address = receive.parse().unwrap();
    let stop = AtomicBool::new(false);
    let outputs = [output];
    let plan = Plan {
        outputs: &outputs,
        gaps: Gaps::Zero,
        sidecar: None,
        json_lines: false,
        watch: false,
        page: None,
    };
    plan.check().unwrap();
    // What is sent waits in the socket, the file or the connection.
    let source = Source::open(&receive).unwrap();
    let recorder = plan.open(&format).unwrap();
    let options = Options { from_start: true, ..Options::default() };
    let most = Some(Duration::from_secs(60));
    let session = Session { format: &format, address: &receive, options, stop: &stop, most };
    let state = std::thread::scope(|scope| {
        let sent = &sent;
        let format = &format;
        let stop = &stop;
        scope.spawn(move || {
            let options = TargetOptions { piece_bytes: 40, bare: false, session: 5 };
            let damage = Damage::new(damage.parse().unwrap(), 1);
            let target = match to {
                To::Address(to) => Target::open(&to.parse().unwrap(), options, damage).unwrap(),
                To::Writer(writer) => Target::over("cable", writer, damage),
            };
            let player = Player { format, speed: Some(1.0), stop };
            player.play(encode(format, sent.iter().copied()), target).unwrap();
        });
        session.run(&source, recorder, &mut UntilAllCame).unwrap()
    });
    let mut written = Vec::new();
    to_samples(&std::fs::read(folder.path().join("a.raw")).unwrap(), &mut written);
    let sidecar = std::fs::read(folder.path().join("a.raw.gaps.json")).unwrap();
    (sent, written, state, serde_json::from_slice(&sidecar).unwrap())
}

#[test]
fn datagrams_are_received_with_loss_reordering_and_duplicates() {
    let address = format!("udp://127.0.0.1:{}", free_port());
    let (sent, written, state, sidecar) =
        through(&address, To::Address(address.clone()), "drop=1,reorder=3,duplicate=3,flip=0.5");
    assert_eq!(written.len(), sent.len());
    let mut missing = vec![false; sent.len() / 4];
    for entry in sidecar["missing"].as_array().unwrap() {
        let at = |name: &str| entry[name].as_u64().unwrap() as usize;
        assert_eq!(at("round"), at("at"));
        missing[at("round")..at("round") + at("rounds")].fill(true);
    }
    for (round, &missing) in missing.iter().enumerate() {
        let [sent, written] = [&sent, &written].map(|all| &all[4 * round..4 * round + 4]);
        assert!(if missing { written == [0; 4] } else { written == sent }, "round {round}");
    }
    let lost = missing.iter().filter(|&&missing| missing).count() as u64;
    assert_eq!(lost, 5 * state.counters.missing);
    assert!(lost > 0 && state.counters.frames > 100, "{state}");
}

#[test]
fn a_connection_loses_nothing() {
    let port = free_port();
    let (sent, written, state, _) = through(
        &format!("tcp-listen://127.0.0.1:{port}"),
        To::Address(format!("tcp://127.0.0.1:{port}")),
        "drop=0",
    );
    assert!(sent == written);
    assert_eq!((state.counters.frames, state.counters.missing), (400, 0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_serial_port_loses_nothing() {
    use rustix::{pty, termios};

    // A pseudo terminal stands for the cable: one end is the port, the other one is written like a file.
    let cable = pty::openpt(pty::OpenptFlags::RDWR | pty::OpenptFlags::NOCTTY).unwrap();
    pty::grantpt(&cable).unwrap();
    pty::unlockpt(&cable).unwrap();
    let mut raw = termios::tcgetattr(&cable).unwrap();
    raw.make_raw();
    termios::tcsetattr(&cable, termios::OptionalActions::Now, &raw).unwrap();
    let port = pty::ptsname(&cable, Vec::new()).unwrap().into_string().unwrap();
    let address = format!("serial:{port}@3000000");
    let cable = std::fs::File::from(cable);
    let to = To::Writer(Box::new(cable.try_clone().unwrap()));
    let (sent, written, state, _) = through(&address, to, "drop=0");
    assert!(sent == written);
    assert_eq!((state.counters.frames, state.counters.missing), (400, 0));
}
