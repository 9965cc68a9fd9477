"""The serializer of zarr 3."""

import json

import numpy as np
import pytest
from samples import DTYPES, recording

zarr = pytest.importorskip("zarr", minversion="3")

from tierwire.zarr import Tierwire


def create(store, samples, chunks, codec=None, **more):
    return zarr.create_array(
        store,
        data=samples,
        chunks=chunks,
        serializer=codec or Tierwire(),
        compressors=None,
        **more,
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "shape,chunks", [((900,), (400,)), ((900, 5), (400, 3)), ((9, 50, 4), (4, 50, 4))]
)
def test_format_3(dtype, shape, chunks, tmp_path):
    samples = recording(shape, dtype)
    create(tmp_path / "a.zarr", samples, chunks)
    opened = zarr.open_array(tmp_path / "a.zarr", mode="r")
    assert opened.dtype == samples.dtype and (opened[:] == samples).all()
    # By the name in the metadata alone.
    assert isinstance(opened.metadata.codecs[-1], Tierwire)


@pytest.mark.parametrize("dtype", [">i2", ">i4"])
def test_big_endian(dtype, tmp_path):
    samples = recording((900, 5), "int16").astype(dtype)
    create(tmp_path / "a.zarr", samples, (400, 5))
    assert (zarr.open_array(tmp_path / "a.zarr")[:] == samples).all()


def test_shards_are_read_chunk_by_chunk(tmp_path):
    samples = recording((12_000, 8))
    create(tmp_path / "a.zarr", samples, (1000, 8), shards=(4000, 8))
    files = [file for file in (tmp_path / "a.zarr" / "c").rglob("*") if file.is_file()]
    assert len(files) == 3
    opened = zarr.open_array(tmp_path / "a.zarr", mode="r")
    assert (opened[:] == samples).all()
    assert (opened[3990:4010, 3] == samples[3990:4010, 3]).all()


def test_its_metadata_is_whole(tmp_path):
    create(tmp_path / "a.zarr", recording((900, 5)), (400, 5), Tierwire(max_error=2))
    metadata = json.loads((tmp_path / "a.zarr" / "zarr.json").read_text())
    assert metadata["codecs"][-1] == {"name": "tierwire", "configuration": {"max_error": 2}}
    assert Tierwire.from_dict(metadata["codecs"][-1]) == Tierwire(max_error=2)
    assert Tierwire.from_dict({"name": "tierwire"}) == Tierwire()
    samples = recording((900, 5))
    create(tmp_path / "b.zarr", samples, (400, 5), Tierwire(best=True))
    metadata = json.loads((tmp_path / "b.zarr" / "zarr.json").read_text())
    assert metadata["codecs"][-1]["configuration"] == {"max_error": 0, "best": True}
    assert (zarr.open_array(tmp_path / "b.zarr")[:] == samples).all()


def test_chunks_never_written_are_fill_values(tmp_path):
    array = zarr.create_array(
        tmp_path / "a.zarr",
        shape=(900, 5),
        chunks=(400, 5),
        dtype="int16",
        fill_value=7,
        serializer=Tierwire(),
        compressors=None,
    )
    array[:400] = 3
    assert (array[:400] == 3).all() and (array[400:] == 7).all()


def test_floats_are_refused(tmp_path):
    with pytest.raises(TypeError, match="float32 cannot be compressed"):
        create(tmp_path / "a.zarr", np.zeros((9, 2), "float32"), (9, 2))
