//! What is said on stderr.

use std::io::Write;

/// An error and its causes in one line. Many errors name their cause themselves, and it is not
/// printed a second time.
pub fn reasons(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.ends_with(&cause) {
            text += &format!(": {cause}");
        }
    }
    text
}

/// One line on stderr, with any characters in names and reasons; a closed stderr is not an error.
pub fn say(text: &str) {
    let safe = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    let line: String = text.chars().map(safe).collect();
    let _ = writeln!(std::io::stderr(), "tierwire: {line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_printed_once() {
        let cause = || std::io::Error::other("disk on fire");
        let named = golden_model::twr::Error::Read(cause());
        let error = anyhow::Error::from(named).context("a.twr");
        assert_eq!(reasons(&error), "a.twr: cannot be read: disk on fire");
        let error = anyhow::Error::from(cause()).context("a.twr");
        assert_eq!(reasons(&error), "a.twr: disk on fire");
    }
}
