//! What a driver sends to load an [`Image`], as text.

use super::Image;
use super::register_map::{CONTROL, DATA, control};
use super::spi_bridge::WRITE;
use std::fmt::Write as _;

/// A form of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A line for each write: address and word, in hexadecimal.
    Axi,
    /// A line for each message to the SPI bridge: its bytes, in hexadecimal.
    Spi,
    /// The image alone: a line for each word, in hexadecimal.
    Hex,
    /// The image as an array in C.
    C,
}

impl Format {
    /// All of them, by their names on the command line.
    pub const ALL: [(&'static str, Format); 4] =
        [("axi", Format::Axi), ("spi", Format::Spi), ("hex", Format::Hex), ("c", Format::C)];

    /// The text. `set` and `profile` are named in it where the form has comments.
    pub fn text(self, image: &Image, set: &str, profile: &str) -> String {
        let mut text = String::new();
        let comment = format!(
            "the table set {set}, digest {:08x}, for the profile {profile}, layout {:08x}",
            image.digest(),
            image.layout()
        );
        let wait = "read STATUS (14) here until COMPLETE (bit 3) is set";
        let (start, commit) = (control::START, control::COMMIT);
        match self {
            Format::Axi => {
                let _ = writeln!(text, "# {comment}");
                for (address, word) in image.writes() {
                    let _ = writeln!(text, "{address:02x} {word:08x}");
                }
                let _ = writeln!(text, "# {wait}\n{CONTROL:02x} {commit:08x}");
            }
            Format::Spi => {
                let (control, data) = (CONTROL | WRITE, DATA | WRITE);
                let _ = write!(text, "# {comment}\n{control:02x}{start:08x}\n{data:02x}");
                for word in &image.words {
                    let _ = write!(text, "{word:08x}");
                }
                let _ = writeln!(text, "\n# {wait}\n{control:02x}{commit:08x}");
            }
            Format::Hex => {
                for word in &image.words {
                    let _ = writeln!(text, "{word:08x}");
                }
            }
            Format::C => {
                let count = image.words.len();
                let _ = writeln!(text, "/* {comment}. Made by `tierwire tables`. */\n");
                let _ = writeln!(text, "#include <stdint.h>\n");
                let _ = writeln!(text, "#define TIERWIRE_IMAGE_LAYOUT 0x{:08x}u", image.layout());
                let _ = writeln!(text, "#define TIERWIRE_IMAGE_DIGEST 0x{:08x}u", image.digest());
                let _ = writeln!(text, "#define TIERWIRE_IMAGE_WORDS {count}u\n");
                text += "static const uint32_t tierwire_image[TIERWIRE_IMAGE_WORDS] = {\n";
                for row in image.words.chunks(8) {
                    let row: Vec<String> =
                        row.iter().map(|word| format!("0x{word:08x}u")).collect();
                    let _ = writeln!(text, "    {},", row.join(", "));
                }
                text += "};\n";
            }
        }
        text
    }
}
