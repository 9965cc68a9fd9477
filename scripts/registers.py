#!/usr/bin/env python3
"""Rust, Python and the page's tables from the description of the registers; scripts/registers.sh calls it.

registers.py DESCRIPTION FOLDER writes register_map.rs, registers.py and registers.md into FOLDER.
"""

import pathlib
import re
import sys

from systemrdl import RDLCompiler

BEGIN, END = "<!-- begin: scripts/registers.sh -->\n", "<!-- end -->\n"


def described(node):
    """The description on one line."""
    return " ".join(node.get_property("desc", default="").split())


def resets(register):
    """What a register always reads, or None."""
    values = [(field.get_property("reset"), field.low) for field in register.fields()]
    constant = all(value is not None for value, _ in values) and register.has_sw_readable
    return sum(value << low for value, low in values) if constant else None


def access(register):
    return "read" if register.has_sw_readable else "write"


def flags(register):
    """The fields of one bit, which have masks."""
    return [field for field in register.fields() if field.width == 1]


def rust(registers):
    lines = [
        "//! The registers of a core whose tables are loaded at run time: byte addresses and bits.",
        "//!",
        "//! Made from `hdl/registers/tierwire.rdl` by `scripts/registers.sh`.",
        "",
    ]
    for register in registers:
        lines += [f"/// {access(register).capitalize()}. {described(register)}"]
        lines += [f"pub const {register.inst_name}: u8 = 0x{register.absolute_address:02X};"]
    for register in registers:
        value = resets(register)
        if value is not None:
            text = f"{value >> 16:04X}_{value & 0xFFFF:04X}"
            lines += [f"/// What [`{register.inst_name}`] reads."]
            lines += [f"pub const {register.inst_name}_VALUE: u32 = 0x{text};"]
    for register in filter(flags, registers):
        lines += ["", f"/// The bits of {register.inst_name}."]
        lines += [f"pub mod {register.inst_name.lower()} {{"]
        for field in flags(register):
            lines += [f"    /// {described(field)}"]
            lines += [f"    pub const {field.inst_name}: u32 = 1 << {field.low};"]
        lines += ["}"]
    return "\n".join(lines) + "\n"


def python(registers):
    lines = [
        '"""The registers of a core whose tables are loaded at run time.',
        "",
        "Made from ``hdl/registers/tierwire.rdl`` by ``scripts/registers.sh``.",
        '"""',
        "",
        "from enum import IntEnum, IntFlag",
        "",
        "",
        "class Register(IntEnum):",
        '    """Byte addresses."""',
        "",
    ]
    for register in registers:
        lines += [f"    {register.inst_name} = 0x{register.absolute_address:02X}"]
        lines += [f'    """{access(register).capitalize()}. {described(register)}"""']
    for register in filter(flags, registers):
        lines += ["", "", f"class {register.inst_name.capitalize()}(IntFlag):"]
        lines += [f'    """The bits of {register.inst_name}."""', ""]
        for field in flags(register):
            lines += [f"    {field.inst_name} = 1 << {field.low}"]
            lines += [f'    """{described(field)}"""']
    lines += ["", ""]
    for register in registers:
        value = resets(register)
        if value is not None:
            lines += [f"{register.inst_name}_VALUE = 0x{value:08X}"]
            lines += [f'"""What ``Register.{register.inst_name}`` reads."""']
    return "\n".join(lines) + "\n"


def tables(registers):
    lines = ["| offset | register | access | reads | meaning |", "|---|---|---|---|---|"]
    for register in registers:
        value = resets(register)
        reads = "" if value is None else f"0x{value:08X}"
        offset = f"0x{register.absolute_address:02X}"
        row = [offset, f"`{register.inst_name}`", access(register), reads, described(register)]
        lines += [f"| {' | '.join(row)} |"]
    for register in registers:
        fields = list(register.fields())
        if len(fields) == 1:
            continue
        lines += ["", f"`{register.inst_name}`:", "", "| bits | field | meaning |", "|---|---|---|"]
        for field in fields:
            bits = str(field.low) if field.width == 1 else f"{field.high}:{field.low}"
            lines += [f"| {bits} | `{field.inst_name}` | {described(field)} |"]
    return "\n".join(lines).replace("|  |", "| |") + "\n"


def page(registers):
    """docs/registers.md with its tables made anew."""
    text = pathlib.Path("docs/registers.md").read_text()
    before, after = re.escape(BEGIN), re.escape(END)
    new, count = re.subn(f"({before}).*?({after})", lambda m: m[1] + tables(registers) + m[2], text, flags=re.S)
    if count != 1:
        sys.exit(f"docs/registers.md: {count} places for the tables instead of one")
    return new


def main():
    description, folder = sys.argv[1:]
    compiler = RDLCompiler()
    compiler.compile_file(description)
    registers = list(compiler.elaborate().top.registers())
    for name, text in [
        ("register_map.rs", rust(registers)),
        ("registers.py", python(registers)),
        ("registers.md", page(registers)),
    ]:
        (pathlib.Path(folder) / name).write_text(text)


main()
