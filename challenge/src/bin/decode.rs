//! `decode IN OUT`: restores a compressed file, byte for byte.

#![cfg_attr(bare, no_std, no_main)]

challenge::main!(challenge::form::decode);
