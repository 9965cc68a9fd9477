#!/usr/bin/env python3
"""Checks a configuration written by `tierwire silicon --flow` against LibreLane's own keys.

usage: scripts/flow-keys.py DIR/config.json

Fetches the wheel of LibreLane, without what it depends on, and compares every key with the
variables that its steps declare.
"""
import json, pathlib, re, subprocess, sys, tempfile, zipfile

LIBRELANE = "librelane==3.0.17"
# What is declared as `Variable("KEY", ...)`; fewer would mean that it is declared in another way now.
FEWEST = 300

with tempfile.TemporaryDirectory() as folder:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    subprocess.run([*pip, LIBRELANE], check=True)
    (wheel,) = pathlib.Path(folder).glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        texts = [files.read(name).decode() for name in files.namelist() if name.endswith(".py")]
known = {key for text in texts for key in re.findall(r'Variable\(\s*"([A-Z][A-Z0-9_]+)"', text)}
if len(known) < FEWEST:
    sys.exit(f"{LIBRELANE}: only {len(known)} keys found")
unknown = set(json.loads(pathlib.Path(sys.argv[1]).read_text())) - known
if unknown:
    sys.exit(f"{LIBRELANE} does not know {', '.join(sorted(unknown))}")
print(f"every key is known to {LIBRELANE}")
