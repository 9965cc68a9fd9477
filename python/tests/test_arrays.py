"""Arrays into bytes and back."""

import threading

import numpy as np
import pytest
import tierwire
from samples import DTYPES, recording
from tierwire.arrays import encode_chunk


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(0,), (1,), (5000,), (0, 3), (1, 1), (3000, 5), (40, 3, 7)])
def test_every_array_comes_back(dtype, shape):
    array = recording(shape, dtype)
    decoded = tierwire.decode(tierwire.encode(array))
    assert decoded.dtype == array.dtype and decoded.shape == array.shape
    assert (decoded == array).all()
    assert decoded.flags.writeable


@pytest.mark.parametrize("dtype", DTYPES)
def test_extreme_samples_come_back(dtype):
    limits = np.iinfo(dtype)
    random = np.random.default_rng(1)
    array = random.integers(limits.min, limits.max, (2000, 3), dtype, endpoint=True)
    array[::7] = limits.min
    array[::11] = limits.max
    assert (tierwire.decode(tierwire.encode(array)) == array).all()


def test_any_order_in_memory_is_taken():
    array = recording((4000, 6), "int16")
    views = [
        np.asfortranarray(array),
        array[::-1],
        array[::3, 1::2],
        array.T,
        array.astype(">i2"),
    ]
    data = [tierwire.encode(view) for view in views]
    for view, encoded in zip(views, data):
        assert (tierwire.decode(encoded) == view).all()
    # What is stored does not depend on it.
    assert data[0] == tierwire.encode(array)


@pytest.mark.parametrize(
    "array", [[1.5], np.zeros(3, "int64"), np.zeros(3, "uint32"), ["a"], [True]]
)
def test_what_is_no_sample_is_refused(array):
    with pytest.raises(TypeError, match="cannot be compressed, only int8"):
        tierwire.encode(array)


def test_wrong_arguments_are_refused_with_the_reason():
    array = recording((100, 2), "int16")
    for arguments, reason in [
        ({"rate": 0}, "no rate"),
        ({"rate": -5}, "no rate"),
        ({"rate": float("nan")}, "no rate"),
        ({"channel_names": ["one"]}, "1 names for 2 channels"),
        ({"threads": 0}, "0 threads"),
    ]:
        with pytest.raises(ValueError, match=reason):
            tierwire.encode(array, **arguments)
    with pytest.raises(tierwire.Error, match="70000 channels"):
        tierwire.encode(np.zeros((1, 70000), "int16"))
    with pytest.raises(TypeError, match="no array"):
        tierwire.encode(np.int16(5))


def test_damage_is_found():
    data = tierwire.encode(recording((3000, 4), "int16"))
    for at in range(0, len(data), max(1, len(data) // 200)):
        damaged = bytearray(data)
        damaged[at] ^= 0x10
        with pytest.raises(tierwire.Error):
            tierwire.decode(damaged)
    for length in [0, 3, 50, len(data) - 1]:
        with pytest.raises(tierwire.Error):
            tierwire.decode(data[:length])


def test_near_lossless_keeps_its_bound():
    array = recording((3000, 4), "int16")
    data = tierwire.encode(array, max_error=3)
    error = tierwire.decode(data).astype(int) - array
    assert 0 < abs(error).max() <= 3
    assert len(data) < len(tierwire.encode(array))


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_best_ratio_is_smaller_and_comes_back(dtype):
    # Of few values: how often each comes is soon known.
    array = (recording((30_000, 4), "uint8") // 2).astype(dtype)
    data = tierwire.encode(array, best=True)
    assert (tierwire.decode(data) == array).all()
    assert len(data) < len(tierwire.encode(array))


def test_the_number_of_threads_changes_no_byte():
    array = recording((140_000, 2), "int16")
    data = tierwire.encode(array, threads=1)
    assert data == tierwire.encode(array, threads=3)
    for threads in [1, 2, 7]:
        assert (tierwire.decode(data, threads=threads) == array).all()


def test_other_threads_run_meanwhile():
    array = recording((60_000, 16), "int16")
    counted = 0
    done = threading.Event()

    def count():
        nonlocal counted
        while not done.is_set():
            counted += 1
            done.wait(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    before = counted
    tierwire.encode(array, threads=1)
    during = counted - before
    done.set()
    counter.join()
    assert during > 3


def test_a_small_chunk_has_small_tables():
    # 60 kB: a second of one channel.
    chunk = recording((30_000, 1), "int16")
    data = encode_chunk(chunk)
    assert (tierwire.decode(data) == chunk).all()
    # "TWR", 3; then the item with the tables: kind, length in two bytes, payload, checksum.
    assert data[4] == 1 and data[6] < 0x80
    tables = (data[5] & 0x7F) + (data[6] << 7)
    assert 0 < tables <= 0.003 * chunk.nbytes
