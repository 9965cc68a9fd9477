//! `decode IN OUT`: gives a compressed file back, byte for byte.

#![cfg_attr(bare, no_std, no_main)]

challenge::main!(challenge::form::decode);
