"""SpikeInterface: its zarr folders with this codec, and .twr files as recordings."""

import numpy as np
import pytest
import tierwire
import tierwire.numcodecs
from samples import recording
from test_files import META

si = pytest.importorskip("spikeinterface.core")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A SpikeGLX run of four electrodes and sync, and its .twr file."""
    path = tmp_path_factory.mktemp("run") / "run.ap.bin"
    recording((100_000, 5)).tofile(path)
    path.with_suffix(".meta").write_text(META)
    tierwire.compress(path, path.with_name("run.twr"))
    return path


@pytest.fixture(scope="module")
def extractor(run):
    from tierwire.spikeinterface import read_tierwire

    return read_tierwire(run.with_name("run.twr"))


def test_a_twr_file_is_a_recording(run, extractor):
    samples = np.fromfile(run, "int16").reshape(-1, 5)[:, :4]
    assert extractor.get_num_samples() == 100_000
    assert extractor.get_sampling_frequency() == 30000.5
    assert list(extractor.channel_ids) == ["AP0", "AP1", "AP2", "AP3"]
    assert (extractor.get_traces() == samples).all()
    piece = extractor.get_traces(start_frame=29_990, end_frame=30_020, channel_ids=["AP3", "AP1"])
    assert (piece == samples[29_990:30_020, [3, 1]]).all()
    microvolts = extractor.get_traces(end_frame=10, return_in_uV=True)
    assert microvolts == pytest.approx(samples[:10] * (0.6 / 512 / 500 * 1e6), rel=1e-5)


def test_it_goes_through_files_and_processes(extractor, tmp_path):
    extractor.dump_to_json(tmp_path / "recording.json")
    again = si.load(tmp_path / "recording.json")
    assert (again.get_traces(end_frame=50) == extractor.get_traces(end_frame=50)).all()
    saved = extractor.save(
        format="binary", folder=tmp_path / "binary", n_jobs=2, chunk_duration="1s"
    )
    assert (saved.get_traces() == extractor.get_traces()).all()


def test_zarr_folders_come_back(extractor, tmp_path):
    compressor = tierwire.numcodecs.Tierwire()
    extractor.save(
        format="zarr",
        folder=tmp_path / "run.zarr",
        compressor=compressor,
        n_jobs=2,
        chunk_duration="1s",
    )
    again = si.read_zarr(tmp_path / "run.zarr")
    assert (again.get_traces() == extractor.get_traces()).all()
    assert (again.get_channel_gains() == extractor.get_channel_gains()).all()
    stored = sum(f.stat().st_size for f in (tmp_path / "run.zarr").rglob("*") if f.is_file())
    assert stored < extractor.get_total_memory_size() / 1.5


def test_unsigned_samples_have_their_middle_as_zero(tmp_path):
    from tierwire.spikeinterface import read_tierwire

    samples = recording((2000, 2), "uint16")
    (tmp_path / "a.twr").write_bytes(tierwire.encode(samples, rate=20_000))
    opened = read_tierwire(tmp_path / "a.twr")
    assert opened.dtype == np.uint16 and list(opened.channel_ids) == [0, 1]
    assert not opened.has_scaleable_traces()
