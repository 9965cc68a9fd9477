//! `encode IN OUT`: compresses a file.

#![cfg_attr(bare, no_std, no_main)]

challenge::main!(|file, set| Some(challenge::form::encode(file, set)));
