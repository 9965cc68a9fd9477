"""``.twr`` files as SpikeInterface's recordings.

To write and read SpikeInterface's own zarr folders, its compressor is all that is needed:
``recording.save(format="zarr", compressor=tierwire.numcodecs.Tierwire())``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from spikeinterface.core import BaseRecording, BaseRecordingSegment

from tierwire.recording import Recording, open


class TierwireRecordingExtractor(BaseRecording):
    """A group of channels of a ``.twr`` file; traces are decoded as they are asked for.

    Channels get the recorder's names as their ids, or numbers where it gives none, and its microvolts
    per step as their gains.

    :param file_path: the ``.twr`` file, of version 3.
    :param group: which group of channels; ``None``: the one with the most samples.
    """

    def __init__(self, file_path: str | os.PathLike[str], group: int | None = None) -> None:
        # SpikeInterface runs many processes and threads itself.
        recording = open(file_path, group, threads=1)
        names = recording.channel_names
        are_ids = all(names) and len(set(names)) == len(names)
        ids = list(names) if are_ids else list(range(recording.shape[1]))
        BaseRecording.__init__(
            self, sampling_frequency=recording.rate, channel_ids=ids, dtype=recording.dtype
        )
        microvolts = recording.info.microvolts
        if all(step is not None for step in microvolts):
            self.set_channel_gains(list(microvolts))
            # Steps of unsigned samples count from the middle of their range.
            unsigned = recording.dtype.kind == "u"
            middle = float(np.iinfo(recording.dtype).max // 2 + 1) if unsigned else 0.0
            self.set_channel_offsets([-middle * (step or 0.0) for step in microvolts])
        self.add_recording_segment(_Segment(recording))
        self._kwargs = {"file_path": str(os.path.abspath(file_path)), "group": recording.group}


class _Segment(BaseRecordingSegment):
    def __init__(self, recording: Recording) -> None:
        BaseRecordingSegment.__init__(self, sampling_frequency=recording.rate)
        self._recording = recording

    def get_num_samples(self) -> int:
        return self._recording.shape[0]

    def get_traces(
        self,
        start_frame: int | None = None,
        end_frame: int | None = None,
        channel_indices: slice | Sequence[int] | None = None,
    ) -> npt.NDArray[Any]:
        channels = slice(None) if channel_indices is None else channel_indices
        return self._recording[start_frame:end_frame, channels]


#: As SpikeInterface names its readers.
read_tierwire = TierwireRecordingExtractor
