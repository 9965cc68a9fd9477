"""Samples that look like a recording."""

import numpy as np

DTYPES = ["int8", "uint8", "int16", "uint16", "int32"]


def recording(shape, dtype="int16", seed=1):
    """Noise that drifts, of a tenth of the type's range; the same for the same seed."""
    random = np.random.default_rng(seed)
    limits = np.iinfo(dtype)
    scale = min((limits.max - limits.min) / 40, 3000)
    noise = random.normal(0, scale / 10, shape)
    if len(shape) > 0 and shape[0] > 0:
        noise = noise + scale * np.sin(np.arange(shape[0]) / 50).reshape(
            -1, *[1] * (len(shape) - 1)
        )
    middle = (limits.max + limits.min + 1) // 2
    return np.clip(noise + middle, limits.min, limits.max).astype(dtype)
