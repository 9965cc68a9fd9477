#!/usr/bin/env python3
"""tierwire, except that what it exports expects one bit of one word to be another."""

import os
import pathlib
import subprocess
import sys

subprocess.run([os.environ["RIGHT_TIERWIRE"], *sys.argv[1:]], check=True)
for file in pathlib.Path(".").glob("*_words.hex"):
    words = file.read_text().split()
    words[100] = f"{int(words[100], 16) ^ 1 << 7:010x}"
    file.write_text("\n".join(words) + "\n")
