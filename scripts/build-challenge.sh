#!/usr/bin/env bash
# Builds the challenge's executables `encode` and `decode`, static and small, and prints their sizes.
# Usage: scripts/build-challenge.sh [DIR]     DIR gets both; build/challenge if not named
set -euo pipefail
output=${1:-$(dirname "$0")/../build/challenge}
mkdir -p "$output"
output=$(cd "$output" && pwd)
cd "$(dirname "$0")/.."

target=$(rustc -vV | sed -n 's/^host: //p')
# At a fixed address, which saves the relocations; without what only debuggers and unwinders read.
flags="-C relocation-model=static -C force-unwind-tables=no -C target-feature=+crt-static \
-C link-arg=-Wl,--gc-sections,--build-id=none,-z,norelro,-z,noseparate-code"
# On Linux on x86-64 without a standard library: 18 times smaller.
if [ "$target" = x86_64-unknown-linux-gnu ]; then
    flags="$flags --cfg bare -C link-arg=-nostartfiles -C link-arg=-nodefaultlibs"
fi
export RUSTFLAGS=$flags
# A target of its own, so that these flags reach no build script.
cargo build -p challenge --bins --profile challenge --target "$target" --locked
cp "${CARGO_TARGET_DIR:-target}/$target/challenge/"{encode,decode} "$output/"
wc -c "$output/encode" "$output/decode"
