//! Stepping single blocks in the rust-hdl simulator.

/// Applies the inputs with the clock low, so that outputs can be read, without raising it.
#[macro_export]
macro_rules! settle {
    ($block:expr) => {{
        $block.clock.next = false.into();
        hdl::circuit::rest(&mut $block);
    }};
}

/// One whole clock: settles, then raises the clock.
#[macro_export]
macro_rules! tick {
    ($block:expr) => {{
        $crate::settle!($block);
        $block.clock.next = true.into();
        hdl::circuit::rest(&mut $block);
    }};
}
