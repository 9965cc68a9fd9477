//! The example of `docs/integrating.md`, with the exported core: yosys accepts it, and rejects it
//! if a port has another name.

use hdl::Profile;
use synth::Tools;

const PAGE: &str = include_str!("../../docs/integrating.md");

#[test]
fn the_example_fits_the_core() {
    let (_, rest) = PAGE.split_once("```verilog\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let core = hdl::verilog::export::verilog(&Profile::named("nano").unwrap());
    let yosys = Tools::locate().yosys().unwrap();
    yosys.check_module(&format!("{core}\n{example}"), "implant").unwrap();

    let wrong = example.replace(".overruns(", ".overrun(");
    assert!(yosys.check_module(&format!("{core}\n{wrong}"), "implant").is_err());
}
