#!/usr/bin/env bash
# Compares codecs on the recorders' files in DIR, and writes the table into PAGE:
#     python/bench/run.sh DIR [docs/python.md]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
page=${2:+$(realpath "$2")}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
bin=$scratch/venv/bin
install() { "$bin/pip" install --quiet --disable-pip-version-check "$@"; }
install --require-hashes --no-deps --requirement "$here/../requirements/bench.txt"

# wavpack-numcodecs has libraries for some versions of the C library only, and where it finds a WavPack of
# the system takes that, without its headers. So it gets the nearest library, and no path to the system's.
"$bin/pip" download --quiet --no-deps --no-build-isolation --no-binary :all: \
    --dest "$scratch" wavpack-numcodecs==0.3.0
tar -C "$scratch" -xzf "$scratch/wavpack_numcodecs-0.3.0.tar.gz"
wavpack=$scratch/wavpack_numcodecs-0.3.0
libraries=$wavpack/src/wavpack_numcodecs/libraries/5.8.0
wanted=$libraries/linux-x86_64-glibc$(ldd --version | sed -n '1s/.* //p')
[ -d "$wanted" ] || cp -r "$libraries/linux-x86_64-glibc2.35" "$wanted"
mkdir "$scratch/tools"
for tool in ar as cc gcc ld sh x86_64-linux-gnu-gcc; do
    if found=$(command -v "$tool"); then ln -s "$found" "$scratch/tools/"; fi
done
PATH=$scratch/tools install --no-deps --no-build-isolation "$wavpack"

install "$here/.."
"$bin/python" "$here/codecs.py" "$folder" ${page:+"$page"}
