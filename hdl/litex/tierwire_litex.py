"""tierwire's core in a LiteX design: streams as endpoints, counters as CSRs.

    self.compressor = Tierwire(platform, "tierwire_nano.v")     # what `tierwire export` wrote
    self.comb += [adc.source.connect(self.compressor.sink), self.compressor.source.connect(dma.sink)]

A core whose tables are loaded at run time has an AXI4-Lite port too, `bus`. In a SoC:

    region = SoCRegion(origin=0x90000000, size=0x40, cached=False)
    self.bus.add_slave("tables", self.compressor.bus, region)

The SoC's bus may be Wishbone: LiteX puts its own bridge between.
"""

import pathlib
import re

from litex.gen import LiteXModule
from litex.soc.interconnect import axi, stream
from litex.soc.interconnect.csr import CSRStatus
from migen import ClockSignal, Instance, ResetSignal

COUNTERS = {
    "frames": "Frames completed or dropped since reset.",
    "broken_frames": "Frames dropped after their header was sent.",
    "overruns": "Frames dropped before any of it was sent.",
    "misaligned": "Rounds with too few or too many samples.",
}


def ports_of(verilog):
    """Name and ports of the first module in a file, which is the core."""
    found = re.search(r"^module (\w+)\((.*?)\);", verilog, re.MULTILINE | re.DOTALL)
    if not found:
        raise ValueError("there is no module in the Verilog")
    return found[1], set(re.findall(r"(\w+)\s*(?:,|$)", found[2], re.MULTILINE))


class Tierwire(LiteXModule):
    """``sink`` takes samples, ``last`` with the last one of a round; ``source`` gives words, ``last`` with the last
    one of a frame. In the clock domain ``sys``; use ``ClockDomainsRenamer`` for another one."""

    def __init__(self, platform, verilog):
        path = pathlib.Path(verilog)
        name, ports = ports_of(path.read_text())
        platform.add_source(str(path.resolve()))
        self.sink = sink = stream.Endpoint([("data", 16)])
        self.source = source = stream.Endpoint([("data", 32), ("keep", 4)])
        signals = dict(
            i_aclk=ClockSignal(),
            i_aresetn=~ResetSignal(),
            i_s_axis_tdata=sink.data,
            i_s_axis_tlast=sink.last,
            i_s_axis_tvalid=sink.valid,
            o_s_axis_tready=sink.ready,
            o_m_axis_tdata=source.data,
            o_m_axis_tkeep=source.keep,
            o_m_axis_tlast=source.last,
            o_m_axis_tvalid=source.valid,
            i_m_axis_tready=source.ready,
        )
        for counter, description in COUNTERS.items():
            if counter in ports:
                status = CSRStatus(16, name=counter, description=description)
                setattr(self, counter, status)
                signals[f"o_{counter}"] = status.status
        if "s_axil_awaddr" in ports:
            self.bus = axi.AXILiteInterface(data_width=32, address_width=32)
            signals.update(axi_lite_signals(self.bus))
        unknown = ports - {port[2:] for port in signals}
        if unknown:
            raise ValueError(f"{path}: {name} has ports unknown here: {', '.join(sorted(unknown))}")
        self.specials += Instance(name, **signals)


def axi_lite_signals(bus):
    """The core's six address bits are the lowest of the bus's."""
    signals = dict(i_s_axil_awaddr=bus.aw.addr[:6], i_s_axil_araddr=bus.ar.addr[:6])
    for channel, fields in [("w", ["data", "strb"]), ("aw", []), ("ar", [])]:
        endpoint = getattr(bus, channel)
        signals[f"i_s_axil_{channel}valid"] = endpoint.valid
        signals[f"o_s_axil_{channel}ready"] = endpoint.ready
        signals.update({f"i_s_axil_{channel}{field}": getattr(endpoint, field) for field in fields})
    for channel, fields in [("b", ["resp"]), ("r", ["data", "resp"])]:
        endpoint = getattr(bus, channel)
        signals[f"o_s_axil_{channel}valid"] = endpoint.valid
        signals[f"i_s_axil_{channel}ready"] = endpoint.ready
        signals.update({f"o_s_axil_{channel}{field}": getattr(endpoint, field) for field in fields})
    return signals
