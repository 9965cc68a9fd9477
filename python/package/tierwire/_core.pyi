"""The compiled part of tierwire; users call the modules beside it."""

from collections.abc import Sequence
from os import PathLike

from typing_extensions import Buffer

class Error(ValueError):
    """Data that is damaged or no tierwire data, or a recording that cannot be compressed."""

class Archive:
    @staticmethod
    def open(path: str | PathLike[str]) -> Archive: ...
    @staticmethod
    def of(bytes: Buffer) -> Archive: ...
    def groups(
        self,
    ) -> list[tuple[str, str, tuple[int, int], list[str], list[float | None], int, list[int]]]: ...
    def read(
        self,
        group: int,
        start: int,
        stop: int,
        channels: Sequence[int] | None,
        threads: int,
    ) -> bytearray: ...

def encode(
    samples: Buffer,
    *,
    format: str,
    channels: int,
    rate: str,
    name: str,
    head: bytes,
    names: Sequence[str] | None,
    max_error: int,
    best: bool,
    looked_at: int,
    threads: int,
) -> bytes: ...
def restore(archive: Buffer, threads: int) -> tuple[str, bytearray]: ...
def compress(
    path: str | PathLike[str],
    output: str | PathLike[str],
    *,
    raw: tuple[str, int, str] | None,
    max_error: int,
    best: bool,
    verify: bool,
) -> tuple[int, int, list[str]]: ...
def decompress(path: str | PathLike[str], output: str | PathLike[str]) -> None: ...
