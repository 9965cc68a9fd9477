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
        self.add_files([f"{top}.v"], "rtl", file_type="verilogSource")
        if self.config.get("testbench"):
            self.add_files([f"{top}_tb.v"], "bench", file_type="verilogSource")
            names = [f"{top}_tb_{what}.hex" for what in ("samples", "words")]
            # To where the simulation runs.
            vectors = [{name: {"copyto": name}} for name in names]
            self.add_files(vectors, "vectors", file_type="user")


generator = Export()
generator.run()
generator.write()
