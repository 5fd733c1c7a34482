"""Conversations to look at, with buttons for those who supervise; standing rooms to set up."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from agents.models import User
from conferences import actions
from conferences.models import Conference, Participant, Room
from conferences.reading import who
from conferences.room import Fate, Phase
from conferences.states import LegState

PHASE_COLORS: dict[str, str] = {
    Phase.OPENING: "info",
    Phase.TALKING: "success",
    Phase.CONSULTING: "info",
    Phase.HANDING_OVER: "info",
    Phase.RETURNING: "warning",
    Phase.RECOVERING: "danger",
}


class Looked(ModelAdmin):
    """Mirrored from Twilio: seen here, changed by what people and Twilio do."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


class ParticipantInline(TabularInline):
    model = Participant
    extra = 0
    can_delete = False
    fields = ("person", "role", "state", "outcome", "wanted_at", "joined_at", "left_at", "sound", "doing")
    readonly_fields = fields
    ordering = ("wanted_at", "pk")

    @display(description=_("who"))
    def person(self, row: Participant) -> str:
        return who(row)

    @display(description=_("confirmed"))
    def sound(self, row: Participant) -> str:
        told = (("held", _("on hold")), ("muted", _("muted")), ("coaching", _("coaching")))
        return ", ".join(str(word) for name, word in told if getattr(row, name)) or "-"

    @display(description=_("do"))
    def doing(self, row: Participant) -> SafeString | str:
        if row.state == LegState.LEFT or row.conference.phase == Phase.CLOSED:
            return "-"
        address = reverse("admin:conferences_conference_remove", args=[row.conference_id, row.pk])
        return format_html(
            '<button class="cc-link" formaction="{}" formmethod="post">{}</button>', address, _("Send out")
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("agent", "conference")

    def has_add_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


@admin.register(Conference)
class ConferenceAdmin(Looked):
    list_display = ("opened", "shown_phase", "subject", "customer_of", "people", "fate")
    list_filter = ("phase", "fate", "subject")
    list_select_related = ("customer",)
    ordering = ("-opened_at",)
    search_fields = ("sid", "customer__sid")
    show_full_result_count = False
    actions = ("end_selected",)
    inlines = (ParticipantInline,)
    fields = (
        *("subject", "customer", "phase", "fate", "destination", "opened_at", "closed_at"),
        *("sid", "started_at", "ended_at", "ended_because", "due_at", "checked_at", "room"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("participants__agent")

    @display(description=_("opened"), ordering="opened_at")
    def opened(self, row: Conference) -> str:
        return date_format(timezone.localtime(row.opened_at), "DATETIME_FORMAT")

    @display(description=_("phase"), ordering="phase", label=PHASE_COLORS)
    def shown_phase(self, row: Conference) -> tuple[str, str]:
        return row.phase, row.phase.replace("-", " ")

    @display(description=_("caller"))
    def customer_of(self, row: Conference) -> SafeString | str:
        if row.customer is None:
            return "-"
        address = reverse("admin:calls_call_change", args=[row.customer.pk])
        return format_html('<a class="cc-link cc-number" href="{}">{}</a>', address, _("the call"))

    @display(description=_("people"))
    def people(self, row: Conference) -> str:
        """Whoever is there, or was once it is over."""
        rows = row.participants.all()
        live = [one for one in rows if one.state != LegState.LEFT]
        return ", ".join(who(one) for one in live or [one for one in rows if one.joined_at])

    def has_supervise_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("agents.supervise")

    @admin.action(description=_("End these conversations"), permissions=["supervise"])
    def end_selected(self, request: HttpRequest, rows: Any) -> None:
        open_ones = [row for row in rows if row.phase != Phase.CLOSED]
        for row in open_ones:
            actions.close(row.pk, Fate.SERVED, at=timezone.now())
        text = ngettext("%d conversation is ended.", "%d conversations are ended.", len(open_ones))
        messages.success(request, text % len(open_ones))

    def get_urls(self) -> list[URLPattern]:
        remove = self.admin_site.admin_view(self.remove_view)
        address = "<uuid:conference>/people/<uuid:participant>/remove/"
        return [path(address, remove, name="conferences_conference_remove"), *super().get_urls()]

    def remove_view(self, request: HttpRequest, conference: UUID, participant: UUID) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_supervise_permission(request):
            raise PermissionDenied
        assert isinstance(request.user, User)
        try:
            actions.remove(conference, participant, by_user=request.user, at=timezone.now())
        except actions.NotNow as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Sent out."))
        return HttpResponseRedirect(reverse("admin:conferences_conference_change", args=[conference]))


@admin.register(Room)
class RoomAdmin(ModelAdmin):
    list_display = ("name", "ends_with_host", "most")
    ordering = ("name",)
    search_fields = ("name",)
    fields = ("name", "host_pin", "guest_pin", "ends_with_host", "most")
