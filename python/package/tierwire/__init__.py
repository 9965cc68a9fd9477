"""Lossless compression of neural recordings.

====================================  ==============================================
:func:`encode`, :func:`decode`        an array into bytes and back
:func:`compress`, :func:`decompress`  a recorder's files into a ``.twr`` file and back
:func:`open`                          samples of a ``.twr`` file, without decoding the rest
``tierwire.numcodecs.Tierwire``       the codec of numcodecs: zarr 2, SpikeInterface
``tierwire.zarr.Tierwire``            the codec of zarr 3
``tierwire.spikeinterface``           ``.twr`` files as SpikeInterface's recordings
====================================  ==============================================
"""

from tierwire._core import Error
from tierwire.arrays import decode, encode
from tierwire.files import Compressed, compress, decompress
from tierwire.recording import Group, Recording, open

__all__ = [
    "Compressed",
    "Error",
    "Group",
    "Recording",
    "compress",
    "decode",
    "decompress",
    "encode",
    "open",
]
