//! **Link**: both ends of the link from an implant.
//!
//! The receiving end takes frames from a pipe, a file, UDP, TCP or a serial port and writes what users
//! read; the sending end plays a recording as frames onto the same transports.
//!
//! ```text
//! source -> Receiver -> events -> Recorder -> sinks (WAV, raw, .twr, zarr, Ephys Socket)
//!           Window                   `-> sidecar: what is missing
//! ```
//!
//! [`Receiver`] is pure: bytes or datagrams in, events out, without clock, thread or socket. Samples that
//! it reports are those that were sent, at their place in time; everything else is reported as missing.

mod counters;
mod damage;
mod datagram;
mod ephys;
mod format;
mod gaps;
#[cfg(feature = "lsl")]
mod lsl;
mod misfit;
mod page;
mod plan;
mod player;
mod raw;
mod receiver;
mod recorder;
mod session;
mod sidecar;
mod sink;
mod source;
mod target;
mod traces;
mod twr;
mod watch;
mod wav;
mod window;
mod zarr;

pub use counters::{Counters, State};
pub use damage::{Damage, DamageError, DamageRates};
pub use datagram::{Datagram, DatagramError, HEADER_BYTES, end_of_session, pieces};
pub use format::StreamFormat;
pub use gaps::{Encoding, Gaps, NoGaps};
pub use misfit::{Misfit, Tables};
pub use page::{Page, PageError};
pub use plan::{Plan, PlanError};
pub use player::{Codes, Player, Sent, encode};
pub use receiver::{Event, Missing, Options, Receiver, Why};
pub use recorder::{Recorder, RecorderError};
pub use session::{Observer, ReceiveError, Session};
pub use sidecar::Sidecar;
pub use sink::{Destination, NoDestination, Sink, SinkError};
pub use source::{Address, Next, NoAddress, Source, SourceError};
pub use target::{Target, TargetError, TargetOptions};
pub use watch::Watch;
pub use window::{Placed, Window};
