#!/usr/bin/env bash
# A new user's first hour, every line of it run here: the package in a fresh virtual environment, a
# SpikeGLX run compressed, opened in SpikeInterface and Dask, restored; then sent, received, watched.
# Usage: scripts/first-hour.sh RUN.ap.bin docs/first-hour.md     RUN.ap.meta lies beside it
# Needs Python 3.11 or later, the package index, and tmux for the picture of a terminal.
set -euo pipefail
[ $# = 2 ] || { echo "usage: scripts/first-hour.sh RUN.ap.bin PAGE" >&2; exit 2; }
original=$(realpath "$1")
page=$(realpath "$2")
repository=$(realpath "$(dirname "$0")/..")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$original" "$scratch/run.ap.bin"
cp "${original%.bin}.meta" "$scratch/run.ap.meta"
ln -s "$repository" "$scratch/tierwire"
cd "$repository"
cargo build --release --locked --quiet
export PATH=${CARGO_TARGET_DIR:-$repository/target}/release:$PATH
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repository/target}/python PIP_DISABLE_PIP_VERSION_CHECK=1
cd "$scratch"

# Prints a command as it is typed, and runs it.
type_in() {
    printf '$ %s\n' "$1"
    eval "$1"
}

hour() {
    echo '```console'
    type_in 'python3 -m venv venv && . venv/bin/activate'
    type_in 'pip install --quiet tierwire/python spikeinterface "dask[array]"'
    type_in 'pip list 2>/dev/null | grep -E "^(dask|numcodecs|spikeinterface|tierwire|zarr) "'
    type_in 'ls -go run.ap.*'
    echo '```'
    printf '\nA SpikeGLX run as a `.twr` file, and pieces of it:\n\n```console\n'
    type_in 'python <<EOF
import tierwire

tierwire.compress("run.ap.bin", "run.twr")
recording = tierwire.open("run.twr")
print(recording)
print(recording[9000:9003, 7:10])
EOF'
    type_in 'ls -go run.twr'
    echo '```'
    printf '\nIn SpikeInterface: from the `.twr` file, and as zarr with tierwire inside:\n\n```console\n'
    type_in 'python <<EOF
import numpy, spikeinterface, tierwire.numcodecs
from tierwire.spikeinterface import read_tierwire

recording = read_tierwire("run.twr")
print(recording)
codec = tierwire.numcodecs.Tierwire()
recording.save(format="zarr", folder="run.zarr", compressor=codec, chunk_duration="1s", progress_bar=False)
back = spikeinterface.read_zarr("run.zarr")
print(numpy.array_equal(back.get_traces(), recording.get_traces()))
EOF'
    type_in 'du -s --apparent-size --block-size=1 run.zarr | cut -f 1'
    echo '```'
    printf '\nIn Dask, straight from both:\n\n```console\n'
    type_in 'python <<EOF
import dask.array, tierwire, zarr

stored = dask.array.from_array(tierwire.open("run.twr"), chunks=(3000, 384))
print(stored)
print((stored - stored.mean(axis=1, keepdims=True)).std().compute())
traces = dask.array.from_zarr(zarr.open("run.zarr", mode="r")["traces_seg0"])
print((traces - traces.mean(axis=1, keepdims=True)).std().compute())
EOF'
    echo '```'
    printf '\nThe recorder'"'"'s own files again, byte for byte:\n\n```console\n'
    type_in 'mkdir restored && tierwire decompress run.twr -o restored/run.ap.bin'
    type_in 'cmp run.ap.bin restored/run.ap.bin && cmp run.ap.meta restored/run.ap.meta && echo the same'
    echo '```'
    printf '\nAs an implant would send it, over a link that loses, reorders and repeats; received, and watched in another terminal:\n\n```console\n'
    type_in 'tierwire receive udp://127.0.0.1:4000 --profile neuropixels2-384 -o received.wav > received.txt &'
    type_in 'tmux new-session -d -s watch -x 100 -y 24 "tierwire receive udp://127.0.0.1:4001 --profile neuropixels2-384 -o watched.wav --watch"'
    type_in 'sleep 2'
    type_in 'tierwire send run.ap.bin --profile neuropixels2-384 --seconds 5 --to udp://127.0.0.1:4001 & sleep 4'
    type_in 'tmux capture-pane -p -t watch'
    type_in 'wait %2; tierwire send run.ap.bin --profile neuropixels2-384 --seconds 3 --to udp://127.0.0.1:4000 --damage drop=0.1,reorder=1,duplicate=1'
    type_in 'wait; cat received.txt'
    type_in 'head -n 3 received.wav.gaps.json'
    echo '```'
}

hour > hour.txt 2>&1 || { cat hour.txt >&2; exit 1; }
{
    printf '# A new user'"'"'s first hour\n\n'
    printf 'Written by `scripts/first-hour.sh RUN.ap.bin docs/first-hour.md`, which runs every line. '
    printf 'The run is half a second of a Neuropixels 2.0 probe. What each step does: [Python](../python/README.md), '
    printf '[recorders](recorders.md), [receiving](receiving.md).\n\n'
    sed "s|$scratch|.|g; s/ *\$//" hour.txt
} > page.md
cp page.md "$page"
