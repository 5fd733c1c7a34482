"""Which part of a file a browser asks for. Pure."""

import re
from dataclasses import dataclass
from math import ceil, floor

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


class Unsatisfiable(Exception):
    """No byte of the file lies in the range."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` to before `end`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


def asked(header: str, size: int) -> Part | None:
    """Read a Range header; None where it asks for nothing that we give in parts (several ranges, other units, rubbish).

    Raises Unsatisfiable. RFC 9110, sections 14.1 and 14.2.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start == end:
        raise Unsatisfiable
    return Part(start, end)


def stretch(part: Part, *, size: int, seconds: float) -> tuple[int, int]:
    """Tell from which second to which a part of a sound goes, whole seconds that hold it; none of it, from x to x."""
    if not size:
        return 0, 0
    start = floor(part.start / size * seconds)
    end = ceil(part.end / size * seconds) if len(part) else start
    return start, max(min(end, whole(seconds)), start)


def whole(seconds: float) -> int:
    """Write a length in whole seconds; of what can be heard at all, one at least."""
    return max(round(seconds), 1 if seconds > 0 else 0)
