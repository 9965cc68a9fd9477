//! The bits of the status register, side by side.

use super::register_map::status;
use rust_hdl::prelude::*;

/// Declares the inputs, and each one's bit in the word.
macro_rules! status_word {
    ($($flag:ident: $mask:expr),+ $(,)?) => {
        /// Single bits as one word.
        #[derive(LogicBlock, Default)]
        pub(super) struct StatusWord {
            $(pub(super) $flag: Signal<In, Bit>,)+
            pub(super) word: Signal<Out, Bits<32>>,
        }

        impl Logic for StatusWord {
            fn update(&mut self) {
                let mut word: u32 = 0;
                $(if self.$flag.val() { word |= $mask; })+
                self.word.next = u64::from(word).into();
            }

            fn connect(&mut self) {
                self.word.connect();
            }

            fn hdl(&self) -> Verilog {
                let mut lines = String::from("   word = 32'h0;\n");
                $(
                    let bit = u32::trailing_zeros($mask);
                    lines += &format!("   word[{bit}] = {};\n", stringify!($flag));
                )+
                Verilog::Custom(format!("always @(*) begin\n{lines}end"))
            }
        }
    };
}

status_word! {
    active: status::ACTIVE,
    bank: status::BANK,
    loading: status::LOADING,
    complete: status::COMPLETE,
    pending: status::PENDING,
    held: status::HELD,
    wrong_layout: status::WRONG_LAYOUT,
    wrong_crc: status::WRONG_CRC,
    too_long: status::TOO_LONG,
    not_complete: status::NOT_COMPLETE,
}
