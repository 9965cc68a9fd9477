"""The registers of a core whose tables are loaded at run time.

Made from ``hdl/registers/tierwire.rdl`` by ``scripts/registers.sh``.
"""

from enum import IntEnum, IntFlag


class Register(IntEnum):
    """Byte addresses."""

    ID = 0x00
    """Read. What this is: TIWR in ASCII."""
    VERSION = 0x04
    """Read. The version of this register map."""
    LAYOUT = 0x08
    """Read. The digest of the image's layout, which an image's first word has to be."""
    WORDS = 0x0C
    """Read. The words of an image."""
    CONTROL = 0x10
    """Write. Orders. Several may be given at once."""
    STATUS = 0x14
    """Read. The state of the tables. Errors, from bit 8 up, stay until START."""
    DATA = 0x18
    """Write. The image's next word."""
    LOADED = 0x1C
    """Read. The words of the image that have come."""
    DIGEST = 0x20
    """Read. The digest of the table set in use, 0 without one."""
    FRAMES = 0x24
    """Read. Frames completed or dropped since CLEAR."""
    BROKEN = 0x28
    """Read. Frames dropped after their header was sent, since CLEAR."""
    OVERRUNS = 0x2C
    """Read. Frames dropped before any of it was sent, since CLEAR."""
    MISALIGNED = 0x30
    """Read. Rounds with too few or too many samples, since CLEAR."""


class Control(IntFlag):
    """The bits of CONTROL."""

    START = 1 << 0
    """Begin to load an image. One that is half-loaded or not committed is forgotten."""
    COMMIT = 1 << 1
    """Use the complete image from the next keyframe on; at once without a table in use or when HELD."""
    CLEAR = 1 << 2
    """The counters read 0 from now."""
    HOLD = 1 << 3
    """Soft reset: hold the core in reset."""
    RELEASE = 1 << 4
    """End HOLD."""


class Status(IntFlag):
    """The bits of STATUS."""

    ACTIVE = 1 << 0
    """A table is in use."""
    BANK = 1 << 1
    """Which of the two banks is in use."""
    LOADING = 1 << 2
    """An image is being loaded."""
    COMPLETE = 1 << 3
    """An image is loaded, and its CRC is right."""
    PENDING = 1 << 4
    """A commit waits for a keyframe."""
    HELD = 1 << 5
    """The core is held in reset."""
    WRONG_LAYOUT = 1 << 8
    """Error: the image is of another layout."""
    WRONG_CRC = 1 << 9
    """Error: the image's CRC is wrong."""
    TOO_LONG = 1 << 10
    """Error: a word came when none was expected."""
    NOT_COMPLETE = 1 << 11
    """Error: COMMIT without a complete image."""


ID_VALUE = 0x54495752
"""What ``Register.ID`` reads."""
VERSION_VALUE = 0x00010000
"""What ``Register.VERSION`` reads."""
