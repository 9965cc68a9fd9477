"""Samples of .twr files."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
import tierwire
from samples import recording

NAMES = [f"ch{channel}" for channel in range(5)]


@pytest.fixture(scope="module")
def samples():
    return recording((100_000, 5), "int16")


@pytest.fixture(scope="module")
def path(samples, tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "run.twr"
    path.write_bytes(tierwire.encode(samples, rate="29999.4325", channel_names=NAMES))
    return path


def test_what_is_known_of_it(samples, path):
    opened = tierwire.open(path)
    assert opened.shape == samples.shape and opened.ndim == 2 and len(opened) == len(samples)
    assert opened.dtype == samples.dtype
    assert opened.size == samples.size and opened.nbytes == samples.nbytes
    assert opened.rate == 29999.4325 and opened.info.rate == Fraction("29999.4325")
    assert opened.channel_names == tuple(NAMES)
    assert "100000 samples of 5 channels" in repr(opened)
    assert (np.asarray(opened) == samples).all()
    assert np.asarray(opened, dtype="float32").dtype == np.float32


@pytest.mark.parametrize(
    "key",
    [
        5,
        -1,
        slice(None),
        slice(10, 20),
        slice(29_990, 60_010),
        slice(-5, None),
        slice(None, None, 30_001),
        slice(50, 10, -3),
        slice(None, None, -1),
        slice(20, 10),
        (slice(5, 8), 2),
        (5, 2),
        (5, slice(1, 3)),
        (slice(5, 8), slice(None, None, -2)),
        (slice(29_998, 30_003), [4, 0, -1]),
        (slice(5, 8), np.array([True, False, False, True, False])),
        (slice(5, 8), []),
        (slice(8, 8), [1]),
        ...,
        (..., 3),
        (7, ...),
        (slice(3), ..., 1),
    ],
)
def test_it_is_indexed_like_an_array(samples, path, key):
    for threads in [1, 3]:
        piece = tierwire.open(path, threads=threads)[key]
        expected = samples[key]
        assert piece.shape == expected.shape and piece.dtype == expected.dtype
        assert (piece == expected).all()


@pytest.mark.parametrize(
    "key", [100_000, -100_001, (0, 5), (0, [5]), (0, 0, 0), [1, 2], (0, [0.5]), (0, [[1]])]
)
def test_wrong_indices_are_refused(path, key):
    with pytest.raises(IndexError):
        tierwire.open(path)[key]


def test_only_what_is_needed_is_decoded(samples, path, tmp_path):
    data = bytearray(path.read_bytes())
    # Damage in the last stretch.
    data[int(len(data) * 0.95)] ^= 1
    damaged = tmp_path / "damaged.twr"
    damaged.write_bytes(data)
    opened = tierwire.open(damaged)
    assert (opened[:60_000] == samples[:60_000]).all()
    with pytest.raises(tierwire.Error, match="damaged.twr: corrupt"):
        opened[99_000:]


def test_many_threads_read_one_recording(samples, path):
    opened = tierwire.open(path, threads=1)
    starts = [start * 997 % 99_000 for start in range(40)]

    def is_right(start):
        return (opened[start : start + 1000] == samples[start : start + 1000]).all()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(is_right, starts))


def test_it_is_pickled(samples, path):
    again = pickle.loads(pickle.dumps(tierwire.open(path)))
    assert (again[:10] == samples[:10]).all()


def test_reasons_name_the_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="none.twr"):
        tierwire.open(tmp_path / "none.twr")
    (tmp_path / "other.twr").write_bytes(b"RIFF")
    with pytest.raises(tierwire.Error, match="other.twr: not a .twr file"):
        tierwire.open(tmp_path / "other.twr")
    (tmp_path / "one.twr").write_bytes(tierwire.encode(recording((9, 1))))
    with pytest.raises(IndexError, match="no group 1"):
        tierwire.open(tmp_path / "one.twr", group=1)


def test_dask_takes_it_as_an_array(samples, path):
    da = pytest.importorskip("dask.array")
    opened = tierwire.open(path)
    array = da.from_array(opened, chunks=opened.chunks)
    assert array.chunks[0][0] == opened.info.stretch
    assert (array.sum(axis=0).compute() == samples.sum(axis=0)).all()
