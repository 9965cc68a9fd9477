//! The chief figures, for a terminal.

use std::collections::BTreeMap;
use std::fmt;

use super::{Analysis, Entropy};

impl fmt::Display for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "files               {}\nsamples             {}\nunique_values       {}\n\
             smallest_step       {}\nlattice             {}\noff_the_lattice     {}\n\
             ratio               {:.4}\n",
            self.files,
            self.samples,
            self.unique_values,
            self.smallest_step.map_or("none".into(), |step| step.to_string()),
            self.lattice.formula,
            self.lattice.samples_off,
            self.ratio,
        )?;
        if let Some(entropies) = &self.entropies {
            let bits = |entropy: Option<Entropy>| {
                entropy.map_or("too few samples".into(), |e| format!("{:.4}", e.corrected))
            };
            writeln!(f, "entropy_order_0     {}", bits(entropies.order_0))?;
            writeln!(f, "entropy_order_1     {}", bits(entropies.order_1))?;
        }
        let mut converters: BTreeMap<&str, usize> = BTreeMap::new();
        for file in &self.recordings {
            *converters.entry(&file.converter).or_default() += 1;
        }
        for (converter, count) in converters {
            writeln!(f, "converter           {converter}: {count} recordings")?;
        }
        Ok(())
    }
}
