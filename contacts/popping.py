"""Addresses of a contact's page elsewhere: which may be, and how one is filled in. Pure.

Only https may be, and http on this machine: an address is opened beside the desk, by everybody who works there.
"""

import re
from urllib.parse import quote, urlsplit

PLACES = ("{id}", "{number}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
LOCAL = frozenset({"localhost", "127.0.0.1"})


class Unsafe(Exception):
    """This is no address that may be opened. The message says why, for a person."""


def origin(template: str) -> str:
    """Give the origin of a template, as a content security policy names it. Raises Unsafe."""
    if not template.isascii() or not template.isprintable() or re.search(r"[\s;,'\"<>\\`]", template):
        raise Unsafe("An address has no spaces, quotes, commas, semicolons or letters with accents.")
    if set(re.findall(r"\{[^{}]*\}?|\}", template)) - set(PLACES):
        raise Unsafe("Only {id} and {number} can stand in it.")
    try:
        parts = urlsplit(template)
        port = parts.port
    except ValueError:
        raise Unsafe("This is no address.") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(host):
        raise Unsafe("It begins with https:// and the name of a server, which is the same for everybody.")
    if parts.scheme == "http" and host not in LOCAL:
        raise Unsafe("It begins with https://; http:// is only for this machine.")
    if parts.username is not None or "{" in parts.netloc:
        raise Unsafe("Neither a name with a password nor {id} can stand before the server's name.")
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def filled(template: str, *, id: str, number: str) -> str:  # noqa: A002 (the word of the template)
    """Give the address of one contact; what is filled in cannot change where it leads. Raises Unsafe."""
    origin(template)
    return template.replace("{id}", quote(id, safe="")).replace("{number}", quote(number, safe=""))
