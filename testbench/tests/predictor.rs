//! The predictor compared with the golden model: all pairs of last token and token.

use golden_model::Converter;
use golden_model::converter::Token;
use golden_model::neighbours::Round;
use golden_model::predictor::{MAX_FEATURES, Past};
use hdl::circuit::rest;
use hdl::codec::predictor::Predictor;
use hdl::shape::CHALLENGE;
use rust_hdl::prelude::*;

#[test]
fn all_pairs_of_last_token_and_token() {
    let mut block = Predictor::<CHALLENGE>::default();
    block.connect_all();
    let converter = Converter::challenge();
    for last in 0..1024 {
        let past = Past { last: Token::new(last), ..Past::new(&converter, [0; MAX_FEATURES]) };
        let prediction = past.predict::<0, 0, 0>(&converter, &Round::default()).token;
        block.last.next = u64::from(last).into();
        for token in 0..1024 {
            block.token.next = u64::from(token).into();
            rest(&mut block);
            assert_eq!(block.prediction.val().to_u16(), prediction.number());
            let offset = converter.offset(Token::new(token), prediction);
            assert_eq!(block.offset.val().to_u16(), offset as u16 & 1023, "{last} to {token}");
        }
    }
}
