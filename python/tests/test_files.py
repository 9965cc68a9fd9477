"""Whole files of recorders."""

import pathlib

import numpy as np
import pytest
import tierwire
from samples import recording

META = """\
typeThis=imec
nSavedChans=5
snsApLfSy=4,0,1
imSampRate=30000.5
imAiRangeMax=0.6
imMaxInt=512
imDatPrb_type=0
~imroTbl=(0,384)(0 0 0 500 250 1)(1 0 0 500 250 1)(2 0 0 500 250 1)(3 0 0 500 250 1)
~snsChanMap=(4,0,1)(AP0;0:0)(AP1;1:1)(AP2;2:2)(AP3;3:3)(SY0;4:4)
"""


@pytest.fixture
def run(tmp_path) -> pathlib.Path:
    """A SpikeGLX run of four electrodes and sync."""
    path = tmp_path / "run.ap.bin"
    recording((40_000, 5)).tofile(path)
    path.with_suffix(".meta").write_text(META)
    return path


def test_a_run_and_its_meta_come_back(run, tmp_path):
    done = tierwire.compress(run, tmp_path / "run.twr")
    size = run.stat().st_size + run.with_suffix(".meta").stat().st_size
    assert done.original_bytes == size and done.remarks == ()
    assert done.compressed_bytes == (tmp_path / "run.twr").stat().st_size
    assert done.ratio == size / done.compressed_bytes
    (tmp_path / "again").mkdir()
    tierwire.decompress(tmp_path / "run.twr", tmp_path / "again" / "run.ap.bin")
    for name in ["run.ap.bin", "run.ap.meta"]:
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_a_run_is_opened_with_its_groups(run, tmp_path):
    tierwire.compress(run, tmp_path / "run.twr")
    samples = np.fromfile(run, "int16").reshape(-1, 5)
    opened = tierwire.open(tmp_path / "run.twr")
    assert opened.channel_names == ("AP0", "AP1", "AP2", "AP3")
    assert opened.rate == 30000.5
    assert opened.info.microvolts == pytest.approx([0.6 / 512 / 500 * 1e6] * 4)
    assert (opened[100:200, [3, 1]] == samples[100:200, [3, 1]]).all()
    sync = tierwire.open(tmp_path / "run.twr", group=1)
    assert sync.channel_names == ("SY0",)
    assert (sync[:, 0] == samples[:, 4]).all()
    assert (tierwire.decode((tmp_path / "run.twr").read_bytes()) == samples[:, :4]).all()


def test_raw_samples_of_24_bits_are_read_as_32(tmp_path):
    samples = recording((5000, 2), "int32") * 200
    (tmp_path / "a.raw").write_bytes(
        samples.astype("<i4").view("u1").reshape(-1, 4)[:, :3].tobytes()
    )
    tierwire.compress(tmp_path / "a.raw", tmp_path / "a.twr", channels=2, rate=2048, format="i24")
    opened = tierwire.open(tmp_path / "a.twr")
    assert opened.dtype == np.int32 and (opened[:] == samples).all()


def test_what_cannot_be_is_said(run, tmp_path):
    with pytest.raises(FileNotFoundError, match="none.bin"):
        tierwire.compress(tmp_path / "none.bin", tmp_path / "out.twr")
    (tmp_path / "a.raw").write_bytes(b"abcdefgh")
    with pytest.raises(tierwire.Error, match="a.raw: unknown format; .* give channels and rate"):
        tierwire.compress(tmp_path / "a.raw", tmp_path / "out.twr")
    with pytest.raises(TypeError, match="go together"):
        tierwire.compress(tmp_path / "a.raw", tmp_path / "out.twr", channels=2)
    with pytest.raises(FileNotFoundError):
        tierwire.compress(run, tmp_path / "no" / "folder.twr")
    with pytest.raises(FileNotFoundError, match="none.twr"):
        tierwire.decompress(tmp_path / "none.twr", tmp_path / "out.bin")
    with pytest.raises(tierwire.Error, match="a.raw: not a .twr file"):
        tierwire.decompress(tmp_path / "a.raw", tmp_path / "out.bin")
    assert not list(tmp_path.glob("out*"))


def test_no_sidecar_is_replaced(run, tmp_path):
    tierwire.compress(run, tmp_path / "run.twr")
    with pytest.raises(tierwire.Error, match="run.ap.meta: is there already"):
        tierwire.decompress(tmp_path / "run.twr", tmp_path / "other.bin")


def test_python_keeps_its_signals(run, tmp_path):
    import signal

    before = signal.getsignal(signal.SIGINT)
    tierwire.compress(run, tmp_path / "run.twr")
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
