//! SDF: the delay of each cell and each wire, as nextpnr writes it.
//!
//! Three kinds of lines matter: `(INSTANCE cell)`, below it `(IOPATH I0 O (1284:1284:1284) ...)`, a
//! delay from a cell's input to its output, and `(INTERCONNECT cell/O other/I3 (662:662:662) ...)`, a
//! delay from a cell to another. A triple is the least, typical and most, first for a rising, then for
//! a falling edge, in picoseconds; nextpnr says the same in all six.

use crate::power::error::Error;
use std::collections::HashMap;

/// Delays in picoseconds.
#[derive(Clone, Debug, Default)]
pub struct Sdf {
    /// From one port of a cell to another.
    paths: HashMap<String, HashMap<(String, String), u32>>,
    /// To a port of a cell, from the only cell that drives it.
    wires: HashMap<String, HashMap<String, u32>>,
}

impl Sdf {
    /// Reads a file's text.
    ///
    /// # Errors
    /// [`Error::Sdf`].
    pub fn parse(text: &str) -> Result<Sdf, Error> {
        let mut sdf = Sdf::default();
        let mut instance = String::new();
        let mut timescale = false;
        for (number, line) in text.lines().enumerate() {
            let fault = |reason| Error::Sdf(number + 1, reason);
            let mut words = line.split_whitespace();
            match words.next() {
                Some("(TIMESCALE") => timescale = words.next() == Some("1ps)"),
                Some("(INSTANCE") => {
                    instance = plain(words.next().unwrap_or_default().trim_end_matches(')'));
                }
                Some("(IOPATH") => {
                    let (Some(from), Some(to)) = (words.next(), words.next()) else {
                        return Err(fault("no path"));
                    };
                    let delay = longest(words).ok_or_else(|| fault("no delay"))?;
                    let paths = sdf.paths.entry(instance.clone()).or_default();
                    paths.insert((from.into(), to.into()), delay);
                }
                Some("(INTERCONNECT") => {
                    let to = words.nth(1).map(plain).ok_or_else(|| fault("no wire"))?;
                    let (cell, port) = to.rsplit_once('/').ok_or_else(|| fault("no port"))?;
                    let delay = longest(words).ok_or_else(|| fault("no delay"))?;
                    sdf.wires.entry(cell.into()).or_default().insert(port.into(), delay);
                }
                _ => {}
            }
        }
        if !timescale {
            return Err(Error::Sdf(1, "not in picoseconds"));
        }
        Ok(sdf)
    }

    /// The delay within a cell.
    pub fn path(&self, cell: &str, from: &str, to: &str) -> Option<u32> {
        self.paths.get(cell)?.get(&(from.to_string(), to.to_string())).copied()
    }

    /// The delay of the wire to a port of a cell.
    pub fn wire(&self, cell: &str, port: &str) -> Option<u32> {
        self.wires.get(cell)?.get(port).copied()
    }
}

/// A name without the backslashes before its special characters.
fn plain(name: &str) -> String {
    name.replace('\\', "")
}

/// The longest delay of `(1:2:3) (4:5:6))`.
fn longest<'a>(words: impl Iterator<Item = &'a str>) -> Option<u32> {
    let numbers = words.flat_map(|word| word.trim_matches(['(', ')']).split(':'));
    numbers
        .filter(|number| !number.is_empty())
        .map(str::parse)
        .try_fold(None, |most, number| Some(most.max(Some(number.ok()?))))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r"(DELAYFILE
  (TIMESCALE 1ps)
  (CELL
    (INSTANCE )
        (INTERCONNECT \$gbuf_clock\$glb_clk/GLOBAL_BUFFER_OUTPUT a.q\[3\]_LC/CLK (927:927:927) (927:927:927))
  (CELL
    (CELLTYPE ~ICESTORM_LC~)
    (INSTANCE a.q\[3\]_LC)
        (IOPATH I0 O (1:2:3) (4:6:5))
      (SETUPHOLD (posedge I0) (posedge CLK) (100:100:100) (0:0:0))
";

    #[test]
    fn paths_and_wires_are_read() {
        let sdf = Sdf::parse(TEXT).unwrap();
        assert_eq!(sdf.wire("a.q[3]_LC", "CLK"), Some(927));
        assert_eq!(sdf.path("a.q[3]_LC", "I0", "O"), Some(6));
        assert_eq!(sdf.path("a.q[3]_LC", "I1", "O"), None);
        assert_eq!(sdf.wire("b", "CLK"), None);
    }

    #[test]
    fn an_invalid_sdf_file_is_refused() {
        assert!(matches!(Sdf::parse(""), Err(Error::Sdf(1, _))));
        let fault = |line: &str| Sdf::parse(&format!("(TIMESCALE 1ps)\n{line}")).unwrap_err();
        assert!(matches!(fault("(IOPATH I0 O (x:1:1))"), Error::Sdf(2, "no delay")));
        assert!(matches!(fault("(IOPATH I0"), Error::Sdf(2, "no path")));
        assert!(matches!(fault("(INTERCONNECT a/O b (1:1:1))"), Error::Sdf(2, "no port")));
    }
}
