"""The ledger of opt-outs in the API, and the systems that know contacts too."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import actions
from contacts.api.filters import OptOutFilters
from contacts.api.shapes import EndBody, OptOutBody, OptOutShape, SystemShape
from contacts.models import OptOut, System
from contacts.states import Channel, How
from rest.problems import conflict
from rest.views import Listed, Read, Resource


class OptOuts(Listed, Read, Resource):
    """The one ledger of who wants no texts or no calls. An entry never goes; it ends."""

    scope = "opt-outs"
    permissions: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "list": "contacts.view_optout",
        "retrieve": "contacts.view_optout",
        "create": "contacts.add_optout",
        "end": "contacts.change_optout",
    }
    queryset = OptOut.objects.select_related("by")
    serializer_class = OptOutShape
    bodies: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {"create": OptOutBody, "end": EndBody}
    filterset_class = OptOutFilters
    orderings = ("-at",)

    def create(self, _request: Request) -> Response:
        body = self.body()
        given: dict[str, Any] = {"how": How.API, "by": self.user, "note": body["note"], "at": timezone.now()}
        return self.answer(actions.opt_out(body["number"], Channel(body["channel"]), **given))

    @action(detail=True, methods=["post"])
    def end(self, _request: Request, **_way: Any) -> Response:
        """Note that the person wants texts, or calls, again."""
        entry = self.get_object()
        note = self.body()["note"]
        given: dict[str, Any] = {"how": How.API, "by": self.user, "note": note, "at": timezone.now()}
        if entry.ended_at is not None or not actions.opt_in(entry.number, Channel(entry.channel), **given):
            raise conflict(_("It has ended already."))
        return self.answer(self.get_object())


class Systems(Listed, Read, Resource):
    """The other systems that know contacts."""

    scope = "contacts"
    permissions: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "list": "contacts.view_contact",
        "retrieve": "contacts.view_contact",
    }
    queryset = System.objects.all()
    serializer_class = SystemShape
    orderings = ("name",)
