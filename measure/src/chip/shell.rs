//! A pipeline behind three pins, so that it can be placed on any chip: inputs come from a shift
//! register, outputs are combined into one bit, and nothing can be optimised away.

use std::fmt::Write as _;

use hdl::Profile;
use hdl::verilog::export::{top_name, verilog_and_memory_files};

use super::top::{Around, Top};

/// The instance name of the compressor in the top, also in a board's.
pub const CORE: &str = "pipeline";

/// A port other than the clock.
struct Port<'a> {
    name: &'a str,
    width: usize,
    is_input: bool,
}

/// The profile's pipeline in its shell.
pub(super) fn top(profile: &Profile) -> Top {
    let (pipeline, memory_files) = verilog_and_memory_files(profile);
    let core = top_name(profile);
    let module = format!("{core}_shell");
    let ports = ports(&pipeline, &core);
    let width =
        |input| ports.iter().filter(|p| p.is_input == input).map(|p| p.width).sum::<usize>();
    let mut connections = String::new();
    let (mut inputs, mut outputs) = (0, 0);
    for Port { name, width, is_input } in &ports {
        let (bus, at) = if *is_input { ("inputs", &mut inputs) } else { ("outputs", &mut outputs) };
        let _ = write!(connections, ",\n        .{name}({bus}[{}:{at}])", *at + width - 1);
        *at += width;
    }
    let (last_input, last_output) = (width(true) - 1, width(false) - 1);
    let shell = format!(
        "
module {module}(clock, serial_in, serial_out);
    input wire clock;
    input wire serial_in;
    output wire serial_out;
    reg [{last_input}:0] inputs = 0;
    wire [{last_output}:0] outputs;
    reg [{last_output}:0] folded = 0;
    always @(posedge clock) begin
        inputs <= {{inputs, serial_in}};
        folded <= {{folded, folded[{last_output}]}} ^ outputs;
    end
    assign serial_out = folded[{last_output}];
    {core} {CORE}(
        .aclk(clock){connections}
    );
endmodule
"
    );
    Top {
        around: Around::Shell,
        verilog: pipeline + &shell,
        memory_files,
        module,
        constraints: None,
        clocks: vec![],
    }
}

/// The ports of a module as the export writes them, the clock left out.
fn ports<'a>(verilog: &'a str, module: &str) -> Vec<Port<'a>> {
    let head = format!("module {module}(");
    let lines = verilog.lines().skip_while(|line| !line.starts_with(&head));
    let lines = lines.skip(1).take_while(|line| !line.starts_with("endmodule"));
    let port = |line: &'a str| {
        let mut words = line.trim().trim_end_matches(',').split_whitespace();
        let is_input = match words.next()? {
            "input" => true,
            "output" => false,
            _ => return None,
        };
        let range = words.clone().find_map(|word| word.strip_prefix('[')?.split_once(':'));
        let width =
            range.map_or(Some(1), |(last, _)| last.parse::<usize>().ok()?.checked_add(1))?;
        Some(Port { name: words.next_back()?, width, is_input })
    };
    lines.filter_map(port).filter(|port| port.name != "aclk").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_port_of_a_pipeline_is_in_its_shell() {
        let top = top(&Profile::named("nano").unwrap());
        for connection in [".s_axis_tdata(inputs[16:1])", ".aresetn(inputs[0:0])"] {
            assert!(top.verilog.contains(connection), "{connection}");
        }
        assert!(top.verilog.contains("    tierwire_nano pipeline(\n        .aclk(clock),\n"));
        let names = ports(&top.verilog, "tierwire_nano").len();
        let connected =
            top.verilog.matches("(inputs[").count() + top.verilog.matches("(outputs[").count();
        assert_eq!(names, connected);
        assert!(names >= 10);
    }
}
