//! Macros for blocks of rust-hdl: `block!` declares one, `comment!` is a comment for the Verilog.

/// A kernel of a block that has several, of which its table set chooses one.
pub(crate) trait Kernel<Which> {
    /// What happens in a clock.
    fn update(&mut self);
    /// Claims the signals that it drives.
    fn connect(&mut self);
    /// Its Verilog.
    fn hdl(&self) -> rust_hdl::prelude::Verilog;
}

/// A block of rust-hdl with its constructor, which names only what is not
/// [`Default`](core::default::Default).
///
/// A field is declared as in any struct. Where its value is not the default, the value follows as
/// `= expression`; a `Constant` has no default, so the compiler finds one that was forgotten. The
/// constructor stands behind the struct: its arguments, and the `let`s that the values use. Without
/// a constructor the block is [`Default`](core::default::Default).
///
/// ```ignore
/// block! {
///     /// Counts up to `last`.
///     pub struct Counter<const N: usize> {
///         /// The clock.
///         pub clock: Signal<In, Clock>,
///         count: DFF<Bits<N>>,
///         last: Constant<Bits<N>> = Constant::new(last.to_bits()),
///     }
///
///     /// A counter that stops at `last`.
///     pub fn new(last: u32) -> Self {}
/// }
/// ```
macro_rules! block {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident $(<$(const $width:ident: usize),+ $(,)?>)? {
            $($(#[$field_doc:meta])* $field_vis:vis $field:ident: $type:ty $(= $value:expr)?),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(rust_hdl::prelude::LogicBlock)]
        $vis struct $name $(<$(const $width: usize),+>)? {
            $($(#[$field_doc])* $field_vis $field: $type),+
        }

        impl $(<$(const $width: usize),+>)? Default for $name $(<$($width),+>)? {
            fn default() -> Self {
                Self { $($field: $crate::block::value!($($value)?)),+ }
            }
        }
    };
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident $(<$(const $width:ident: usize),+ $(,)?>)? {
            $($(#[$field_doc:meta])* $field_vis:vis $field:ident: $type:ty $(= $value:expr)?),+ $(,)?
        }

        $(#[$new_doc:meta])*
        $new_vis:vis fn $new:ident($($arg:ident: $arg_type:ty),* $(,)?) -> Self { $($let:tt)* }
    ) => {
        $(#[$doc])*
        #[derive(rust_hdl::prelude::LogicBlock)]
        $vis struct $name $(<$(const $width: usize),+>)? {
            $($(#[$field_doc])* $field_vis $field: $type),+
        }

        impl $(<$(const $width: usize),+>)? $name $(<$($width),+>)? {
            $(#[$new_doc])*
            $new_vis fn $new($($arg: $arg_type),*) -> Self {
                $($let)*
                Self { $($field: $crate::block::value!($($value)?)),+ }
            }
        }
    };
}

/// A field's value: the one that is given, or the default.
macro_rules! value {
    () => {
        Default::default()
    };
    ($value:expr) => {
        $value
    };
}

/// A comment of a kernel that stays in the exported Verilog, where rust-hdl drops all others.
macro_rules! comment {
    ($text:literal) => {};
}

pub(crate) use {block, comment, value};
