//! The predictor compared with the golden model: all pairs of last token and token.

use golden_model::predictor::{MAX_FEATURES, Past};
use golden_model::tokenizer::Token;
use hdl::circuit::rest;
use hdl::codec::predictor::Predictor;
use rust_hdl::prelude::*;

#[test]
fn all_pairs_of_last_token_and_token() {
    let mut block = Predictor::default();
    block.connect_all();
    for last in 0..1024 {
        let past = Past { last: Token::new(last), ..Past::new([0; MAX_FEATURES]) };
        let prediction = past.predict::<0, 0>().token;
        block.last.next = u64::from(last).into();
        for token in 0..1024 {
            block.token.next = u64::from(token).into();
            rest(&mut block);
            assert_eq!(block.prediction.val().to_u16(), prediction.number());
            let offset = Token::new(token).offset_from(prediction);
            assert_eq!(block.offset.val().to_u16(), offset as u16 & 1023, "{last} to {token}");
        }
    }
}
