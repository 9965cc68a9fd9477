//! Table sets as files, in readable TOML.
//!
//! ```toml
//! name = "seed-64"
//! differences = 0
//! means = 0
//! weights = []
//! fold = 128
//! window = 64
//! activity = { shift = 6, start = 512, thresholds = [] }
//! provenance = { method = "...", files = 558, samples = 55115178, digest = 0x0 }
//! tiers = [ # of each context: suffix bits / prefix bits, in order of rank, then the escapes
//!     "3/2 5/2 7/2 token/3 sample/3",
//! ]
//! rows = [ # successors by rank; what a row does not name follows nearest first
//!     "0 1 -1 4 -3",
//! ]
//! ```

use core::fmt::Write;

use crate::activity::Activity;
use crate::rank_table::Row;
use crate::table_set::{Parts, Provenance, TableSet};
use crate::tier_coder::TierShape;

/// Why a file is not a table set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no valid table set: {0}")]
pub struct InvalidTableSet(String);

/// The file as TOML sees it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    differences: u8,
    means: u8,
    weights: Vec<i16>,
    fold: u16,
    window: u16,
    activity: ActivityFields,
    provenance: Provenance,
    tiers: Vec<String>,
    rows: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivityFields {
    shift: u8,
    start: u16,
    thresholds: Vec<u8>,
}

impl TableSet {
    /// Reads a table set from the text of its file.
    ///
    /// # Errors
    /// The reason, when the text is no complete and valid table set.
    pub fn from_toml(text: &str) -> Result<TableSet, InvalidTableSet> {
        let file: File =
            toml::from_str(text).map_err(|e| InvalidTableSet(one_line(&e.to_string())))?;
        let rows = file.rows.iter().enumerate().map(|(number, row)| {
            parse_row(row).map_err(|why| InvalidTableSet(format!("row {number}: {why}")))
        });
        let tiers = file.tiers.iter().enumerate().map(|(context, tiers)| {
            parse_tiers(tiers).map_err(|why| InvalidTableSet(format!("context {context}: {why}")))
        });
        let a = file.activity;
        let parts = Parts {
            name: file.name,
            differences: file.differences,
            means: file.means,
            weights: file.weights,
            fold: file.fold,
            window: file.window,
            activity: Activity { shift: a.shift, start: a.start, thresholds: a.thresholds },
            rows: rows.collect::<Result<_, _>>()?,
            tiers: tiers.collect::<Result<_, _>>()?,
            provenance: file.provenance,
        };
        TableSet::new(parts).map_err(InvalidTableSet)
    }

    /// The text of this set's file; equal sets give equal texts.
    pub fn to_toml(&self) -> String {
        let parts = self.parts();
        let (a, p) = (parts.activity, parts.provenance);
        let mut text = format!(
            "name = \"{}\"\ndifferences = {}\nmeans = {}\nweights = {:?}\nfold = {}\nwindow = {}\n\
             activity = {{ shift = {}, start = {}, thresholds = {:?} }}\n\
             provenance = {{ method = {:?}, files = {}, samples = {}, digest = {:#010x} }}\n",
            parts.name,
            parts.differences,
            parts.means,
            parts.weights,
            parts.fold,
            parts.window,
            a.shift,
            a.start,
            a.thresholds,
            p.method,
            p.files,
            p.samples,
            p.digest,
        );
        text += "tiers = [ # of each context: suffix bits / prefix bits, in order of rank, then the escapes\n";
        for shape in parts.tiers {
            text += "    \"";
            for (suffix, prefix) in shape.tiers {
                let _ = write!(text, "{suffix}/{prefix} ");
            }
            let escapes = (shape.token_escape, shape.sample_escape);
            let _ = writeln!(text, "token/{} sample/{}\",", escapes.0, escapes.1);
        }
        text +=
            "]\nrows = [ # successors by rank; what a row does not name follows nearest first\n";
        for row in parts.rows {
            let named: Vec<String> = named_part(&row).iter().map(i16::to_string).collect();
            let _ = writeln!(text, "    \"{}\",", named.join(" "));
        }
        text + "]\n"
    }
}

/// The start of a row, up to where nearness alone orders the rest.
fn named_part(row: &[i16]) -> &[i16] {
    // The order of `nearness_order`: distance first, the lower of two equally near ones last.
    let nearness = |offset: i16| (offset.unsigned_abs(), offset < 0);
    let ordered = row.windows(2).rev().take_while(|pair| nearness(pair[0]) < nearness(pair[1]));
    let tail = ordered.count() + 1;
    &row[..row.len().saturating_sub(tail)]
}

fn parse_row(text: &str) -> Result<Row, String> {
    let offset = |word: &str| word.parse().map_err(|_| format!("{word:?} is no offset"));
    text.split_ascii_whitespace().map(offset).collect()
}

fn parse_tiers(text: &str) -> Result<TierShape, String> {
    let mut shape = TierShape { tiers: Vec::new(), token_escape: 0, sample_escape: 0 };
    for word in text.split_ascii_whitespace() {
        let wrong = || format!("{word:?} is no tier");
        let (suffix, prefix) = word.split_once('/').ok_or_else(wrong)?;
        let prefix = prefix.parse().map_err(|_| wrong())?;
        match suffix {
            "token" => shape.token_escape = prefix,
            "sample" => shape.sample_escape = prefix,
            _ => shape.tiers.push((suffix.parse().map_err(|_| wrong())?, prefix)),
        }
    }
    Ok(shape)
}

/// TOML's errors take several lines; ours take one.
fn one_line(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
        name = "small"
        differences = 0
        means = 0
        weights = []
        fold = 2
        window = 4
        activity = { shift = 6, start = 64, thresholds = [] }
        provenance = { method = "by hand", files = 0, samples = 0, digest = 0x00000000 }
        tiers = ["1/2 1/2 2/2 token/3 sample/3"]
        rows = ["-1 2", ""]
    "#;

    #[test]
    fn a_table_set_file_round_trips() {
        let set = TableSet::from_toml(SMALL).unwrap();
        assert_eq!(set.rank_table().successors(0), [-1, 2, 0, 1, -2, 3, -3, -4]);
        assert_eq!(set.rank_table().successors(1), [0, 1, -1, 2, -2, 3, -3, -4]);
        assert_eq!(TableSet::from_toml(&set.to_toml()).unwrap(), set);
        assert!(set.to_toml().contains("\n    \"-1 2\",\n    \"\",\n"));
    }

    #[test]
    fn an_invalid_table_set_is_refused_with_the_reason() {
        let refusal = |from: &str, to: &str| {
            assert!(SMALL.contains(from));
            TableSet::from_toml(&SMALL.replace(from, to)).unwrap_err().to_string()
        };
        assert!(refusal("token/3", "token/2").contains("context 0: the prefixes are too short"));
        assert!(refusal("token/3", "token/4").contains("context 0: the prefixes are too long"));
        assert!(refusal("token/3 ", "").contains("a prefix of 0 bits"));
        assert!(refusal("1/2 1/2", "1-2 1/2").contains("\"1-2\" is no tier"));
        assert!(refusal("-1 2", "-1 -1").contains("row 0 names offset -1 twice"));
        assert!(refusal("-1 2", "9").contains("outside ±4"));
        assert!(refusal("-1 2", "x").contains("row 0: \"x\" is no offset"));
        assert!(refusal("\"-1 2\", ", "").contains("1 rows for fold 2"));
        assert!(
            refusal("differences = 0", "differences = 9").contains("9 differences and 0 means")
        );
        assert!(refusal("means = 0", "colour = 0").contains("colour"));
        assert!(
            refusal("thresholds = []", "thresholds = [7]").contains("1 tier codes for 2 contexts")
        );
        assert!(refusal("weights = []", "weights = [1]").contains("1 weights for 0 features"));
        assert!(refusal("thresholds = []", "thresholds = [7, 7]").contains("do not rise"));
        assert!(refusal("shift = 6", "shift = 0").contains("shift 0"));
        assert!(refusal("\"small\"", "\"Small!\"").contains("is no name"));
        assert!(!refusal("window = 4", "window =").contains('\n'));
    }
}
