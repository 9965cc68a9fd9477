//! A multiplier block of an iCE40, as synthesis uses it here: the product of two numbers of 16 bits,
//! with registers before it, within it, behind it, or without; and a number that is added to it in
//! front of the output's register.

use crate::power::error::Error;
use crate::power::netlist::{Bit, Cell};

/// Its inputs at one edge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operands {
    /// One factor.
    pub(crate) a: u16,
    /// The other.
    pub(crate) b: u16,
    /// What the output's register adds to the product.
    pub(crate) addend: u32,
    /// The registers may take anything at all.
    pub(crate) enabled: bool,
    /// The registers of `a` and `b` keep what they hold.
    pub(crate) hold: [bool; 2],
}

/// Its registers and their contents.
#[derive(Clone, Debug)]
pub(crate) struct Multiplier {
    signed: [bool; 2],
    factors: Option<[u16; 2]>,
    /// Within the product, behind it, at the output.
    products: [Option<u32>; 3],
}

/// Inputs that must be open: no subtraction, no chain, no reset.
const OPEN: [&str; 15] = [
    "ADDSUBTOP",
    "ADDSUBBOT",
    "OLOADTOP",
    "OLOADBOT",
    "OHOLDTOP",
    "OHOLDBOT",
    "ORSTTOP",
    "ORSTBOT",
    "IRSTTOP",
    "IRSTBOT",
    "CI",
    "ACCUMCI",
    "SIGNEXTIN",
    "CHOLD",
    "DHOLD",
];

impl Multiplier {
    /// Its state after configuration.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for any other use.
    pub(crate) fn new(cell: &Cell) -> Result<Multiplier, Error> {
        let unsupported = |what| Err(Error::Unsupported(cell.name.clone(), what));
        let number = |parameter: &str| cell.number(parameter);
        let is_added = |port: &String| port.starts_with("C_") || port.starts_with("D_");
        let is_net = |bits: &Vec<Bit>| bits.iter().any(|bit| matches!(bit, Bit::Net(_)));
        let used = |port: &str| cell.inputs.get(port).is_some_and(is_net);
        if OPEN.iter().any(|port| used(port)) {
            return unsupported("more than a sum");
        }
        let adds = cell.inputs.keys().any(|port| is_added(port) && used(port));
        if number("MODE_8x8") == 1 || number("NEG_TRIGGER") == 1 {
            return unsupported("two products of 8 bits, or the falling edge");
        }
        // Each of these registers comes in parts: all or none.
        let register = |parts: &[&str]| {
            let set = parts.iter().filter(|parameter| number(parameter) == 1).count();
            (set == 0 || set == parts.len()).then_some(set > 0)
        };
        let before = register(&["A_REG", "B_REG"]);
        let within =
            register(&["TOP_8x8_MULT_REG", "BOT_8x8_MULT_REG", "PIPELINE_16x16_MULT_REG1"]);
        let behind = register(&["PIPELINE_16x16_MULT_REG2"]);
        // 3 is the product; 1 the output's register, which it reaches through an adder.
        let plain = |half| {
            let parameter = |name| number(&format!("{half}ADDSUB_{name}"));
            parameter("LOWERINPUT") == 2 && parameter("UPPERINPUT") == 1
        };
        let output = match ["TOPOUTPUT_SELECT", "BOTOUTPUT_SELECT"].map(number) {
            [3, 3] => Some(false),
            [1, 1] if plain("TOP") && plain("BOT") => Some(true),
            _ => None,
        };
        let (Some(before), Some(within), Some(behind), Some(output)) =
            (before, within, behind, output)
        else {
            return unsupported("half of its registers");
        };
        // The lower half's carry goes on into the upper half; the addend has no register of its own.
        let carries = number("BOTADDSUB_CARRYSELECT") == 0 && number("TOPADDSUB_CARRYSELECT") == 3;
        if adds && !(output && carries && number("C_REG") == 0 && number("D_REG") == 0) {
            return unsupported("a sum without a register behind it, or registers before it");
        }
        Ok(Multiplier {
            signed: ["A_SIGNED", "B_SIGNED"].map(|parameter| number(parameter) == 1),
            factors: before.then_some([0; 2]),
            products: [within, behind, output].map(|there| there.then_some(0)),
        })
    }

    /// Whether its output follows its inputs without a clock.
    pub(crate) fn is_combinational(&self) -> bool {
        self.factors.is_none() && self.products.iter().all(Option::is_none)
    }

    /// The product, as it comes out of no registers.
    pub(crate) fn product(&self, a: u16, b: u16) -> u32 {
        let number =
            |bits: u16, signed| if signed { i64::from(bits as i16) } else { i64::from(bits) };
        (number(a, self.signed[0]) * number(b, self.signed[1])) as u32
    }

    /// An edge of the clock; the new output of one with registers.
    pub(crate) fn clock(&mut self, given: Operands) -> u32 {
        let Operands { a, b, addend, enabled, hold } = given;
        let [first_a, first_b] = self.factors.unwrap_or([a, b]);
        // From stage to stage: each register hands on what it held before the edge.
        let mut product = self.product(first_a, first_b);
        if enabled {
            let [within, behind, output] = &mut self.products;
            for register in [within, behind].into_iter().flatten() {
                product = std::mem::replace(register, product);
            }
            if let Some(register) = output {
                *register = product.wrapping_add(addend);
            }
            if let Some([held_a, held_b]) = &mut self.factors {
                *held_a = if hold[0] { *held_a } else { a };
                *held_b = if hold[1] { *held_b } else { b };
            }
        }
        self.output(a, b)
    }

    /// Its output: the last register, or the product.
    fn output(&self, a: u16, b: u16) -> u32 {
        let [a, b] = self.factors.unwrap_or([a, b]);
        self.products.iter().rev().flatten().next().copied().unwrap_or_else(|| self.product(a, b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::netlist::Kind;

    fn multiplier(parameters: &[(&str, &str)]) -> Result<Multiplier, Error> {
        let mut all = vec![("TOPOUTPUT_SELECT", "11"), ("BOTOUTPUT_SELECT", "11")];
        all.extend(parameters);
        // What does not add leaves the addend open.
        let adds = parameters.iter().any(|(name, _)| *name == "TOPADDSUB_CARRYSELECT");
        let addend = if adds { "C_0" } else { "BHOLD" };
        Multiplier::new(&Cell {
            name: "product".into(),
            cell_type: "ICESTORM_DSP".into(),
            kind: Kind::Multiplier,
            parameters: all.iter().map(|&(name, text)| (name.into(), text.into())).collect(),
            inputs: [("AHOLD".into(), vec![Bit::Net(0)]), (addend.into(), vec![Bit::Net(1)])]
                .into(),
            outputs: [].into(),
        })
    }

    const BEFORE: [(&str, &str); 2] = [("A_REG", "1"), ("B_REG", "1")];
    const WITHIN: [(&str, &str); 3] =
        [("TOP_8x8_MULT_REG", "1"), ("BOT_8x8_MULT_REG", "1"), ("PIPELINE_16x16_MULT_REG1", "1")];

    const ADDING: [(&str, &str); 7] = [
        ("TOPOUTPUT_SELECT", "01"),
        ("BOTOUTPUT_SELECT", "01"),
        ("TOPADDSUB_LOWERINPUT", "10"),
        ("BOTADDSUB_LOWERINPUT", "10"),
        ("TOPADDSUB_UPPERINPUT", "1"),
        ("BOTADDSUB_UPPERINPUT", "1"),
        ("TOPADDSUB_CARRYSELECT", "11"),
    ];

    fn outputs(mut multiplier: Multiplier) -> Vec<u32> {
        let given = |a| Operands { a, b: 10, addend: 7, enabled: a != 4, hold: [a == 3, false] };
        (1..=6).map(|a| multiplier.clock(given(a))).collect()
    }

    #[test]
    fn each_register_is_a_clock() {
        // 3 is not taken, and in the clock of 4 nothing is.
        let before = outputs(multiplier(&BEFORE).unwrap());
        assert_eq!(before, [10, 20, 20, 20, 50, 60]);
        let both = outputs(multiplier(&[&BEFORE[..], &WITHIN[..]].concat()).unwrap());
        assert_eq!(both, [0, 10, 20, 20, 20, 50]);
        let behind = [("PIPELINE_16x16_MULT_REG2", "1")];
        assert_eq!(outputs(multiplier(&behind).unwrap()), [10, 20, 30, 30, 50, 60]);
        // The output's adds as well, with or without a register in front of it.
        let added = outputs(multiplier(&ADDING).unwrap());
        assert_eq!(added, [17, 27, 37, 37, 57, 67]);
        let late = outputs(multiplier(&[&WITHIN[..], &ADDING[..]].concat()).unwrap());
        assert_eq!(late, [7, 17, 27, 27, 37, 57]);
    }

    #[test]
    fn factors_are_signed_as_configured() {
        let signed = multiplier(&[("A_SIGNED", "1")]).unwrap();
        assert!(signed.is_combinational());
        assert_eq!(signed.product(0xffff, 0xffff), 0xffff_0001);
        assert_eq!(multiplier(&[]).unwrap().product(0xffff, 0xffff), 0xfffe_0001);
    }

    #[test]
    fn unsupported_multipliers_are_refused() {
        for parameters in [
            &[("A_REG", "1")][..],
            &[("MODE_8x8", "1")][..],
            &[("TOPOUTPUT_SELECT", "00")][..],
            &ADDING[2..],
        ] {
            assert!(
                matches!(multiplier(parameters), Err(Error::Unsupported(..))),
                "{parameters:?}"
            );
        }
    }
}
