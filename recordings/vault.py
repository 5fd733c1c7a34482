"""Sound and text at rest: each file is sealed by a key of its own, which is kept beside it, wrapped by ours.

A file is a row of chunks, each AES-256-GCM with its number and a mark on the last one in the nonce (the construction
STREAM), so that what was cut, reordered or exchanged is not opened, and any part is read by opening its chunks alone.
A file's key seals that one file and no other; that is why nonces may be plain numbers. The keys that wrap are those of
RECORDINGS_KEYS: the first one wraps what is new, all open what is old. Without any, nothing is sealed.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

CHUNK = 64 * 1024
TAG = 16
NONCE = 12
KEY = 32

Read = Callable[[int, int], Iterator[bytes]]
"""Gives the bytes of a sealed file from the first number to before the second, in pieces of any size."""


class Unreadable(Exception):
    """What is sealed cannot be opened: its key is not among ours. The message is for a person."""


class Damaged(Unreadable):
    """What lies there is not what was put there. The message is for a person."""


@dataclass(frozen=True, slots=True)
class Key:
    """A file's own key, and as it is kept: `wrapped` by the key `id` of the settings. Empty where nothing is sealed."""

    id: str = ""
    wrapped: bytes = b""
    plain: bytes = field(default=b"", repr=False)


def parse(text: str) -> dict[str, bytes]:
    """Read the keys out of `id:base64,id:base64`. Raises ValueError with the reason, and no part of a key in it."""
    found: dict[str, bytes] = {}
    for number, entry in enumerate(filter(None, (part.strip() for part in text.split(","))), 1):
        name, colon, encoded = entry.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9._-]{1,32}", name):
            raise ValueError(f"the key no. {number} has no id before a colon")
        if name in found:
            raise ValueError(f"two keys are called {name}")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ValueError(f"the key {name} is not base64") from None
        if len(key) != KEY:
            raise ValueError(f"the key {name} has {len(key)} bytes, not {KEY}")
        found[name] = key
    return found


@lru_cache(maxsize=4)
def _ring(text: str) -> Mapping[str, bytes]:
    return parse(text)


def newest_id() -> str:
    """Name the key that wraps what is new; empty where there is none."""
    return next(iter(_ring(settings.RECORDINGS_KEYS)), "")


def new_key(context: str) -> Key:
    """Make a key for one file. `context` names what it is for: wrapped keys cannot be exchanged."""
    name = newest_id()
    return _wrapped(secrets.token_bytes(KEY), name, context) if name else Key()


def key_of(name: str, wrapped: bytes, *, context: str) -> Key:
    """Unwrap a file's key as it is kept. Raises Unreadable."""
    if not name:
        return Key()
    ours = _ring(settings.RECORDINGS_KEYS).get(name)
    if ours is None:
        raise Unreadable(f"the key {name} is not in RECORDINGS_KEYS")
    try:
        plain = AESGCM(ours).decrypt(wrapped[:NONCE], wrapped[NONCE:], context.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"the key {name} of RECORDINGS_KEYS does not open it") from None
    return Key(name, wrapped, plain)


def rewrapped(name: str, wrapped: bytes, *, context: str) -> Key:
    """Wrap a file's key by the newest of ours; the file stays as it is. Raises Unreadable."""
    return _wrapped(key_of(name, wrapped, context=context).plain, newest_id(), context)


def _wrapped(plain: bytes, name: str, context: str) -> Key:
    nonce = secrets.token_bytes(NONCE)
    ours = AESGCM(_ring(settings.RECORDINGS_KEYS)[name])
    return Key(name, nonce + ours.encrypt(nonce, plain, context.encode()), plain)


def sealed_size(size: int, key: Key) -> int:
    """Tell how many bytes so many become."""
    return size + TAG * _chunks(size) if key.plain else size


def sealed(pieces: Iterable[bytes], key: Key) -> Iterator[bytes]:
    """Seal a file while it flows. Its key must not have sealed another one."""
    if not key.plain:
        yield from pieces
        return
    seal, number, waiting = AESGCM(key.plain), 0, bytearray()
    for piece in pieces:
        waiting += piece
        done = 0
        while len(waiting) - done > CHUNK:  # not the last one: something comes after it
            yield seal.encrypt(_nonce(number, last=False), bytes(waiting[done : done + CHUNK]), None)
            number, done = number + 1, done + CHUNK
        del waiting[:done]
    yield seal.encrypt(_nonce(number, last=True), bytes(waiting), None)


def opened(read: Read, key: Key, *, size: int, start: int, end: int) -> Iterator[bytes]:
    """Open the bytes from `start` to before `end` of a file that has `size` bytes. Raises Damaged.

    Nothing is given out that was not sealed at this place of this file.
    """
    if not key.plain:
        yield from _measured(read(start, end), end - start)
        return
    seal, last = AESGCM(key.plain), _chunks(size) - 1
    first, final = start // CHUNK, max(end - 1, start) // CHUNK
    pieces, waiting = read(first * (CHUNK + TAG), _sealed_end(final, size)), bytearray()
    for number in range(first, final + 1):
        wanted = min(CHUNK, size - number * CHUNK) + TAG
        while len(waiting) < wanted and (piece := next(pieces, b"")):
            waiting += piece
        try:
            plain = seal.decrypt(_nonce(number, last=number == last), bytes(waiting[:wanted]), None)
        except (InvalidTag, ValueError):
            raise Damaged("the file is not what was sealed") from None
        del waiting[:wanted]
        yield plain[max(start - number * CHUNK, 0) : end - number * CHUNK]


def seal(content: bytes, *, context: str) -> tuple[bytes, dict[str, str]]:
    """Seal something small; return it with how its key is kept, as JSON holds it."""
    key = new_key(context)
    return b"".join(sealed([content], key)), _written(key)


def unseal(content: bytes, how: Mapping[str, Any], *, context: str) -> bytes:
    """Open something small. Raises Unreadable."""
    key = _read(how, context)
    size = len(content) - TAG * max(1, -(-len(content) // (CHUNK + TAG))) if key.plain else len(content)
    if size < 0:
        raise Damaged("what was sealed was cut")
    return b"".join(opened(lambda start, end: iter([content[start:end]]), key, size=size, start=0, end=size))


def resealed(how: Mapping[str, Any], *, context: str) -> dict[str, str]:
    """Wrap the key of something small by the newest of ours. Raises Unreadable."""
    return _written(_wrapped(_read(how, context).plain, newest_id(), context))


def _written(key: Key) -> dict[str, str]:
    return {"id": key.id, "wrapped": base64.b64encode(key.wrapped).decode()} if key.plain else {}


def _read(how: Mapping[str, Any], context: str) -> Key:
    return key_of(how.get("id", ""), base64.b64decode(how.get("wrapped", "")), context=context)


def _measured(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        size -= len(piece)
        yield piece
    if size:
        raise Damaged("the file was cut")


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + (b"\1" if last else b"\0")


def _chunks(size: int) -> int:
    return max(1, -(-size // CHUNK))


def _sealed_end(chunk: int, size: int) -> int:
    return min((chunk + 1) * CHUNK, size) + TAG * (chunk + 1)
