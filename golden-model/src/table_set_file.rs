//! Table sets as files, in readable TOML.
//!
//! ```toml
//! name = "seed-64"
//! converter = { kind = "stretched", bits = 10 } # may be left out
//! differences = 0
//! means = 0 # `neighbours = 2` may follow
//! weights = []
//! fold = 128 # 0: no rows, ranks by nearness alone
//! window = 64
//! activity = { shift = 6, start = 512, thresholds = [] } # and `fraction`, where it is not 3
//! provenance = { method = "...", files = 558, samples = 55115178, digest = 0x0 }
//! tiers = [ # of each context: suffix bits / prefix bits, in order of rank, then the escapes
//!     "3/2 5/2 7/2 token/3 sample/3",
//! ]
//! rows = [ # successors by rank; what a row does not name follows nearest first
//!     "0 1 -1 4 -3",
//! ]
//! ```
//!
//! A set with a range coder has, instead of `tiers`:
//!
//! ```toml
//! classes = [ # of each context: the class of each row
//!     "0 0 1 0",
//! ]
//! widths = [ # of each class, out of 32768: of the token escape, then of the ranks in their order
//!     "767 16000 12000 4000",
//! ]
//! ```

use core::fmt::Write;

use crate::activity::{Activity, LEVEL_FRACTION};
use crate::converter::ConverterParts;
use crate::range_coder::RangeShape;
use crate::rank_table::Row;
use crate::table_set::{CoderParts, Parts, Provenance, TableSet, TableSetError};
use crate::tier_coder::TierShape;

/// Why a file is not a table set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidTableSet {
    /// Not TOML, or a field that is missing, unknown or of another kind; TOML's reason in one line.
    #[error("no valid table set: {0}")]
    Toml(String),
    /// A word in a row that is no offset.
    #[error("no valid table set: row {row}: {word:?} is no offset")]
    Offset {
        /// The row.
        row: usize,
        /// The word.
        word: String,
    },
    /// A word that is neither a tier nor an escape.
    #[error("no valid table set: context {context}: {word:?} is no tier")]
    Tier {
        /// The context.
        context: usize,
        /// The word.
        word: String,
    },
    /// A word among the classes or the widths that is no number.
    #[error("no valid table set: {place} {number}: {word:?} is no number")]
    Number {
        /// Of what.
        place: &'static str,
        /// Which of them.
        number: usize,
        /// The word.
        word: String,
    },
    /// Not one coder.
    #[error("no valid table set: it has not either tiers or classes and widths")]
    Coder,
    /// Numbers that do not fit one another.
    #[error("no valid table set: {0}")]
    Set(#[from] TableSetError),
}

/// The file as TOML sees it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    converter: Option<ConverterParts>,
    differences: u8,
    means: u8,
    #[serde(default)]
    neighbours: u8,
    weights: Vec<i16>,
    fold: u16,
    window: u16,
    activity: ActivityFields,
    provenance: Provenance,
    tiers: Option<Vec<String>>,
    classes: Option<Vec<String>>,
    widths: Option<Vec<String>>,
    rows: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivityFields {
    shift: u8,
    start: u16,
    thresholds: Vec<u8>,
    fraction: Option<u8>,
}

impl TableSet {
    /// Reads a table set from the text of its file.
    ///
    /// # Errors
    /// [`InvalidTableSet`], when the text is no complete and valid table set.
    pub fn from_toml(text: &str) -> Result<TableSet, InvalidTableSet> {
        let file: File =
            toml::from_str(text).map_err(|e| InvalidTableSet::Toml(one_line(&e.to_string())))?;
        let rows = file.rows.iter().enumerate().map(|(row, text)| {
            parse_row(text).map_err(|word| InvalidTableSet::Offset { row, word: word.into() })
        });
        let coder = match (file.tiers, file.classes, file.widths) {
            (Some(tiers), None, None) => {
                let tiers = tiers.iter().enumerate().map(|(context, text)| {
                    parse_tiers(text)
                        .map_err(|word| InvalidTableSet::Tier { context, word: word.into() })
                });
                CoderParts::Tiers(tiers.collect::<Result<_, _>>()?)
            }
            (None, Some(classes), Some(widths)) => CoderParts::Range(RangeShape {
                classes: parse_numbers("context", &classes)?,
                widths: parse_numbers("class", &widths)?,
            }),
            _ => return Err(InvalidTableSet::Coder),
        };
        let a = file.activity;
        let parts = Parts {
            name: file.name,
            converter: file.converter.unwrap_or(ConverterParts::CHALLENGE),
            differences: file.differences,
            means: file.means,
            neighbours: file.neighbours,
            weights: file.weights,
            fold: file.fold,
            window: file.window,
            activity: Activity {
                shift: a.shift,
                start: a.start,
                thresholds: a.thresholds,
                fraction: a.fraction.unwrap_or(LEVEL_FRACTION),
            },
            rows: rows.collect::<Result<_, _>>()?,
            coder,
            provenance: file.provenance,
        };
        Ok(TableSet::new(parts)?)
    }

    /// The text of this set's file; equal sets give equal texts.
    pub fn to_toml(&self) -> String {
        let parts = self.parts();
        let (a, p) = (parts.activity, parts.provenance);
        let fraction = match a.fraction {
            LEVEL_FRACTION => String::new(),
            other => format!(", fraction = {other}"),
        };
        let neighbours = match parts.neighbours {
            0 => String::new(),
            some => format!("neighbours = {some}\n"),
        };
        let mut text = format!(
            "name = \"{}\"\nconverter = {}\ndifferences = {}\nmeans = {}\n{neighbours}weights = {:?}\nfold = {}\n\
             window = {}\n\
             activity = {{ shift = {}, start = {}, thresholds = {:?}{fraction} }}\n\
             provenance = {{ method = {:?}, files = {}, samples = {}, digest = {:#010x} }}\n",
            parts.name,
            parts.converter,
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
        match parts.coder {
            CoderParts::Tiers(shapes) => put_tiers(&mut text, &shapes),
            CoderParts::Range(RangeShape { classes, widths }) => {
                text += "classes = [ # of each context: the class of each row\n";
                classes.iter().for_each(|numbers| put_line(&mut text, numbers));
                text += "]\nwidths = [ # of each class, out of 32768: of the token escape, then of the ranks in their order\n";
                widths.iter().for_each(|numbers| put_line(&mut text, numbers));
            }
        }
        text +=
            "]\nrows = [ # successors by rank; what a row does not name follows nearest first\n";
        for row in parts.rows {
            put_line(&mut text, named_part(&row));
        }
        text + "]\n"
    }
}

/// The lines of the tiers, without the bracket behind them.
fn put_tiers(text: &mut String, shapes: &[TierShape]) {
    *text += "tiers = [ # of each context: suffix bits / prefix bits, in order of rank, then the escapes\n";
    for shape in shapes {
        *text += "    \"";
        for (suffix, prefix) in &shape.tiers {
            let _ = write!(text, "{suffix}/{prefix} ");
        }
        let escapes = (shape.token_escape, shape.sample_escape);
        let _ = writeln!(text, "token/{} sample/{}\",", escapes.0, escapes.1);
    }
}

/// Numbers as one string of a list.
fn put_line(text: &mut String, numbers: &[impl ToString]) {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let _ = writeln!(text, "    \"{}\",", numbers.join(" "));
}

/// The start of a row, up to where nearness alone orders the rest.
fn named_part(row: &[i16]) -> &[i16] {
    // The order of `nearness_order`: distance first, the lower of two equally near ones last.
    let nearness = |offset: i16| (offset.unsigned_abs(), offset < 0);
    let ordered = row.windows(2).rev().take_while(|pair| nearness(pair[0]) < nearness(pair[1]));
    let tail = ordered.count() + 1;
    &row[..row.len().saturating_sub(tail)]
}

/// The offsets of a row, or the word that is none.
fn parse_row(text: &str) -> Result<Row, &str> {
    text.split_ascii_whitespace().map(|word| word.parse().map_err(|_| word)).collect()
}

/// The numbers of each line.
fn parse_numbers<N: core::str::FromStr>(
    place: &'static str,
    lines: &[String],
) -> Result<Vec<Vec<N>>, InvalidTableSet> {
    let of_line = |(number, line): (usize, &String)| {
        let word = |word: &str| {
            let invalid = || InvalidTableSet::Number { place, number, word: word.into() };
            word.parse().map_err(|_| invalid())
        };
        line.split_ascii_whitespace().map(word).collect()
    };
    lines.iter().enumerate().map(of_line).collect()
}

/// The tiers of a context, or the word that is none.
fn parse_tiers(text: &str) -> Result<TierShape, &str> {
    let mut shape = TierShape { tiers: Vec::new(), token_escape: 0, sample_escape: 0 };
    for word in text.split_ascii_whitespace() {
        let (suffix, prefix) = word.split_once('/').ok_or(word)?;
        let prefix = prefix.parse().map_err(|_| word)?;
        match suffix {
            "token" => shape.token_escape = prefix,
            "sample" => shape.sample_escape = prefix,
            _ => shape.tiers.push((suffix.parse().map_err(|_| word)?, prefix)),
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
    use crate::activity::ActivityError;
    use crate::converter::ConverterError;
    use crate::predictor::NoSuchShape;
    use crate::range_coder::RangeCodeError;
    use crate::rank_table::RankTableError;
    use crate::tier_coder::TierCodeError;

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

    /// The same with a range coder.
    fn with_ranges() -> String {
        let tiers = "tiers = [\"1/2 1/2 2/2 token/3 sample/3\"]";
        let ranges = "classes = [\"0 1\"]\nwidths = [\"767 16000 16000\", \"2767 30000\"]";
        assert!(SMALL.contains(tiers));
        SMALL.replace(tiers, ranges)
    }

    #[test]
    fn a_range_coder_takes_the_place_of_the_tiers() {
        let set = TableSet::from_toml(&with_ranges()).unwrap();
        assert_eq!(TableSet::from_toml(&set.to_toml()).unwrap(), set);
        assert!(set.to_toml().contains("\n    \"0 1\",\n") && set.tier_codes().is_empty());
        // Both decide bits.
        for (from, to) in [("\"0 1\"", "\"1 1\""), ("767 16000 16000", "767 16001 15999")] {
            let other = TableSet::from_toml(&with_ranges().replace(from, to)).unwrap();
            assert_ne!(other.digest(), set.digest());
        }
        let refusal = |from: &str, to: &str| {
            assert!(with_ranges().contains(from));
            TableSet::from_toml(&with_ranges().replace(from, to)).unwrap_err()
        };
        let number =
            |place, word: &str| InvalidTableSet::Number { place, number: 0, word: word.into() };
        assert_eq!(refusal("0 1", "0 -1"), number("context", "-1"));
        assert_eq!(refusal("767 ", "70000 "), number("class", "70000"));
        assert_eq!(refusal("classes = [\"0 1\"]", ""), InvalidTableSet::Coder);
        assert_eq!(refusal("rows =", "tiers = []\nrows ="), InvalidTableSet::Coder);
        let sum = RangeCodeError::Sum { class: 0, sum: 32_766 };
        assert_eq!(refusal("767", "766"), InvalidTableSet::Set(TableSetError::RangeCode(sum)));
    }

    #[test]
    fn an_invalid_table_set_is_refused_with_the_reason() {
        use InvalidTableSet::{Offset, Set, Tier, Toml};
        let refusal = |from: &str, to: &str| {
            assert!(SMALL.contains(from));
            TableSet::from_toml(&SMALL.replace(from, to)).unwrap_err()
        };
        let code = |why| Set(TableSetError::TierCode { context: 0, why });
        assert_eq!(refusal("token/3", "token/2"), code(TierCodeError::TooShort));
        assert_eq!(refusal("token/3", "token/4"), code(TierCodeError::TooLong));
        assert_eq!(refusal("token/3 ", ""), code(TierCodeError::Prefix(0)));
        assert_eq!(refusal("1/2 1/2", "1-2 1/2"), Tier { context: 0, word: "1-2".into() });
        let table = |why| Set(TableSetError::RankTable(why));
        assert_eq!(refusal("-1 2", "-1 -1"), table(RankTableError::Twice { row: 0, offset: -1 }));
        let outside = RankTableError::Outside { row: 0, offset: 9, window: 4 };
        assert_eq!(refusal("-1 2", "9"), table(outside));
        assert_eq!(refusal("-1 2", "x"), Offset { row: 0, word: "x".into() });
        let rows = RankTableError::Rows { rows: 1, fold: 2 };
        assert_eq!(refusal("\"-1 2\", ", ""), table(rows));
        let shape = NoSuchShape { differences: 9, means: 0, neighbours: 0 };
        assert_eq!(
            refusal("differences = 0", "differences = 9"),
            Set(TableSetError::Predictor(shape))
        );
        assert!(matches!(refusal("means = 0", "colour = 0"), Toml(why) if why.contains("colour")));
        let codes = TableSetError::TierCodes { codes: 1, contexts: 2 };
        assert_eq!(refusal("thresholds = []", "thresholds = [7]"), Set(codes));
        let weights = TableSetError::Weights { weights: 1, features: 0 };
        assert_eq!(refusal("weights = []", "weights = [1]"), Set(weights));
        let activity = |why| Set(TableSetError::Activity(why));
        assert_eq!(
            refusal("thresholds = []", "thresholds = [7, 7]"),
            activity(ActivityError::Thresholds)
        );
        assert_eq!(refusal("shift = 6", "shift = 0"), activity(ActivityError::Shift(0)));
        assert_eq!(refusal("\"small\"", "\"Small!\""), Set(TableSetError::Name("Small!".into())));
        let bits = "\"small\"\nconverter = { kind = \"stretched\", bits = 11 }";
        assert_eq!(
            refusal("\"small\"", bits),
            Set(TableSetError::Converter(ConverterError::Bits(11)))
        );
        let no_toml = refusal("window = 4", "window =");
        assert!(matches!(&no_toml, Toml(_)) && !no_toml.to_string().contains('\n'));
    }
}
