"""Finds every page that Twilio may ask for: whatever in the URL configuration was made by `@webhook`."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter


def webhook_names() -> list[str]:
    return [str(pattern.name) for pattern in patterns(get_resolver()) if hasattr(pattern.callback, "webhook")]


def webhook_view(name: str) -> Any:
    return next(pattern.callback for pattern in patterns(get_resolver()) if pattern.name == name)


def address(name: str) -> str:
    """Give an address of the page; where ids belong, new ones, of nothing that exists."""
    pattern = next(pattern for pattern in patterns(get_resolver()) if pattern.name == name)
    return reverse(name, kwargs={key: _example(kind) for key, kind in pattern.pattern.converters.items()})


def _example(converter: object) -> uuid.UUID | int | str:
    if isinstance(converter, UUIDConverter):
        return uuid.uuid4()
    return 1 if isinstance(converter, IntConverter) else "x"


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry
