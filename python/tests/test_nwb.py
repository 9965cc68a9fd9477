"""NWB through hdmf-zarr."""

from datetime import UTC, datetime

import numpy as np
import pytest
from samples import recording

hdmf_zarr = pytest.importorskip("hdmf_zarr")
pynwb = pytest.importorskip("pynwb")

from tierwire.zarr import Tierwire


def test_a_series_comes_back(tmp_path):
    samples = recording((10_000, 8))
    written = pynwb.NWBFile("a test", "test", datetime.now(UTC))
    data = hdmf_zarr.ZarrDataIO(
        data=samples, chunks=(3000, 8), serializer=Tierwire(), compressors=False
    )
    written.add_acquisition(pynwb.TimeSeries(name="run", data=data, unit="V", rate=30000.0))
    with hdmf_zarr.NWBZarrIO(str(tmp_path / "run.nwb.zarr"), mode="w") as io:
        io.write(written)
    with hdmf_zarr.NWBZarrIO(str(tmp_path / "run.nwb.zarr"), mode="r") as io:
        array = io.read().acquisition["run"].data
        assert isinstance(array.metadata.codecs[-1], Tierwire)
        assert (np.asarray(array[:]) == samples).all()
