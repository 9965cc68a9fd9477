//! **Predictor**: the token expected next, from the channel's past.
//!
//! Order 0 is the plain bigram: the next token is expected near the last one, and the rank table
//! knows how it moves from there.

use crate::channel_state::ChannelState;
use crate::tokenizer::Token;

/// How the next token is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predictor {
    /// The last token.
    Order0,
}

impl Predictor {
    /// The predictor of this order.
    ///
    /// # Errors
    /// The reason, when there is none.
    pub fn of_order(order: u8) -> Result<Predictor, String> {
        match order {
            0 => Ok(Predictor::Order0),
            _ => Err(format!("no predictor of order {order}")),
        }
    }

    /// Past differences that the prediction uses.
    pub fn order(self) -> u8 {
        match self {
            Predictor::Order0 => 0,
        }
    }

    /// The token expected next.
    #[inline]
    pub fn predict(self, state: &ChannelState) -> Token {
        match self {
            Predictor::Order0 => state.last,
        }
    }
}
