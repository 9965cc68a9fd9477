//! `wavpack -hh -x3` and `wavpack -hh`.

use crate::baselines::program::Calls;

/// How it is called.
pub const CALLS: Calls = Calls {
    file: "out.wv",
    encode: ("wavpack", &["-hh", "-x3", "-q", "in.wav", "-o", "out.wv"]),
    decode: ("wvunpack", &["-q", "out.wv", "-o", "back.wav"]),
};

/// The same without extra effort.
pub const CALLS_HH: Calls =
    Calls { encode: ("wavpack", &["-hh", "-q", "in.wav", "-o", "out.wv"]), ..CALLS };
