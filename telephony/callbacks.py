"""Absolute addresses of our pages for Twilio, by URL name, from PUBLIC_BASE_URL.

By default Twilio tries a request again only when it could not connect. The fragment asks for more (Twilio's page
"Webhooks connection overrides"); it is no part of the request, nor of the signature.
"""

from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

# Somebody waits on the line, and Twilio gives all tries together 15 seconds before it asks for the fallback.
_WHILE_A_CALLER_WAITS = "#ct=2000&rt=5000&tt=15000&rc=2&rp=5xx,ct,rt"
# Nobody waits. A 4xx would stay one.
_NEWS = "#ct=3000&rt=10000&tt=15000&rc=3&rp=5xx,ct,rt"


class Where(StrEnum):
    """Where an address leads."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOWHERE = "nowhere"


def document(name: str, **parts: UUID | int | str) -> str:
    """Give the address of a page that answers with TwiML."""
    return plain(name, **parts) + _WHILE_A_CALLER_WAITS


def news(name: str, **parts: UUID | int | str) -> str:
    """Give the address of a page that takes news and steers nothing: a status callback."""
    return plain(name, **parts) + _NEWS


def plain(name: str, **parts: UUID | int | str) -> str:
    """Give the address as it is: for audio that Twilio fetches, and for links in e-mail."""
    base: str = settings.PUBLIC_BASE_URL
    if any(isinstance(part, str) for part in parts.values()):
        return base + reverse(name, kwargs=parts)
    template = _template(settings.ROOT_URLCONF, name, tuple((key, type(part)) for key, part in parts.items()))
    return base + template.format(**parts)


def where(url: str, name: str) -> Where:
    """Tell whether an address that is set at Twilio leads to our page of this name; the fragment does not matter."""
    if not url:
        return Where.NOWHERE
    return Where.HERE if url.partition("#")[0] == plain(name) else Where.ELSEWHERE


@lru_cache(maxsize=256)
def _template(urlconf: str, name: str, parts: tuple[tuple[str, type], ...]) -> str:
    """Reverse once per name, with marks in place of ids: `reverse` itself would cost more than all else on a page."""
    marks: dict[str, UUID | int] = {}
    for index, (key, kind) in enumerate(parts):
        unlikely = 7_700_707_000_070_700 + index
        marks[key] = UUID(int=unlikely) if kind is UUID else unlikely
    address = reverse(name, urlconf, kwargs=marks)
    for key, mark in marks.items():
        address = address.replace(str(mark), "{" + key + "}")
    return address
