"""What the pages of recordings share: who may see and hear, and how things are written."""

from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from calls.ends import hidden
from recordings import rights
from recordings.models import Recording, Voicemail
from recordings.states import State, VoicemailStatus
from telephony import numbers

FAILING = "failing"  # no state: the last try at what comes next has failed
STATE_COLORS: dict[str, str] = {
    State.ANNOUNCED: "info",
    State.READY: "info",
    State.FETCHED: "info",
    State.VERIFIED: "info",
    State.STORED: "success",
    State.CLEARED: "success",
    State.TRANSCRIBED: "success",
    State.REDACTED: "success",
    State.INDEXED: "success",
    State.ABSENT: "warning",
    State.DELETED: "warning",
    FAILING: "danger",
}
STATUS_COLORS: dict[str, str] = {
    VoicemailStatus.NEW: "warning",
    VoicemailStatus.HEARD: "info",
    VoicemailStatus.DONE: "success",
}
TONES = {"info": "plain", "success": "good", "warning": "warning", "danger": "bad"}


class ReadOnly(ModelAdmin):
    """What is mirrored or logged: seen here, made elsewhere."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


class Played(ReadOnly):
    """Rows with a caller and a sound: who may see and hear what is decided for each person who looks."""

    class Media:
        css = {"all": ["css/call.css"]}

    def caller_columns(self, request: HttpRequest) -> tuple[str, ...]:
        return ("caller",) if request.user.has_perm("calls.view_numbers") else ("hidden_caller",)

    def player_columns(self, request: HttpRequest) -> tuple[str, ...]:
        """Whoever does not see every mailbox sees only those of which he is a member, and those he may hear."""
        user = request.user
        may_hear = user.has_perm("recordings.listen") or not user.has_perm("recordings.see_every_mailbox")
        return ("player",) if may_hear else ()

    @display(description=_("caller"))
    def caller(self, row: Any) -> SafeString | str:
        return call_link(row.call, numbers.show(row.call.other_end)) if row.call else "-"

    @display(description=_("caller"))
    def hidden_caller(self, row: Any) -> SafeString | str:
        return call_link(row.call, hidden(row.call.other_end)) if row.call else "-"

    @display(description=_("sound"))
    def player(self, row: Any) -> SafeString | str:
        recording = row if isinstance(row, Recording) else row.recording
        if not recording.is_here:
            return str(recording.state)
        if not row.is_audible:
            return "-"
        if row.is_sensitive:
            page = reverse("admin:recordings_recording_change", args=[recording.pk])
            return format_html('<a class="cc-link" href="{}">{}</a>', page, _("for a reason"))
        if rights.is_awaiting_redaction(recording):
            return str(_("not yet redacted"))
        address = reverse("recording-audio", args=[recording.pk])
        return format_html(
            '<audio class="call-player is-small" controls controlslist="nodownload" preload="none" src="{}"></audio>',
            address,
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        assert isinstance(request.user, User)
        rows: QuerySet[Any] = self.model._default_manager.visible_to(request.user)
        return rights.judged(rows, request.user, "recording__") if self.model is Voicemail else rows


def call_link(call: Model, text: str) -> SafeString:
    address = reverse("admin:calls_call_change", args=[call.pk])
    return format_html('<a class="cc-link cc-number" href="{}">{}</a>', address, text)


def written(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def length_of(seconds: int | None) -> str:
    return "-" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"
