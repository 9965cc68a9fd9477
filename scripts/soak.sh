#!/usr/bin/env bash
# Runs the random tests with new seeds, one test after the other, until the time is over; stops at
# the first failure:
#     scripts/soak.sh [SECONDS]
# Each line names a test and its seed. `TIERWIRE_SEED=SEED PROPTEST_RNG_SEED=SEED cargo test TEST`
# repeats it.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
packages=(golden-model testbench fuzz challenge)

# What a test file draws its random numbers from.
random='seed(\|proptest!\|TIERWIRE_SEED'
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# PROGRAM FOLDER TEST for each random test of each package.
tests=()
for package in "${packages[@]}"; do
    while read -r program; do
        while read -r name; do
            # The test's module is its file: src/NAME.rs, tests/NAME.rs or the program's own.
            module=${name%%::*}
            own=$(basename "$program" | sed 's/-[0-9a-f]*$//')
            files=("$package/src/$module.rs" "$package/tests/$module.rs" "$package/tests/$own.rs")
            if grep -qs "$random" "${files[@]}"; then tests+=("$program $package $name"); fi
        done < <("$program" --list --format terse | sed -n 's/: test$//p')
    done < <(cargo test --locked --no-run --package "$package" --lib --tests 2>&1 |
        tee "$log" | sed -n 's/.*Executable.*(\(.*\))$/\1/p')
done
if [ "${#tests[@]}" = 0 ]; then
    cat "$log" >&2
    echo "no random test was found" >&2
    exit 1
fi

end=$((SECONDS + seconds))
runs=0
while [ "$SECONDS" -lt "$end" ]; do
    mapfile -t round < <(printf '%s\n' "${tests[@]}" | shuf)
    for test in "${round[@]}"; do
        [ "$SECONDS" -lt "$end" ] || break
        read -r program package name <<<"$test"
        seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
        echo "seed $seed: $package $name"
        program=$(realpath "$program")
        if ! (cd "$package" && CARGO_MANIFEST_DIR=$PWD TIERWIRE_SEED=$seed PROPTEST_RNG_SEED=$seed \
            "$program" --exact "$name") >"$log" 2>&1; then
            cat "$log"
            echo "FAILED with TIERWIRE_SEED=$seed PROPTEST_RNG_SEED=$seed: $package $name"
            exit 1
        fi
        runs=$((runs + 1))
    done
done
echo "$runs runs of ${#tests[@]} random tests, none failed"
