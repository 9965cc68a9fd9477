//! The tokenizer compared with the golden model: all samples.

use golden_model::Converter;
use golden_model::converter::Token;
use hdl::circuit::rest;
use hdl::codec::lattice::Lattice;
use hdl::codec::tokenizer::Tokenizer;
use rust_hdl::prelude::*;

#[test]
fn all_65536_samples() {
    let golden = Converter::challenge();
    let mut block = Tokenizer::default();
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
    let golden = Converter::challenge();
    let mut block = Lattice::default();
    block.connect_all();
    for number in 0..1024 {
        let token = Token::new(number);
        block.token.next = u64::from(number).into();
        rest(&mut block);
        assert_eq!(block.remainder.val().to_u16(), golden.sample(token) as u16 & 63, "{token:?}");
    }
}
