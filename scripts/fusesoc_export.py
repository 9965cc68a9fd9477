#!/usr/bin/env python3
"""FuseSoC's generator: exports a profile's core and test bench, and names the files.

Cargo builds the program that exports; the variable TIERWIRE may name one that is built already.
"""

import os
import pathlib
import subprocess

from fusesoc.capi2.generator import Generator


class Export(Generator):
    def run(self):
        profile = self.config["profile"]
        manifest = pathlib.Path(self.files_root) / "Cargo.toml"
        cargo = ["cargo", "run", "--quiet", "--release", "--locked", "--manifest-path", manifest, "--"]
        tierwire = [os.environ["TIERWIRE"]] if "TIERWIRE" in os.environ else cargo
        export = ["export", "--profile", profile, "--testbench", "--output", "."]
        subprocess.run(tierwire + export, check=True, stdout=subprocess.DEVNULL)
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
