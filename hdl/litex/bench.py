#!/usr/bin/env python3
"""Puts a core into LiteX and writes that as Verilog with the core's own ports, so that the core's test bench tests it.

    python3 hdl/litex/bench.py CORE.v TOP.v

The streams pass LiteX's own buffers and FIFOs. The counters at the top are what was read from the CSR bus.
"""

import pathlib
import sys

from litex.gen import LiteXModule
from litex.gen.fhdl.verilog import convert
from litex.soc.interconnect import csr_bus, stream
from migen import Case, ClockDomain, If, Signal
from tierwire_litex import Tierwire, ports_of


class Files:
    """What a platform does with sources."""

    def __init__(self):
        self.sources = []

    def add_source(self, path):
        self.sources.append(path)


class Bench(LiteXModule):
    def __init__(self, core):
        self.cd_sys = ClockDomain()
        self.pins = pins = {
            name: Signal(bits, name=name)
            for name, bits in [
                *[("aclk", 1), ("aresetn", 1)],
                *[("s_axis_tdata", 16), ("s_axis_tlast", 1), ("s_axis_tvalid", 1), ("s_axis_tready", 1)],
                *[("m_axis_tdata", 32), ("m_axis_tkeep", 4), ("m_axis_tlast", 1), ("m_axis_tvalid", 1)],
                ("m_axis_tready", 1),
            ]
        }
        self.comb += self.cd_sys.clk.eq(pins["aclk"]), self.cd_sys.rst.eq(~pins["aresetn"])

        self.core = Tierwire(Files(), core)
        self.before = stream.Buffer(self.core.sink.description)
        self.after = stream.SyncFIFO(self.core.source.description, 8)
        self.comb += [
            self.before.sink.data.eq(pins["s_axis_tdata"]),
            self.before.sink.last.eq(pins["s_axis_tlast"]),
            self.before.sink.valid.eq(pins["s_axis_tvalid"]),
            pins["s_axis_tready"].eq(self.before.sink.ready),
            self.before.source.connect(self.core.sink),
            self.core.source.connect(self.after.sink),
            pins["m_axis_tdata"].eq(self.after.source.data),
            pins["m_axis_tkeep"].eq(self.after.source.keep),
            pins["m_axis_tlast"].eq(self.after.source.last),
            pins["m_axis_tvalid"].eq(self.after.source.valid),
            self.after.source.ready.eq(pins["m_axis_tready"]),
        ]

        # Reads one register after the other, as software does.
        csrs = self.core.get_csrs()
        bus = csr_bus.Interface(data_width=32)
        self.bank = csr_bus.CSRBank(csrs, bus=bus)
        address, before = Signal(4), Signal(4)
        self.sync += [address.eq(address + 1), If(address == len(csrs) - 1, address.eq(0)), before.eq(address)]
        # What was read at `before` is on the bus.
        self.comb += [bus.adr.eq(address), bus.re.eq(1)]
        cases = {}
        for number, csr in enumerate(csrs):
            pin = self.pins[csr.name] = Signal(16, name=csr.name)
            cases[number] = pin.eq(bus.dat_r)
        self.sync += Case(before, cases)


def main(core, top):
    bench = Bench(core)
    name, _ = ports_of(pathlib.Path(core).read_text())
    made = convert(bench, ios=set(bench.pins.values()), name=f"{name}_litex")
    lines = made.main_source.splitlines(keepends=True)
    pathlib.Path(top).write_text("".join(line for line in lines if not line.startswith("// Date")))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
