//! `tierwire bounds`

use hdl::Profile;
use measure::bounds::{Figures, table};

use crate::output::Json;
use crate::profiles::{Choice, ProfileParser};

/// Whose bounds to print.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire bounds --profile tile256")]
pub struct Arguments {
    /// Print only the limits of this profile.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Option<Choice>,
    #[command(flatten)]
    json: Json,
}

impl Arguments {
    /// Prints what the hardware never exceeds.
    pub fn run(self) -> anyhow::Result<()> {
        let profiles: Vec<Profile> = match &self.profile {
            None => Profile::all().collect(),
            Some(choice) => vec![choice.load()?],
        };
        let figures: Vec<Figures> = profiles.iter().map(Figures::of).collect();
        self.json.show(&table(&figures), &figures)
    }
}
