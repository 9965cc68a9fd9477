//! The converter compared with the golden model: all samples, and all tokens.

use golden_model::Converter as Golden;
use golden_model::converter::{ConverterParts, Kind, Token};
use hdl::circuit::rest;
use hdl::codec::converter::{Converter, Input, has_hardware};
use hdl::codec::lattice::Lattice;
use hdl::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE};
use rust_hdl::prelude::*;

#[test]
fn all_65536_samples() {
    samples::<CHALLENGE>(&Golden::challenge());
}

#[test]
fn all_65536_samples_of_codes() {
    samples::<CHALLENGE>(&direct(CHALLENGE));
    samples::<NEUROPIXELS_2>(&direct(NEUROPIXELS_2));
    samples::<SAMPLE>(&direct(SAMPLE));
}

#[test]
fn of_codes_alone_every_one_is_a_token() {
    let golden = Golden::challenge();
    let mut block = Converter::<CHALLENGE>::new(&golden, Input::Codes);
    block.connect_all();
    for number in 0..1024 {
        block.sample.next = u64::from(number ^ 512_u16).into();
        rest(&mut block);
        assert_eq!((block.token.val().to_u16(), block.on_lattice.val()), (number, true));
    }
}

fn direct(bits: usize) -> Golden {
    Golden::new(ConverterParts { kind: Kind::Direct, bits: bits as u8 }).unwrap()
}

fn samples<const TOKEN: usize>(golden: &Golden) {
    let mut block = Converter::<TOKEN>::new(golden, Input::Samples);
    block.connect_all();
    for sample in i16::MIN..=i16::MAX {
        block.sample.next = u64::from(sample as u16).into();
        rest(&mut block);
        let token = block.on_lattice.val().then(|| block.token.val().to_u16());
        assert_eq!(token, golden.token(sample).map(|t| t.number()), "sample {sample}");
    }
}

#[test]
fn all_1024_tokens_on_the_lattice() {
    let golden = Golden::challenge();
    let mut block = Lattice::<CHALLENGE>::new(&golden);
    block.connect_all();
    for number in 0..1024 {
        let token = Token::new(number);
        block.token.next = u64::from(number).into();
        rest(&mut block);
        assert_eq!(block.sample.val().to_u16(), golden.sample(token) as u16, "{token:?}");
    }
}

#[test]
fn a_converter_that_is_not_built_is_known_as_such() {
    assert!(has_hardware(ConverterParts::CHALLENGE));
    assert!(has_hardware(ConverterParts { kind: Kind::Direct, bits: 12 }));
    assert!(!has_hardware(ConverterParts { bits: 12, ..ConverterParts::CHALLENGE }));
}
