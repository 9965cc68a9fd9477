"""The codec for numcodecs, by itself and in zarr."""

import numcodecs
import numpy as np
import pytest
import zarr
from numcodecs.registry import get_codec
from samples import DTYPES, recording
from tierwire.numcodecs import Tierwire

# Format 2 of zarr is written by both.
ZARR_3 = int(zarr.__version__.split(".")[0]) >= 3


def create(store, array, chunks, codec):
    """An array of zarr, format 2."""
    if ZARR_3:
        made = zarr.create_array(
            store,
            shape=array.shape,
            chunks=chunks,
            dtype=array.dtype,
            zarr_format=2,
            compressors=codec,
            filters=None,
        )
    else:
        made = zarr.create(
            array.shape, chunks=chunks, dtype=array.dtype, compressor=codec, store=store
        )
    made[:] = array
    return made


def test_its_entry_point_is_enough():
    codec = get_codec({"id": "tierwire", "max_error": 2})
    assert codec == Tierwire(max_error=2)
    assert codec.get_config() == {"id": "tierwire", "max_error": 2}
    assert numcodecs.get_codec(Tierwire().get_config()) == Tierwire()


def test_the_best_ratio_is_in_the_config():
    best = Tierwire(best=True)
    assert best.get_config() == {"id": "tierwire", "max_error": 0, "best": True}
    assert get_codec(best.get_config()) == best
    chunk = recording((30_000, 4), "uint8")
    assert len(best.encode(chunk)) < len(Tierwire().encode(chunk))
    assert (np.asarray(Tierwire().decode(best.encode(chunk))).reshape(chunk.shape) == chunk).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(500,), (500, 3), (20, 30, 4)])
def test_chunks_come_back(dtype, shape):
    chunk = recording(shape, dtype)
    for given in [chunk, np.asfortranarray(chunk)]:
        decoded = Tierwire().decode(Tierwire().encode(given))
        assert (np.asarray(decoded).reshape(shape) == chunk).all()
    out = np.empty(shape, dtype)
    assert Tierwire().decode(Tierwire().encode(chunk), out=out) is out
    assert (out == chunk).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_zarr_format_2(dtype, tmp_path):
    samples = recording((10_000, 6), dtype)
    create(str(tmp_path / "a.zarr"), samples, (3000, 6), Tierwire())
    opened = zarr.open(str(tmp_path / "a.zarr"), mode="r")
    assert (opened[:] == samples).all()
    assert (opened[2990:3010, 2:5] == samples[2990:3010, 2:5]).all()
    stored = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
    assert stored < samples.nbytes


def test_damage_is_an_error():
    data = bytearray(Tierwire().encode(recording((500, 2))))
    data[len(data) // 2] ^= 1
    with pytest.raises(ValueError, match="corrupt"):
        Tierwire().decode(data)


def test_floats_are_refused():
    with pytest.raises(TypeError, match="float32 cannot be compressed"):
        Tierwire().encode(np.zeros((3, 2), "float32"))
