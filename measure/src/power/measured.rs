//! Designs whose core current others measured on an iCE40 UP5K, rebuilt to test the model.
//!
//! From the public table of the repository `tinyvision-ai-inc/ice40_power`: uA at 1.219 V. The
//! designs are rewritten after its description and the structure of its source. Rows with a PLL are
//! left out: the model has no term for it. Some rows gave the coefficients; the others test them.

use crate::power::Activity;
use crate::power::coefficients::{CORE_VOLTS, Coefficients};
use crate::power::{Device, Glitches, Range};

/// The current of the high-frequency oscillator itself, in uA.
pub const HFOSC_UA: f64 = 40.0;

/// A design to rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Design {
    /// `counters` counters of `bits` bits.
    Counters {
        /// How many.
        counters: usize,
        /// How wide each.
        bits: usize,
    },
    /// A counter of 24 bits, and the product of two counters of 8 bits, which step by 3 and by 5.
    Product {
        /// In a multiplier block instead of LUTs.
        in_dsp: bool,
    },
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What it is.
    pub name: &'static str,
    /// The design.
    pub design: Design,
    /// The clock.
    pub mhz: f64,
    /// The clock comes from the oscillator on the chip.
    pub hfosc: bool,
    /// uA measured.
    pub measured_ua: f64,
    /// The coefficient that was fitted to it, if any.
    pub fitted: Option<&'static str>,
}

const fn counters(counters: usize, bits: usize) -> Design {
    Design::Counters { counters, bits }
}

/// The rows that need no unknown hardware.
pub const ROWS: [Row; 12] = [
    row("halted clock, 24-bit counter", counters(1, 24), 0.0, false, 92.1, Some("static")),
    row("10 kHz, 24-bit counter", counters(1, 24), 0.01, false, 96.3, None),
    row("12 MHz, 28-bit counter", counters(1, 28), 12.0, false, 613.5, Some("clock tree")),
    row("12 MHz, 2 x 28-bit counter", counters(2, 28), 12.0, false, 616.65, None),
    row("12 MHz, 4 x 28-bit counter", counters(4, 28), 12.0, false, 624.2, None),
    row("12 MHz, 8 x 28-bit counter", counters(8, 28), 12.0, false, 641.3, Some("flip-flop")),
    row("HFOSC 6 MHz, 24-bit counter", counters(1, 24), 6.0, true, 388.4, Some("HFOSC")),
    row("HFOSC 12 MHz, 24-bit counter", counters(1, 24), 12.0, true, 645.0, None),
    row("HFOSC 24 MHz, 24-bit counter", counters(1, 24), 24.0, true, 1162.0, None),
    row("HFOSC 48 MHz, 24-bit counter", counters(1, 24), 48.0, true, 2184.0, None),
    row("HFOSC 12 MHz, 8x8 product in LUTs", PRODUCT_IN_LUTS, 12.0, true, 996.0, Some("nets")),
    row(
        "HFOSC 12 MHz, 8x8 product in a DSP",
        PRODUCT_IN_DSP,
        12.0,
        true,
        882.0,
        Some("multiplier"),
    ),
];

const PRODUCT_IN_LUTS: Design = Design::Product { in_dsp: false };
const PRODUCT_IN_DSP: Design = Design::Product { in_dsp: true };

const fn row(
    name: &'static str,
    design: Design,
    mhz: f64,
    hfosc: bool,
    measured_ua: f64,
    fitted: Option<&'static str>,
) -> Row {
    Row { name, design, mhz, hfosc, measured_ua, fitted }
}

impl Design {
    /// Its Verilog; the module is `design`, its one input `aclk`.
    pub fn verilog(self) -> String {
        match self {
            Design::Counters { counters, bits } => {
                let mut text = "module design(input aclk, output seen);\n".to_string();
                let mut tops = Vec::new();
                for n in 0..counters {
                    // Kept, or synthesis would merge equal counters.
                    text += &format!("(* keep *) reg [{}:0] counter_{n} = {n};\n", bits - 1);
                    text += &format!("always @(posedge aclk) counter_{n} <= counter_{n} + 1'b1;\n");
                    tops.push(format!("counter_{n}[{}]", bits - 1));
                }
                text + &format!("assign seen = {};\nendmodule\n", tops.join(" ^ "))
            }
            // Kept, because synthesis knows that a product of 8-bit numbers is never all ones.
            Design::Product { .. } => "module design(input aclk, output seen);\n\
                 reg [23:0] counter = 0;\nreg [7:0] a = 0, b = 0;\n(* keep *) wire [15:0] product = a * b;\n\
                 always @(posedge aclk) begin\n  counter <= counter + 1'b1;\n  a <= a + 8'd3;\n  \
                 b <= b + 8'd5;\nend\n\
                 assign seen = counter[23] | &a | &b | &product;\nendmodule\n"
                .into(),
        }
    }

    /// Whether synthesis may use multiplier blocks.
    pub fn in_dsp(self) -> bool {
        self == PRODUCT_IN_DSP
    }
}

impl Row {
    /// The model's result: uA of the core.
    pub fn model_ua(&self, activity: &Activity, glitches: &Glitches) -> Range {
        let Coefficients { static_mw, clock_pj, flip_flop_pj, transition_pj, operation_pj, .. } =
            Device::Up5k.coefficients();
        let factor = glitches.total().factor().unwrap_or(1.0);
        let (work, clocks) = (activity.total(), activity.clocks as f64);
        let pj_per_clock: Range = [
            clock_pj,
            flip_flop_pj * work.flip_flops as f64,
            transition_pj * (factor * work.toggles as f64 / clocks),
            operation_pj * (work.operations / clocks),
        ]
        .into_iter()
        .sum();
        let microwatts = static_mw * 1e3 + pj_per_clock * self.mhz;
        let oscillator = if self.hfosc { HFOSC_UA } else { 0.0 };
        microwatts * (1.0 / CORE_VOLTS)
            + Range { low: oscillator, nominal: oscillator, high: oscillator }
    }
}
