//! **Sources**: where bytes or datagrams come from, read on a thread of their own so that a busy writer
//! loses none.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// What waits for the decoder at most, in inputs and in bytes: two seconds of a thousand channels.
const WAITING: usize = 1 << 14;
const WAITING_BYTES: u64 = 16 << 20;
/// How long a read waits before it looks whether it is still wanted.
const PATIENCE: Duration = Duration::from_millis(100);
/// Longest datagram.
const DATAGRAM: usize = 1 << 16;
/// What the system is asked to hold of datagrams that nobody has read; it may give less.
#[cfg(unix)]
const SOCKET_BYTES: usize = 8 << 20;
/// The rate of a serial port where none is named.
const BAUD: u32 = 3_000_000;

/// One end of a transport, as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Standard input or output.
    Standard,
    /// A file.
    File(PathBuf),
    /// Datagrams: to receive at, or to send to.
    Udp(String),
    /// A TCP connection that this end opens.
    Tcp(String),
    /// A TCP connection that the other end opens.
    TcpListen(String),
    /// A serial port and its rate in bits per second.
    Serial(String, u32),
}

/// What an address has to look like.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "give a file, -, udp://HOST:PORT, tcp://HOST:PORT, tcp-listen://HOST:PORT or serial:PORT@BAUD"
)]
pub struct NoAddress;

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Address, NoAddress> {
        let host = |host: &str| {
            let port = host.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
            port.map(|_| host.to_owned()).ok_or(NoAddress)
        };
        if text == "-" {
            Ok(Address::Standard)
        } else if let Some(rest) = text.strip_prefix("udp://") {
            host(rest).map(Address::Udp)
        } else if let Some(rest) = text.strip_prefix("tcp://") {
            host(rest).map(Address::Tcp)
        } else if let Some(rest) = text.strip_prefix("tcp-listen://") {
            host(rest).map(Address::TcpListen)
        } else if let Some(rest) = text.strip_prefix("serial:") {
            match rest.rsplit_once('@') {
                Some((port, baud)) => baud
                    .parse()
                    .map(|baud| Address::Serial(port.into(), baud))
                    .map_err(|_| NoAddress),
                None => Ok(Address::Serial(rest.into(), BAUD)),
            }
        } else if text.is_empty() || text.contains("://") {
            Err(NoAddress)
        } else {
            Ok(Address::File(text.into()))
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Standard => f.write_str("-"),
            Address::File(path) => write!(f, "{}", path.display()),
            Address::Udp(host) => write!(f, "udp://{host}"),
            Address::Tcp(host) => write!(f, "tcp://{host}"),
            Address::TcpListen(host) => write!(f, "tcp-listen://{host}"),
            Address::Serial(port, baud) => write!(f, "serial:{port}@{baud}"),
        }
    }
}

impl Address {
    /// Whether it carries datagrams.
    pub fn is_datagrams(&self) -> bool {
        matches!(self, Address::Udp(_))
    }

    /// Whether what comes is sent at this moment: a silence then means that time passes.
    pub fn is_live(&self) -> bool {
        !matches!(self, Address::Standard | Address::File(_))
    }

    /// Opens a serial port.
    pub(crate) fn serial(port: &str, baud: u32) -> io::Result<Box<dyn serialport::SerialPort>> {
        Ok(serialport::new(port, baud).timeout(PATIENCE).open()?)
    }
}

/// A transport that cannot be opened, or has failed.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {error}")]
pub struct SourceError {
    /// Its name.
    pub name: String,
    /// What went wrong.
    pub error: io::Error,
}

/// An open source.
pub struct Source {
    name: String,
    inputs: Receiver<io::Result<Vec<u8>>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// Nobody wants more.
    closed: AtomicBool,
    /// Bytes read and not yet taken.
    waiting: AtomicU64,
}

/// What comes next.
pub enum Next {
    /// Bytes, or a datagram.
    Input(Vec<u8>),
    /// Nothing yet.
    Quiet,
    /// Nothing any more.
    End,
}

impl Source {
    /// Opens the receiving end of a transport.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn open(address: &Address) -> Result<Source, SourceError> {
        let name = match address {
            Address::Standard => "standard input".to_owned(),
            other => other.to_string(),
        };
        let opened =
            match address {
                Address::Standard => Ok(Source::spawn(&name, |pump| pump.stream(io::stdin()))),
                Address::File(path) => {
                    let is_folder = || io::Error::other("is a folder");
                    File::open(path)
                        .and_then(|file| if path.is_dir() { Err(is_folder()) } else { Ok(file) })
                        .map(|file| Source::spawn(&name, move |pump| pump.stream(file)))
                }
                Address::Udp(host) => udp(host)
                    .map(|socket| Source::spawn(&name, move |pump| pump.datagrams(&socket))),
                Address::Tcp(host) => connect(host)
                    .map(|stream| Source::spawn(&name, move |pump| pump.stream(stream))),
                Address::TcpListen(host) => TcpListener::bind(host)
                    .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
                    .map(|listener| Source::spawn(&name, move |pump| pump.accept(&listener))),
                Address::Serial(port, baud) => Address::serial(port, *baud)
                    .map(|serial| Source::spawn(&name, move |pump| pump.stream(serial))),
            };
        opened.map_err(|error| SourceError { name, error })
    }

    fn spawn(name: &str, work: impl FnOnce(&Pump) -> io::Result<()> + Send + 'static) -> Source {
        let (sender, inputs) = sync_channel(WAITING);
        let shared = Arc::new(Shared::default());
        let pump = Pump { sender, shared: shared.clone() };
        std::thread::spawn(move || {
            if let Err(error) = work(&pump) {
                // Nobody is left to be told when this fails.
                let _ = pump.sender.send(Err(error));
            }
        });
        Source { name: name.into(), inputs, shared }
    }

    /// Waits for what comes next, at most so long.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn next(&self, most: Duration) -> Result<Next, SourceError> {
        match self.inputs.recv_timeout(most) {
            Ok(Ok(input)) => {
                self.shared.waiting.fetch_sub(input.len() as u64, Ordering::Relaxed);
                Ok(Next::Input(input))
            }
            Ok(Err(error)) => Err(SourceError { name: self.name.clone(), error }),
            Err(RecvTimeoutError::Timeout) => Ok(Next::Quiet),
            Err(RecvTimeoutError::Disconnected) => Ok(Next::End),
        }
    }

    /// Bytes that have arrived and were not taken yet.
    pub fn backlog(&self) -> u64 {
        self.shared.waiting.load(Ordering::Relaxed)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
    }
}

/// What reads.
struct Pump {
    sender: SyncSender<io::Result<Vec<u8>>>,
    shared: Arc<Shared>,
}

/// Whether a failed read only has to be tried again.
fn again(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

impl Pump {
    fn is_closed(&self) -> bool {
        self.shared.closed.load(Ordering::Relaxed)
    }

    /// Hands on; false when nobody takes it.
    fn hand_on(&self, input: Vec<u8>) -> bool {
        while self.shared.waiting.load(Ordering::Relaxed) > WAITING_BYTES && !self.is_closed() {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.shared.waiting.fetch_add(input.len() as u64, Ordering::Relaxed);
        self.sender.send(Ok(input)).is_ok()
    }

    fn stream(&self, mut input: impl Read) -> io::Result<()> {
        let mut buffer = vec![0; 1 << 16];
        while !self.is_closed() {
            match input.read(&mut buffer) {
                Ok(0) => break,
                Ok(got) => {
                    if !self.hand_on(buffer[..got].to_vec()) {
                        break;
                    }
                }
                Err(error) if again(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn accept(&self, listener: &TcpListener) -> io::Result<()> {
        while !self.is_closed() {
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?;
                    stream.set_read_timeout(Some(PATIENCE))?;
                    return self.stream(stream);
                }
                Err(error) if again(&error) => std::thread::sleep(PATIENCE / 10),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn datagrams(&self, socket: &UdpSocket) -> io::Result<()> {
        let mut buffer = vec![0; DATAGRAM];
        while !self.is_closed() {
            match socket.recv(&mut buffer) {
                Ok(got) => {
                    if !self.hand_on(buffer[..got].to_vec()) {
                        break;
                    }
                }
                Err(error) if again(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn udp(host: &str) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(host)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    // As much as the system gives; what it does not is lost sooner, and reported as lost.
    #[cfg(unix)]
    let _ = rustix::net::sockopt::set_socket_recv_buffer_size(&socket, SOCKET_BYTES);
    Ok(socket)
}

fn connect(host: &str) -> io::Result<TcpStream> {
    let mut error = io::Error::other("no such host");
    for address in host.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, Duration::from_secs(10)) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                return Ok(stream);
            }
            Err(why) => error = why,
        }
    }
    Err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written_alike() {
        for text in [
            "-",
            "a/b.bin",
            "udp://0.0.0.0:4000",
            "tcp://host:1",
            "tcp-listen://[::1]:65535",
            "serial:/dev/ttyUSB0@921600",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for wrong in ["", "udp://host", "tcp://host:70000", "http://a:1", "serial:COM3@fast"] {
            assert_eq!(wrong.parse::<Address>(), Err(NoAddress), "{wrong}");
        }
        assert_eq!("serial:COM3".parse(), Ok(Address::Serial("COM3".into(), BAUD)));
    }
}
