#!/usr/bin/env python3
"""Runs `test_core.py` on the core in a folder that `tierwire export --testbench` wrote.

    python3 testbench/cocotb/run.py FOLDER
"""

import pathlib
import sys

from cocotb_tools.runner import get_results, get_runner


def main(folder):
    folder = pathlib.Path(folder).resolve()
    (bench,) = folder.glob("*_tb.v")
    name = bench.stem
    top = name.removesuffix("_tb")
    runner = get_runner("verilator")
    build = folder / "sim_build"
    runner.build(sources=[folder / f"{top}.v"], hdl_toplevel=top, build_dir=build, always=True)
    results = runner.test(
        test_module="test_core",
        hdl_toplevel=top,
        build_dir=build,
        test_dir=pathlib.Path(__file__).resolve().parent,
        results_xml=str(folder / "results.xml"),
        extra_env={
            "TIERWIRE_SAMPLES": str(folder / f"{name}_samples.hex"),
            "TIERWIRE_WORDS": str(folder / f"{name}_words.hex"),
        },
    )
    run, failed = get_results(results)
    print(f"{run - failed} passed, {failed} failed")
    return 0 if run and not failed else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
