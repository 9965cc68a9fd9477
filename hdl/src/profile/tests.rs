use super::*;
use golden_model::table_set::CoderParts;
use golden_model::tier_coder::TierShape;

#[test]
fn frames_that_the_hardware_cannot_count_are_refused() {
    let frames = |rounds, keyframe_interval| Frames { rounds, keyframe_interval };
    let nano = || Profile::named("nano").unwrap();
    assert_eq!(nano().with_frames(frames(19, 64)).unwrap().frames(), Some(frames(19, 64)));
    for unfit in [frames(0, 1), frames(257, 1), frames(1, 0), frames(1, 3), frames(1, 32768)] {
        assert_eq!(nano().with_frames(unfit).unwrap_err(), Unfit::Frames(unfit));
    }
    let one = Profile::named("seed").unwrap().with_frames(frames(19, 64));
    assert_eq!(one.unwrap_err(), Unfit::Frames(frames(19, 64)));
}

/// Widths and words of the memories of a module, `reg [11:0] mem [0:1023];` or `mem_2` of a bank.
fn memories(verilog: &str) -> Vec<(usize, usize)> {
    let number = |text: &str| text.parse::<usize>().unwrap();
    let memory = |line: &str| {
        let (width, memory) = line.trim().strip_prefix("reg [")?.split_once(":0] mem")?;
        let words = memory.split_once(" [0:")?.1;
        Some((number(width) + 1, number(words.strip_suffix("];")?) + 1))
    };
    verilog.lines().filter_map(memory).collect()
}

#[test]
fn bits_of_state_and_ranks_are_those_of_the_memories_in_the_verilog() {
    for (name, bits) in [
        ("nano-bigram", 23),
        ("tile256-lms", 115),
        ("nano", 29),
        ("implant1024", 29),
        ("array1024", 116),
    ] {
        let profile = Profile::named(name).unwrap();
        let shape = profile.shape();
        let verilog = profile.circuit().raw_verilog();
        let words = 1 << shape.channel.unwrap();
        // Only a `Ram` has this attribute; a ROM or the FIFO may have as many words.
        let rams = verilog.split("(* ram_style = \"block\", no_rw_check *)").skip(1);
        let state = rams.filter_map(|ram| memories(ram).first().copied());
        // In banks of 256 words, or not.
        let state = state.filter(|ram| ram.1 == words || ram.1 == words.min(256));
        let held = state.map(|(width, depth)| width * depth).sum::<usize>() / words;
        assert_eq!((held, shape.state_bits()), (bits, bits), "{name}");
        let rom = (shape.rank, 1 << (shape.row.unwrap() + shape.rank));
        let bits = |module| memories(module).iter().map(|m| m.0 * m.1).sum::<usize>();
        assert!(verilog.split("endmodule").any(|m| bits(m) == rom.0 * rom.1), "{name}");
        assert_eq!(rom.0 * rom.1, shape.rank_rom_bits(), "{name}");
    }
}

#[test]
fn trained_sets_fit_with_any_number_of_channels() {
    for name in [
        "bigram-32",
        "bigram-128",
        "mean-64",
        "mean-128",
        "means-64",
        "means-128",
        "neuropixels-10",
        "intan-16",
    ] {
        let set = golden_model::shipped(name).unwrap();
        for channels in [1, 2, 32, 33, 100, 256, 257, 384, 512, 513, 1024] {
            let profile = Profile::new("own", set.clone(), Channels::Many(channels)).unwrap();
            let bits = profile.shape().channel.unwrap();
            assert!((channels..=2 * channels).contains(&(1 << bits)), "{channels}: {bits} bits");
        }
    }
}

#[test]
fn the_table_set_of_every_profile_has_hardware() {
    for profile in Profile::all() {
        let shape = Profile::shape_of(profile.table_set()).unwrap();
        assert_eq!(shape.rank_rom_bits(), profile.shape().rank_rom_bits());
        assert_eq!(shape.state_bits(), profile.shape().state_bits());
    }
}

#[test]
fn a_table_set_that_does_not_fit_is_refused_with_the_reason() {
    let set = golden_model::shipped("seed").unwrap();
    let unfit = Profile::new("full", set, Channels::One).unwrap_err();
    assert_eq!(unfit, Unfit::Ranks(1024, 1024));

    let set = golden_model::shipped("range-128").unwrap();
    let unfit = Profile::new("fractions", set, Channels::One).unwrap_err();
    assert!(matches!(unfit, Unfit::Shape(_)), "{unfit}");

    let set = golden_model::shipped("bigram-32").unwrap();
    for none_or_too_many in [0, 1025] {
        let channels = Channels::Many(none_or_too_many);
        let unfit = Profile::new("crowd", set.clone(), channels).unwrap_err();
        assert_eq!(unfit, Unfit::Channels(none_or_too_many));
    }

    let set = golden_model::shipped("means-64").unwrap();
    let profile = || Profile::new("slow", set.clone(), Channels::Many(2)).unwrap();
    assert_eq!(profile().samples_per_s(), SAMPLES_PER_S);
    assert_eq!(profile().with_rate(30e3).unwrap().samples_per_s(), 30e3);
    assert_eq!(profile().with_rate(0.0).unwrap_err(), Unfit::Rate(0.0));
    assert!(profile().with_rate(f64::NAN).is_err());
    let unfit = Profile::new("learning", set, Channels::One).unwrap_err();
    assert!(matches!(unfit, Unfit::Shape(Shape { predictor: predictor::Shape::Means, .. })));

    let mut parts = golden_model::shipped("bigram-32").unwrap().parts();
    (parts.fold, parts.rows) = (31, vec![vec![]; 31]);
    let unfit = Profile::new("odd", TableSet::new(parts).unwrap(), Channels::One).unwrap_err();
    assert_eq!(unfit, Unfit::NoPowerOfTwo("the fold", 31));

    let with_tiers = |name, context: usize, shape| {
        let mut parts = golden_model::shipped(name).unwrap().parts();
        let CoderParts::Tiers(tiers) = &mut parts.coder else { panic!("{name} has tiers") };
        tiers[context] = shape;
        TableSet::new(parts).unwrap()
    };
    let tiers = vec![(5, 1), (0, 2), (5, 3)];
    let shape = TierShape { tiers, token_escape: 4, sample_escape: 4 };
    let set = with_tiers("intan-16", 3, shape);
    let unfit = Profile::new("between", set, Channels::Many(2)).unwrap_err();
    assert_eq!(unfit, Unfit::Class(3, 33));

    let tiers = [vec![(2, 4); 14], vec![(5, 5), (5, 4)]].concat();
    let shape = TierShape { tiers, token_escape: 6, sample_escape: 6 };
    let set = with_tiers("seed-64", 0, shape);
    let unfit = Profile::new("many", set, Channels::One).unwrap_err();
    assert_eq!(unfit, Unfit::Tiers(0, 16));
}
