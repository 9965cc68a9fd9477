#!/usr/bin/env python3
"""Sends recordings through a damaged UDP link on this machine at their own rate, receives them, and checks
every sample:

    scripts/link.py RECORDINGS [--seconds 600] [--profile array1024 array1024@16] [--write]

Each frame that is received has to be the one that was sent; each that is missing has to be in the list of
missing samples, and nothing else. NAME@N is a profile with a keyframe every N frames. Memory and CPU are those of the two programs. --write puts the table into
docs/receiving.md."""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
BEGIN = "<!-- begin: scripts/link.py RECORDINGS --write -->\n"
END = "<!-- end -->"
DAMAGE = "drop=1,reorder=1,duplicate=1"
# Of the sender at the end, in milliseconds: more is not the recording's own rate.
MOST_LATE = 5000
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Watched:
    """A program's memory in MB, and its time on the processor."""

    def __init__(self, process):
        self.process, self.memory, self.seconds = process, [], 0.0

    def look(self):
        folder = Path(f"/proc/{self.process.pid}")
        try:
            status = (folder / "status").read_text()
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmRSS:"):
                self.memory.append(int(line.split()[1]) / 1024)
        self.seconds = (int(fields[11]) + int(fields[12])) / TICKS


def run(tierwire, recordings, profile, seconds, damage, piece):
    """A row of the table."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        profile, interval = profile_file(profile, scratch)
        # What one repetition holds: whole keyframe intervals, without damage and without a link.
        once = subprocess.run(
            [tierwire, "send", recordings, "--profile", profile, "--to", "-", "--speed", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
        subprocess.run(
            [tierwire, "receive", "-", "--profile", profile, "-o", scratch / "once.raw", "--from-start"],
            input=once.stdout, stdout=subprocess.DEVNULL, check=True)
        head = json.loads((scratch / "once.raw.gaps.json").read_text())
        once = (scratch / "once.raw").read_bytes()
        rounds = head["rounds"] // head["counters"]["frames"]
        frame = rounds * head["channels"] * 2
        once = [once[at:at + frame] for at in range(0, len(once), frame)]
        once = once[:max(1, len(once) // interval) * interval]

        address = f"udp://127.0.0.1:{free_port()}"
        receive = subprocess.Popen(
            [tierwire, "receive", address, "--profile", profile, "-o", "-", "--gaps", "zero",
             "--sidecar", scratch / "gaps.json", "--from-start"], stdout=subprocess.PIPE)
        receiver = Watched(receive)
        send = subprocess.Popen(
            [tierwire, "send", recordings, "--profile", profile, "--to", address, "--seconds", str(seconds),
             "--damage", damage, "--piece", str(piece)], stderr=subprocess.PIPE, text=True)
        sender = Watched(send)
        zero, number, wrong, missing = bytes(frame), 0, 0, []
        a_second = max(1, round(head["samples_per_s"] / rounds))
        while received := read(receive.stdout, frame):
            if received == zero:
                missing.append(number)
            elif received != once[number % len(once)]:
                wrong += 1
            number += 1
            if number % a_second == 0:
                receiver.look()
                sender.look()
                if number % (60 * a_second) == 0:
                    print(f"{number // a_second} s: {len(missing)} missing, {wrong} wrong, "
                          f"{receiver.memory[-1]:.0f} MB", file=sys.stderr)
        ended = [receive.wait(), send.wait()]
        said = send.stderr.read().strip()
        print(said, file=sys.stderr)
        listed = json.loads((scratch / "gaps.json").read_text())
        counters = listed["counters"]
        frames = [n for gap in listed["missing"] for n in range(*gap["frames"])]
        late = re.search(r"(\d+) ms late", said)
        late = int(late[1]) if late else 0
        if ended != [0, 0] or wrong or frames != missing or late > MOST_LATE:
            sys.exit(f"{profile.stem}: exit codes {ended}, {wrong} wrong frames, {len(missing)} missing, "
                     f"{len(frames)} listed; {said}")
        # Beyond the first tenth, in which buffers grow.
        later = receiver.memory[len(receiver.memory) // 10:]
        time = number * rounds / head["samples_per_s"]
        return (f"| `{profile.stem}` | {head['channels']} | {interval} | {time:.0f} | {number} "
                f"| {counters['lost'] + counters['damaged']} | {counters['undecodable']} | {wrong} "
                f"| {min(later):.0f} to {max(later):.0f} "
                f"| {100 * receiver.seconds / time:.0f} | {100 * sender.seconds / time:.0f} |\n")


def read(stream, size):
    """So many bytes, or none at the end."""
    data = stream.read(size)
    if data and len(data) < size:
        sys.exit(f"the last frame has {len(data)} bytes, not {size}")
    return data


def profile_file(name, scratch):
    """A profile's file, and how many frames it has to a keyframe."""
    name, _, interval = name.partition("@")
    text = (HERE / "profiles" / f"{name}.toml").read_text()
    before, rest = text.split("keyframe_interval = ")
    shipped, after = rest.split(" ", 1)
    path = scratch / f"{name}.toml"
    path.write_text(f"{before}keyframe_interval = {interval or shipped} {after}")
    return path, int(interval or shipped)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("recordings")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--profile", nargs="+", default=["array1024", "array1024@16"])
    parser.add_argument("--damage", default=DAMAGE)
    parser.add_argument("--piece", type=int, default=16000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--tierwire", default=HERE / "target/release/tierwire")
    given = parser.parse_args()
    table = ("| profile | channels | keyframe every | seconds | frames sent | lost or damaged "
             "| without a keyframe | wrong | MB of memory | % of a core, receiver | sender |\n"
             "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
    for profile in given.profile:
        row = run(given.tierwire, given.recordings, profile, given.seconds, given.damage, given.piece)
        print(row, end="", flush=True)
        table += row
    if given.write:
        page = HERE / "docs/receiving.md"
        before, rest = page.read_text().split(BEGIN)
        page.write_text(before + BEGIN + table + END + rest.split(END, 1)[1])


main()
