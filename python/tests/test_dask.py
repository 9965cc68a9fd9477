"""A recording on a cluster of four workers: compressed, read, filtered."""

import pathlib
import sys

import numpy as np
import pytest
import tierwire
from samples import recording

da = pytest.importorskip("dask.array")
distributed = pytest.importorskip("distributed")

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "examples"))
import cluster as example

WORKERS = 4


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        # The workers get the example's functions from this process, by value.
        client.upload_file(example.__file__)
        yield client


def test_four_workers_compress_read_and_filter(client, tmp_path):
    samples = recording((12 * 20_000, 8))
    (tmp_path / "run.twr").write_bytes(tierwire.encode(samples, rate=20_000))

    example.compress(tmp_path / "run.twr", tmp_path / "run.zarr")
    read = da.from_zarr(tmp_path / "run.zarr")
    assert read.numblocks == (12, 1)
    assert (read.compute() == samples).all()
    stored = sum(f.stat().st_size for f in (tmp_path / "run.zarr").rglob("*") if f.is_file())
    assert stored < samples.nbytes / 1.5

    filtered = example.filtered(tmp_path / "run.zarr").compute()
    padded = np.pad(samples, [(example.REACH, example.REACH), (0, 0)], mode="symmetric")
    alone = example.high_pass(padded)[example.REACH : -example.REACH]
    assert filtered == pytest.approx(alone, abs=0.01)

    executed = client.run(lambda dask_worker: dask_worker.state.executed_count)
    assert len(executed) == WORKERS and min(executed.values()) > 0
