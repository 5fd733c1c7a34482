"""Pages of a list, by a cursor: the thousandth is found as fast as the first, and news at its head move nothing."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from rest.problems import wrong

DEFAULT_LIMIT = 50
MOST = 200


class Cursor(BasePagination):
    """Where a page ended: the value by which the list is ordered, and the id, which decides among equal ones.

    The view's `orderings` name columns that are never empty; the first is how the list is ordered if nobody says so.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        limit = _limit(request)
        self.ordering = _ordering(request, view.orderings)
        field = self.ordering.lstrip("-")
        rows = queryset.order_by(*dict.fromkeys([self.ordering, f"{'-' if self._falls else ''}pk"]))
        if cursor := request.query_params.get("cursor"):
            rows = rows.filter(self._beyond(queryset.model, field, cursor))
        page = list(rows[: limit + 1])
        self.next = self._cursor(page[limit - 1], field) if len(page) > limit else None
        return page[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        headers = {}
        if self.next:
            following = replace_query_param(self.request.build_absolute_uri(), "cursor", self.next)
            headers["Link"] = f'<{following}>; rel="next"'
        return Response({"items": data, "next": self.next}, headers=headers)

    @property
    def _falls(self) -> bool:
        return self.ordering.startswith("-")

    def _beyond(self, model: type[Model], field: str, cursor: str) -> Q:
        """Give the condition for what lies behind: bounded by the ordering's own column, so that its index serves."""
        try:
            ordering, value, pk = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
            value = _column(model, field).to_python(value)
            pk = model._meta.pk.to_python(pk)
            strange = ordering != self.ordering or value is None or pk is None
        except (NotBase64, UnicodeError, ValueError, TypeError, ValidationError, OverflowError, RecursionError):
            strange = True
        if strange:
            raise wrong("cursor", _("Take it, unchanged, from `next` of the page before, with the same `ordering`."))
        than = "lt" if self._falls else "gt"
        return Q(**{f"{field}__{than}e": value}) & (Q(**{f"{field}__{than}": value}) | Q(**{f"pk__{than}": pk}))

    def _cursor(self, last: Any, field: str) -> str:
        value = last.pk if field == "pk" else getattr(last, field)
        written = value.isoformat() if hasattr(value, "isoformat") else value
        where = [self.ordering, written if isinstance(written, int | float) else str(written), str(last.pk)]
        return urlsafe_b64encode(json.dumps(where, separators=(",", ":")).encode()).decode()

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": schema,
                "next": {
                    "type": "string",
                    "nullable": True,
                    "description": "The `cursor` of the next page; null on the last one. "
                    'The header Link gives the whole address, rel="next".',
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        orderings = [name for ordering in view.orderings for name in _both(ordering)]
        return [
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": "How many at most on a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
            },
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Where to go on: `next` of the page before. It tells nothing else, and may change.",
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": "By what the list is ordered; with a minus the largest, or latest, first.",
                "schema": {"type": "string", "enum": orderings, "default": view.orderings[0]},
            },
        ]


PARAMETERS = ("limit", "cursor", "ordering")


def _limit(request: Request) -> int:
    written = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not (written.isascii() and written.isdigit() and len(written) <= 4 and 1 <= int(written) <= MOST):
        raise wrong("limit", _("Give a number from 1 to %(most)d.") % {"most": MOST})
    return int(written)


def _ordering(request: Request, orderings: tuple[str, ...]) -> str:
    possible = [name for ordering in orderings for name in _both(ordering)]
    wanted = request.query_params.get("ordering", orderings[0])
    if wanted not in possible:
        raise wrong("ordering", _("Give one of: %(names)s.") % {"names": ", ".join(possible)})
    return wanted


def _both(ordering: str) -> tuple[str, str]:
    name = ordering.lstrip("-")
    return (ordering, name if ordering.startswith("-") else f"-{name}")


def _column(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def unfit(model: type[Model], orderings: tuple[str, ...]) -> list[str]:
    """Give those of the orderings that a cursor cannot stand on: no column of the model, or one that may be empty."""
    found = []
    for ordering in orderings:
        try:
            if _column(model, ordering.lstrip("-")).null:
                found.append(ordering)
        except FieldDoesNotExist:
            found.append(ordering)
    return found
