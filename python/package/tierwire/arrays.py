"""Arrays into bytes and back."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tierwire import _core

if TYPE_CHECKING:
    from typing_extensions import Buffer

#: NumPy's names of what is compressed, and tierwire's.
FORMATS = {"int8": "i8", "uint8": "u8", "int16": "i16", "uint16": "u16", "int32": "i32"}
#: The same the other way; samples of 24 bits are read as 32.
DTYPES: dict[str, np.dtype[Any]] = {
    "i8": np.dtype("i1"),
    "u8": np.dtype("u1"),
    "i16": np.dtype("<i2"),
    "u16": np.dtype("<u2"),
    "i24": np.dtype("<i4"),
    "i32": np.dtype("<i4"),
}

#: Channels that an array can have.
_MOST_CHANNELS = 65535
#: Samples per second of a chunk, which does not know its own: so many rows are decoded together.
_CHUNK_RATE = 30000
#: Samples that are coded for trial to choose a predictor: of an array, and of a chunk, which is to be
#: done sooner and takes 0.1 % more room at most.
_LOOKED_AT, _LOOKED_AT_OF_CHUNK = 1 << 21, 1 << 18
#: What an array is called when it is restored as a file.
_NAME = "array.npy"

Rate = float | str | Fraction


def encode(
    array: npt.ArrayLike,
    *,
    rate: Rate = 30000,
    channel_names: Sequence[str] | None = None,
    max_error: int = 0,
    best: bool = False,
    threads: int | None = None,
) -> bytes:
    """Compresses an array of samples: the bytes of a ``.twr`` file.

    Rows are samples, columns are channels; an array of one dimension is one channel. Of more
    dimensions, the last one is the channels. The array may lie in memory in any way. Other threads run
    meanwhile.

    :param rate: samples per second of a channel.
    :param channel_names: a name for each channel.
    :param max_error: the largest error of a sample, in steps of the converter that made them; 0: none.
    :param best: the best ratio; several times slower, also to decode.
    :param threads: how many to use; ``None``: one for each core.
    :raises TypeError: the samples are not int8, uint8, int16, uint16 or int32.
    :raises tierwire.Error: too many channels, or an impossible rate.

    >>> import numpy as np, tierwire
    >>> samples = np.arange(60000, dtype="int16").reshape(-1, 4)
    >>> data = tierwire.encode(samples, rate=30000)
    >>> len(data) < samples.nbytes / 10
    True
    >>> bool((tierwire.decode(data) == samples).all())
    True
    """
    array = np.asarray(array)
    if array.ndim == 0:
        raise TypeError("a single number is no array of samples")
    array = _plain(array)
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
    return _encode(
        array,
        rate=rate,
        channel_names=channel_names,
        max_error=max_error,
        best=best,
        threads=threads,
        name=_NAME,
        head=head.getvalue(),
        looked_at=_LOOKED_AT,
    )


def encode_chunk(
    array: npt.NDArray[Any], max_error: int = 0, threads: int = 1, best: bool = False
) -> bytes:
    """A chunk of a larger array, which knows the chunk's shape."""
    return _encode(
        _plain(array),
        rate=_CHUNK_RATE,
        channel_names=None,
        max_error=max_error,
        best=best,
        threads=threads,
        name="chunk",
        head=b"",
        looked_at=_LOOKED_AT_OF_CHUNK,
    )


def _plain(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Little endian, and in C order."""
    if array.dtype.name not in FORMATS:
        raise TypeError(f"{array.dtype.name} cannot be compressed, only {', '.join(FORMATS)}")
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)


def _encode(
    array: npt.NDArray[Any],
    *,
    rate: Rate,
    channel_names: Sequence[str] | None,
    max_error: int,
    best: bool,
    threads: int | None,
    name: str,
    head: bytes,
    looked_at: int,
) -> bytes:
    """A plain array as a file ``name`` of ``head`` and samples."""
    channels = array.shape[-1] if array.ndim > 1 else 1
    if channels > _MOST_CHANNELS:
        raise _core.Error(f"{channels} channels, {_MOST_CHANNELS} at most")
    if channel_names is not None and len(channel_names) != channels:
        raise ValueError(f"{len(channel_names)} names for {channels} channels")
    return _core.encode(
        array.reshape(-1).view(np.uint8),
        format=FORMATS[array.dtype.name],
        # An array without channels has no samples either.
        channels=max(channels, 1),
        rate=rate_text(rate),
        name=name,
        head=head,
        names=None if channel_names is None else list(channel_names),
        max_error=max_error,
        best=best,
        looked_at=looked_at,
        threads=thread_count(threads),
    )


def decode(data: Buffer, *, threads: int | None = None) -> npt.NDArray[Any]:
    """The array that :func:`encode` was given; of other ``.twr`` files, the samples.

    Of a recording with several groups of channels it is the one with the most samples; see
    :func:`tierwire.open` for the others.

    :param threads: how many to use; ``None``: one for each core.
    :raises tierwire.Error: the data is damaged, or no ``.twr`` file of version 3 or 4.

    >>> import tierwire
    >>> data = tierwire.encode([[1, 2], [3, 4]], rate="29999.4325")
    Traceback (most recent call last):
      ...
    TypeError: int64 cannot be compressed, only int8, uint8, int16, uint16, int32
    >>> tierwire.decode(b"nothing")
    Traceback (most recent call last):
      ...
    tierwire.Error: not a .twr file of version 3 or 4
    """
    from tierwire.recording import Recording

    recording = Recording(_core.Archive.of(data), threads=threads)
    if recording.groups and recording.info.file != _NAME:
        return np.asarray(recording)
    name, restored = _core.restore(data, thread_count(threads))
    if name != _NAME:
        raise _core.Error(f"there are no samples in it, but {name}")
    return _from_npy(restored)


def _from_npy(restored: bytearray) -> npt.NDArray[Any]:
    """The array in a ``.npy`` file."""
    file = io.BytesIO(restored)
    try:
        np.lib.format.read_magic(file)
        shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
        array = np.frombuffer(restored, dtype, offset=file.tell())
        return array.reshape(shape, order="F" if fortran_order else "C")
    except ValueError as error:
        raise _core.Error(f"no array: {error}") from error


def rate_text(rate: Rate) -> str:
    """A rate as tierwire reads it: the shortest decimals that mean it, or a fraction."""
    if isinstance(rate, str):
        return rate
    if isinstance(rate, Fraction):
        return f"{rate.numerator}/{rate.denominator}"
    return np.format_float_positional(float(rate), trim="-")


def thread_count(threads: int | None) -> int:
    """How many threads that is."""
    if threads is None:
        usable = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))
        return len(usable(0))
    if threads < 1:
        raise ValueError(f"{threads} threads")
    return threads
