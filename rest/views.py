"""What all pages of the API have in common: who may ask, what they may name, writes that happen once.

A page is a `Resource` with class attributes and, per action, a method that reads its body, calls one action of its
package, and answers. `docs/architecture.md` shows how one is written.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from rest import conditional, scopes
from rest.expanding import PARAMETER as EXPAND
from rest.expanding import expanded
from rest.filters import Backend
from rest.paging import PARAMETERS as PAGING
from rest.paging import Cursor
from rest.problems import Fault, Problem

SAFE = frozenset({"GET", "HEAD"})
STATUSES = {"create": 201, "destroy": 204}

UNKNOWN = _("There is no such parameter. Leave it out; known are: %(names)s.")
TWICE = _("Give it once: of several the others would be passed over.")

Work = Callable[[], Response]
Once = Callable[[Request, Work], Response]


class Resource(viewsets.GenericViewSet[Any]):
    """The base of every page. `queryset` is narrowed by its own `visible_to(user)`, where it has that method."""

    scope: ClassVar[str]  # the resource's word in scopes: calls -> calls:read, calls:write
    scopes: ClassVar[Mapping[str, str]] = {}  # action -> a scope other than these two
    permissions: ClassVar[Mapping[str, str | tuple[str, ...]]] = {}  # action -> permissions of Django that it needs
    bodies: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {}  # action -> what its body has
    answers: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {}  # action -> not serializer_class
    queries: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {}  # action -> parameters of its address
    statuses: ClassVar[Mapping[str, int]] = {}  # action -> not 200, nor 201 of create, nor 204 of destroy
    orderings: ClassVar[tuple[str, ...]] = ("pk",)
    expansions: ClassVar[Mapping[str, tuple[Any, ...]]] = {}  # name -> what is prefetched for it
    version_fields: ClassVar[tuple[str, ...]] = ()  # with some, answers have an ETag and writes heed If-Match
    conditional: ClassVar[frozenset[str]] = frozenset()  # writes that heed If-Match by themselves

    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    pagination_class = Cursor
    filter_backends = [Backend]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if hasattr(cls, "scope"):
            scopes.make_known(f"{cls.scope}:read", f"{cls.scope}:write", *cls.scopes.values())

    # --- what an action needs

    def scope_needed(self) -> str:
        what = "read" if self.request.method in SAFE else "write"
        return self.scopes.get(self.action, f"{self.scope}:{what}")

    def permissions_needed(self) -> tuple[str, ...]:
        if self.action in self.permissions:
            needed = self.permissions[self.action]
            return (needed,) if isinstance(needed, str) else needed
        if self.action in (None, "metadata"):  # the address does not take the method, or OPTIONS, and says so
            return ()
        raise ImproperlyConfigured(f"{type(self).__name__} names no permission for {self.action}.")

    def get_permissions(self) -> list[Any]:
        return [scopes.Allowed()]

    # --- a request, from its arrival to its answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self._parameters()
        if strange := [name for name in request.query_params if name not in known]:
            told = UNKNOWN % {"names": ", ".join(sorted(known)) or "-"}
            raise Problem(400, told, faults=[Fault(name, str(told)) for name in strange])
        if twice := [name for name, given in request.query_params.lists() if len(given) > 1 and name != EXPAND]:
            raise Problem(400, TWICE, faults=[Fault(name, str(TWICE)) for name in twice])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a request; a write is one transaction with its answer, and happens once for an Idempotency-Key."""
        self.args, self.kwargs = args, kwargs
        asked = self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(asked, *args, **kwargs)
            work = self._work(asked, *args, **kwargs)
            if asked.method in SAFE:
                response = work()
            else:
                once: Once = import_string(settings.API_WRITES_ONCE)
                response = once(asked, work)
        except Exception as error:  # noqa: BLE001  what is no problem of the asker is raised again
            response = self.handle_exception(error)
        self.response = self.finalize_response(asked, response, *args, **kwargs)
        return self.response

    def _work(self, request: Request, *args: Any, **kwargs: Any) -> Work:
        """Give what answers the request. In a write, a refusal is an answer too: what was noted about it is kept."""
        method = str(request.method).lower()
        taken = method if method in self.http_method_names else "http_method_not_allowed"
        handler = getattr(self, taken, self.http_method_not_allowed)

        def work() -> Response:
            try:
                return handler(request, *args, **kwargs)
            except Exception as error:
                if request.method in SAFE:
                    raise
                return self.handle_exception(error)

        return work

    @property
    def user(self) -> Any:
        """Who asks: the owner of the key, or who is logged in."""
        return self.request.user

    # --- reading

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.user)
        lookups = [lookup for name in self.expanded() for lookup in self.expansions[name]]
        return rows.prefetch_related(*lookups) if lookups else rows

    def get_object(self) -> Any:
        """Give the row that the address names. In a conditional write it is locked, and is the version that is meant.

        Raises Http404, and a Problem where somebody changed it meanwhile.
        """
        if not self._is_conditional():
            return super().get_object()
        row = super().get_object()
        locked = type(row)._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
        conditional.check(self.request, conditional.etag(locked, self.version_fields))
        return super().get_object()

    def _is_conditional(self) -> bool:
        return bool(self.version_fields) and self.request.method not in SAFE and conditional.asks(self.request)

    def expanded(self) -> tuple[str, ...]:
        """Give the names of the detail that is asked for."""
        return expanded(self.request, self.expansions)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        return context if getattr(self, "swagger_fake_view", False) else context | {"expand": self.expanded()}

    def query(self) -> dict[str, Any]:
        """Give the parameters of the address, checked by the action's shape in `queries`."""
        shape = self.queries[self.action](data=self.request.query_params.dict(), context=self.get_serializer_context())
        shape.is_valid(raise_exception=True)
        checked: dict[str, Any] = shape.validated_data
        return checked

    def _parameters(self) -> set[str]:
        known: set[str] = set()
        if self.action == "list":
            known |= set(PAGING)
            if (filters := getattr(self, "filterset_class", None)) is not None:
                known |= set(filters.base_filters)
        if shape := self.queries.get(self.action):
            known |= set(shape().fields)
        return known | ({EXPAND} if self.expansions and self.action in EXPANDING else set())

    # --- writing

    def body(self) -> dict[str, Any]:
        """Give the body, checked by the action's shape in `bodies`; raises a Problem that names the fields."""
        shape = self.bodies[self.action](data=self.request.data, context=self.get_serializer_context())
        if self.action == "partial_update":
            # not the library's `partial`, which lets parts of a given list or object be missing too
            for field in shape.fields.values():
                field.required, field.default = False, serializers.empty
        shape.is_valid(raise_exception=True)
        checked: dict[str, Any] = shape.validated_data
        return checked

    # --- answering

    def status_of_answer(self) -> int:
        return self.statuses.get(self.action, STATUSES.get(self.action, 200))

    def answer(self, thing: Any = None) -> Response:
        """Answer with one thing in the action's shape, its version as ETag; without a thing, with nothing (204)."""
        if thing is None:
            return Response(status=204)
        shape = self.answers.get(self.action, self.get_serializer_class())
        headers = {}
        if self.version_fields and hasattr(thing, self.version_fields[0]):
            headers["ETag"] = conditional.etag(thing, self.version_fields)
        data = shape(thing, context=self.get_serializer_context()).data
        return Response(data, status=self.status_of_answer(), headers=headers)

    def answer_page(self, rows: QuerySet[Any]) -> Response:
        """Answer with a page of rows in the action's shape."""
        shape = self.answers.get(self.action, self.get_serializer_class())
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(shape(page, many=True, context=self.get_serializer_context()).data)


EXPANDING = ("list", "retrieve")


class Listed:
    """A resource whose rows can be listed."""

    def list(self: Any, _request: Request) -> Any:
        return self.answer_page(self.filter_queryset(self.get_queryset()))


class Read:
    """A resource of which one can be read."""

    def retrieve(self: Any, _request: Request, **_way: Any) -> Any:
        return self.answer(self.get_object())


def together(_request: Request, work: Work) -> Response:
    """The plainest way of doing a write: it and its answer are one transaction."""
    with transaction.atomic():
        return work()
