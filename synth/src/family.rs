//! Families of FPGAs, and how each is synthesised.

/// A family of FPGAs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Lattice iCE40.
    Ice40,
    /// Lattice ECP5.
    Ecp5,
}

impl Family {
    /// Its name: `ice40`, `ecp5`.
    pub fn name(self) -> &'static str {
        match self {
            Family::Ice40 => "ice40",
            Family::Ecp5 => "ecp5",
        }
    }

    /// yosys's command that synthesises for it, with its options. `multipliers` allows the chip's
    /// multiplier blocks; an ECP5 without them would need `-nodsp`.
    pub(crate) fn synthesis(self, multipliers: bool) -> &'static str {
        match (self, multipliers) {
            (Family::Ice40, false) => "synth_ice40",
            (Family::Ice40, true) => "synth_ice40 -dsp",
            (Family::Ecp5, false) => "synth_ecp5 -nodsp",
            (Family::Ecp5, true) => "synth_ecp5",
        }
    }
}
