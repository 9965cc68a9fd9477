"""tierwire beside other codecs of the field, through the interface that zarr and SpikeInterface use.

    python/bench/run.sh DIR [PAGE]

DIR holds the recorders' folders `neuropixels2-spikeglx`, `neuropixels1-openephys` and `intan-rhd`. Every
codec gets the same chunks, of a second and all channels, and one thread. Times are on the core, the
shortest of some runs, so that other programs change little.
"""

import math
import os
import pathlib
import sys
import tempfile
import time

import mtscomp
import numcodecs
import numpy as np
import page
import tierwire
from flac_numcodecs import Flac
from tierwire.numcodecs import Tierwire
from wavpack_numcodecs import WavPack

RUNS = 5
RECORDINGS = ["neuropixels2-spikeglx", "neuropixels1-openephys", "intan-rhd"]


class Mtscomp:
    """mtscomp, which has no codec: a file of a chunk into another."""

    def __init__(self):
        folder = tempfile.mkdtemp(dir="/dev/shm")
        self.files = [pathlib.Path(folder, name) for name in ["a.bin", "a.cbin", "a.ch"]]

    def encode(self, chunk):
        chunk.tofile(self.files[0])
        form = {"sample_rate": len(chunk), "n_channels": chunk.shape[1], "dtype": chunk.dtype}
        mtscomp.compress(*self.files, **form, n_threads=1, check_after_compress=False)
        return b"".join(path.read_bytes() for path in self.files[1:])

    def decode(self, _):
        return mtscomp.decompress(*self.files[1:])[:]


class Pairs:
    """A codec on chunks of two channels, as it is often set up for audio codecs."""

    def __init__(self, codec):
        self.codec = codec

    def encode(self, chunk):
        pairs = range(0, chunk.shape[1], 2)
        return [self.codec.encode(np.ascontiguousarray(chunk[:, c : c + 2])) for c in pairs]

    def decode(self, data):
        pairs = [np.frombuffer(self.codec.decode(pair), "<i2").reshape(-1, 2) for pair in data]
        return np.ascontiguousarray(np.concatenate(pairs, axis=1))


CODECS = {
    "tierwire": Tierwire(),
    "wavpack-numcodecs": WavPack(level=2),
    "wavpack-numcodecs, 2 channels a chunk": Pairs(WavPack(level=2)),
    "flac-numcodecs": Flac(level=5),
    "flac-numcodecs, 2 channels a chunk": Pairs(Flac(level=5)),
    "Blosc-zstd, bit shuffle": numcodecs.Blosc("zstd", 5, numcodecs.Blosc.BITSHUFFLE),
    "mtscomp": Mtscomp(),
}


def shortest(work):
    """The shortest time on the core, and what was made."""
    best = math.inf
    for _ in range(RUNS):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def measure(codec, chunks, rate):
    """Ratio, and how many times faster than real time a codec compresses and decompresses."""
    before = after = length = 0
    times = np.zeros(2)
    for chunk in chunks:
        compress, data = shortest(lambda chunk=chunk: codec.encode(chunk))
        decompress, decoded = shortest(lambda data=data: codec.decode(data))
        if np.asarray(decoded).tobytes() != chunk.tobytes():
            raise SystemExit(f"{codec}: another chunk came back")
        before += chunk.nbytes
        after += sum(map(len, data)) if isinstance(data, list) else len(data)
        length += len(chunk) / rate
        times += compress, decompress
    return f"{before / after:.3f}", *(f"{length / t:.1f}" for t in times)


def electrodes(folder):
    """The samples of a recording's electrodes, and their rate."""
    kinds = {".bin", ".oebin", ".rhd"}
    path = next(path for path in sorted(folder.rglob("*")) if path.suffix in kinds)
    with tempfile.TemporaryDirectory() as scratch:
        target = pathlib.Path(scratch, "a.twr")
        tierwire.compress(path, target)
        recording = tierwire.open(target)
        array, rate = np.asarray(recording), round(recording.rate)
    if array.dtype == np.uint16:
        # Audio codecs take signed samples only.
        array = (array ^ 0x8000).view(np.int16)
    # Without the sync channel that Open Ephys puts behind them.
    return np.ascontiguousarray(array[:, : array.shape[1] // 2 * 2]), rate


def main():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = {name: [name] for name in CODECS}
    head = ["codec"]
    for name in RECORDINGS:
        array, rate = electrodes(pathlib.Path(sys.argv[1], name))
        chunks = [array[first : first + rate] for first in range(0, len(array), rate)]
        head += [f"{name}: ratio", "compress", "decompress"]
        for codec, row in rows.items():
            row.extend(measure(CODECS[codec], chunks, rate))
            print(name, *row[-3:], codec, file=sys.stderr)
    text = page.table(head, rows.values())
    print(text, end="")
    if len(sys.argv) > 2:
        page.write(sys.argv[2], "python/bench/run.sh DIR docs/python.md", text)


if __name__ == "__main__":
    main()
