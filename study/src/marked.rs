//! Tables in pages, between marks: a line of the table's own before it, and the same end behind all.

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
pub fn with_table(page: &str, begin: &str, table: &str) -> Option<String> {
    let (before, _, after) = parts(page, begin)?;
    Some([before, begin, table, END, after].concat())
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
}
