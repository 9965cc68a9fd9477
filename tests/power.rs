//! `tierwire latency` and `power`, on synthetic recordings.

use crate::program::{Folder, WavFile, recording};

fn folder() -> Folder {
    folder_of(12, 600)
}

/// Recordings of so many samples, half of them still.
fn folder_of(recordings: usize, samples: usize) -> Folder {
    let folder = Folder::new();
    for number in 0..recordings {
        let name = format!("{number:02}.wav");
        let still = WavFile::new(1, &vec![64; samples]);
        let wav = if number % 2 == 0 { still } else { recording(1, samples) };
        folder.write(&name, &wav.bytes());
    }
    folder
}

#[test]
fn every_sample_leaves_within_the_bound() {
    let arguments = ["latency", ".", "--profile", "nano", "--frames", "3", "--json", "-"];
    let ran = folder().run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let bound = json["bound"].as_u64().unwrap();
    for load in json["loads"].as_array().unwrap() {
        let number = |name: &str| load[name].as_u64().unwrap();
        // To the packer in 5 clocks, through it in 2, through the framer's register in 1, through the
        // FIFO in 2.
        assert_eq!(number("min"), 10, "{load}");
        assert!(number("median") <= number("p99") && number("p99") <= number("max"), "{load}");
        assert!(number("max") <= bound, "{load}");
        let samples: u64 =
            load["histogram"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(samples, 3 * 19 * 32);
    }
    // Still signals fill words more slowly than busy ones.
    let median = |load: usize| json["loads"][load]["median"].as_u64().unwrap();
    assert!(median(0) > median(2));
}

#[test]
fn glitches_are_counted_where_it_is_placed() {
    // Green only if every word and every settled value is that of the netlist without delays.
    let arguments = ["power", ".", "--profile", "nano", "--frames", "3", "--json", "-"];
    let ran = folder().run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let blocks = json["glitches"]["blocks"].as_object().unwrap();
    let sum = |name: &str| blocks.values().map(|block| block[name].as_u64().unwrap()).sum::<u64>();
    assert!(sum("all") * 5 > sum("settled") * 6 && sum("all") < sum("settled") * 3, "{blocks:?}");
    let factor = json["loads"][1]["estimate"]["glitch_factor"].as_f64().unwrap();
    let counted = json["loads"][1]["estimate"]["terms"][3]["counted"].as_str().unwrap();
    assert!(counted.ends_with(&format!("x {factor:.2} with glitches")), "{counted}");
}

#[test]
fn an_ecp5_has_toggles_and_no_watts() {
    let count = |target: &str| {
        let arguments =
            ["power", ".", "--profile", "nano", "--target", target, "--frames", "3", "--json", "-"];
        let ran = folder().run(&arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        String::from_utf8(ran.stdout).unwrap()
    };
    let text = count("ecp5-25f");
    assert!(!text.contains("milliwatts") && !text.contains("pj_per"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let toggles = |load: usize| {
        let blocks = json["loads"][load]["activity"]["blocks"].as_object().unwrap();
        blocks.values().map(|block| block["toggles"].as_u64().unwrap()).sum::<u64>()
    };
    assert!(0 < toggles(0) && toggles(0) < toggles(2), "{text}");
    // Both ends of the same netlist's activity: every sample reads and writes its channel's state.
    let typical = &json["loads"][1];
    let blocks = typical["activity"]["blocks"].as_object().unwrap();
    let accesses: f64 = blocks.values().map(|block| block["accesses"].as_f64().unwrap()).sum();
    assert!(accesses >= 2.0 * typical["samples"].as_f64().unwrap(), "{text}");
}

#[test]
fn unknown_estimates_are_left_out() {
    let folder = folder();
    for (arguments, reason) in [
        (
            &["system", ".", "--target", "ecp5-25f"][..],
            "ecp5-25f: static alone probably exceeds 10 mW; no measurement found",
        ),
        (&["power", ".", "--target", "spartan"], "no target \"spartan\""),
        (&["latency", ".", "--profile", "seed"], "profile seed: one channel, and no frames"),
        (
            &["latency", ".", "--profile", "nano", "--frames", "1000"],
            "0 recordings of 19000 samples: quiet, typical and busy need three",
        ),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}");
        assert!(ran.stderr.starts_with(&format!("tierwire: {reason}")), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1);
    }
}

#[test]
fn few_recordings_give_several_stretches_each() {
    // A third of 11 is 3: each of them has to give 11 of the 32 channels, or half as many twice.
    let latency = ["latency", ".", "--profile", "nano", "--frames", "3"];
    let ran = folder_of(11, 700).run(&latency);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);

    let ran = folder_of(11, 350).run(&latency);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);

    let ran = folder_of(11, 300).run(&latency);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.ends_with(
        "too few or too short recordings: the quiet third of them, 3, gives 15 stretches of 57 \
         samples; 32 channels take more than half as many\n"
    ));
}
