//! **Wide tokens**: the codec for any recorder's files, without a rank table.
//!
//! ```text
//! sample -> converter -> token -> predictor -> offset -> rank -> tiers of the level -> bits
//!                                    ^                               ^
//!                                    +------- state of the channel --+
//! ```
//!
//! It is the same chain as that of a [`TableSet`](crate::TableSet), made for converters of up to
//! 32 bits whose codes are about equally wide:
//!
//! - tokens are *centred*: signed numbers of 2 to 32 bits, and a channel's [`converter`] says which
//!   sample each stands for;
//! - the [`predictor`] is the sign-sign LMS with up to 32 past differences, two leaky means and the
//!   *neighbours*: the residuals of the channels coded just before, at the same time, and a leaky
//!   mean of the round's residuals; a fixed [`filter`] may go before it;
//! - ranks go by nearness alone (0, -1, 1, -2, 2 ...), so there is nothing to train and nothing to
//!   run out of;
//! - the [`activity`] level is logarithmic, four levels an octave, and each level has its [`tiers`]:
//!   a parametric code that needs no training, or one trained on the file and embedded in it.
//!
//! Files for the best ratio have [`decisions`] in the place of ranks and tiers.
//!
//! A [`WideSet`](set::WideSet) holds these choices in a few hundred bytes; a [group] of channels sampled
//! together is coded with one. Stretches of a recording are coded each from the initial state; those of many
//! channels in [`lanes`].

pub mod activity;
pub mod bits;
pub mod choose;
pub mod converter;
pub mod decisions;
pub mod detect;
pub mod filter;
pub mod group;
pub mod lanes;
pub mod list;
pub mod order;
pub mod predictor;
pub mod set;
pub mod stretch;
pub mod tiers;
pub mod trial;
