//! A block's inputs, clock by clock, played again to its exported Verilog in Verilator.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use synth::{ModelSource, Verilator};

use crate::simulator::EngineError;

/// The ports of a block, without its clock.
#[derive(Clone, Copy, Debug)]
pub struct Ports<'a> {
    /// The module.
    pub top: &'a str,
    /// Its clock.
    pub clock: &'a str,
    /// Its inputs.
    pub inputs: &'a [&'a str],
    /// Its outputs.
    pub outputs: &'a [&'a str],
}

/// The outputs in each clock, before its edge, with these inputs: a row a clock, in the ports' order.
///
/// # Errors
/// [`EngineError`].
pub fn replay(
    verilator: &Verilator,
    ports: Ports<'_>,
    verilog: &str,
    inputs: &[Vec<u64>],
) -> Result<Vec<Vec<u64>>, EngineError> {
    let program = verilator.build(&ModelSource {
        name: ports.top,
        verilog,
        top: ports.top,
        harness: &harness(ports),
        ..ModelSource::default()
    })?;
    let failed = |source| EngineError::Io { profile: ports.top.into(), source };
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let bytes: Vec<u8> = inputs.iter().flatten().flat_map(|level| level.to_le_bytes()).collect();
    let feeding = std::thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(&bytes)));
    let mut came = Vec::new();
    if let Some(mut pipe) = stdout {
        pipe.read_to_end(&mut came).map_err(failed)?;
    }
    // A program that ends early breaks the pipe; its rows are then missing.
    let _ = feeding.join();
    let status = child.wait().map_err(failed)?;
    if !status.success() {
        let profile = ports.top.into();
        return Err(EngineError::Ended { profile, status, said: String::new() });
    }
    let levels = came
        .chunks_exact(8)
        .map(|bytes| bytes.iter().rev().fold(0, |level, &byte| level << 8 | u64::from(byte)));
    let levels: Vec<u64> = levels.collect();
    Ok(levels.chunks(ports.outputs.len()).map(<[u64]>::to_vec).collect())
}

/// The program that plays.
fn harness(ports: Ports<'_>) -> String {
    let Ports { clock, inputs, outputs, .. } = ports;
    let mut body = String::new();
    for (at, input) in inputs.iter().enumerate() {
        let _ = writeln!(body, "        model.{input} = in[{at}];");
    }
    let _ = writeln!(body, "        model.{clock} = 0;\n        model.eval();");
    for (at, output) in outputs.iter().enumerate() {
        let _ = writeln!(body, "        out[{at}] = model.{output};");
    }
    format!(
        "#include \"Vmodel.h\"
#include <cstdint>
#include <cstdio>

int main() {{
    VerilatedContext context;
    Vmodel model{{&context}};
    uint64_t in[{ins}], out[{outs}];
    while (fread(in, sizeof in, 1, stdin) == 1) {{
{body}        fwrite(out, sizeof out, 1, stdout);
        model.{clock} = 1;
        model.eval();
    }}
    model.final();
    return 0;
}}
",
        ins = inputs.len(),
        outs = outputs.len(),
    )
}
