//! **Targets**: the sending end of a transport.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};

use recorders::output::Output;

use crate::{Address, Damage, end_of_session, pieces};

/// How often the end of a session is said: any one may be lost.
const FAREWELLS: usize = 5;

/// How frames become datagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetOptions {
    /// Most bytes of a frame in a datagram; with the header it should fit the network's packets.
    pub piece_bytes: usize,
    /// Whole frames without a header instead.
    pub bare: bool,
    /// The number in the headers.
    pub session: u32,
}

/// A transport that cannot be opened, or takes no more.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {error}")]
pub struct TargetError {
    /// Its name.
    pub name: String,
    /// What went wrong.
    pub error: io::Error,
}

impl TargetError {
    /// Whether the other end has gone, which ends a pipe or a connection like any other end.
    pub fn is_gone(&self) -> bool {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        matches!(self.error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
    }
}

/// An open transport, with damage on the way.
pub struct Target {
    name: String,
    transport: Transport,
    options: TargetOptions,
    damage: Damage,
    /// Bytes that were sent, without those that were lost on purpose.
    sent: u64,
}

enum Transport {
    Datagrams(UdpSocket, SocketAddr),
    Stream(Box<dyn Write>),
    File(Output),
}

impl Transport {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Transport::Datagrams(socket, to) => match socket.send_to(bytes, *to) {
                // Nobody listens yet, or any more: a radio does not know either.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
                other => other.map(|_| ()),
            },
            Transport::Stream(stream) => stream.write_all(bytes),
            Transport::File(output) => output.write_all(bytes),
        }
    }
}

impl Target {
    /// Opens the sending end of a transport. Waits for a connection where the other end opens it.
    ///
    /// # Errors
    /// [`TargetError`].
    pub fn open(
        address: &Address,
        options: TargetOptions,
        damage: Damage,
    ) -> Result<Target, TargetError> {
        let name = match address {
            Address::Standard => "standard output".to_owned(),
            other => other.to_string(),
        };
        let stream = |writer: Box<dyn Write>| Transport::Stream(writer);
        let transport = match address {
            Address::Standard => Ok(stream(Box::new(io::stdout()))),
            Address::File(path) => {
                let output = Output::create(path).map_err(|error| io::Error::other(error.fault));
                output.map(Transport::File)
            }
            Address::Udp(host) => udp(host),
            Address::Tcp(host) => TcpStream::connect(host).map(|tcp| stream(Box::new(tcp))),
            Address::TcpListen(host) => TcpListener::bind(host)
                .and_then(|listener| listener.accept())
                .map(|(tcp, _)| stream(Box::new(tcp))),
            Address::Serial(port, baud) => {
                Address::serial(port, *baud).map(|serial| stream(Box::new(serial)))
            }
        };
        match transport {
            Ok(transport) => Ok(Target { name, transport, options, damage, sent: 0 }),
            Err(error) => Err(TargetError { name, error }),
        }
    }

    /// Any other transport of bytes.
    pub fn over(name: &str, writer: Box<dyn Write + Send>, damage: Damage) -> Target {
        let options = TargetOptions { piece_bytes: 1, bare: true, session: 0 };
        Target { name: name.into(), transport: Transport::Stream(writer), options, damage, sent: 0 }
    }

    /// Bytes that were sent.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// [`TargetError`].
    pub fn send(&mut self, number: u64, frame: Vec<u8>) -> Result<(), TargetError> {
        let TargetOptions { piece_bytes, bare, session } = self.options;
        let Target { transport, damage, sent, .. } = self;
        let marked = matches!(transport, Transport::Datagrams(..)) && !bare;
        let mut arrive = |bytes: &[u8]| {
            *sent += bytes.len() as u64;
            transport.send(bytes)
        };
        let passed = match marked {
            true => pieces(session, number, &frame, piece_bytes)
                .try_for_each(|piece| damage.pass(piece, &mut arrive)),
            false => damage.pass(frame, &mut arrive),
        };
        passed.map_err(|error| TargetError { name: self.name.clone(), error })
    }

    /// Sends what was held back, and says that these were all frames, where that can be said.
    ///
    /// # Errors
    /// [`TargetError`].
    pub fn finish(self, frames: u64) -> Result<u64, TargetError> {
        let Target { name, mut transport, options, mut damage, mut sent } = self;
        let end = || {
            damage.finish(&mut |bytes: &[u8]| {
                sent += bytes.len() as u64;
                transport.send(bytes)
            })?;
            match transport {
                Transport::Datagrams(..) if !options.bare => {
                    let end = end_of_session(options.session, frames);
                    (0..FAREWELLS).try_for_each(|_| transport.send(&end))?;
                }
                Transport::Datagrams(..) => {}
                Transport::Stream(mut stream) => stream.flush()?,
                Transport::File(output) => {
                    output.finish().map_err(|error| io::Error::other(error.fault))?;
                }
            }
            Ok(sent)
        };
        end().map_err(|error| TargetError { name, error })
    }
}

fn udp(host: &str) -> io::Result<Transport> {
    let to = host.to_socket_addrs()?.next().ok_or_else(|| io::Error::other("no such host"))?;
    let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    Ok(Transport::Datagrams(UdpSocket::bind(any)?, to))
}
