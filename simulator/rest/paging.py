"""Lists in pages, newest first. The place in a list is in the PageToken; Page is only a label."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from simulator.rest.request import RestError, RestRequest

DEFAULT_SIZE, MAX_SIZE = 50, 1000


class HasSid(Protocol):
    """Anything that is listed."""

    @property
    def sid(self) -> str:
        """Its id."""
        ...


S = TypeVar("S", bound=HasSid)


def page(
    request: RestRequest, key: str, items: Sequence[S], shape: Callable[[S], dict[str, Any]], keep: Callable[[S], bool]
) -> dict[str, Any]:
    """Return one page of those items that pass the filters.

    `items` holds everything, oldest first: the token's item keeps its place when it no longer passes itself.
    """
    filters = request.filters()
    size = _size(filters.get("PageSize", ""))
    label = int(filters["Page"]) if filters.get("Page", "").isdecimal() else 0
    ordered = list(reversed(items))
    token = filters.get("PageToken", "")
    here, more_before, more_after = _cut(ordered, keep, size, token)
    rest = [(name, value) for name, value in request.query if name not in ("PageSize", "Page", "PageToken")]

    def uri(number: int, **extra: str) -> str:
        return f"{request.path}?{urlencode([*rest, ('PageSize', size), ('Page', number), *extra.items()])}"

    return {
        key: [shape(item) for item in here],
        "end": label * size + max(len(here) - 1, 0),
        "first_page_uri": uri(0),
        "next_page_uri": uri(label + 1, PageToken=f"PA{here[-1].sid}") if here and more_after else None,
        "page": label,
        "page_size": size,
        "previous_page_uri": uri(max(label - 1, 0), PageToken=f"PB{here[0].sid}") if here and more_before else None,
        "start": label * size,
        "uri": uri(label, PageToken=token) if token else uri(label),
    }


def _size(value: str) -> int:
    if not value:
        return DEFAULT_SIZE
    if not value.isdecimal() or int(value) < 1:
        raise RestError(400, 20007, "Page size must be a number from 1")
    if int(value) > MAX_SIZE:
        raise RestError(400, 20007)
    return int(value)


def _cut(ordered: Sequence[S], keep: Callable[[S], bool], size: int, token: str) -> tuple[list[S], bool, bool]:
    """Return a page's items, and whether there are more before and after it."""
    begin, backwards = 0, token.startswith("PB")
    if token:
        place = next((i for i, item in enumerate(ordered) if item.sid == token[2:]), None)
        if place is None or token[:2] not in ("PA", "PB"):
            raise RestError(400, 21481)
        begin = place if backwards else place + 1
    before = [item for item in ordered[:begin] if keep(item)]
    after = [item for item in ordered[begin:] if keep(item)]
    if backwards:
        return before[-size:], len(before) > size, bool(after)
    return after[:size], bool(before), len(after) > size
