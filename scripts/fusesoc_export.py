#!/usr/bin/env python3
"""FuseSoC's generator: exports a profile's core and test bench, and names the files."""

import pathlib
import subprocess

from fusesoc.capi2.generator import Generator


class Export(Generator):
    def run(self):
        profile = self.config["profile"]
        root = pathlib.Path(self.files_root)
        subprocess.run(
            ["cargo", "run", "--quiet", "--release", "--locked"]
            + ["--manifest-path", str(root / "Cargo.toml"), "--"]
            + ["export", "--profile", profile, "--testbench", "--output", "."],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        top = "tierwire_" + profile.replace("-", "_")
        self.add_files([f"{top}.v"], "rtl", ["lint", "sim"], "verilogSource")
        self.add_files([f"{top}_tb.v"], "bench", ["sim"], "verilogSource")
        vectors = [
            {f"{top}_tb_{what}.hex": {"copyto": f"{top}_tb_{what}.hex"}}
            for what in ("samples", "words")
        ]
        self.add_files(vectors, "vectors", ["sim"], "user")


generator = Export()
generator.run()
generator.write()
