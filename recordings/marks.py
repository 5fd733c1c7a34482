"""The mark of who took a recording out of the house, inside the file. Pure."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from uuid import UUID

HEAD = 4096  # within so many bytes a WAV file says how it is made


class NoWave(Exception):
    """The file does not begin as a WAV file does."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Who took which recording, when, and the id of the entry in the log of access that tells of it."""

    recording: UUID
    who: str
    at: datetime
    entry: int

    @property
    def text(self) -> str:
        return f"Recording {self.recording}, taken by {self.who} at {_moment(self.at)}, access log entry {self.entry}"

    def name(self, ending: str) -> str:
        """Give the file's name: letters, digits and few signs, whatever people are called."""
        who = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in self.who)[:40]
        when = f"{self.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return f"recording-{str(self.recording)[:8]}-{who}-{when}-log{self.entry}.{ending}"


def marked(pieces: Iterable[bytes], *, size: int, text: str) -> tuple[int, Iterator[bytes]]:
    """Give a WAV file with a comment in it, as it flows, and its size. Raises NoWave."""
    flow = iter(pieces)
    head = b""
    while len(head) < HEAD and (piece := next(flow, b"")):
        head += piece
    fresh, place = marked_head(head, size=size, text=text)
    return size - place + len(fresh), chain([fresh, head[place:]], flow)


def marked_head(head: bytes, *, size: int, text: str) -> tuple[bytes, int]:
    """Give the beginning of a WAV file with a comment in it, and how many bytes of the old one it stands for.

    Raises NoWave. The comment comes after the format, where every player expects more chunks.
    """
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise NoWave
    place = 12
    while place + 8 <= len(head):
        name, length = head[place : place + 4], int.from_bytes(head[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
        if name == b"fmt " and place <= len(head):
            comment = _info(text)
            whole = min(size - 8 + len(comment), 0xFFFF_FFFF)
            return b"RIFF" + struct.pack("<I", whole) + head[8:place] + comment, place
        if name == b"data":
            break
    raise NoWave


def _info(text: str) -> bytes:
    """Write a comment as WAV files have it."""
    said = text.encode() + b"\0"
    said += b"\0" * (len(said) % 2)
    chunk = b"INFO" + b"ICMT" + struct.pack("<I", len(said)) + said
    return b"LIST" + struct.pack("<I", len(chunk)) + chunk


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
