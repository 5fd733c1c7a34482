"""What Twilio sent us, and where the account's numbers lead. Both are mirrors: nothing here is edited."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerAway
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from telephony import callbacks, logs, numbers, tasks
from telephony.callbacks import Where
from telephony.models import Delivery, PhoneNumber

WHERE_LABELS = {Where.HERE: _("here"), Where.ELSEWHERE: _("elsewhere"), Where.NOWHERE: _("nowhere")}
WHERE_COLORS = {WHERE_LABELS[Where.HERE]: "success", WHERE_LABELS[Where.ELSEWHERE]: "warning"}
ABOUT_NUMBER = ("shown", "friendly_name", "sid", "can", "is_in_account", "synchronized_at")
LEADS_TO = ("voice_url", "voice_method", "voice_fallback_url", "status_callback", "overridden")
TEXTS_LEAD_TO = ("sms_url", "sms_fallback_url", "sms_application_sid")


class Mirror(ModelAdmin):
    """Read-only: the truth is elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(PhoneNumber)
class PhoneNumberAdmin(Mirror):
    list_display = (
        "shown",
        "friendly_name",
        "voice",
        "fallback",
        "status",
        "texts",
        "is_in_account",
        "synchronized_at",
    )
    list_display_links = ("shown",)
    list_filter = ("is_gone",)
    search_fields = ("number", "friendly_name", "sid")
    ordering = ("is_gone", "number")
    fieldsets = (
        (None, {"fields": ABOUT_NUMBER}),
        (_("Where Twilio sends its calls"), {"fields": LEADS_TO}),
        (_("Where Twilio sends its texts"), {"fields": TEXTS_LEAD_TO}),
    )
    readonly_fields = (*ABOUT_NUMBER, *LEADS_TO, *TEXTS_LEAD_TO)
    actions = ("point_selected_here",)
    actions_list = ("synchronize",)
    actions_detail = ("point_here",)

    @display(description=_("number"), ordering="number")
    def shown(self, number: PhoneNumber) -> str:
        return numbers.show(number.number)

    @display(description=_("calls go"), label=WHERE_COLORS)
    def voice(self, number: PhoneNumber) -> object:
        if number.voice_application_sid or number.trunk_sid:
            return WHERE_LABELS[Where.ELSEWHERE]
        return WHERE_LABELS[callbacks.where(number.voice_url, "voice-inbound")]

    @display(description=_("in trouble"), label=WHERE_COLORS)
    def fallback(self, number: PhoneNumber) -> object:
        return WHERE_LABELS[callbacks.where(number.voice_fallback_url, "voice-fallback")]

    @display(description=_("status goes"), label=WHERE_COLORS)
    def status(self, number: PhoneNumber) -> object:
        return WHERE_LABELS[callbacks.where(number.status_callback, "voice-status")]

    @display(description=_("texts go"), label=WHERE_COLORS)
    def texts(self, number: PhoneNumber) -> object:
        if number.sms_application_sid:
            return WHERE_LABELS[Where.ELSEWHERE]
        return WHERE_LABELS[callbacks.where(number.sms_url, "messaging-inbound")]

    @display(description=_("in the account"), boolean=True)
    def is_in_account(self, number: PhoneNumber) -> bool:
        return not number.is_gone

    @display(description=_("can"))
    def can(self, number: PhoneNumber) -> str:
        return ", ".join(name for name, able in sorted(number.capabilities.items()) if able) or "-"

    @display(description=_("overridden by"))
    def overridden(self, number: PhoneNumber) -> str:
        if number.trunk_sid:
            return str(_("trunk %(sid)s: Twilio ignores all of the above") % {"sid": number.trunk_sid})
        if number.voice_application_sid:
            words = _("application %(sid)s: Twilio ignores the addresses above") % {"sid": number.voice_application_sid}
            return str(words)
        return "-"

    @action(
        description=_("Synchronize from Twilio"),
        icon="sync",
        permissions=("point",),  # by name unfold would ask the database in a system check, also before it has tables
        dialog={
            "title": _("Synchronize from Twilio"),
            "description": _("Reads the account's numbers and where each of them points. Nothing changes at Twilio."),
            "form_class": None,
            "form_submit_text": _("Synchronize"),
        },
    )
    def synchronize(self, request: HttpRequest, _form: BaseDialogForm) -> HttpResponse:
        self._ask(request, lambda: tasks.synchronize_numbers.delay())
        return _leave_dialog(reverse("admin:telephony_phonenumber_changelist"))

    @action(
        description=_("Point here"),
        icon="call_received",
        permissions=("point",),  # by name unfold would ask the database in a system check, also before it has tables
        dialog={
            "title": _("Point this number here"),
            "description": _(
                "Calls and texts to this number, their fallback and their status will come to this application."
            ),
            "form_class": None,
            "form_submit_text": _("Point here"),
        },
    )
    def point_here(self, request: HttpRequest, _form: BaseDialogForm, object_id: int) -> HttpResponse:
        self._ask(request, lambda: tasks.point_number_here.delay(int(object_id)))
        return _leave_dialog(reverse("admin:telephony_phonenumber_change", args=[object_id]))

    @admin.action(description=_("Point here"), permissions=["point"])
    def point_selected_here(self, request: HttpRequest, chosen: QuerySet[PhoneNumber]) -> None:
        self._ask(request, lambda: [tasks.point_number_here.delay(number.pk) for number in chosen])

    def has_point_permission(self, request: HttpRequest, _number: object = None) -> bool:
        return request.user.has_perm("telephony.change_phonenumber")

    def _ask(self, request: HttpRequest, send: Any) -> None:
        """Let a worker ask Twilio: the page does not wait for it."""
        try:
            send()
        except BrokerAway:
            messages.error(request, _("The task could not be handed over: the broker does not answer."))
        else:
            messages.success(request, _("Twilio is being asked. Reload in a moment to see the answer."))


@admin.register(Delivery)
class DeliveryAdmin(Mirror):
    list_display = ("received_at", "path", "call_sid", "state_label", "status_code", "attempts")
    list_filter = ("state", ("received_at", admin.DateFieldListFilter))
    search_fields = ("call_sid__exact", "path__startswith")
    search_help_text = _("A whole CallSid, or how a path begins")
    ordering = ("-received_at",)
    show_full_result_count = False
    list_per_page = 50
    fields = (
        "received_at",
        "path",
        "call_sid",
        "state",
        "attempts",
        "status_code",
        "fields_sent",
        "answered",
        "failed_with",
    )
    readonly_fields = fields

    def get_list_filter(self, request: HttpRequest) -> Any:  # noqa: ARG002
        return (*self.list_filter, PathFilter)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.may_see_numbers = request.user.has_perm("calls.view_numbers")
        return found

    @display(
        description=_("state"),
        ordering="state",
        label={Delivery.State.DONE: "success", Delivery.State.FAILED: "danger", Delivery.State.RECEIVED: "info"},
    )
    def state_label(self, delivery: Delivery) -> tuple[str, str]:
        return delivery.state, delivery.get_state_display()

    @display(description=_("fields"))
    def fields_sent(self, delivery: Delivery) -> str:
        return _text(json.dumps(delivery.form, indent=2, ensure_ascii=False, sort_keys=True), delivery)

    @display(description=_("our answer"))
    def answered(self, delivery: Delivery) -> str:
        return _text(delivery.answer, delivery)

    @display(description=_("failed with"))
    def failed_with(self, delivery: Delivery) -> str:
        return _text(delivery.error, delivery)


class PathFilter(admin.SimpleListFilter):
    """By kind of page: our paths hold ids, so the whole path would be no choice."""

    title = _("page")
    parameter_name = "page"
    KINDS = (
        ("/voice/inbound", _("calls that came in")),
        ("/voice/visits/", _("steps of a call")),
        ("/voice/fallback", _("fallback")),
        ("/webhooks/voice/status", _("news of calls")),
        ("/webhooks/recording", _("news of recordings")),
        ("/messaging/inbound", _("texts that came in")),
        ("/messaging/status", _("news of texts")),
    )

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002
        return self.KINDS

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:  # noqa: ARG002
        page = self.value()
        return queryset.filter(path__startswith=page) if page else queryset


def _text(text: str, delivery: Delivery) -> str:
    shown = text if getattr(delivery, "may_see_numbers", False) else logs.hide(text)
    return format_html('<pre class="whitespace-pre-wrap break-all text-xs">{}</pre>', shown) if shown else "-"


def _leave_dialog(address: str) -> HttpResponse:
    """Send the page behind the dialog on: it posts by htmx, which would follow a redirect into the dialog."""
    return HttpResponse(headers={"HX-Redirect": address})
