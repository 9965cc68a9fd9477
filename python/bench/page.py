"""Tables between their marks in a page."""

import pathlib
import re


def table(head, rows):
    """A table of Markdown, its columns as wide as their widest cell."""
    rows = [list(head), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [rows[0], rule, *rows[1:]]

    def line(cells):
        # Names to the left, numbers to the right.
        numbers = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:]))
        return f"| {' | '.join([cells[0].ljust(widths[0]), *numbers])} |\n"

    return "".join(map(line, lines))


def write(page, command, text):
    """Replaces what stands between the marks of a command."""
    page = pathlib.Path(page)
    marks = rf"(<!-- begin: {re.escape(command)} -->\n).*?(<!-- end -->)"
    changed, count = re.subn(
        marks, lambda found: found[1] + text + found[2], page.read_text(), flags=re.DOTALL
    )
    if count != 1:
        raise SystemExit(f"{page}: the marks of {command} stand {count} times in it, not once")
    page.write_text(changed)
