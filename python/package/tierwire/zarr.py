"""The codec for zarr format 3: a serializer. Found by its entry point."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from zarr.abc.codec import ArrayBytesCodec

from tierwire.arrays import FORMATS, decode, encode_chunk

if TYPE_CHECKING:
    from zarr.core.array_spec import ArraySpec
    from zarr.core.buffer import Buffer, NDBuffer


@dataclass(frozen=True)
class Tierwire(ArrayBytesCodec):
    """Compresses chunks of samples; the last dimension is the channels.

    >>> import numpy as np, zarr
    >>> from tierwire.zarr import Tierwire
    >>> samples = np.arange(30000, dtype="int16").reshape(-1, 3)
    >>> array = zarr.create_array(
    ...     {}, data=samples, chunks=(5000, 3), serializer=Tierwire(), compressors=None)
    >>> bool((array[:] == samples).all())
    True

    :param max_error: the largest error of a sample, in steps of the converter that made them; 0: none.
    :param best: the best ratio; several times slower, also to decode.
    """

    is_fixed_size = False

    max_error: int = 0
    best: bool = False

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The codec that an array's metadata names."""
        return cls(**data.get("configuration", {}))

    def to_dict(self) -> dict[str, Any]:
        """What stands in an array's metadata."""
        # Unless asked for, it has no place in metadata: older versions do not know it.
        best = {"best": True} if self.best else {}
        return {"name": "tierwire", "configuration": {"max_error": self.max_error} | best}

    def validate(self, *, dtype: Any, **_: Any) -> None:
        """Refuses arrays that hold no samples."""
        name = dtype.to_native_dtype().name
        if name not in FORMATS:
            raise TypeError(f"{name} cannot be compressed, only {', '.join(FORMATS)}")

    def compute_encoded_size(self, input_byte_length: int, chunk_spec: ArraySpec) -> int:
        """Not known beforehand."""
        raise NotImplementedError

    async def _encode_single(self, chunk: NDBuffer, spec: ArraySpec) -> Buffer | None:
        array = chunk.as_numpy_array()
        data = await asyncio.to_thread(encode_chunk, array, self.max_error, best=self.best)
        return spec.prototype.buffer.from_bytes(data)

    async def _decode_single(self, chunk: Buffer, spec: ArraySpec) -> NDBuffer:
        array = await asyncio.to_thread(decode, chunk.as_numpy_array(), threads=1)
        dtype = spec.dtype.to_native_dtype()
        array = array.astype(dtype, copy=False).reshape(spec.shape)
        return spec.prototype.nd_buffer.from_numpy_array(array)
