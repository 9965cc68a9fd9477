#!/usr/bin/env bash
# Runs the random tests of the workspace with new seeds, one test after the other, until the time is
# over; stops at the first failure:
#     scripts/soak.sh [SECONDS]
# Each line has a seed and its test. To repeat a test: set TIERWIRE_SEED and PROPTEST_RNG_SEED to the
# seed, and run `cargo test -p PACKAGE TEST`.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Of every test program: executable, its package's folder, its main file.
programs=$(cargo test --workspace --locked --no-run --message-format json 2>"$log" | python3 -c '
import json, os, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("executable") and message["profile"]["test"]:
        folder = os.path.dirname(message["manifest_path"])
        print(message["executable"], folder, message["target"]["src_path"], sep="\t")
') || { cat "$log" >&2; exit 1; }

# The random tests: those of a module that has a seed or properties.
random='seed(\|proptest!\|TIERWIRE_SEED'
tests=()
while IFS=$'\t' read -r program folder main; do
    while read -r name; do
        module=$main
        case $name in *::*) module=$(dirname "$main")/${name%%::*}.rs ;; esac
        if grep -qs "$random" "$module"; then tests+=("$program"$'\t'"$folder"$'\t'"$name"); fi
    done < <("$program" --list --format terse | sed -n 's/: test$//p')
done <<<"$programs"
[ "${#tests[@]}" -gt 0 ] || { echo "no random test was found" >&2; exit 1; }

end=$((SECONDS + seconds))
runs=0
while [ "$SECONDS" -lt "$end" ]; do
    mapfile -t round < <(printf '%s\n' "${tests[@]}" | shuf)
    for test in "${round[@]}"; do
        [ "$SECONDS" -lt "$end" ] || break
        IFS=$'\t' read -r program folder name <<<"$test"
        seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
        echo "seed $seed: $(basename "$folder") $name"
        export TIERWIRE_SEED=$seed PROPTEST_RNG_SEED=$seed CARGO_MANIFEST_DIR=$folder
        ended=0
        (cd "$folder" && timeout $((end - SECONDS + 30)) "$program" --exact "$name") >"$log" 2>&1 || ended=$?
        if [ "$ended" = 124 ]; then
            echo "the time is over: the last test did not end"
        elif [ "$ended" != 0 ]; then
            cat "$log"
            echo "FAILED: TIERWIRE_SEED=$seed PROPTEST_RNG_SEED=$seed cargo test -p $(basename "$folder") $name"
            exit 1
        else
            runs=$((runs + 1))
        fi
    done
done
echo "$runs runs of ${#tests[@]} random tests with new seeds, none failed"
