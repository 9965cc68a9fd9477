#!/usr/bin/env bash
# Fuzzes one reader, guided by coverage, on the stable toolchain:
#     scripts/fuzz.sh container|decisions|deframer|decoder|link|recorders|table-set|wav [SECONDS]
# An input that fails is left in the corpus folder that is named at the end: give it a name and put
# it into fuzz/regressions/TARGET.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?which target}
seconds=${2:-600}
folder=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
corpus=$folder/corpus/$target
mkdir -p "$corpus" "$folder/failures/$target" "fuzz/regressions/$target"

# What `cargo fuzz --sanitizer none` passes as well; counters in our code and our dependencies'.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks \
-Ccodegen-units=1 --cfg fuzzing"
host=$(rustc -vV | sed -n 's/^host: //p')
# With --target, so that build scripts go without these flags.
cargo build --release --locked --package fuzz --features libfuzzer --bin fuzz --target "$host" \
    --target-dir "$folder"

# 5 s for an input of at most 4 KB, and half a gigabyte for the whole program; each input's own
# bound on memory is in fuzz/src/lib.rs.
TIERWIRE_FUZZ=$target TIERWIRE_FUZZ_SEEDS=$corpus "$folder/$host/release/fuzz" "$corpus" fuzz/regressions/"$target" \
    -artifact_prefix="$folder/failures/$target/" -max_total_time="$seconds" -timeout=5 \
    -rss_limit_mb=512 -max_len=4096 -print_final_stats=1 -use_value_profile=1
