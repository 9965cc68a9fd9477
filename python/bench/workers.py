"""How much faster more workers are: the example's three steps on a Dask cluster of this machine.

    python python/bench/workers.py RUN [PAGE]

RUN is a recorder's file. It is repeated until it is ten seconds long.
"""

import os
import pathlib
import sys
import tempfile
import time

import dask.array as da
import numpy as np
import page
import tierwire
from dask.distributed import Client, LocalCluster

EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"
sys.path.insert(0, str(EXAMPLES))
import cluster as example

SECONDS = 10
WORKERS = [1, 2, 4]


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def read(store):
    """Decodes every chunk; only sums are sent back."""
    da.from_zarr(store).sum(axis=0, dtype=np.int64).compute()


def filter(store):
    """Decodes and filters every chunk."""
    example.filtered(store).std(axis=0).compute()


def main():
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        twr, store = f"{scratch}/run.twr", f"{scratch}/run.zarr"
        tierwire.compress(sys.argv[1], twr)
        run = tierwire.open(twr)
        times = round(SECONDS * run.rate / len(run))
        long = np.tile(run[:], (times, 1))
        pathlib.Path(twr).write_bytes(tierwire.encode(long, rate=run.rate))
        for workers in WORKERS:
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None
                ) as cluster,
                Client(cluster) as client,
            ):
                client.upload_file(str(EXAMPLES / "cluster.py"))
                # The workers import what they need before the clock runs.
                client.run(lambda: __import__("tierwire.zarr"))
                steps = [
                    timed(lambda: example.compress(twr, store)),
                    timed(lambda: read(store)),
                    timed(lambda: filter(store)),
                ]
            rows.append([str(workers), *(f"{long.nbytes / 1e6 / t:.0f}" for t in steps)])
    cores = len(os.sched_getaffinity(0))
    head = ["workers", "decode and compress, MB/s", "read, MB/s", "read and filter, MB/s"]
    text = page.table(head, rows) + f"\n{long.nbytes / 1e6:.0f} MB of samples, {cores} cores.\n"
    print(text, end="")
    if len(sys.argv) > 2:
        page.write(sys.argv[2], "python/bench/workers.py RUN docs/python.md", text)


if __name__ == "__main__":
    main()
