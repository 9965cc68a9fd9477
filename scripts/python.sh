#!/usr/bin/env bash
# Builds the Python wheel and tests it in fresh virtual environments:
#     scripts/python.sh          zarr 3 and Dask, with this machine's Python and the oldest supported
#     scripts/python.sh all      also SpikeInterface (zarr 2) and NWB (hdmf-zarr)
# Requirements are pinned in python/requirements; `scripts/python.sh pin` pins them anew.
set -euo pipefail
cd "$(dirname "$0")/../python"

step() { printf '\n== %s\n' "$*"; }

case "${1:-}" in "" | all | pin) ;; *) echo "usage: scripts/python.sh [all | pin]" >&2 && exit 2 ;; esac
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A virtual environment with pinned packages: environment NAME PYTHON
environment() {
    "$2" -m venv "$scratch/$1"
    "$scratch/$1/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps \
        --requirement "requirements/${1%%-*}.txt"
}

if [ "${1:-}" = pin ]; then
    python3 -m venv "$scratch/uv"
    "$scratch/uv/bin/pip" install --quiet uv
    for wanted in requirements/*.in; do
        version=3.11
        # What hdmf-zarr needs has no older Python.
        if [ "$wanted" = requirements/nwb.in ]; then version=3.12; fi
        "$scratch/uv/bin/uv" pip compile --quiet --universal --python-version "$version" \
            --generate-hashes --no-header --upgrade "$wanted" -o "${wanted%.in}.txt"
    done
    exit 0
fi

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

# A Python of this version, also where pyenv has it and another one is chosen.
find_python() {
    local found
    for found in "python$1" "$(command -v pyenv >/dev/null && pyenv root)/versions/$1".*/bin/python; do
        if [ "$(version_of "$found")" = "$1" ]; then echo "$found" && return; fi
    done
    return 1
}

oldest=$(sed -n 's/^requires-python = ">=\(.*\)"/\1/p' pyproject.toml)
pythons=(python3)
if [ "$(version_of python3)" != "$oldest" ]; then
    if python=$(find_python "$oldest"); then
        pythons+=("$python")
    else
        echo "PYTHON $oldest IS MISSING: the wheel is NOT tested on the oldest Python that it supports" >&2
        if [ -n "${CI:-}" ]; then exit 1; fi
    fi
fi

step "format and lint"
environment build python3
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/../target}/python
cargo fmt --check
"$scratch/build/bin/ruff" format --check
"$scratch/build/bin/ruff" check

step "build the wheel"
export PYO3_PYTHON=$scratch/build/bin/python
cargo clippy --release --locked -- -D warnings
PATH=$scratch/build/bin:$PATH "$scratch/build/bin/pip" wheel --quiet --disable-pip-version-check \
    --no-build-isolation --no-deps --wheel-dir "$scratch/wheel" .
ls "$scratch/wheel"

# Tests and, of modules that this environment has the packages for, the examples in the documentation:
# check ENVIRONMENT PYTHON TESTS EXAMPLES
check() {
    step "test: $1, Python $("$2" -c 'import platform; print(platform.python_version())')"
    environment "$1" "$2"
    "$scratch/$1/bin/pip" install --quiet --disable-pip-version-check --no-deps "$scratch"/wheel/*.whl
    local packages tests examples
    packages=$("$scratch/$1/bin/python" -c 'import tierwire; print(tierwire.__path__[0])')
    read -ra tests <<<"$3"
    read -ra examples <<<"$4"
    "$scratch/$1/bin/pytest" -q "${tests[@]/#/tests/}"
    (cd "$scratch" && "$scratch/$1/bin/pytest" -q -c "$OLDPWD/pyproject.toml" --rootdir "$packages" \
        --doctest-modules "${examples[@]/#/$packages/}")
}

core="test_arrays.py test_files.py test_recording.py"
for python in "${pythons[@]}"; do
    check "test-$(version_of "$python")" "$python" "$core test_numcodecs.py test_zarr.py test_dask.py" \
        "arrays.py files.py recording.py numcodecs.py zarr.py"
done
if [ "${1:-}" = all ]; then
    check "spikeinterface-$(version_of python3)" python3 \
        "$core test_numcodecs.py test_spikeinterface.py" "numcodecs.py"
    if python=$(find_python 3.12); then
        check nwb-3.12 "$python" "test_nwb.py test_zarr.py" "zarr.py"
    else
        echo "PYTHON 3.12 IS MISSING: NWB is NOT tested" >&2
        if [ -n "${CI:-}" ]; then exit 1; fi
    fi
fi

environment_types=$(echo "$scratch"/test-*/bin/python | cut -d' ' -f1)
"$scratch/build/bin/mypy" --python-executable "$environment_types" package/tierwire

step "all Python checks passed"
