//! Prints a profile's Verilog: `cargo run -p hdl --example export bigram-32 > bigram_32.v`.

fn main() {
    let name = std::env::args().nth(1).unwrap_or_else(|| "bigram-32".into());
    let profile = hdl::Profile::named(&name).expect("the name of a profile");
    print!("{}", hdl::export::verilog(&profile));
}
