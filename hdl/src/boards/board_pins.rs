//! **Pins** of the boards: the one place that says what is wired where.
//!
//! The constraint files in `constraints/` and the tables of `docs/boards.md` are written from these
//! lists, and a test holds every list against the ports of its board's top.

/// One bit of a port of a board's top, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The port.
    pub port: &'static str,
    /// Which bit of it; 0 where it has one.
    pub bit: usize,
    /// The FPGA's pin, in the package's own naming.
    pub site: &'static str,
    /// Where the user finds it on the board.
    pub place: &'static str,
}

const fn pin(port: &'static str, bit: usize, site: &'static str, place: &'static str) -> Pin {
    Pin { port, bit, site, place }
}

/// iCEBreaker: all on PMOD 1A and 1B.
pub const ICEBREAKER: &[Pin] = &[
    pin("clock", 0, "35", "on board, 12 MHz"),
    pin("sample_strobe", 0, "44", "PMOD 1A, pin 10"),
    pin("sample_code", 0, "4", "PMOD 1A, pin 1"),
    pin("sample_code", 1, "2", "PMOD 1A, pin 2"),
    pin("sample_code", 2, "47", "PMOD 1A, pin 3"),
    pin("sample_code", 3, "45", "PMOD 1A, pin 4"),
    pin("sample_code", 4, "3", "PMOD 1A, pin 7"),
    pin("sample_code", 5, "48", "PMOD 1A, pin 8"),
    pin("sample_code", 6, "46", "PMOD 1A, pin 9"),
    pin("sample_code", 7, "43", "PMOD 1B, pin 1"),
    pin("sample_code", 8, "38", "PMOD 1B, pin 2"),
    pin("sample_code", 9, "34", "PMOD 1B, pin 3"),
    pin("round_end", 0, "31", "PMOD 1B, pin 4"),
    pin("host_cs_n", 0, "42", "PMOD 1B, pin 7"),
    pin("host_sclk", 0, "36", "PMOD 1B, pin 8"),
    pin("host_miso", 0, "32", "PMOD 1B, pin 9"),
    pin("host_ready", 0, "28", "PMOD 1B, pin 10"),
];

/// iCE40-HX8K breakout board: all on header J2.
pub const HX8K: &[Pin] = &[
    pin("clock", 0, "J3", "on board, 12 MHz"),
    pin("sample_strobe", 0, "H16", "J2, pin 25"),
    pin("sample_code", 0, "N16", "J2, pin 9"),
    pin("sample_code", 1, "M15", "J2, pin 10"),
    pin("sample_code", 2, "M16", "J2, pin 11"),
    pin("sample_code", 3, "L16", "J2, pin 12"),
    pin("sample_code", 4, "K15", "J2, pin 13"),
    pin("sample_code", 5, "K16", "J2, pin 14"),
    pin("sample_code", 6, "K14", "J2, pin 17"),
    pin("sample_code", 7, "J14", "J2, pin 18"),
    pin("sample_code", 8, "G14", "J2, pin 19"),
    pin("sample_code", 9, "F14", "J2, pin 20"),
    pin("round_end", 0, "J15", "J2, pin 21"),
    pin("host_cs_n", 0, "E16", "J2, pin 33"),
    pin("host_sclk", 0, "D15", "J2, pin 34"),
    pin("host_miso", 0, "D16", "J2, pin 35"),
    pin("host_ready", 0, "D14", "J2, pin 36"),
];

/// iCEstick: all on the PMOD socket J2.
pub const ICESTICK: &[Pin] = &[
    pin("clock", 0, "21", "on board, 12 MHz"),
    pin("sample_cs_n", 0, "78", "J2, pin 1"),
    pin("sample_mosi", 0, "79", "J2, pin 2"),
    pin("sample_sclk", 0, "81", "J2, pin 4"),
    pin("host_cs_n", 0, "87", "J2, pin 7"),
    pin("host_sclk", 0, "88", "J2, pin 8"),
    pin("host_miso", 0, "90", "J2, pin 9"),
    pin("host_ready", 0, "91", "J2, pin 10"),
];

/// ULX3S, whichever ECP5 is on it: all on header J1.
pub const ULX3S: &[Pin] = &[
    pin("clock", 0, "G2", "on board, 25 MHz"),
    pin("sample_strobe", 0, "B11", "J1, GP0"),
    pin("sample_code", 0, "A9", "J1, GP2"),
    pin("sample_code", 1, "B10", "J1, GN2"),
    pin("sample_code", 2, "B9", "J1, GP3"),
    pin("sample_code", 3, "C10", "J1, GN3"),
    pin("sample_code", 4, "A7", "J1, GP4"),
    pin("sample_code", 5, "A8", "J1, GN4"),
    pin("sample_code", 6, "C8", "J1, GP5"),
    pin("sample_code", 7, "B8", "J1, GN5"),
    pin("sample_code", 8, "C6", "J1, GP6"),
    pin("sample_code", 9, "C7", "J1, GN6"),
    pin("round_end", 0, "A10", "J1, GP1"),
    pin("host_cs_n", 0, "A11", "J1, GN1"),
    pin("host_sclk", 0, "C11", "J1, GN0"),
    pin("host_miso", 0, "A6", "J1, GP7"),
    pin("host_miso", 1, "B6", "J1, GN7"),
    pin("host_miso", 2, "A4", "J1, GP8"),
    pin("host_miso", 3, "A5", "J1, GN8"),
    pin("host_ready", 0, "A2", "J1, GP9"),
];
