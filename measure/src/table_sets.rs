//! The shipped table sets for the challenge's converter, as a table: ratio, ratio on recordings that
//! they were not trained on, and what they take in hardware.

use std::path::PathBuf;

use golden_model::{TableSet, shipped};
use hdl::Profile;

/// The table. `ratio` is that of a table set on recordings, `train` trains one of a shipped one's kind.
///
/// # Errors
/// Those of `ratio` and `train`.
pub fn table<E>(
    files: &[PathBuf],
    ratio: impl Fn(&[PathBuf], &TableSet) -> Result<f64, E>,
    train: impl Fn(&str, &[PathBuf]) -> Result<TableSet, E>,
) -> Result<String, E> {
    // Each half of the files with tables trained on the other, put together: the harmonic mean, as
    // the halves are equally large.
    let half = |odd: usize| files.iter().skip(odd).step_by(2).cloned().collect::<Vec<_>>();
    let halves = [half(0), half(1)];
    let held_out = |name: &str| -> Result<f64, E> {
        let even = ratio(&halves[0], &train(name, &halves[1])?)?;
        let odd = ratio(&halves[1], &train(name, &halves[0])?)?;
        Ok(2.0 / (1.0 / even + 1.0 / odd))
    };
    let mut table = "| table set | what it is | ratio | held-out | rank table, kbit | state per channel, bits |\n\
                     |---|---|---|---|---|---|\n"
        .to_string();
    for (known, set) in shipped::of_the_challenge() {
        let none = || "none".to_string();
        let shape = Profile::shape_of(&set);
        let rank_kbit =
            shape.map_or_else(none, |s| format!("{:.0}", s.rank_rom_bits() as f64 / 1000.0));
        let state_bits = shape.map_or_else(none, |s| s.state_bits().to_string());
        table += &format!(
            "| `{}` | {} | {:.3} | {:.3} | {} | {} |\n",
            known.name,
            known.summary,
            ratio(files, &set)?,
            held_out(known.name)?,
            rank_kbit,
            state_bits,
        );
    }
    Ok(table)
}
