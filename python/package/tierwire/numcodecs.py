"""The codec for numcodecs: zarr format 2, SpikeInterface, kerchunk. Found by its entry point."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numcodecs.abc import Codec
from numcodecs.compat import ndarray_copy

from tierwire.arrays import decode, encode_chunk


class Tierwire(Codec):
    """Compresses chunks of samples; the last dimension is the channels.

    A chunk is decoded by itself, with nothing but tierwire.

    :param max_error: the largest error of a sample, in steps of the converter that made them; 0: none.
    :param best: the best ratio; several times slower, also to decode.
    :param threads: how many work on a chunk. What calls the codec works on many chunks at once.

    >>> import numpy as np, numcodecs, tierwire
    >>> codec = numcodecs.get_codec({"id": "tierwire"})
    >>> chunk = np.arange(30000, dtype="int16").reshape(-1, 3)
    >>> bool((codec.decode(codec.encode(chunk)).reshape(-1, 3) == chunk).all())
    True
    """

    codec_id: ClassVar[str] = "tierwire"

    def __init__(self, max_error: int = 0, threads: int = 1, best: bool = False) -> None:
        self.max_error = max_error
        self.best = best
        self.threads = threads

    def encode(self, buf: Any) -> bytes:
        """Compresses a chunk."""
        return encode_chunk(np.asarray(buf), self.max_error, self.threads, self.best)

    def decode(self, buf: Any, out: Any = None) -> Any:
        """The samples of a chunk, in ``out`` if it is given."""
        array = decode(memoryview(buf).cast("B"), threads=self.threads)
        return array if out is None else ndarray_copy(array, out)

    def get_config(self) -> dict[str, Any]:
        """What makes the same codec again."""
        config = {"id": self.codec_id, "max_error": self.max_error}
        # Unless asked for, it has no place in metadata: older versions do not know it.
        return config | ({"best": True} if self.best else {})
