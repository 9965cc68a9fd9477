//! The ports that every model has: from a sample of some channel to what the tier coder needs.

/// A block of many channels between [`rounds`](crate::stream::rounds) and
/// [`tier_coder`](crate::codec::tier_coder), declared like any other `block!`, but for its ports.
macro_rules! model {
    (
        $(#[$doc:meta])*
        pub struct $name:ident<$(const $width:ident: usize),+ $(,)?> { $($inside:tt)* }
        $($new:tt)*
    ) => {
        $crate::block::block! {
            $(#[$doc])*
            pub struct $name<$(const $width: usize),+> {
                /// The clock.
                pub clock: Signal<In, Clock>,
                /// Low: drop what is inside.
                pub aresetn: Signal<In, Bit>,
                /// A sample is there.
                pub accept: Signal<In, Bit>,
                /// Its channel.
                pub channel: Signal<In, Bits<CHANNEL>>,
                /// Its channel starts from the initial state.
                pub fresh: Signal<In, Bit>,
                /// The sample, two's complement.
                pub sample: Signal<In, Bits<SAMPLE>>,
                /// It ends its packet.
                pub last: Signal<In, Bit>,
                /// From the loader: where to.
                pub load_at: Signal<In, Bits<LOAD_AT>>,
                /// From the loader: the word.
                pub load_word: Signal<In, Bits<LOAD_WORD>>,

                /// A sample is there for the tier coder.
                pub valid: Signal<Out, Bit>,
                /// It ends its packet.
                pub valid_last: Signal<Out, Bit>,
                /// Which of the tier codes.
                pub activity_context: Signal<Out, Bits<4>>,
                /// The token's rank.
                pub rank: Signal<Out, Bits<TOKEN>>,
                /// Whether it has one.
                pub in_window: Signal<Out, Bit>,
                /// Whether the sample is its token's.
                pub on_lattice: Signal<Out, Bit>,
                /// The sample, one clock after the rest.
                pub valid_sample: Signal<Out, Bits<SAMPLE>>,

                $($inside)*
            }
            $($new)*
        }
    };
}

pub(super) use model;
