//! Tables in pages, between marks: a line of the table's own before it, and the same end behind all.

use std::io;
use std::path::{Path, PathBuf};

use recorders::output::{OutputError, write_text};

/// What stands behind every table.
pub const END: &str = "<!-- end -->";

/// The text before the line `begin`, the table behind it, and the text behind the table's end;
/// `None`: the page has no such place.
pub fn parts<'t>(page: &'t str, begin: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let (before, rest) = page.split_once(begin)?;
    let (table, after) = rest.split_once(END)?;
    Some((before, table, after))
}

/// The page with another table.
fn with_table(page: &str, begin: &str, table: &str) -> Option<String> {
    let (before, _, after) = parts(page, begin)?;
    Some([before, begin, table, END, after].concat())
}

/// A page with a table that a command writes, between the line `begin` and the next [`END`].
pub struct Page<'a> {
    path: &'a Path,
    begin: &'a str,
    text: String,
}

/// Why a page's table could not be written or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The page.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// It has no place for the table.
    #[error("{}: no place for the table between {begin:?} and {END:?}", path.display())]
    NoPlace {
        /// The page.
        path: PathBuf,
        /// The line before the table.
        begin: String,
    },
    /// It has another table.
    #[error("{}: the table is not current; it should be\n{new}", path.display())]
    NotCurrent {
        /// The page.
        path: PathBuf,
        /// The table as it should be.
        new: String,
    },
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] OutputError),
}

impl<'a> Page<'a> {
    /// Reads the page and finds the table's place, before the table is made.
    ///
    /// # Errors
    /// [`PageError::Read`], [`PageError::NoPlace`].
    pub fn read(path: &'a Path, begin: &'a str) -> Result<Page<'a>, PageError> {
        let fault = |source| PageError::Read { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(fault)?;
        let page = Page { path, begin, text };
        page.with("").map(|_| page)
    }

    /// Writes the new table, or only checks that it is the old one; says it if it is.
    ///
    /// # Errors
    /// [`PageError::NotCurrent`], [`PageError::Write`].
    pub fn replace(&self, new: &str, check: bool) -> Result<(), PageError> {
        let text = self.with(new)?;
        if text == self.text {
            return Ok(write_text(Path::new("-"), "The table is current.\n")?);
        }
        if check {
            return Err(PageError::NotCurrent { path: self.path.to_owned(), new: new.to_owned() });
        }
        Ok(write_text(self.path, &text)?)
    }

    /// Checks that every line of this table is one of the page's; says it if that is so.
    ///
    /// # Errors
    /// [`PageError::NotCurrent`].
    pub fn check_lines(&self, some: &str) -> Result<(), PageError> {
        let table = parts(&self.text, self.begin).map_or("", |(_, table, _)| table);
        if !some.lines().all(|line| table.lines().any(|there| there == line)) {
            return Err(PageError::NotCurrent { path: self.path.to_owned(), new: some.to_owned() });
        }
        Ok(write_text(Path::new("-"), "The table is current.\n")?)
    }

    fn with(&self, table: &str) -> Result<String, PageError> {
        let no_place =
            || PageError::NoPlace { path: self.path.to_owned(), begin: self.begin.to_owned() };
        with_table(&self.text, self.begin, table).ok_or_else(no_place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_is_replaced() {
        let page = "a\n<!-- begin: x -->\nold\n<!-- end -->\nb <!-- end -->";
        let begin = "<!-- begin: x -->\n";
        assert_eq!(parts(page, begin).unwrap().1, "old\n");
        let new = with_table(page, begin, "new\n").unwrap();
        assert_eq!(new, page.replace("old", "new"));
        assert_eq!(with_table(page, "<!-- begin: y -->\n", ""), None);
        assert_eq!(parts("<!-- end -->\n<!-- begin: x -->\n", begin), None);
    }

    #[test]
    fn some_lines_of_a_table_are_compared_alone() {
        let text = "<!-- begin: x -->\nhead\nfirst\nsecond\n<!-- end -->\nbehind\n".to_string();
        let page = Page { path: Path::new("page.md"), begin: "<!-- begin: x -->\n", text };
        page.check_lines("head\nsecond\n").unwrap();
        for other in ["head\nthird\n", "head\nsecon\n", "head\nbehind\n"] {
            assert!(
                matches!(page.check_lines(other), Err(PageError::NotCurrent { .. })),
                "{other}"
            );
        }
    }
}
