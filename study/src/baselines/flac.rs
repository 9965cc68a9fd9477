//! `flac -8` and `flac -5`, without padding and seek table.

use crate::baselines::program::Calls;

/// How it is called.
pub const CALLS: Calls = Calls {
    file: "out.flac",
    encode: (
        "flac",
        &["-8", "--silent", "--no-padding", "--no-seektable", "-o", "out.flac", "in.wav"],
    ),
    decode: ("flac", &["--decode", "--silent", "-o", "back.wav", "out.flac"]),
};

/// The same, as fast as it is by default.
pub const CALLS_5: Calls = Calls {
    encode: (
        "flac",
        &["-5", "--silent", "--no-padding", "--no-seektable", "-o", "out.flac", "in.wav"],
    ),
    ..CALLS
};
