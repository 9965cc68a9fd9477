"""Compresses, reads and filters a recording on a Dask cluster.

    python examples/cluster.py run.twr run.zarr --workers 4

The cluster here is of this machine's own processes; README says how to name another one. Every worker
needs tierwire installed and the files within its reach.
"""

import argparse

import dask.array as da
import numpy as np
import tierwire
from dask.distributed import Client, LocalCluster
from tierwire.zarr import Tierwire

#: Samples on each side that the filter looks at.
REACH = 150


def compress(path, store):
    """A .twr file into zarr, a chunk of a second at a time: every worker decodes its own stretches."""
    recording = tierwire.open(path, threads=1)
    array = da.from_array(recording, chunks=recording.chunks, inline_array=True)
    array.to_zarr(store, mode="w", serializer=Tierwire(), compressors=None)


def high_pass(samples):
    """Samples less their mean over 10 ms."""
    sums = np.cumsum(samples, axis=0, dtype=np.int64)
    width = 2 * REACH + 1
    sums = np.concatenate([np.zeros_like(sums[:1]), sums])
    means = (sums[width:] - sums[:-width]) / width
    filtered = np.zeros(samples.shape, np.float32)
    filtered[REACH:-REACH] = samples[REACH:-REACH] - means
    return filtered


def filtered(store):
    """The recording in zarr, filtered; nothing is done until it is computed."""
    return da.from_zarr(store).map_overlap(
        high_pass, depth=(REACH, 0), boundary="reflect", dtype=np.float32
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("twr")
    parser.add_argument("zarr")
    parser.add_argument("--workers", type=int, default=4)
    arguments = parser.parse_args()
    with (
        LocalCluster(n_workers=arguments.workers, threads_per_worker=1) as cluster,
        Client(cluster),
    ):
        compress(arguments.twr, arguments.zarr)
        noise = filtered(arguments.zarr).std(axis=0).compute()
    print("noise of each channel, in steps:", np.round(noise, 2))


if __name__ == "__main__":
    main()
