"""Samples of ``.twr`` files."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from tierwire import _core
from tierwire.arrays import DTYPES, thread_count

Rows = int | slice
Channels = int | slice | Sequence[int] | npt.NDArray[Any]


@dataclass(frozen=True)
class Group:
    """Channels of a recording that are sampled together."""

    #: The file that holds them.
    file: str
    dtype: np.dtype[Any]
    #: Samples and channels.
    shape: tuple[int, int]
    #: Samples per second of a channel, exactly.
    rate: Fraction
    channel_names: tuple[str, ...]
    #: Microvolts per step of each channel, where the recorder says so.
    microvolts: tuple[float | None, ...]
    #: Samples that are decoded together.
    stretch: int


class Recording:
    """The samples of a group of channels, as an array of samples and channels.

    It is indexed like a NumPy array and decodes only the stretches, of about a second each, that it
    needs. Any number of threads may read from it at once; it can be pickled. :func:`numpy.asarray` and
    :func:`dask.array.from_array` take it as it is.
    """

    ndim = 2

    def __init__(
        self,
        archive: _core.Archive,
        *,
        path: str | None = None,
        group: int | None = None,
        threads: int | None = None,
    ) -> None:
        self._archive = archive
        self._path = path
        self._threads = thread_count(threads)
        #: All groups of channels.
        self.groups: tuple[Group, ...] = tuple(map(_group, archive.groups()))
        if group is None:
            sizes = [g.shape[0] * g.shape[1] * g.dtype.itemsize for g in self.groups]
            group = sizes.index(max(sizes)) if sizes else 0
        elif not 0 <= group < len(self.groups):
            raise IndexError(f"there is no group {group}, only {len(self.groups)}")
        #: Which of them this is.
        self.group: int = group

    @property
    def info(self) -> Group:
        """What is known of the channels."""
        return self.groups[self.group]

    @property
    def shape(self) -> tuple[int, int]:
        """Samples and channels."""
        return self.info.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of a sample."""
        return self.info.dtype

    @property
    def size(self) -> int:
        """How many samples all channels have together."""
        return self.shape[0] * self.shape[1]

    @property
    def nbytes(self) -> int:
        """Bytes of all samples."""
        return self.size * self.dtype.itemsize

    @property
    def rate(self) -> float:
        """Samples per second of a channel; ``info.rate`` is exact."""
        return float(self.info.rate)

    @property
    def channel_names(self) -> tuple[str, ...]:
        """The names of the channels; empty where the recorder gives none."""
        return self.info.channel_names

    @property
    def chunks(self) -> tuple[int, int]:
        """What is best read together."""
        return self.info.stretch, self.shape[1]

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        samples, channels = self.shape
        what = f"{samples} samples of {channels} channels at {self.rate:g} Hz, {self.dtype}"
        return f"<tierwire.Recording {self._path or 'in memory'}: {what}>"

    def __getitem__(self, key: Any) -> npt.NDArray[Any]:
        rows, channels = _split(key)
        if isinstance(rows, slice):
            start, stop, step = rows.indices(self.shape[0])
            count = len(range(start, stop, step))
            if step < 0:
                # The same rows, rising.
                start, stop = start + (count - 1) * step, start + 1
        else:
            start = _number(rows, self.shape[0], "sample")
            count, stop, step = 1, start + 1, 1
        picked = self._picked(channels)
        width = self.shape[1] if picked is None else len(picked)
        if count > 0 and width > 0:
            read = self._archive.read(self.group, start, stop, picked, self._threads)
            array = np.frombuffer(read, self.dtype).reshape(-1, width)
        else:
            array = np.empty((0 if count == 0 else stop - start, width), self.dtype)
        array = array[:: abs(step)][:: 1 if step > 0 else -1]
        if not isinstance(rows, slice):
            array = array[0]
        return array[..., 0] if isinstance(channels, (int, np.integer)) else array

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        if copy is False:
            raise ValueError("a compressed recording cannot be an array without a copy")
        array = self[:]
        return array if dtype is None else array.astype(dtype, copy=False)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._path is None:
            raise TypeError("a recording in memory cannot be pickled; pickle its data")
        return open, (self._path, self.group)

    def _picked(self, channels: Channels) -> list[int] | None:
        """The numbers of the channels; ``None``: all of them."""
        width = self.shape[1]
        if isinstance(channels, slice):
            return None if channels == slice(None) else list(range(width))[channels]
        if isinstance(channels, (int, np.integer)):
            return [_number(channels, width, "channel")]
        chosen = np.asarray(channels)
        if chosen.dtype == bool and chosen.shape == (width,):
            return [int(channel) for channel in np.flatnonzero(chosen)]
        if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
            raise IndexError("channels are chosen by numbers, a slice, or as many booleans")
        return [_number(channel, width, "channel") for channel in chosen]


def open(
    path: str | os.PathLike[str], group: int | None = None, *, threads: int | None = None
) -> Recording:
    """Opens a ``.twr`` file of version 3, to read any samples of any channels.

    :param group: which group of channels; ``None``: the one with the most samples.
    :param threads: how many decode at once; ``None``: one for each core.
    :raises OSError: the file cannot be read.
    :raises tierwire.Error: it is damaged or no ``.twr`` file.
    :raises IndexError: there is no such group.

    >>> import numpy as np, pathlib, tempfile, tierwire
    >>> samples = np.arange(90000, dtype="int16").reshape(-1, 3)
    >>> path = pathlib.Path(tempfile.mkdtemp(), "run.twr")
    >>> _ = path.write_bytes(tierwire.encode(samples, rate=20000, channel_names=["a", "b", "c"]))
    >>> recording = tierwire.open(path)
    >>> recording.shape, recording.dtype, recording.rate, recording.channel_names
    ((30000, 3), dtype('int16'), 20000.0, ('a', 'b', 'c'))
    >>> recording[100:103, [2, 0]]
    array([[302, 300],
           [305, 303],
           [308, 306]], dtype=int16)
    """
    path = os.fspath(path)
    return Recording(_core.Archive.open(path), path=path, group=group, threads=threads)


def _group(described: tuple[Any, ...]) -> Group:
    file, format, rate, names, microvolts, rounds, stretches = described
    lengths = [end - first for first, end in itertools.pairwise(stretches)]
    return Group(
        file=file,
        dtype=DTYPES[format],
        shape=(stretches[-1], len(names)),
        rate=Fraction(*rate),
        channel_names=tuple(names),
        microvolts=tuple(microvolts),
        stretch=max(lengths, default=rounds),
    )


def _split(key: Any) -> tuple[Rows, Channels]:
    """An index into rows and channels."""
    keys = list(key) if isinstance(key, tuple) else [key]
    if Ellipsis in [k for k in keys if k is Ellipsis]:
        at = next(i for i, k in enumerate(keys) if k is Ellipsis)
        keys[at : at + 1] = [slice(None)] * (3 - len(keys))
    if len(keys) > 2:
        raise IndexError(f"{len(keys)} indices; a recording has samples and channels")
    rows, channels = keys + [slice(None)] * (2 - len(keys))
    if not isinstance(rows, (int, np.integer, slice)):
        raise IndexError("samples are chosen by a number or a slice")
    return rows if isinstance(rows, slice) else int(rows), channels


def _number(index: Any, length: int, what: str) -> int:
    number = int(index)
    if not -length <= number < length:
        raise IndexError(f"there is no {what} {number}, only {length}")
    return number % length
