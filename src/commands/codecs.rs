//! `tierwire codecs`

use anyhow::Context;
use comfy_table::{Table, presets};
use golden_model::{ChannelState, SHIPPED, shipped};

use crate::output::print;

/// Nothing to say: all of them are listed.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire codecs")]
pub struct Arguments {}

impl Arguments {
    /// Lists the shipped table sets and what they take in hardware.
    pub fn run(self) -> anyhow::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_header([
            "codec",
            "state per channel, bits",
            "rank table, bits",
            "contexts",
            "longest code, bits",
            "what it is",
        ]);
        for known in SHIPPED {
            let set = shipped(known.name).context("a shipped set is there")?;
            table.add_row([
                known.name.to_string(),
                ChannelState::bits(&set).to_string(),
                set.rank_table().rom_bits().to_string(),
                set.activity().contexts().to_string(),
                set.longest_code().to_string(),
                known.summary.to_string(),
            ]);
        }
        print(&format!("{table}\n"))
    }
}
