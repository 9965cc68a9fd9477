"""An exported core on the golden model's vectors, in cocotb: an example to start from.

`run.py` builds the simulator and names the two vector files of `tierwire export --testbench`:
a sample a line (tlast, 16 bits), and a word a line (tlast, 4 bits of tkeep, 32 bits of tdata).
"""

import itertools
import os
import pathlib
import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, with_timeout
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource


def numbers(variable):
    """The hexadecimal numbers of the file that an environment variable names."""
    return [int(line, 16) for line in pathlib.Path(os.environ[variable]).read_text().split()]


def packets(values, last_bit, to_bytes):
    """The bytes of each packet: a packet ends where the bit of tlast is set."""
    found, packet = [], bytearray()
    for value in values:
        packet += to_bytes(value)
        if value >> last_bit & 1:
            found.append(bytes(packet))
            packet = bytearray()
    assert found and not packet, "the vectors end with a whole packet"
    return found


def sample_bytes(value):
    return (value & 0xFFFF).to_bytes(2, "little")


def word_bytes(value):
    """The bytes of tdata that tkeep counts, the first one in bits 7:0."""
    kept = (value >> 32 & 0xF).bit_count()
    return (value & 0xFFFF_FFFF).to_bytes(4, "little")[:kept]


def pauses(seed, share):
    """Pauses at random, in this share of the clocks."""
    noise = random.Random(seed)
    return (noise.random() < share for _ in itertools.count())


@cocotb.test()
@cocotb.parametrize((("idle", "busy"), [(0.0, 0.0), (0.3, 0.3)]))
async def words_are_those_of_the_golden_model(dut, idle, busy):
    """Every packet in, every packet or frame out, with pauses of the source and of the sink."""
    cocotb.start_soon(Clock(dut.aclk, 10, unit="ns").start())
    reset = {"reset_active_level": False}
    source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), dut.aclk, dut.aresetn, **reset)
    sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), dut.aclk, dut.aresetn, **reset)
    source.log.setLevel("WARNING")
    sink.log.setLevel("WARNING")
    source.set_pause_generator(pauses(1, idle))
    sink.set_pause_generator(pauses(2, busy))
    dut.aresetn.value = 0
    await ClockCycles(dut.aclk, 4)
    dut.aresetn.value = 1

    for packet in packets(numbers("TIERWIRE_SAMPLES"), 16, sample_bytes):
        await source.send(AxiStreamFrame(packet))
    expected = packets(numbers("TIERWIRE_WORDS"), 36, word_bytes)
    for number, packet in enumerate(expected):
        received = await with_timeout(sink.recv(compact=True), 10, "ms")
        assert bytes(received.tdata) == packet, f"packet or frame {number}"
    await ClockCycles(dut.aclk, 200)
    assert sink.empty(), "more packets or frames than expected"
    for counter in ("broken_frames", "overruns", "misaligned"):
        if hasattr(dut, counter):
            assert int(getattr(dut, counter).value) == 0, counter
