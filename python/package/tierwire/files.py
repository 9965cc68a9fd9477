"""Whole files and folders of recorders."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tierwire import _core
from tierwire.arrays import Rate, rate_text


@dataclass(frozen=True)
class Compressed:
    """What became of a recording."""

    #: The ``.twr`` file.
    path: str
    original_bytes: int
    compressed_bytes: int
    #: What of the recording is missing, cut short, or stored as it is.
    remarks: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Original bytes over compressed bytes."""
        return self.original_bytes / max(self.compressed_bytes, 1)


def compress(
    path: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    channels: int | None = None,
    rate: Rate | None = None,
    format: str = "i16",
    max_error: int = 0,
    best: bool = False,
    verify: bool = True,
) -> Compressed:
    """Compresses a recorder's file or folder, with all that lies beside it, into a ``.twr`` file.

    SpikeGLX, Open Ephys, Intan, EDF, BDF, BrainVision, Neuralynx and WAV files are known by
    themselves; raw samples need ``channels`` and ``rate``. The output appears when it is complete.

    :param format: how raw samples are stored: ``i8``, ``u8``, ``i16``, ``u16``, ``i24`` or ``i32``.
    :param max_error: the largest error of a sample, in steps of the recording's converter; 0: none.
    :param best: the best ratio; several times slower, also to decode.
    :param verify: read back what was written before it gets its name.
    :raises OSError: a file cannot be read or written.
    :raises tierwire.Error: the format is not known, or a header is broken.

    >>> import numpy as np, pathlib, tempfile, tierwire
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.raw").write_bytes(np.arange(64000, dtype="int16").tobytes())
    >>> done = tierwire.compress(folder / "a.raw", folder / "a.twr", channels=4, rate=15000)
    >>> done.original_bytes, done.ratio > 10
    (128000, True)
    >>> tierwire.decompress(folder / "a.twr", folder / "again.raw")
    >>> (folder / "a.raw").read_bytes() == (folder / "again.raw").read_bytes()
    True
    """
    if (channels is None) != (rate is None):
        raise TypeError("channels and rate go together")
    raw = None if channels is None or rate is None else (format, channels, rate_text(rate))
    output = os.fspath(output)
    before, after, remarks = _core.compress(
        path, output, raw=raw, max_error=max_error, best=best, verify=verify
    )
    return Compressed(output, before, after, tuple(remarks))


def decompress(path: str | os.PathLike[str], output: str | os.PathLike[str]) -> None:
    """Restores what :func:`compress` was given, byte for byte.

    One file is restored as ``output``, or in it if it is a folder, with its sidecars (a ``.meta``)
    beside it; several files are restored in the folder ``output``. No file is replaced but ``output``
    itself.

    :raises OSError: a file cannot be read or written.
    :raises tierwire.Error: the ``.twr`` file is damaged, or its files have no place.
    """
    _core.decompress(path, output)
