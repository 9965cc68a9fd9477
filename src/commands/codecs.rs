//! `tierwire codecs`

use anyhow::Context;
use comfy_table::{Table, presets};
use golden_model::{SHIPPED, shipped};
use hdl::Profile;

use crate::output::print;

/// Nothing to say: all of them are listed.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire codecs")]
pub struct Arguments {}

impl Arguments {
    /// Lists the shipped table sets and what their hardware holds, where they have any.
    pub fn run(self) -> anyhow::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_header([
            "codec",
            "hardware: state per channel, bits",
            "hardware: rank table, bits",
            "contexts",
            "longest code, bits",
            "what it is",
        ]);
        for known in SHIPPED {
            let set = shipped(known.name).context("a shipped set is there")?;
            let none = || "none".to_string();
            let shape = Profile::shape_of(&set);
            table.add_row([
                known.name.to_string(),
                shape.map_or_else(none, |shape| shape.state_bits().to_string()),
                shape.map_or_else(none, |shape| shape.rank_rom_bits().to_string()),
                set.activity().contexts().to_string(),
                set.longest_code().to_string(),
                known.summary.to_string(),
            ]);
        }
        print(&format!("{table}\n"))
    }
}
