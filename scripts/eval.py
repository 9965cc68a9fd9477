#!/usr/bin/env python3
"""Scores a folder of recordings as the challenge did: every file encoded, decoded and compared,
the executables' own bytes counted. Exits with 1 if any file does not come back byte for byte.

Usage: scripts/eval.py DIR [EXECUTABLES]     EXECUTABLES holds encode and decode; built if not named
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile


def there_and_back(executables, file, scratch):
    """Bytes before, bytes after, and what went wrong, if anything did."""
    packed, unpacked = scratch / (file.name + ".packed"), scratch / (file.name + ".unpacked")
    original = file.read_bytes()
    for command in (["encode", file, packed], ["decode", packed, unpacked]):
        done = subprocess.run([executables / command[0], *command[1:]], check=False)
        if done.returncode != 0:
            return len(original), 0, f"{command[0]} ended with {done.returncode}"
    size, same = packed.stat().st_size, unpacked.read_bytes() == original
    packed.unlink()
    unpacked.unlink()
    return len(original), size, None if same else "does not come back byte for byte"


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.strip())
    folder = pathlib.Path(sys.argv[1])
    files = sorted(path for path in folder.iterdir() if path.is_file())
    if not files:
        sys.exit(f"{folder}: no files in it")
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        executables = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else scratch).resolve()
        if len(sys.argv) == 2:
            build = pathlib.Path(__file__).resolve().with_name("build-challenge.sh")
            subprocess.run([build, executables], check=True, stdout=subprocess.DEVNULL)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            outcomes = list(pool.map(lambda f: there_and_back(executables, f, scratch), files))
        binaries = sum((executables / name).stat().st_size for name in ("encode", "decode"))

    failures = 0
    for file, (_, _, wrong) in zip(files, outcomes):
        if wrong:
            failures += 1
            print(f"{file}: {wrong}", file=sys.stderr)
    original = sum(before for before, _, _ in outcomes)
    compressed = sum(after for _, after, _ in outcomes)
    print(f"files                  {len(files)}")
    print(f"mismatches             {failures}")
    print(f"original_bytes         {original}")
    print(f"compressed_bytes       {compressed}")
    print(f"executables_bytes      {binaries}")
    if compressed > 0:
        print(f"ratio                  {original / compressed:.4f}")
    print(f"ratio_with_executables {original / (compressed + binaries):.4f}")
    sys.exit(1 if failures else 0)


main()
