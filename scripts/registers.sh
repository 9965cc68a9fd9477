#!/usr/bin/env bash
# Makes all that repeats the register map from its one description, hdl/registers/tierwire.rdl: the C
# header, the Python module, the Rust constants, the tables of docs/registers.md.
#     scripts/registers.sh            writes them
#     scripts/registers.sh --check    fails if one of them is stale
# PeakRDL is pinned in python/requirements/registers.txt (`scripts/python.sh pin` pins it anew).
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in "" | --check) ;; *) echo "usage: scripts/registers.sh [--check]" >&2 && exit 2 ;; esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps \
    --requirement python/requirements/registers.txt

description=hdl/registers/tierwire.rdl
# The guard in the header is named after the file.
"$scratch/venv/bin/peakrdl" c-header --std gnu99 "$description" -o "$scratch/tierwire_registers.h"
"$scratch/venv/bin/python" scripts/registers.py "$description" "$scratch"

stale=0
while read -r made file; do
    if [ "${1:-}" != --check ]; then
        cp "$scratch/$made" "$file"
    elif ! diff -u "$file" "$scratch/$made"; then
        echo "$file is stale: scripts/registers.sh writes it" >&2
        stale=1
    fi
done <<END
tierwire_registers.h c/include/tierwire_registers.h
registers.py python/package/tierwire/registers.py
register_map.rs hdl/src/tables/register_map.rs
registers.md docs/registers.md
END
exit $stale
