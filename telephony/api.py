"""Our telephone numbers in the API, as Twilio tells of them, and where it sends their calls."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from kombu.exceptions import OperationalError as BrokerAway
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from rest.filters import Filters
from rest.problems import conflict
from rest.serializers import ModelShape
from rest.views import Listed, Read, Resource
from telephony import callbacks, numbers, tasks
from telephony.callbacks import Where
from telephony.models import PhoneNumber

POINT = "telephony.change_phonenumber"


class NumberShape(ModelShape):
    """A number of our account."""

    in_account = serializers.SerializerMethodField(help_text="False: it is no longer ours, and calls speak of it.")
    leads = serializers.SerializerMethodField(help_text="Where Twilio sends its calls.")
    overridden_by = serializers.SerializerMethodField(
        help_text="A trunk or an application at Twilio, which then decides alone where calls go; empty mostly."
    )
    capabilities = serializers.DictField(
        child=serializers.BooleanField(), help_text="What it can: voice, sms, mms, fax."
    )

    class Meta:
        model = PhoneNumber
        fields = (
            "id",
            "sid",
            "number",
            "friendly_name",
            "capabilities",
            "in_account",
            "leads",
            "overridden_by",
            "voice_url",
            "synchronized_at",
        )

    @extend_schema_field(serializers.BooleanField())
    def get_in_account(self, number: PhoneNumber) -> bool:
        return not number.is_gone

    @extend_schema_field(serializers.ChoiceField([one.value for one in Where]))
    def get_leads(self, number: PhoneNumber) -> str:
        if self.get_overridden_by(number):
            return Where.ELSEWHERE
        return callbacks.where(number.voice_url, "voice-inbound")

    @extend_schema_field(serializers.CharField())
    def get_overridden_by(self, number: PhoneNumber) -> str:
        return number.trunk_sid or number.voice_application_sid


class NumberFilters(Filters):
    number = filters.CharFilter(method="of_number", label="The number, however it is written.")
    in_account = filters.BooleanFilter("is_gone", exclude=True, label="Whether it is still ours.")

    class Meta:
        model = PhoneNumber
        fields = ("number", "in_account")

    def of_number(self, rows: QuerySet[PhoneNumber], _name: str, text: str) -> QuerySet[PhoneNumber]:
        return rows.filter(number=numbers.parse(text, country=settings.DEFAULT_COUNTRY) or text)


class Numbers(Listed, Read, Resource):
    """Our telephone numbers, mirrored from Twilio."""

    scope = "numbers"
    permissions = {
        "list": "telephony.view_phonenumber",
        "retrieve": "telephony.view_phonenumber",
        "synchronize": POINT,
        "point_here": POINT,
    }
    statuses = {"synchronize": 204, "point_here": 202}
    queryset = PhoneNumber.objects.all()
    serializer_class = NumberShape
    filterset_class = NumberFilters
    orderings = ("number", "pk")

    @action(detail=False, methods=["post"])
    def synchronize(self, _request: Request) -> Response:
        """Have the account's numbers read from Twilio. Nothing changes there; read /numbers again in a moment."""
        return self._ask(tasks.synchronize_numbers.delay)

    @action(detail=True, methods=["post"], url_path="point-here")
    def point_here(self, _request: Request, **_way: Any) -> Response:
        """Have calls to this number, their fallback and their status sent here; `leads` tells when it is so."""
        number = self.get_object()
        if number.is_gone:
            raise conflict(_("It is not in the account any more."))
        return self._ask(lambda: tasks.point_number_here.delay(number.pk), number)

    def _ask(self, send: Callable[[], Any], number: Model | None = None) -> Response:
        """Let a worker ask Twilio: the answer does not wait for it."""
        try:
            send()
        except BrokerAway:
            raise conflict(_("The task could not be handed over: the broker does not answer. Try again.")) from None
        return self.answer(number)
