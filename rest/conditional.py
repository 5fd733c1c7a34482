"""Conditional writes: an answer says which version it is (ETag), and a write may say which one it means (If-Match)."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from rest.problems import Problem


def etag(thing: Any, fields: Sequence[str]) -> str:
    """Give the version of a row by these of its fields, which together change whenever it changes."""
    values = repr([str(getattr(thing, field)) for field in fields])
    return f'"{hashlib.sha256(values.encode()).hexdigest()[:16]}"'


def asks(request: Request) -> bool:
    """Tell whether the write is for one version alone; then its row is locked before it is compared."""
    return "If-Match" in request.headers


def check(request: Request, present: str) -> None:
    """Raise a Problem if the write was meant for another version than the present one."""
    wanted = parse_etags(request.headers["If-Match"])
    if "*" not in wanted and present not in wanted:
        raise Problem(
            412,
            _("Read it anew, look at what has changed, and send If-Match with the ETag of that answer."),
            headers={"ETag": present},
        )
