#!/usr/bin/env bash
# Writes one archive with all that a user of the hardware needs without Rust: every profile's core with its test
# bench and vectors, boards with their constraints, cores for a chip, register map and C headers, checksums.
#     scripts/release.sh DIR           writes DIR/tierwire-hdl-VERSION.tar.gz
#     scripts/release.sh DIR NAME...   only these profiles, and no boards or chips
# The same sources give the same bytes. TIERWIRE may name the program that exports; else Cargo builds it.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: scripts/release.sh DIR [PROFILE...]" >&2; exit 2; }
mkdir -p "$1"
output=$(realpath "$1")
shift
cd "$(dirname "$0")/.."
if [ -z "${TIERWIRE:-}" ]; then
    cargo build --release --locked --quiet
    TIERWIRE=${CARGO_TARGET_DIR:-target}/release/tierwire
fi

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=tierwire-hdl-$version
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/$name
mkdir "$root"

export_to() { "$TIERWIRE" export -o "$root/$1" "${@:2}" >/dev/null; }
key() { sed -n "s/^$2 = \"\(.*\)\"/\1/p" "$1" | head -n 1; }

if [ $# -gt 0 ]; then
    profiles=("$@")
else
    profiles=()
    for file in profiles/*.toml; do profiles+=("$(key "$file" name)"); done
    for file in boards/*.toml; do
        board=$(key "$file" name)
        export_to "boards/$board" --board "$board" --profile "$(key "$file" profile)"
    done
    for file in memories/*.toml; do
        for profile in "${profiles[@]}"; do
            case $profile in
                chip*) export_to "chips/$(basename "$file" .toml)/$profile" --profile "$profile" --memories "$file" ;;
            esac
        done
    done
fi
for profile in "${profiles[@]}"; do
    export_to "cores/$profile" --profile "$profile" --testbench
    if grep -q '^tables = "loaded"' "profiles/$profile.toml"; then
        export_to "cores/$profile/spi" --profile "$profile" --spi-bridge
    fi
    mkdir -p "$root/profiles"
    cp "profiles/$profile.toml" "$root/profiles/"
done
mkdir "$root/registers" "$root/include" "$root/driver" "$root/docs"
cp hdl/registers/tierwire.rdl "$root/registers/"
cp c/include/tierwire_{registers,tables}.h "$root/include/"
cp c/driver/tierwire_tables.c "$root/driver/"
cp docs/{integrating,frames,codec,boards,registers,silicon}.md "$root/docs/"
cp LICENSE-APACHE LICENSE-MIT CHANGELOG.md "$root/"
cat > "$root/README.md" <<END
# tierwire $version, the hardware

Lossless compression of neural recordings, as plain Verilog. Nothing here needs Rust.

| folder | content |
|---|---|
| cores/PROFILE | a core in one file; a self-checking test bench with its vectors; in spi/, where tables are loaded, the core behind the SPI bridge |
| boards/BOARD | a top with the pins of a board, and its constraint file |
| chips/PROCESS/PROFILE | a core whose memories are macros, and models of these for simulation |
| profiles | what each profile is |
| registers, include, driver | the register map as SystemRDL and as a C header; a driver in C that loads tables |
| docs | docs/integrating.md is the one to begin with |

A test bench in Icarus Verilog, in the core's folder: \`iverilog -o bench *.v && vvp bench\`.
\`sha256sum --check SHA256SUMS\` checks the files.
END
# Committed sources have a time; the archive's own is that.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
(cd "$root" && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >"$scratch/sums" && mv "$scratch/sums" SHA256SUMS)
find "$root" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
tar -C "$scratch" --sort=name --format=ustar --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -cf - "$name" |
    gzip -9n >"$output/$name.tar.gz"
(cd "$output" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
