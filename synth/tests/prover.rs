//! The prover proves what holds, refutes what does not, and keeps the counterexample.

use synth::{Method, Question, ToolError, Tools, Verdict};

const COUNTER: &str = "
    module counter(input wire clock, input wire step, output reg [3:0] count);
      initial count = 0;
      always @(posedge clock) if (step) count <= count == 9 ? 0 : count + 1;
    endmodule";

fn ask(properties: &str, method: Method) -> Result<Verdict, ToolError> {
    let properties = format!(
        "module proof(input clock, step);
           wire [3:0] count;
           counter dut(.*);
           always @(posedge clock) begin {properties} end
         endmodule"
    );
    let question = Question {
        name: "counter",
        verilog: COUNTER,
        properties: &properties,
        top: "proof",
        cut: &[],
        method,
    };
    Tools::locate().prover().expect("the prover can be installed").ask(&question)
}

#[test]
fn a_true_property_is_proved() {
    let verdict = ask("digit: assert (count <= 9);", Method::Induction(2)).unwrap();
    assert_eq!(verdict, Verdict::Proved);
    assert_eq!(ask("cover (count == 9);", Method::Reachable(12)).unwrap(), Verdict::Proved);
}

#[test]
fn a_false_property_is_refuted_with_a_trace() {
    for method in [Method::Induction(8), Method::Bounded(8)] {
        // Twice: the second answer comes out of the cache.
        for _ in 0..2 {
            let verdict = ask("small: assert (count <= 4);", method).unwrap();
            let Verdict::Refuted { property, clock, trace: Some(trace) } = verdict else {
                panic!("{verdict:?}");
            };
            assert_eq!((property.as_str(), clock), ("proof: small", 6));
            assert!(std::fs::read_to_string(trace).unwrap().contains("$var"), "a waveform");
        }
    }
    let unreached = ask("never: cover (count == 10);", Method::Reachable(12)).unwrap();
    assert!(matches!(unreached, Verdict::Refuted { trace: None, .. }), "{unreached:?}");
}

#[test]
fn a_property_broken_only_in_unreachable_states_stays_open() {
    // 11 is never reached, but nothing says so.
    let verdict = ask("odd: assert (count != 12);", Method::Induction(1)).unwrap();
    assert_eq!(verdict, Verdict::Open { property: "proof: odd".into() });
}

#[test]
fn a_question_that_is_no_verilog_is_an_error_with_its_log() {
    match ask("assert (no_such_signal;", Method::Bounded(1)) {
        Err(ToolError::Prover { reason, log, .. }) => {
            assert!(reason.contains("syntax error"), "{reason}");
            assert!(log.with_file_name("properties.sv").is_file(), "the question is kept");
        }
        other => panic!("{other:?}"),
    }
}
