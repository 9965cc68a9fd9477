//! What all pages share: one HTML file each with everything in it, light, dark or on paper.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::plot::STYLE;

/// A whole page.
pub fn document(title: &str, body: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) }
            style { (PreEscaped(STYLE)) }
            (body)
        }
    };
    page.into_string() + "\n"
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
pub fn figure(caption: &str, picture: String) -> Markup {
    html! { figure { figcaption { (caption) } (PreEscaped(picture)) } }
}

/// Numbers in boxes, and what each is.
pub fn tiles(tiles: &[(String, String)]) -> Markup {
    html! {
        div.figures {
            @for (number, name) in tiles { div { b { (number) } span { (name) } } }
        }
    }
}

/// A table; the columns that `text` names by number are aligned to the left.
pub fn table(head: &[&str], rows: &[Vec<String>], text: &[usize]) -> Markup {
    let class = |column: usize| text.contains(&column).then_some("text");
    html! {
        div.scroll {
            table {
                tr {
                    @for (column, name) in head.iter().enumerate() {
                        th class=[class(column)] { (name) }
                    }
                }
                @for cells in rows {
                    tr {
                        @for (column, cell) in cells.iter().enumerate() {
                            td class=[class(column)] { (cell) }
                        }
                    }
                }
            }
        }
    }
}

/// A table that is shown when its summary is clicked.
pub fn folded(summary: &str, table: Markup) -> Markup {
    html! { details { summary { (summary) } (table) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_a_table() {
        let html = table(&["<a>", "b"], &[vec!["x & y".into(), "1".into()]], &[0]).into_string();
        assert!(html.contains("<th class=\"text\">&lt;a&gt;</th><th>b</th>"), "{html}");
        assert!(html.contains("<td class=\"text\">x &amp; y</td><td>1</td>"), "{html}");
    }

    #[test]
    fn numbers_are_written_for_readers() {
        assert_eq!(
            (grouped(1_234_567), grouped(12)),
            ("1\u{202f}234\u{202f}567".into(), "12".into())
        );
        assert_eq!(signed(-3), "\u{2212}3");
    }
}
