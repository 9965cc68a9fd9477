//! Writes a profile's Verilog, self-contained, or with its ROMs in files of their own:
//!
//! ```text
//! cargo run -p hdl --example export bigram-32 > bigram_32.v
//! cargo run -p hdl --example export bigram-32 build/bigram-32
//! ```

use hdl::verilog::export::{top_name, verilog, verilog_and_memory_files};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "bigram-32".into());
    let profile = hdl::Profile::named(&name).expect("the name of a profile");
    let Some(folder) = arguments.next() else {
        print!("{}", verilog(&profile));
        return Ok(());
    };
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let (text, files) = verilog_and_memory_files(&profile);
    std::fs::write(folder.join(format!("{}.v", top_name(&profile))), text)?;
    files.iter().try_for_each(|file| std::fs::write(folder.join(&file.name), &file.text))
}
