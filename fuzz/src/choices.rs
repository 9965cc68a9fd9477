//! Choices that an input's first bytes make.

use std::sync::LazyLock;

use golden_model::{SHIPPED, TableSet, shipped};

/// The shipped table sets, except the two of ten million bits; read once.
pub fn table_sets() -> &'static [TableSet] {
    static SETS: LazyLock<Vec<TableSet>> = LazyLock::new(|| {
        let small = SHIPPED.iter().filter(|known| !["seed", "seed-code"].contains(&known.name));
        small.filter_map(|known| shipped(known.name)).collect()
    });
    &SETS
}

/// Takes the first byte off `input` and returns the choice that it names; `None` at the end.
pub fn choose<'a, T>(choices: &'a [T], input: &mut &[u8]) -> Option<&'a T> {
    let (&first, rest) = input.split_first()?;
    *input = rest;
    choices.get(usize::from(first) % choices.len().max(1))
}
