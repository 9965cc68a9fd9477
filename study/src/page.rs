//! What all pages share: one HTML file each with everything in it, light, dark or on paper.

use crate::plot::{STYLE, escape};

/// A whole page.
pub fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n{body}</html>\n",
        escape(title)
    )
}

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join("\u{202f}")
}

/// A number with a true minus sign.
pub fn signed(number: impl std::fmt::Display) -> String {
    number.to_string().replace('-', "\u{2212}")
}

/// A picture under its caption.
pub fn figure(caption: &str, picture: &str) -> String {
    format!("<figure><figcaption>{}</figcaption>{picture}</figure>\n", escape(caption))
}

/// Numbers in boxes, and what each is.
pub fn tiles(tiles: &[(String, String)]) -> String {
    let tiles: String = tiles
        .iter()
        .map(|(number, name)| format!("<div><b>{number}</b><span>{}</span></div>", escape(name)))
        .collect();
    format!("<div class=\"figures\">{tiles}</div>\n")
}

/// A table; the columns that `text` names by number are aligned to the left.
pub fn table(head: &[&str], rows: &[Vec<String>], text: &[usize]) -> String {
    let cell = |tag: &str, column: usize, value: &str| {
        let class = if text.contains(&column) { " class=\"text\"" } else { "" };
        format!("<{tag}{class}>{}</{tag}>", escape(value))
    };
    let row = |tag: &str, cells: &mut dyn Iterator<Item = (usize, &str)>| {
        let cells: String = cells.map(|(column, value)| cell(tag, column, value)).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let mut html = String::from("<div class=\"scroll\"><table>");
    html += &row("th", &mut head.iter().copied().enumerate());
    for cells in rows {
        html += &row("td", &mut cells.iter().map(String::as_str).enumerate());
    }
    html + "</table></div>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_a_table() {
        let html = table(&["<a>", "b"], &[vec!["x & y".into(), "1".into()]], &[0]);
        assert!(html.contains("<th class=\"text\">&lt;a&gt;</th><th>b</th>"), "{html}");
        assert!(html.contains("<td class=\"text\">x &amp; y</td><td>1</td>"), "{html}");
    }
}
